"""Clusters for the terminal: how many and how sure, then each with what sets it apart and the passages that show it."""

from typing import Final

from rich.console import Console
from rich.text import Text

from rhetoric.clustering.clusters import STRUCTURE
from rhetoric.clustering.description import Cluster, Clustering
from rhetoric.clustering.examples import Example
from rhetoric.clustering.naming import Trait
from rhetoric.report import numbers
from rhetoric.report.page import Page
from rhetoric.report.safe import clean, quoted, shorten
from rhetoric.report.words import count, join
from rhetoric.scoring.columns import NAMES
from rhetoric.scoring.percent import percent

_TRAITS: Final = 5
_PASSAGES: Final = 3
_NAME: Final = 80  # characters
_CLOSE: Final = 0.03  # of a mean silhouette, which a few texts more or less would move as far
_SIZES: Final = (
    "sd: their difference in standard deviations, where more text weighs more and what rests on little is drawn "
    "towards the mean of all; the figures alone do not give it."
)
CAVEAT: Final = (
    "Clusters say which texts frame alike, as far as the detectors see it; to be in one says nothing of a text's truth "
    "or worth. Read the passages before you use a name."
)


def print_clusters(clustering: Clustering, console: Console, files: tuple[str, ...] = ()) -> None:
    """Print a clustering, and the names of the ``files`` that hold it."""
    page = Page(console)
    page.paragraph(Text(say_found(clustering), "bold"))
    page.paragraph(say_choice(clustering))
    for note in clustering.notes:
        page.paragraph(note, style="dim")
    if not clustering.features.embedded:
        page.paragraph("Records with embeddings: rhetoric annotate --embedding SOURCE -o FILE.jsonl", style="dim")
    if clustering.alternatives:
        what = "silhouette: how well apart; agreement: adjusted Rand index in resamples"
        page.heading("Numbers of clusters tried", what)
    for tried in clustering.alternatives:
        mark = "  <- here" if tried.clusters == len(clustering.clusters) else ""
        said = f"silhouette {tried.silhouette:z5.2f}   agreement {tried.agreement:z5.2f}{mark}"
        page.entry(f"{tried.clusters:>2}", said, label_width=5)
    for cluster in clustering.clusters:
        _cluster(page, cluster, clustering)
    page.heading("How to read this")
    page.paragraph(f"{say_figures(clustering)} {CAVEAT}", indent=2)
    if files:
        page.paragraph(f"Written: {', '.join(clean(name) for name in files)}.", indent=2)


def say_found(clustering: Clustering) -> str:
    """Say what was grouped into how many clusters, and whether chance would make them too."""
    units = count(len(clustering.labels), clustering.level)
    found = f"{units} in {count(len(clustering.clusters), 'cluster')}, by how they frame"
    return f"{found}: no finding." if clustering.by_chance else f"{found}."


def say_choice(clustering: Clustering) -> str:
    """Say why so many clusters, how well they stand apart and how surely they come again."""
    chosen, found = f"The number of clusters is {clustering.chosen}.", clustering.stability
    if len(clustering.clusters) == 1:
        return chosen
    apart = numbers.say_below(clustering.silhouette, dict(STRUCTURE))
    within = f"9 in 10 resamples between {found.low:z.2f} and {found.high:z.2f}"
    again = f"adjusted Rand index of {found.agreement:z.2f} ({within})"
    if clustering.by_chance:
        return (
            f"Structure {clustering.structure}.{_say_chance(clustering)} A mean silhouette of {apart} and, in "
            f"resamples, an {again} say nothing against that: groups that chance made come to as much. {chosen}"
        )
    return (
        f"{chosen} Mean silhouette {apart}: structure {clustering.structure}. In resamples they come again with an "
        f"{again}, where 1 is the same and 0 chance.{_say_close(clustering)}{_say_chance(clustering)}"
    )


def _say_chance(clustering: Clustering) -> str:
    """Say how far chance makes documents differ too; nothing of passages, which cannot be dealt out anew."""
    if clustering.level == "passage":
        return ""
    chance = clustering.chance
    if chance is None:
        return " Whether chance alone makes such groups cannot be told, since no document has more than one passage."
    if chance.suffices:
        often = f"{chance.reached} of {chance.shuffles} random shuffles"
        return f" In {often} of their passages they differ as much or more."
    return (
        f" The documents differ more than in any of {chance.shuffles} random shuffles of their passages, so hardly "
        "by chance alone."
    )


def _say_close(clustering: Clustering) -> str:
    """Say which other numbers of clusters fit better, and which about as well; nothing where none does."""
    better: list[str] = []
    close: list[str] = []
    for each in clustering.alternatives:
        more = round(each.silhouette - clustering.silhouette, 4)
        if each.clusters != len(clustering.clusters) and more >= -_CLOSE:
            (better if more > _CLOSE else close).append(f"{each.clusters} ({each.silhouette:z.2f})")
    said = f" {join(better)} {_fit(better)} better." if better else ""
    if close:
        said += f" {join(close)} {_fit(close)} about as well{'.' if better else ', so that the number is open.'}"
    return said


def _fit(numbers: list[str]) -> str:
    return "fits" if len(numbers) == 1 else "fit"


def say_cluster(cluster: Cluster, clustering: Clustering) -> str:
    """Say how large a cluster is and how surely it comes again."""
    from rhetoric.clustering.stability import DOUBTFUL, STABLE

    again = cluster.verdict
    if 1 < cluster.size < len(clustering.labels) and not clustering.by_chance:
        again += f" in resamples (Jaccard {numbers.say_below(cluster.jaccard, (DOUBTFUL, STABLE))})"
    return f"{count(cluster.size, clustering.level)}, {percent(cluster.share)}; {again}"


def say_trait(trait: Trait) -> str:
    """Say a trait in numbers: the value in the cluster against that of the rest, and of how many, if not of all."""
    inside, outside = say_value(trait.inside, trait.unit), say_value(trait.outside, trait.unit)
    (told, units), (others, rest) = trait.told, trait.told_outside
    if told < units or others < rest:
        country = NAMES[trait.field.partition("_")[0]]  # only of countries there may be nothing to tell
        return (
            f"{inside} in the {told:,} of {units:,} that speak of {country}, "
            f"against {outside} in {others:,} of {rest:,} elsewhere"
        )
    return f"{inside.removesuffix(f' {trait.unit}')} against {outside} elsewhere"


def say_figures(clustering: Clustering) -> str:
    """Say what the figures of traits are means of, and what their differences are told in."""
    means = "means over documents, each of which weighs the same"
    if clustering.level == "passage":
        means = "of all text of a cluster, and of all the rest"
    return f"Figures are {means}. {_SIZES}"


def say_value(value: float, unit: str) -> str:
    """Say a value of the scorecard with its unit."""
    said = numbers.say_value(value, unit)
    return said if unit in ("share", "probability", "stance") else f"{said} {unit}"


def say_where(example: Example, most: int = _NAME) -> str:
    """Name a document, in at most so many characters, or a passage of one."""
    name = shorten(example.called, most)
    return name if example.passage is None else f"{name}, passage {example.passage}"


def _cluster(page: Page, cluster: Cluster, clustering: Clustering) -> None:
    page.heading(f"{cluster.number}. {cluster.name}")
    page.paragraph(say_cluster(cluster, clustering), indent=2)
    for trait in cluster.traits[:_TRAITS]:
        said = f"{say_trait(trait)} ({trait.size:+.1f} sd): {trait.meaning}"
        page.entry("more" if trait.size > 0 else "less", said, label_width=6)
    for passage in cluster.passages[:_PASSAGES]:
        where = f"{say_where(passage)}: "
        page.entry("", Text.assemble((where, "dim"), (quoted(passage.text or "", 240), "italic")), label_width=2)
    if clustering.level == "document":
        page.entry("typical", "; ".join(say_where(each) for each in cluster.typical), label_width=10)
    if cluster.outliers:
        page.entry("outliers", "; ".join(say_where(each) for each in cluster.outliers), label_width=10)
