"""Which passages count, and which passage a span belongs to."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from rhetoric.labels import ABOUT
from rhetoric.record import FramingInstance, Record
from rhetoric.scoring.uncertainty import FEWEST

_PASSING: Final = 0.1  # share of passages: below this, and below three, the matter is mentioned in passing
KEPT: Final = 600  # characters of a passage that stand beside a figure


def is_off_topic(passages: int, about: int) -> bool:
    """Whether so few of a text's passages are about the matter that the text is not, or mentions it in passing."""
    return about < FEWEST and about < _PASSING * passages


def count_passages(record: Record, every_passage: bool) -> list[int]:
    """Return the indices of the passages that count: those about the matter, or all of them."""
    return [at for at, passage in enumerate(record["passages"]) if every_passage or passage["about"] >= ABOUT]


def scored_passages(record: Record, every_passage: bool) -> list[int]:
    """Return the indices of the passages that count, none for a text off topic: a mention in passing is no framing."""
    chosen = count_passages(record, every_passage)
    return [] if not every_passage and is_off_topic(len(record["passages"]), len(chosen)) else chosen


def uncounted_unmasking(record: Record, chosen: Sequence[int]) -> list[int]:
    """Return the indices of the passages that are called unmasking and are not among those ``chosen`` to count."""
    called = (at for at, passage in enumerate(record["passages"]) if passage["framing"] == "unmasking")
    return sorted({*called} - {*chosen})


def find_passage(record: Record, character: int) -> int | None:
    """Return the index of the passage that holds ``character``, the inner of two; None between passages."""
    passages = record["passages"]
    begun = bisect_right(passages, character, key=lambda passage: passage["start"])
    return next((at for at in reversed(range(begun)) if character < passages[at]["end"]), None)


def first_character(instance: FramingInstance) -> int:
    """Return where a framing instance begins, whichever of its parts comes first."""
    return min(start for start, _ in (*instance["account"], *instance["machinery"], *instance["cue"]))


def unmasks(record: Record, instance: FramingInstance) -> bool:
    """Whether a framing instance has account and machinery and lies in a passage that is called unmasking.

    In one that is called partial it is a hint, whatever words the detector found for it; its score is of that.
    """
    at = find_passage(record, first_character(instance))
    called = at is not None and record["passages"][at]["framing"] == "unmasking"
    return bool(called and instance["account"] and instance["machinery"])
