"""Agreement between coders for the terminal: each figure with its interval, its passages and a word on how to read it.

Thresholds for alpha are Krippendorff's (Content Analysis, 4th edition, 2018, chapter 12); Artstein and Poesio
(Computational Linguistics 34(4), 2008) say why no threshold fits every purpose. F1 between coders stands in for kappa
where there is no number of things that nobody marked (Hripcsak and Rothschild, JAMIA 12(3), 2005).
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rhetoric.labels import FRAMES, SOURCES
from rhetoric.report.numbers import say_figure, say_number
from rhetoric.report.page import Page, print_whole, ruled_table
from rhetoric.report.safe import clean, excerpt, shorten
from rhetoric.report.trust import tenths
from rhetoric.report.words import count, join
from rhetoric.scoring.percent import percent

if TYPE_CHECKING:
    from rhetoric.annotation.agreement import Agreement, Disagreement, LabelAgreement, SpanAgreement
    from rhetoric.annotation.agreement.gamma import Gamma

RELIABLE: Final = 0.8
TENTATIVE: Final = 0.667
_NARROWEST: Final = 110  # columns
_RARE: Final = 0.1  # of the codings: below this a value is rare enough to pull alpha down by itself
_FEW: Final = 5  # passages under a figure
_SHOWN: Final = 5  # passages with most disagreements
_NOTES: Final = (
    "alpha (Krippendorff): 1 is full agreement, 0 what chance would give. Rely on a label from .800 on, draw tentative "
    "conclusions from .667, none below (Krippendorff 2018); look at the lower end of the interval. No one threshold "
    "fits every purpose (Artstein & Poesio 2008): say what you use the label for.",
    "agreed: share of pairs of codings that say the same, by chance or not. Where it is high and alpha low, one value "
    "is rare, and the few passages that have it are not agreed on.",
    "F1: of what two coders marked, the share that both did; overlap: a character shared, exact: the same characters. "
    "It is not corrected for chance, which seldom hits the same words (Hripcsak & Rothschild 2005).",
    "Intervals are 95 %, by drawing passages anew; they do not say what other coders would do.",
)


def print_agreement(
    found: "Agreement",
    gammas: "Sequence[Gamma]",
    differing: "Sequence[Disagreement]",
    console: Console,
    *,
    written: str = "",
) -> None:
    """Print agreement on labels and on spans, how to read it, and how much there is to adjudicate.

    ``written`` names the file that lists the disagreements, if there is one.
    """
    page = Page(console)
    page.heading("Agreement", f"{join([clean(coder) for coder in found.coders])}")
    page.paragraph(_passages(found))
    page.paragraph("")
    many = len(found.coders) > 2
    for table in (_labels(found, many), _spans(found, many)):
        if table.row_count:
            print_whole(console, table, columns=_NARROWEST)
            page.paragraph("")
    missing = _not_coded(found)
    if missing:
        page.paragraph(f"Not coded by two of them: {join(missing)}.")
        page.paragraph("")
    sources = [each for each in found.spans if _source(each) and each.overlap.value is not None]
    if sources:
        told = [
            f"{each.field.split('.')[1]} {_share(each.overlap.value)} ({sum(each.spans.values())})" for each in sources
        ]
        page.entry(
            "by source", f"F1 of overlaps, and how many were marked: {', '.join(told)}", label_width=11, indent=0
        )
    if gammas:
        page.heading(
            "Gamma", "place, bounds and label at once, corrected for chance: 1 full, 0 chance (Mathet et al. 2015)"
        )
        for gamma in gammas:
            said = gamma.note if gamma.gamma is None else f"{_share(gamma.gamma)} over {count(gamma.spans, 'span')}"
            page.entry(gamma.field, clean(said), label_width=20)
    if sources or gammas:
        page.paragraph("")
    for note in _NOTES:
        page.paragraph(note, style="dim")
    _print_differing(page, differing, written)


def _passages(found: "Agreement") -> str:
    said = f"{count(found.passages, 'passage')} that at least two of them coded."
    for number, which in ((found.alone, "that only one coded"), (len(found.other_text), "with other texts")):
        if number:
            said += f" {count(number, 'passage')} {which} {'is' if number == 1 else 'are'} left out."
    return said


def _not_coded(found: "Agreement") -> list[str]:
    """Name the fields that no two coders coded, all of one kind by that."""
    known = [(each.field, each.coded) for each in found.labels] + [(each.field, each.coded) for each in found.spans]
    kinds = {field: _kind(field) for field, _ in known}
    coded = {kinds[field] for field, there in known if there}
    missing = [field if kinds[field] in coded else kinds[field] for field, there in known if not there]
    return [clean(each) for each in dict.fromkeys(missing)]


def _kind(field: str) -> str:
    kind, _, name = field.partition(".")
    if kind == "frames":  # each of the coders' own is a matter of its own
        return "frames of the codebook" if name in FRAMES else field
    return kind.partition(" ")[0]


def _labels(found: "Agreement", many: bool) -> Table:
    table = _table(["label", "alpha", "agreed", "passages"], many)
    for each in found.labels:
        if each.coded:
            alpha = say_figure(each.alpha, bars=(TENTATIVE, RELIABLE))
            cells = [each.field, alpha, _percent(each.agreed.value), f"{each.agreed.passages:,}"]
            _add(table, cells, each, read_alpha(each), many)
    return table


def _spans(found: "Agreement", many: bool) -> Table:
    table = _table(["spans", "F1, overlap", "F1, exact", "marked", "passages"], many)
    for each in found.spans:
        if each.coded and not _source(each):
            marked = " ".join(f"{each.spans[coder]:,}" for coder in found.coders)
            cells = [each.field, say_figure(each.overlap), say_figure(each.exact), marked, f"{each.overlap.passages:,}"]
            _add(table, cells, each, read_f1(each), many)
    return table


def _table(columns: Sequence[str], many: bool) -> Table:
    table = ruled_table(*columns)
    if many:
        table.add_column("lowest pair", overflow="fold", no_wrap=True)
    table.add_column("how to read it", overflow="fold")
    return table


def _add(table: Table, cells: list[str], each: "LabelAgreement | SpanAgreement", read: str, many: bool) -> None:
    cells = [*cells, *([_lowest(each.pairs)] if many else []), read]
    table.add_row(*(Text(clean(cell)) for cell in cells))


def read_alpha(each: "LabelAgreement") -> str:
    """Say in a few words how the alpha of a label is to be read."""
    value, low = each.alpha.value, each.alpha.low
    if value is None:
        return each.note
    if each.alpha.passages < _FEW:
        return "too few passages"
    if value >= RELIABLE:
        surely = low is not None and low >= RELIABLE
        barely = low is None or low < TENTATIVE
        said = "reliable" if surely else "high, but on too few passages" if barely else "reliable, but not surely"
    elif value >= TENTATIVE:
        said = "tentative conclusions only"
    else:
        said = "not to be relied on" if value > 0 else "no better than chance"
    parts = [said]
    rarest = min(each.used, key=lambda value: each.used[value])
    total = sum(each.used.values())
    if value < RELIABLE and len(each.used) == 2 and each.used[rarest] / total < _RARE:
        parts.append(f"{rarest} is rare: {each.used[rarest]:,} of {total:,} codings")
    return "; ".join([*parts, *([each.note] if each.note else [])])


def read_f1(each: "SpanAgreement") -> str:
    """Say in a few words how the F1 of a kind of span is to be read."""
    if each.overlap.value is None or each.exact.value is None:
        return each.note
    if each.overlap.passages < _FEW:
        return "too few passages"
    return f"{tenths(each.overlap.value)} meet, {tenths(each.exact.value).split()[0]} exactly"


def _source(each: "SpanAgreement") -> bool:
    return each.field.split(".")[0] == "metaphor" and each.field.split(".")[-1] in SOURCES


def _share(value: float | None) -> str:
    return "-" if value is None else say_number(value, 2)


def _percent(value: float | None) -> str:
    return "-" if value is None else percent(value)


def _lowest(pairs: dict[tuple[str, str], float | None]) -> str:
    known = {pair: value for pair, value in pairs.items() if value is not None}
    if not known:
        return "-"
    pair = min(known, key=lambda each: known[each])
    return f"{_share(known[pair])} {excerpt(' and '.join(pair), 30)}"


def _print_differing(page: Page, differing: "Sequence[Disagreement]", written: str) -> None:
    if not differing:
        page.heading("Disagreements", "none")
        return
    many = Counter(each.id for each in differing)
    page.heading("Disagreements", f"{len(differing):,} in {count(len(many), 'passage')}, to be adjudicated")
    for passage, number in list(many.items())[:_SHOWN]:
        fields = Counter(each.field for each in differing if each.id == passage)
        told = [f"{name} ({times})" if times > 1 else name for name, times in fields.items()]
        page.entry(shorten(passage, 24), f"{number}: {', '.join(told)}", label_width=26)
    if len(many) > _SHOWN:
        page.paragraph(f"... and {count(len(many) - _SHOWN, 'more passage')}.", indent=2, style="dim")
    where = f"All are in {clean(written)}." if written else "List them all: --disagreements FILE.csv"
    page.paragraph(where, indent=2)
