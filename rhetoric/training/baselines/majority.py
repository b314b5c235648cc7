"""The commonest label, whatever the text says."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from rhetoric.gold import Coded
from rhetoric.labels import COUNTRIES, FRAMES
from rhetoric.record import Portrayal, Record
from rhetoric.training.baselines.base import PASSAGE_LABELS, blank_record

Label = TypeVar("Label")


def commonest(labels: Iterable[Label]) -> tuple[Label, float]:
    """Return the commonest label and its share; the first seen wins a tie. Raises ValueError where there is none."""
    counts = Counter(labels)
    if not counts:
        raise ValueError("no label to choose from")
    label, times = counts.most_common(1)[0]
    return label, times / counts.total()


class Majority:
    """Gives every passage the commonest labels of the passages it was fitted to, with their share as probability.

    Both countries are portrayed everywhere: the metrics ask only about those that the gold portrays.
    """

    name = "majority"
    answers: tuple[str, ...] = PASSAGE_LABELS
    own_kind = True

    def fit(self, rows: Sequence[Coded]) -> None:
        """Count the labels."""
        self._about = sum(row["about"] for row in rows) / len(rows)
        self._frames: dict[str, float] = {
            frame: sum(row["frames"][frame] for row in rows) / len(rows) for frame in FRAMES
        }
        self._framing = commonest(row["framing"] for row in rows)
        said = [(row["portrayal"] or {}).get(country) for row in rows for country in COUNTRIES]
        self._role = commonest(each["role"] for each in said if each)[0]
        self._stance = commonest(each["stance"] for each in said if each)[0]

    def annotate(self, rows: Sequence[Coded]) -> list[Record]:
        """Return a record each, all with the same labels."""
        return [self._annotate(row) for row in rows]

    def _annotate(self, row: Coded) -> Record:
        record = blank_record(row, self.name)
        passage = record["passages"][0]
        passage["about"], passage["frames"] = self._about, dict(self._frames)
        passage["framing"], passage["framing_score"] = self._framing
        passage["portrayal"] = {c: Portrayal(role=self._role, stance=self._stance) for c in COUNTRIES}
        return record
