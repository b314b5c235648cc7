"""What the detectors are unsure of in one text: what another look could turn over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rhetoric.labels import ABOUT, FRAMES, PRESENT
from rhetoric.record import Record
from rhetoric.report.evidence import Evidence
from rhetoric.report.words import count, join
from rhetoric.scoring.percent import percent
from rhetoric.scoring.scorecard import Scorecard

_NEAR: Final = 0.15  # of the bar: a probability so close to it could as well be on its other side
_UNSURE: Final = 0.6  # confidence below which a span is called unsure
_MOST: Final = 8  # passages named in a line


@dataclass(frozen=True)
class Doubt:
    """A thing to look at: what is unsure, and where: entries (f1, c2, m3) or passages (p4) with what to call each.

    ``more`` says how many places there are besides those.
    """

    said: str
    places: tuple[tuple[str, str], ...]
    more: int = 0


def find_doubts(record: Record, scorecard: Scorecard, evidence: Evidence, counted: Sequence[int]) -> list[Doubt]:
    """Return what is unsure in a record, of whose passages those ``counted`` count; what weighs most first."""
    return [*_about(record, scorecard), *_frames(record, counted), *_spans(evidence)]


def _about(record: Record, scorecard: Scorecard) -> Iterator[Doubt]:
    near = [(n, p["about"]) for n, p in enumerate(record["passages"], 1) if abs(p["about"] - ABOUT) < _NEAR]
    if near:
        counts = f", and so whether {'it counts' if len(near) == 1 else 'they count'}"
        said = f"Whether {_these(len(near))} about the matter{'' if scorecard.every_passage else counts}"
        yield _at_passages(said, near)


def _frames(record: Record, counted: Sequence[int]) -> Iterator[Doubt]:
    for frame in FRAMES:
        chances = [(at + 1, record["passages"][at]["frames"].get(frame, 0.0)) for at in counted]
        near = [each for each in chances if abs(each[1] - PRESENT) < _NEAR]
        if near:
            yield _at_passages(f"Whether {_these(len(near), 'carries', 'carry')} the frame {frame}", near)


def _at_passages(said: str, near: Sequence[tuple[int, float]]) -> Doubt:
    where = tuple((f"p{number}", f"passage {number} ({percent(chance)})") for number, chance in near[:_MOST])
    return Doubt(said, where, len(near) - len(where))


def _spans(evidence: Evidence) -> Iterator[Doubt]:
    implicit = [n for n, each in enumerate(evidence.framing, 1) if each.complete and not each.explicit]
    if implicit:
        what = f"{count(len(implicit), 'account')} unmasked by wording or irony alone, with no cue"
        where = tuple((f"f{number}", f"account {number}") for number in implicit[:_MOST])
        yield Doubt(what, where, len(implicit) - len(where))
    framing, contrasts = ([each.score for each in found] for found in (evidence.framing, evidence.contrasts))
    for thing, letter, scores in (("account", "f", framing), ("contrast", "c", contrasts)):
        weak = [(number, score) for number, score in enumerate(scores, 1) if score < _UNSURE]
        if weak:
            where = tuple((f"{letter}{n}", f"{thing} {n} ({percent(score)})") for n, score in weak[:_MOST])
            what = f"{len(weak)} of {count(len(scores), thing)} found with less than {percent(_UNSURE)} confidence"
            yield Doubt(what, where, len(weak) - len(where))
    images = [(n, image) for n, image in enumerate(evidence.metaphors, 1) if image.score < _UNSURE]
    if images:
        where = tuple(
            (f"m{n}", f"{' '.join(image.text.split())} ({percent(image.score)})") for n, image in images[:_MOST]
        )
        of = count(len(evidence.metaphors), "live metaphor")
        what = f"{len(images)} of {of} found with less than {percent(_UNSURE)} confidence"
        yield Doubt(what, where, len(images) - len(where))


def _these(many: int, one: str = "is", more: str = "are") -> str:
    return f"this passage {one}" if many == 1 else f"these {many} passages {more}"


def say_doubt(doubt: Doubt) -> str:
    """Say a doubt on one line."""
    named = [said for _, said in doubt.places]
    return f"{doubt.said}: {join([*named, f'{doubt.more} more'] if doubt.more else named)}"
