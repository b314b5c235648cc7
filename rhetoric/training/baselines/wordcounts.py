"""Words and pairs of words, weighted by TF-IDF, into one logistic regression for each passage label."""

from collections.abc import Sequence
from typing import Any, Final

from rhetoric.labels import COUNTRIES, FRAMES
from rhetoric.record import Portrayal, Record
from rhetoric.training.baselines.base import PASSAGE_LABELS, blank_record
from rhetoric.training.gold import Coded

_PENALTY: Final = 1.0  # scikit-learn's C, its default: nothing here is tuned


class _Decision:
    """One label learned from a matrix (passages × words); a label that never varies is given as it is."""

    def __init__(self, words: Any, labels: list[Any]) -> None:  # noqa: ANN401 - a sparse matrix of scipy, untyped
        from sklearn.linear_model import LogisticRegression

        self._only = labels[0] if len(set(labels)) == 1 else None
        self._model = None
        if self._only is None:
            self._model = LogisticRegression(C=_PENALTY, class_weight="balanced", max_iter=1000).fit(words, labels)

    def __call__(self, words: Any) -> tuple[Any, dict[Any, float]]:  # noqa: ANN401 - labels are strings or numbers
        """Return the likeliest label of one passage (1 × words) and the probability of each."""
        if self._model is None:
            return self._only, {self._only: 1.0}
        chances = dict(zip(self._model.classes_.tolist(), self._model.predict_proba(words)[0].tolist(), strict=True))
        return max(chances, key=lambda label: chances[label]), chances


class WordCounts:
    """The plain text classifier; it knows passages only, no spans. It portrays both countries, as Majority does."""

    answers: tuple[str, ...] = PASSAGE_LABELS

    def __init__(self, own_kind: bool) -> None:
        self.own_kind = own_kind
        self.name = "TF-IDF, own kind" if own_kind else "TF-IDF, all"

    def fit(self, rows: Sequence[Coded]) -> None:
        """Learn the weight of each word for each label."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        words = self._vectorizer.fit_transform(row["text"] for row in rows)
        self._about = _Decision(words, [row["about"] for row in rows])
        self._framing = _Decision(words, [row["framing"] for row in rows])
        self._frames = {frame: _Decision(words, [row["frames"][frame] for row in rows]) for frame in FRAMES}
        self._portrayal = {}
        for country in COUNTRIES:
            at = [number for number, row in enumerate(rows) if country in (row["portrayal"] or {})]
            for what in ("role", "stance"):
                said = [rows[number]["portrayal"][country][what] for number in at]
                self._portrayal[country, what] = _Decision(words[at], said)

    def annotate(self, row: Coded) -> Record:
        """Return a record with the passage labels."""
        words = self._vectorizer.transform([row["text"]])
        record = blank_record(row, self.name)
        passage = record["passages"][0]
        passage["about"] = self._about(words)[1].get(1, 0.0)
        passage["frames"] = {frame: decide(words)[1].get(1, 0.0) for frame, decide in self._frames.items()}
        label, chances = self._framing(words)
        passage["framing"], passage["framing_score"] = label, chances[label]
        passage["portrayal"] = {
            country: Portrayal(
                role=self._portrayal[country, "role"](words)[0], stance=self._portrayal[country, "stance"](words)[0]
            )
            for country in COUNTRIES
        }
        return record
