"""Several documents for the terminal: one table, a row a document."""

from collections import Counter
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rhetoric.labels import Country
from rhetoric.report.headline import strongest_frames
from rhetoric.report.page import Page
from rhetoric.report.safe import excerpt
from rhetoric.report.terminal import print_trust
from rhetoric.report.trust import Trust
from rhetoric.report.words import OWN_MEASURED
from rhetoric.scoring import Estimate, Scorecard
from rhetoric.scoring.uncertainty import FEWEST

_NONE: Final = "-"
_NARROWEST: Final = 76  # columns


def print_table(scorecards: list[Scorecard], trust: Trust, console: Console) -> None:
    """Print one row for each scorecard, then how far the columns can be trusted."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("document", overflow="fold", ratio=1)
    table.add_column("strongest frames", overflow="fold", ratio=1)
    for name in ("words", "about", "un-\nmasked", "meta-\nphors", "con-\ntrasts", "stance\nUS", "stance\nChina"):
        table.add_column(name, justify="right", no_wrap=True)
    names = _names(scorecards)
    for scorecard, name in zip(scorecards, names, strict=True):
        table.add_row(*_row(scorecard, name))
    page = Page(console)
    console.width = max(console.width, _NARROWEST)  # a narrower terminal breaks lines; the table would lose columns
    console.print(table)
    page.paragraph("")
    page.paragraph(
        "about: passages about AI or advanced technology between states; all further columns count only these"
        f"{', here every passage' if any(card.every_passage for card in scorecards) else ''}. "
        "Frames: share of passages. unmasked: accounts unmasked. metaphors (live) and contrasts: per 1,000 words. "
        "Stance: from -1, ill, to +1, well.",
        style="dim",
    )
    if any(scorecard.custom for scorecard in scorecards):
        page.paragraph(f"yours: frames of your own. {OWN_MEASURED}", style="dim")
    few = [excerpt(name, 40) for name, card in zip(names, scorecards, strict=True) if 0 < card.counted < FEWEST]
    if few:
        page.paragraph(f"Too few passages for rates: {', '.join(few[:10])}{', ...' if len(few) > 10 else ''}.")
    print_trust(page, trust)


def _names(scorecards: list[Scorecard]) -> list[str]:
    """Name each document by its source, or by its id where several came from one source."""
    sources = Counter(scorecard.source for scorecard in scorecards)
    return [card.source if card.source and sources[card.source] == 1 else card.id for card in scorecards]


def _row(scorecard: Scorecard, name: str) -> list[Text]:
    frames = [(frame, scorecard.frames[frame].prevalence.value or 0.0) for frame in strongest_frames(scorecard)[:3]]
    unmasked = scorecard.framing.density.count
    cells = [
        excerpt(name, 60),
        "; ".join(filter(None, [", ".join(f"{frame} {share:.0%}" for frame, share in frames), _own(scorecard)]))
        or _NONE,
        f"{scorecard.words:,}",
        f"{scorecard.about}/{scorecard.passages}",
        _NONE if unmasked is None else f"{unmasked}",
        _number(scorecard.metaphor, "{:.1f}"),
        _number(scorecard.contrast, "{:.1f}"),
        *(_stance(scorecard, country) for country in ("us", "china")),
    ]
    return [Text(cell) for cell in cells]


def _own(scorecard: Scorecard) -> str:
    found = [(label, each.prevalence) for label, each in scorecard.custom.items() if each.prevalence.count]
    found.sort(key=lambda item: -(item[1].count or 0))
    said = [f"{excerpt(label, 30)} {share.value or 0.0:.0%}" for label, share in found[:3]]
    return f"yours: {', '.join(said)}" if said else ""


def _stance(scorecard: Scorecard, country: Country) -> str:
    return _number(scorecard.portrayal[country].stance, "{:+.1f}")


def _number(found: Estimate, form: str) -> str:
    return _NONE if found.value is None else form.format(found.value)
