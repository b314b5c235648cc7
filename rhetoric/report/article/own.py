"""Frames of the user's own in a report: which passages carry each, in numbers and in quotations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rhetoric.record import Record
from rhetoric.report.evidence import Carrier, Evidence
from rhetoric.report.numbers import say_estimate
from rhetoric.report.safe import brief, clean
from rhetoric.report.words import count
from rhetoric.scoring import Scorecard

_EXCERPT: Final = 400  # characters of a passage


@dataclass(frozen=True)
class Own:
    """A frame of the user's own: what to say of its share, in which passages it is, and quotations of the surest."""

    label: str
    said: str
    passages: tuple[tuple[int, float], ...]
    carriers: tuple[tuple[Carrier, str], ...]


def find_own(record: Record, scorecard: Scorecard, evidence: Evidence, counted: Sequence[int]) -> list[Own]:
    """Return the frames of the user's own that are present in a ``counted`` passage, the commonest first."""
    found = []
    for label, carriers in evidence.custom.items():
        here = [(at + 1, record["passages"][at].get("custom", {}).get(label)) for at in counted]
        present = tuple((number, own["score"]) for number, own in here if own and own["present"])
        if present:
            quoted = tuple((each, brief(each.text, _EXCERPT)) for each in carriers)
            found.append(Own(clean(label), say_own(scorecard, label), present, quoted))
    return sorted(found, key=lambda own: -len(own.passages))


def say_own(scorecard: Scorecard, label: str) -> str:
    """Say in how many passages a frame of the user's own is present, and its mean probability."""
    share, mean = scorecard.custom[label].prevalence, scorecard.custom[label].probability
    many = f"{share.count} of {count(share.passages, 'passage')}"
    if share.low is None:
        return many
    return f"{many}, {say_estimate(share)}; mean probability {say_estimate(mean, interval=False)}"
