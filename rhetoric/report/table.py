"""Several documents for the terminal: one table, a row a document."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from os.path import commonpath
from pathlib import PurePath
from typing import Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.text import Text

from rhetoric.labels import COUNTRIES, MATTER, Frame
from rhetoric.report.headline import leading, strongest_frames, warn_of_frames
from rhetoric.report.numbers import say_number
from rhetoric.report.page import Page, print_whole, ruled_table
from rhetoric.report.safe import clean, excerpt, shorten
from rhetoric.report.terminal import print_trust
from rhetoric.report.trust import Trust
from rhetoric.report.words import OWN_MEASURED
from rhetoric.scoring import Estimate, Scorecard
from rhetoric.scoring.groups import say_source
from rhetoric.scoring.notes import say_learned
from rhetoric.scoring.uncertainty import FEWEST

_NONE: Final = "-"
_NARROWEST: Final = 76  # columns
_ROOMY: Final = 100  # columns: below this the frames stand under the name, which would have no room beside them
_SHORTEST: Final = 20  # characters that a name keeps


def print_table(
    scorecards: list[Scorecard], trust: Trust, console: Console, *, called: Sequence[str] | None = None
) -> None:
    """Print one row for each scorecard, then how far the columns can be trusted.

    ``called`` is what each document is called where its source does not tell it from others; by its id if None.
    """
    page = Page(console)  # its lines are broken where the terminal ends, though the table may be wider
    roomy = console.width >= _ROOMY
    table = ruled_table()
    table.add_column("document" if roomy else "document,\nstrongest frames", overflow="fold")
    if roomy:
        table.add_column("strongest frames", overflow="fold")
    for name in ("words", "about", "un-\nmasked", "meta-\nphors", "con-\ntrasts", "stance\nUS", "stance\nChina"):
        table.add_column(name, justify="right", no_wrap=True)
    folder, names = _names(scorecards, called or [card.id for card in scorecards])
    for scorecard, name in zip(scorecards, names, strict=True):
        frames, *numbers = _row(scorecard, marks=any(card.learned and card.scored for card in scorecards))
        table.add_row(*([_Name(name), frames] if roomy else [_Name(name, frames)]), *numbers)
    print_whole(console, table, columns=_NARROWEST)
    page.paragraph("")
    if folder:
        page.paragraph(f"The files are in {clean(folder)}.")
    page.paragraph(
        f"about: passages about {MATTER}; all further columns count only these"
        f"{', here every passage' if any(card.every_passage for card in scorecards) else ''}. "
        "Frames: how many of these carry it. unmasked: accounts unmasked. metaphors (live) and "
        "contrasts: per 1,000 counted words. Stance: from -1, ill, to +1, well. In brackets is what rests on fewer "
        f"than {FEWEST} passages. Intervals: in the scorecard of each text alone, and in --json.",
        style="dim",
    )
    if any(scorecard.custom for scorecard in scorecards):
        page.paragraph(f"yours: frames of your own. {OWN_MEASURED}", style="dim")
    shown = dict.fromkeys(frame for card in scorecards for frame in _strongest(card))
    warning = warn_of_frames(shown, trust)
    if warning:
        page.paragraph(warning)
    scored = [card for card in scorecards if card.scored]
    if learned := sum(card.learned for card in scored):
        page.paragraph(f"*: {say_learned(learned, sum(card.counted for card in scored))}")
    if any(card.off_topic and not card.scored for card in scorecards):
        page.paragraph(
            "Texts off topic are not scored. To score them all the same, ask for every passage (--every-passage)."
        )
    print_trust(page, trust)


@dataclass(frozen=True)
class _Name:
    """A name as long as its column has room for, ``below`` it in the same cell what else there is to say."""

    name: str
    below: Text | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(shorten(self.name, options.max_width))
        if self.below and self.below.plain != _NONE:
            yield Padding(self.below, (0, 0, 0, 2))

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max(cell_len(clean(self.name)), cell_len(self.below.plain) + 2 if self.below else 0)
        return Measurement(min(widest, _SHORTEST), widest)


def _names(scorecards: list[Scorecard], called: Sequence[str]) -> tuple[str, list[str]]:
    """Name each document by its source; where several came from one, by what it is ``called``, or by its id where that
    is the same of several too.

    Where all are files of one folder, it comes first, and the names are what tells them apart in it.
    """
    sources, known = Counter(scorecard.source for scorecard in scorecards), Counter(called)
    names = [
        say_source(card.source) if card.source and sources[card.source] == 1 else name if known[name] == 1 else card.id
        for card, name in zip(scorecards, called, strict=True)
    ]
    of_files = all(name == card.source and "://" not in name for name, card in zip(names, scorecards, strict=True))
    if len(names) < 2 or not of_files:
        return "", names
    try:
        folder = commonpath([PurePath(name).parent for name in names])
    except ValueError:  # some from the root and some not, or on several drives
        return "", names
    if folder in ("", "."):
        return "", names
    return folder, [str(PurePath(name).relative_to(folder)) for name in names]


def _row(scorecard: Scorecard, *, marks: bool) -> list[Text]:
    """Return the cells of a document; with ``marks`` a star says that the detectors have learned passages of it."""
    frames = [f"{frame} {scorecard.frames[frame].prevalence.count}" for frame in _strongest(scorecard)]
    if scorecard.off_topic and not scorecard.scored:
        frames = ["off topic"]
    mark = ("*" if scorecard.learned and scorecard.scored else " ") if marks else ""
    unmasked = scorecard.framing.density.count if scorecard.scored else None
    cells = [
        "; ".join(filter(None, [", ".join(frames), _own(scorecard)])) or _NONE,
        f"{scorecard.words:,}",
        f"{scorecard.about}/{scorecard.passages}{mark}",
        _NONE if unmasked is None else f"{unmasked}",
        _number(scorecard.metaphor),
        _number(scorecard.contrast),
        *(_number(scorecard.portrayal[country].stance, signed=True) for country in COUNTRIES),
    ]
    return [Text(cell) for cell in cells]


def _strongest(scorecard: Scorecard) -> list[Frame]:
    found = strongest_frames(scorecard) if scorecard.scored else []
    return leading({frame: scorecard.frames[frame].prevalence.count or 0 for frame in found})


def _own(scorecard: Scorecard) -> str:
    own = scorecard.custom if scorecard.scored else {}
    found = [(label, each.prevalence) for label, each in own.items() if each.prevalence.count]
    found.sort(key=lambda item: -(item[1].count or 0))
    said = [f"{excerpt(label, 30)} {share.count}" for label, share in found[:3]]
    return f"yours: {', '.join(said)}" if said else ""


def _number(found: Estimate, *, signed: bool = False) -> str:
    if found.value is None:
        return _NONE
    said = say_number(found.value, 1, signed=signed)
    return said if found.passages >= FEWEST else f"({said})"
