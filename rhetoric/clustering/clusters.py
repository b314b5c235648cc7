"""From records to clusters: features, grouping, stability, chance, names, examples, in one call."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from numbers import Integral
from typing import TYPE_CHECKING, Final, get_args

import numpy as np
from numpy.typing import NDArray

from rhetoric.clustering.chance import measure_chance
from rhetoric.clustering.description import Alternative, Cluster, Clustering
from rhetoric.clustering.examples import TYPICAL, outlying_units, show_typical, telling_passages, typical_units
from rhetoric.clustering.features import Features, Level, make_features
from rhetoric.clustering.naming import find_traits, name_clusters
from rhetoric.clustering.plane import make_plane
from rhetoric.clustering.table import Floats, make_table
from rhetoric.errors import RhetoricError, need
from rhetoric.ingest.document import Failure, Found, is_analysed
from rhetoric.labels import MATTER
from rhetoric.record import Record
from rhetoric.scoring.copies import say_copies
from rhetoric.scoring.percent import count
from rhetoric.scoring.records import take_records

if TYPE_CHECKING:
    import pandas as pd

    from rhetoric.clustering.stability import Stability

FEWEST: Final = 4  # units
MOST: Final = 10  # clusters that are tried
RESTARTS: Final = 20  # of k-means, where there are not too many units
_MANY: Final = 20_000
# What a mean silhouette says of the whole (Kaufman & Rousseeuw 1990, "Finding Groups in Data", ch. 2).
STRUCTURE: Final = (
    (0.7, "strong: the clusters stand clearly apart"),
    (0.5, "reasonable: the clusters stand apart"),
    (0.25, "weak: the clusters run into each other"),
    (-1.0, "none to speak of: read the clusters as regions of a continuum, not as kinds"),
)
NO_FINDING: Final = (
    "none to speak of: these texts differ no more in how they frame than random draws of the same passages would, "
    "so take the groups for no finding"
)

ALL_ALIKE: Final = "none: there is one cluster"


def check_extra() -> None:
    """Raise RhetoricError where scikit-learn is not installed."""
    need("Clusters need", "cluster", "sklearn")


def cluster_records(
    records: "Iterable[Found] | pd.DataFrame",
    *,
    level: Level = "document",
    clusters: int | None = None,
    every_passage: bool = False,
    embedding: bool = True,
    seed: int = 0,
) -> Clustering:
    """Group documents, or their passages, by how they frame; the same records give the same clusters in any order.

    ``records`` may be the DataFrame that :func:`rhetoric.annotate_dataframe` gives; failures among them are left out,
    and so are copies: a text that stands more than once counts once.
    ``clusters``: how many; None takes the number from 2 to 10 with the highest mean silhouette. ``every_passage``:
    count passages that are not about the matter too. ``embedding``: use it, if every passage has one. Where documents
    differ no more than random draws of the same passages would, ``structure`` says so, and no cluster is called stable.
    Raises RhetoricError where there is too little to group, and where scikit-learn is not installed.
    """
    check_extra()
    from rhetoric.clustering.grouping import FramingClusters, mean_silhouette, nearest_centre
    from rhetoric.clustering.stability import measure_stability

    _check_options(level, clusters, seed)
    failures: list[Failure] = []
    table = make_table(_analysed(records, failures), every_passage=every_passage)
    features = make_features(table, level, embedding=embedding)
    _check(features, clusters)
    restarts = RESTARTS if len(features.unit) <= _MANY else RESTARTS // 4
    made = FramingClusters(standardise=False, most=MOST, restarts=restarts, random_state=seed).fit(features.matrix)
    tried = made
    rows = np.asarray(tried.transform(features.matrix))
    if clusters is not None:
        made = FramingClusters(clusters, standardise=False, restarts=restarts, random_state=seed).fit(features.matrix)
    stability = measure_stability(rows, made.labels_, seed=seed)
    alternatives = []
    for number, centres in tried.tried_.items():
        again = stability
        if number != made.n_clusters_:
            again = measure_stability(rows, nearest_centre(rows, centres), seed=seed)
        alternatives.append(Alternative(number, tried.silhouettes_[number], again.agreement))
    silhouette = tried.silhouettes_.get(made.n_clusters_, mean_silhouette(rows, made.labels_))
    away = np.stack([np.sqrt(((rows - centre) ** 2).sum(axis=1)) for centre in made.cluster_centers_], axis=1).round(6)
    chance = measure_chance(features, seed=seed)
    single = made.n_clusters_ == 1
    by_chance = not single and chance is not None and chance.suffices
    found, order = _describe(features, made.labels_, away, stability, by_chance=by_chance)
    labels, away = np.argsort(order)[made.labels_], away[:, order]
    return Clustering(
        level=level,
        clusters=tuple(found),
        alternatives=tuple(alternatives),
        chosen=_say_chosen(clusters, made.n_clusters_),
        silhouette=silhouette,
        structure=ALL_ALIKE if single else NO_FINDING if by_chance else _say_structure(silhouette),
        chance=chance,
        stability=replace(stability, jaccard=tuple(stability.jaccard[at] for at in order)),
        left_out=sum(not member.counted for member in table.members),
        notes=tuple(_notes(features, embedding, len(failures))),
        seed=seed,
        features=features,
        labels=labels,
        distance=away[np.arange(len(labels)), labels],
        fit=_fit(away, labels),
        plane=make_plane(features, rows, labels),
    )


def _describe(
    features: Features,
    labels: NDArray[np.int64],
    away: Floats,
    stability: "Stability",
    *,
    by_chance: bool,
) -> tuple[list[Cluster], list[int]]:
    """Return the clusters in order, by size and then by name, and the label that each had before."""
    sizes = np.bincount(labels)
    ranked = [typical_units(features, away[:, each], np.flatnonzero(labels == each)) for each in range(len(sizes))]
    traits = [find_traits(features, labels, at, each[:TYPICAL].tolist()) for at, each in enumerate(ranked)]
    named = name_clusters(traits)
    names = [name for name, _ in named]
    order = sorted(range(len(sizes)), key=lambda at: (-int(sizes[at]), names[at]))
    passages = features if features.level == "passage" else make_features(features.table, "passage", embedding=False)
    found = []
    for number, at in enumerate(order, 1):
        members = np.flatnonzero(labels == at)
        typical = telling = show_typical(features, ranked[at])
        if features.level == "document":
            telling = telling_passages(passages, features.unit[members], traits[at])
        found.append(
            Cluster(
                number=number,
                name=names[at],
                size=len(members),
                share=round(len(members) / len(labels), 4),
                jaccard=stability.jaccard[at],
                verdict=_verdict(stability, at, len(members), len(labels), by_chance=by_chance),
                traits=tuple(named[at][1]),
                typical=tuple(typical),
                passages=tuple(telling),
                outliers=tuple(outlying_units(features, away[:, at], members)),
            )
        )
    return found, order


def _verdict(stability: "Stability", cluster: int, size: int, units: int, *, by_chance: bool) -> str:
    if size == units:
        return "the only one"
    if size == 1:
        return "of one alone, so no group"
    return "no finding" if by_chance else stability.verdict(cluster)


def _say_structure(silhouette: float) -> str:
    return next(words for least, words in STRUCTURE if silhouette >= least)


def _say_chosen(wanted: int | None, made: int) -> str:
    if wanted is not None and made < wanted:
        return f"that of those that differ at all, fewer than the {wanted} asked for"
    if made == 1:
        return "one, since all are alike: no other was tried"
    return "the best of those tried by mean silhouette" if wanted is None else "the one asked for"


def _fit(distances: Floats, labels: NDArray[np.int64]) -> Floats:
    own = distances[np.arange(len(labels)), labels]
    if distances.shape[1] < 2:
        return np.ones(len(labels))
    others = distances.copy()
    others[np.arange(len(labels)), labels] = np.inf
    nearest = others.min(axis=1)
    return np.asarray(np.round((nearest - own) / np.maximum(np.maximum(nearest, own), 1e-12), 4) + 0.0)


def _check_options(level: str, clusters: object, seed: object) -> None:
    if level not in get_args(Level):
        raise RhetoricError(f"level={level!r}: there is no such level. There are: {', '.join(get_args(Level))}.")
    if clusters is not None and (isinstance(clusters, bool) or not isinstance(clusters, Integral)):
        raise RhetoricError(f"clusters={clusters!r} is no whole number. Give one, or None to have it found.")
    if not isinstance(seed, Integral) or not 0 <= int(seed) < 2**32:  # as scikit-learn has it
        raise RhetoricError(f"seed={seed!r}: give a whole number from 0 to {2**32 - 1}.")


def _analysed(records: "Iterable[Found] | pd.DataFrame", failures: list[Failure]) -> Iterator[Record]:
    """Yield what could be analysed; the others are put into ``failures``."""
    for record in take_records(records):
        if is_analysed(record):
            yield record
        else:
            failures.append(record)


def _check(features: Features, clusters: int | None) -> None:
    table, units = features.table, len(features.unit)
    if units < FEWEST:
        what = _few(features.level, units)
        once = ", each text counted once" if table.copies else ""
        about = "" if table.every_passage else f" about {MATTER}"
        more = {} if features.level == "passage" else {"passages": ", or group passages"}
        more |= {} if table.every_passage else {"every_passage": ", or count every passage"}
        advice = f"Name more texts{''.join(more.values())}."
        raise RhetoricError(f"{what}{about}{once}: at least {FEWEST} are needed. {advice}", *more)
    if clusters is not None and not 1 < clusters <= units // 2:
        most = f" to {units // 2}" if units >= 6 else ""
        raise RhetoricError(f"{units} {features.level}s cannot be put into {clusters} clusters. Ask for 2{most}.")


def _few(level: Level, units: int) -> str:
    few = f"{'is' if units == 1 else 'are'} only {count(units, level)}" if units else f"is no {level}"
    return f"There {few}{' with a passage' if level == 'document' else ''}"


def _notes(features: Features, wanted: bool, failures: int) -> list[str]:
    table, notes = features.table, []
    if wanted and not features.embedded:
        if table.embedded:
            what = f"only {table.embedded:,} of {len(table.document):,} passages carry an embedding"
        else:
            what = "the records carry no embedding"
        notes.append(f"Grouped by the scorecard alone: {what}. To use it, annotate the texts anew with embeddings.")
    if table.pipelines > 1:
        notes.append(
            f"The records were made by {table.pipelines} different pipelines, so that some differences may be theirs. "
            "Annotate all texts with the same."
        )
    if table.copies:
        notes.append(say_copies(table.copies))
    left_out = sum(not member.counted for member in table.members)
    if left_out:
        has = f"{count(left_out, 'document')} {'has' if left_out == 1 else 'have'}"
        what = "" if table.every_passage else f", or hardly any, about {MATTER}"
        notes.append(f"Left out: {has} no passage{what}.")
    if failures:
        notes.append(f"Left out: {count(failures, 'document')} could not be read or analysed.")
    return notes
