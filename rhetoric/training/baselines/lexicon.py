"""Words looked up: how often each is metaphor-related in VUA-20, the corpus annotated by MIPVU."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rhetoric.gold import Coded
from rhetoric.record import Metaphor, Record
from rhetoric.training.baselines.base import blank_record
from rhetoric.training.baselines.majority import commonest
from rhetoric.training.data.metaphors import read_vua
from rhetoric.training.evaluation.counts import meet, pair

METAPHOR: Final = 0.5  # more metaphor than not: the lexical baseline of Gao et al. 2018
_THRESHOLDS: Final = [step / 20 for step in range(1, 20)]
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")


def shares(sentences: Iterable[Mapping[str, Any]], field: str = "labels") -> dict[str, float]:
    """Return the share of metaphor of each word form as written: of all words, or with ``content`` of content words."""
    seen: Counter[str] = Counter()
    metaphor: Counter[str] = Counter()
    for sentence in sentences:
        for word, label in zip(sentence["tokens"], sentence[field], strict=True):
            if label >= 0:
                seen[word] += 1
                metaphor[word] += label
    return {word: metaphor[word] / times for word, times in seen.items()}


class Lexicon:
    """Calls a word metaphor-related or live by its share in VUA-20, and gives all the same source and target.

    Live ones are content words (those that the shared task took for such) whose share passes a threshold, fitted to
    coded passages together with the commonest source and target.
    """

    name = "VUA lexicon"
    answers: tuple[str, ...] = ("metaphor.",)
    own_kind = False

    def __init__(self, path: Path) -> None:
        train = read_vua(path, "train")
        self._all, self._content = shares(train), shares(train, "content")

    def fit(self, rows: Sequence[Coded]) -> None:
        """Choose the threshold with the best F1; passages without coded metaphors are left out."""
        coded = [row for row in rows if "live_metaphors" in row]
        self._source, _ = commonest(m["source"] for row in coded for m in row["live_metaphors"])
        self._target, _ = commonest(m["target"] for row in coded for m in row["live_metaphors"])
        self._threshold = max(_THRESHOLDS, key=lambda threshold: self._f1(coded, threshold))

    def _f1(self, rows: Sequence[Coded], threshold: float) -> float:
        right = total = 0
        for row in rows:
            gold, spans = row["live_metaphors"], list(self._live(row["text"], threshold))
            right += len(pair(gold, spans, lambda metaphor, span: meet(metaphor["span"], span)))
            total += len(gold) + len(spans)
        return 2 * right / total if total else 0.0

    def _live(self, text: str, threshold: float) -> Iterable[list[int]]:
        for word in _WORD.finditer(text):
            if self._content.get(word.group(), 0.0) > threshold:
                yield list(word.span())

    def annotate(self, rows: Sequence[Coded]) -> list[Record]:
        """Return a record each, with the metaphors; the score is the share."""
        return [self._annotate(row) for row in rows]

    def _annotate(self, row: Coded) -> Record:
        record = blank_record(row, self.name)
        live = {tuple(span) for span in self._live(row["text"], self._threshold)}
        for word in _WORD.finditer(row["text"]):
            share = self._all.get(word.group(), 0.0)
            found = Metaphor(span=list(word.span()), live=word.span() in live, score=share)
            if found["live"]:
                found["source"], found["target"], found["score"] = (
                    self._source,
                    self._target,
                    self._content[word.group()],
                )
            if found["live"] or share > METAPHOR:
                record["metaphors"].append(found)
        return record
