"""Which passages count, and which passage a span belongs to."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from rhetoric.record import FramingInstance, Record

ABOUT: Final = 0.5  # probability from which a passage is about the matter
PRESENT: Final = 0.5  # probability from which a frame is present, as the gold's metrics have it


def count_passages(record: Record, every_passage: bool) -> list[int]:
    """Return the indices of the passages that count: those about the matter, or all of them."""
    return [at for at, passage in enumerate(record["passages"]) if every_passage or passage["about"] >= ABOUT]


def find_passage(record: Record, starts: Sequence[int], character: int) -> int | None:
    """Return the index of the passage that holds ``character``, None between passages.

    ``starts`` are the passages' first characters, in order.
    """
    at = bisect_right(starts, character) - 1
    return at if at >= 0 and character < record["passages"][at]["end"] else None


def passage_starts(record: Record) -> list[int]:
    """Return the first character of each passage."""
    return [passage["start"] for passage in record["passages"]]


def first_character(instance: FramingInstance) -> int:
    """Return where a framing instance begins, whichever of its parts comes first."""
    return min(start for start, _ in _ranges(instance))


def is_complete(instance: FramingInstance) -> bool:
    """Whether account and machinery are both on the page: only such an instance unmasks."""
    return bool(instance["account"] and instance["machinery"])


def _ranges(instance: FramingInstance) -> Iterator[list[int]]:
    yield from instance["account"]
    yield from instance["machinery"]
    yield from instance["cue"]
