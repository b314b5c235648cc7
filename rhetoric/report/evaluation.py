"""An evaluation for the terminal: each metric beside what a second coder reaches, and what is taken for what."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rhetoric.labels import FRAMES, FRAMINGS
from rhetoric.report.page import Page, print_whole, ruled_table
from rhetoric.report.safe import clean, excerpt
from rhetoric.report.words import count, join

if TYPE_CHECKING:
    from rhetoric.training.evaluation.errors import Cell
    from rhetoric.training.evaluation.metrics import Measure

_NARROWEST: Final = 96  # columns
_SHOWN: Final = 20  # confusions
_SHARES: Final = (
    *("framing.actor", "framing.actor.found", "metaphor.source", "metaphor.target"),
    *("portrayal.role", "portrayal.stance"),
)
_KINDS: Final = ("precision", "recall", "average_precision", "ece")
_MEANS: Final[dict[str, tuple[str, ...]]] = {"frames": FRAMES, "framing": FRAMINGS}  # what FIELD.macro_f1 averages
_INTERVALS: Final = (
    " 95% intervals over passages, drawn anew; a draw that holds none of a label counts as 0 for it, so that the "
    "interval of a rare one reaches down."
)
_NO_VALUE: Final = "–"


def print_evaluation(
    measured: "Mapping[str, Measure]",
    cells: "Sequence[Cell]",
    console: Console,
    *,
    passages: int,
    nowhere: set[str],
    ceiling: Mapping[str, float],
    ceiling_note: str,
    written: str = "",
) -> None:
    """Print every metric, then what is missed and made up, then the commonest confusions.

    ``nowhere`` are the metrics of what was neither coded nor said; ``ceiling`` is what a second coder reaches, by
    metric, ``ceiling_note`` says of whom or why it is not known; ``written`` names the file that holds the wrong
    passages, if there is one.
    """
    page = Page(console)
    page.heading("Evaluation", count(passages, "coded passage"))
    page.paragraph("")
    nowhere = nowhere & measured.keys()
    drawn = any(each.low is not None for each in measured.values())
    print_whole(console, _metrics(measured, ceiling, nowhere), columns=_NARROWEST)
    page.paragraph("")
    page.paragraph(
        "From 0 to 1; F1, but share: of what was coded, the share told right; ece: how far probabilities are off, so "
        "that less is better; above 0 even of perfect ones, the more the fewer passages, and its interval leans upward."
        f"{_INTERVALS * drawn}",
        style="dim",
    )
    for said in _say_means(measured, nowhere):
        page.paragraph(said, style="dim")
    page.paragraph(ceiling_note, style="dim")
    either = [field for field in dict.fromkeys(each.field for each in cells) if _is_either(field, cells)]
    if either:
        page.heading("Present or absent", "passages")
        page.paragraph("")
        print_whole(console, _either(either, cells), columns=_NARROWEST)
    wrong = [each for each in cells if each.coded != each.said and each.field not in either]
    if wrong:
        page.heading("Taken for something else", "the commonest; - is nothing marked")
        page.paragraph("")
        print_whole(console, _confusions(sorted(wrong, key=lambda each: -each.count)[:_SHOWN]), columns=_NARROWEST)
        if len(wrong) > _SHOWN:
            page.paragraph(f"... and {len(wrong) - _SHOWN} more kinds (--json has all).", indent=2, style="dim")
    page.paragraph("")
    if written:
        page.paragraph(f"The wrong passages, the surest errors first, are in {clean(written)}.")
    else:
        page.paragraph("See the wrong passages: --errors FILE.jsonl")


def _average(measured: Mapping[str, float], field: str, nowhere: set[str]) -> float:
    """Return the mean F1 of the labels of a field that occur."""
    known = [name for label in _MEANS[field] if (name := f"{field}.{label}") not in nowhere and name in measured]
    return sum(measured[name] for name in known) / max(len(known), 1)


def _missing(field: str, nowhere: set[str]) -> list[str]:
    """Return the labels of a field that occur nowhere, where others do."""
    return [label for label in _MEANS[field] if f"{field}.{label}" in nowhere and f"{field}.macro_f1" not in nowhere]


def _say_means(measured: "Mapping[str, Measure]", nowhere: set[str]) -> Iterator[str]:
    if nowhere:
        yield f"{_NO_VALUE}: neither coded nor said of any passage, so that there is nothing to measure."
    for field, labels in _MEANS.items():
        if (name := f"{field}.macro_f1") in measured and (without := _missing(field, nowhere)):
            yield f"{name} is the mean of all {len(labels)}, here as in --json; it counts {join(without)} as 0."


def _metrics(measured: "Mapping[str, Measure]", ceiling: Mapping[str, float], nowhere: set[str]) -> Table:
    table = ruled_table("metric", "value", "second coder" if ceiling else "", "", broken=True)
    values = {name: each.value for name, each in measured.items()}
    for name, each in measured.items():
        kind = name.split(".")[-1] if name.split(".")[-1] in _KINDS else "share" if name in _SHARES else "F1"
        kind = "ece" if name.startswith("ece.") else kind.replace("_", " ")
        unsaid = _NO_VALUE if name.startswith("frames.") and "frames.macro_f1" in ceiling else ""
        known = f"{ceiling[name]:.3f}" if name in ceiling else unsaid
        field = name.removesuffix(".macro_f1")
        value = str(each)
        if name in nowhere:
            value = _NO_VALUE
            if known and not ceiling.get(name):  # a second coder has found none of it either
                known = _NO_VALUE
        if without := _missing(field, nowhere) if field in _MEANS else []:
            table.add_row(name, value, "", kind)  # a second coder's is not of labels that are nowhere
            name, value = (
                f"- of the {len(_MEANS[field]) - len(without)} that occur",
                f"{_average(values, field, nowhere):.3f}",
            )
            known = f"{_average(ceiling, field, nowhere):.3f}" if known else ""
        table.add_row(*map(Text, (clean(name), value, known, kind)))
    return table


def _either(fields: Sequence[str], cells: "Sequence[Cell]") -> Table:
    counts = {(each.field, each.coded, each.said): each.count for each in cells}
    table = ruled_table("", "present", "found", "missed", "made up", "rightly absent", broken=True)
    for field in fields:
        found, missed, made_up, absent = (
            counts.get((field, coded, said), 0) for coded in ("present", "absent") for said in ("present", "absent")
        )
        numbers = (found + missed, found, missed, made_up, absent)
        table.add_row(*map(Text, (clean(field), *(f"{each:,}" for each in numbers))))
    return table


def _confusions(cells: "Sequence[Cell]") -> Table:
    table = ruled_table("field", "times", "of", "coded", "said", broken=True)
    for each in cells:
        shown = (
            clean(each.field),
            f"{each.count:,}",
            "" if each.coded == "-" else f"{each.of:,}",
            excerpt(each.coded, 24),
            excerpt(each.said, 24),
        )
        table.add_row(*map(Text, shown))
    for column in table.columns[3:]:
        column.justify = "left"
    return table


def _is_either(field: str, cells: "Sequence[Cell]") -> bool:
    return all({each.coded, each.said} <= {"present", "absent"} for each in cells if each.field == field)
