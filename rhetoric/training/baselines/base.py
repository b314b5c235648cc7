"""What every baseline is: something fitted to coded passages that writes records, so that the same metrics apply."""

from collections.abc import Sequence
from typing import Final, Protocol

from rhetoric.gold import Coded
from rhetoric.record import Record
from rhetoric.training.evaluation.evaluate import as_record

PASSAGE_LABELS: Final = (
    *("about", "frames.", "portrayal.", "ece."),
    *("framing.unmasking", "framing.partial", "framing.none", "framing.macro_f1"),
)  # the metrics of a system that labels passages and finds no spans


class Baseline(Protocol):
    """A rival of the detectors.

    It is measured on the metrics whose names begin as in ``answers``, and fitted to passages of the measured kind alone
    (authored and written, or real and silver) where ``own_kind`` says so, else to all.
    """

    name: str
    answers: tuple[str, ...]
    own_kind: bool

    def fit(self, rows: Sequence[Coded]) -> None:
        """Learn from coded passages; raises ValueError where none of them codes a label that is to be learned."""

    def annotate(self, rows: Sequence[Coded]) -> list[Record]:
        """Say what is in the text of each of ``rows``; their codes are not looked at."""


def blank_record(row: Coded, name: str) -> Record:
    """Return the record of a passage in which the system ``name`` found nothing, to be filled by it."""
    found = as_record({"id": row["id"], "text": row["text"]})
    return {**found, "pipeline": {"name": name, "version": "1", "sha256": ""}}
