"""A comparison for the terminal: a table of differences, the surest first, then what is distinctive of each side."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rhetoric.report.numbers import say_difference, say_estimate, say_number, say_p
from rhetoric.report.page import Page, print_whole, ruled_table
from rhetoric.report.safe import clean, excerpt, quoted, shorten
from rhetoric.report.words import count, effect_words, join
from rhetoric.scoring.compare import Comparison, Difference, Side

_ROWS: Final = 15  # differences shown that are not sure
_NAME: Final = 35  # characters of a side's name where both stand on a line
_SIDE: Final = 74


def print_comparison(comparison: Comparison, console: Console, *, every_field: bool = False) -> None:
    """Print a comparison; unless ``every_field``, all sure differences and at most fifteen others."""
    page = Page(console)
    names = [shorten(side.name, _NAME) for side in (comparison.a, comparison.b)]
    page.paragraph(Text(f"{names[0]} against {names[1]}", "bold"))
    for side, letter in ((comparison.a, "A"), (comparison.b, "B")):
        page.entry(letter, _describe(side), indent=0, label_width=3)
    sure = [each for each in comparison.differences if each.sure]
    others = [each for each in comparison.differences if not each.sure and each.difference is not None]
    shown = comparison.differences if every_field else [*sure, *others[:_ROWS]]
    page.heading("Differences", f"{len(sure)} sure of {count(len(comparison.differences), 'field')}")
    page.paragraph("")
    units = [
        side.documents if comparison.units == "documents" else side.passages for side in (comparison.a, comparison.b)
    ]
    print_whole(console, _table(shown, units))
    hidden = len(comparison.differences) - len(shown)
    if hidden:
        page.paragraph(f"... and {hidden} more that are not sure (--every-field).", style="dim")
    page.paragraph(
        "Effect: Cliff's delta, how much oftener A's values are above B's than below, from -1 to +1; A - B may have "
        f"the other sign where a few {comparison.units} hold most of a thing, and the effect of a rare thing may come "
        f"of shorter {comparison.units} alone, most of which have none. p: of a test over {comparison.units} that "
        f"allows for their length (the larger of what dealing them out anew gives and what the normal distribution "
        "does), corrected for the number of fields; * below 0.05. n: how many "
        f"{comparison.units} a value rests on, where not on all.",
        style="dim",
    )
    for note in comparison.notes:
        page.paragraph(note, style="dim")
    if not sure:
        page.paragraph("")
        page.paragraph("No difference is sure, so what is most distinctive below may be chance.")
    for at, letter in enumerate("AB"):
        page.heading(f"Most distinctive of {letter}", names[at])
        _distinctive(page, comparison, at)


def _describe(side: Side) -> str:
    words = f"{count(side.passages, 'counted passage')} of {count(side.words, 'word')}"
    return f"{shorten(side.name, _SIDE)}: {count(side.documents, 'document')}, {words}"


def _table(differences: Sequence[Difference], units: Sequence[int]) -> Table:
    table = ruled_table("field", "A", "B", "A - B", "effect", "", "p", padding=0)
    table.columns[5].justify = "left"
    for each in differences:
        effect = "-" if each.effect is None else say_number(each.effect, 2, signed=True)
        word = effect_words(each.effect) if each.effect is not None and each.sure else ""
        p = "-" if each.p_corrected is None else say_p(each.p_corrected)
        apart = "-" if each.difference is None else say_difference(each.difference, each.unit)
        a, b = (
            say_estimate(side, each.unit) + (f" n {side.passages}" if side.passages < whole else "")
            for side, whole in zip((each.a, each.b), units, strict=True)
        )
        cells = (clean(each.field), a, b, apart, effect, word)
        style = "bold" if each.sure else ""
        table.add_row(*(Text(cell, style) for cell in cells), Text(p + ("*" if each.sure else " "), style))
    return table


def _distinctive(page: Page, comparison: Comparison, at: int) -> None:
    images = comparison.metaphors[at]
    said = [f"{excerpt(each.words, 40)} ({each.source}, {each.here} against {each.there})" for each in images]
    page.entry("metaphors", join(said) or "none that it surely prefers", label_width=11)
    if not comparison.passages[at]:
        page.entry("passages", "none", label_width=11)
    for each in comparison.passages[at]:
        why = f"has {join(list(each.traits))}, commoner here"
        head = f"{shorten(each.title, 50)}, passage {each.passage}: {why}"
        page.paragraph(Text(head, "bold"), indent=2)
        page.paragraph(Text(quoted(each.text, 260), "italic"), indent=4)
