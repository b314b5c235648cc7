"""What the detectors are unsure of in one text: what another look could turn over."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rhetoric.labels import ABOUT, FRAMES, PRESENT
from rhetoric.record import Record
from rhetoric.report.evidence import Evidence
from rhetoric.report.safe import clean
from rhetoric.report.words import count, join
from rhetoric.scoring.percent import percent
from rhetoric.scoring.scorecard import Scorecard

_NEAR: Final = 0.15  # of the bar: a probability so close to it could as well be on its other side
_UNSURE: Final = 0.6  # confidence below which a span is called unsure
_MOST: Final = 8  # places named in a line
_Place = tuple[str, str]  # an entry (f1, c2, m3) or a passage (p4), and what to call it


@dataclass(frozen=True)
class Doubt:
    """A thing to look at: what is unsure, and the first places where; ``more`` says how many there are besides."""

    said: str
    places: tuple[_Place, ...]
    more: int


def find_doubts(record: Record, scorecard: Scorecard, evidence: Evidence, counted: Sequence[int]) -> list[Doubt]:
    """Return what is unsure in a record, of whose passages those ``counted`` count; what weighs most first."""
    found = [*_in_passages(record, scorecard, counted), *_in_entries(evidence)]
    return [Doubt(said, tuple(places[:_MOST]), len(places) - len(places[:_MOST])) for said, places in found if places]


def _in_passages(record: Record, scorecard: Scorecard, counted: Sequence[int]) -> Iterator[tuple[str, list[_Place]]]:
    passages = record["passages"]
    near = _near(ABOUT, ((number, each["about"]) for number, each in enumerate(passages, 1)))
    counts = f", and so whether {'it counts' if len(near) == 1 else 'they count'}"
    yield f"Whether {_these(near, 'is', 'are')} about the matter{'' if scorecard.every_passage else counts}", near
    for frame in FRAMES:
        near = _near(PRESENT, ((at + 1, passages[at]["frames"].get(frame, 0.0)) for at in counted))
        yield f"Whether {_these(near, 'carries', 'carry')} the frame {frame}", near


def _near(bar: float, chances: Iterable[tuple[int, float]]) -> list[_Place]:
    return [
        (f"p{number}", f"passage {number} ({percent(chance)})")
        for number, chance in chances
        if abs(chance - bar) < _NEAR
    ]


def _these(places: Sequence[_Place], one: str, more: str) -> str:
    return f"this passage {one}" if len(places) == 1 else f"these {len(places)} passages {more}"


def _in_entries(evidence: Evidence) -> Iterator[tuple[str, list[_Place]]]:
    accounts = [*enumerate(evidence.framing, 1)]
    implicit = [n for n, each in accounts if each.complete and not each.explicit]
    said = f"{count(len(implicit), 'account')} unmasked by wording or irony alone, with no cue"
    yield said, [(f"f{n}", f"account {n}") for n in implicit]
    kinds = {
        "account": [(f"f{n}", f"account {n}", each.score) for n, each in accounts if each.complete],
        "contrast": [(f"c{n}", f"contrast {n}", each.score) for n, each in enumerate(evidence.contrasts, 1)],
        "live metaphor": [(f"m{n}", clean(each.text), each.score) for n, each in enumerate(evidence.metaphors, 1)],
    }
    for kind, entries in kinds.items():
        weak = [(entry, f"{name} ({percent(score)})") for entry, name, score in entries if score < _UNSURE]
        yield f"{len(weak)} of {count(len(entries), kind)} found with less than {percent(_UNSURE)} confidence", weak


def say_doubt(doubt: Doubt) -> str:
    """Say a doubt on one line."""
    named = [said for _, said in doubt.places]
    return f"{doubt.said}: {join([*named, f'{doubt.more} more'] if doubt.more else named)}"
