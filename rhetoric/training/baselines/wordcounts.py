"""Words and pairs of words, weighted by TF-IDF, into one logistic regression for each passage label."""

from collections.abc import Sequence
from typing import Any, Final

from rhetoric.gold import Coded
from rhetoric.labels import COUNTRIES, FRAMES
from rhetoric.record import Portrayal, Record
from rhetoric.training.baselines.base import PASSAGE_LABELS, blank_record

_PENALTY: Final = 1.0  # scikit-learn's C, its default: nothing here is tuned


class _Decision:
    """One label learned from a matrix (passages × words); a label that never varies is given as it is."""

    def __init__(self, words: Any, labels: list[Any]) -> None:  # noqa: ANN401 - a sparse matrix of scipy, untyped
        from sklearn.linear_model import LogisticRegression

        self.labels = sorted(set(labels))
        self._model = None
        if len(self.labels) != 1:
            self._model = LogisticRegression(C=_PENALTY, class_weight="balanced", max_iter=1000).fit(words, labels)

    def chances(self, words: Any) -> list[dict[Any, float]]:  # noqa: ANN401 - labels are strings or numbers
        """Return, for each passage, the probability of each label; the first has all of it where it never varied."""
        if self._model is None:
            return [{self.labels[0]: 1.0}] * words.shape[0]
        rows = self._model.predict_proba(words).tolist()
        return [dict(zip(self.labels, row, strict=True)) for row in rows]

    def likeliest(self, words: Any) -> list[Any]:  # noqa: ANN401 - as above
        """Return the likeliest label of each passage."""
        return [max(row, key=lambda label: row[label]) for row in self.chances(words)]


class WordCounts:
    """The plain text classifier; it knows passages only, no spans. It portrays both countries, as Majority does."""

    answers: tuple[str, ...] = PASSAGE_LABELS

    def __init__(self, own_kind: bool) -> None:
        self.own_kind = own_kind
        self.name = "TF-IDF, own kind" if own_kind else "TF-IDF, all"

    def fit(self, rows: Sequence[Coded]) -> None:
        """Learn the weight of each word for each label."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from threadpoolctl import threadpool_limits

        self._vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        words = self._vectorizer.fit_transform(row["text"] for row in rows)
        with threadpool_limits(1):  # problems so small are slower on many threads
            self._about = _Decision(words, [row["about"] for row in rows])
            self._framing = _Decision(words, [row["framing"] for row in rows])
            self._frames = {frame: _Decision(words, [row["frames"][frame] for row in rows]) for frame in FRAMES}
            self._portrayal = {}
            for country in COUNTRIES:
                at = [number for number, row in enumerate(rows) if country in (row["portrayal"] or {})]
                for what in ("role", "stance"):
                    said = [rows[number]["portrayal"][country][what] for number in at]
                    self._portrayal[country, what] = _Decision(words[at], said)

    def annotate(self, rows: Sequence[Coded]) -> list[Record]:
        """Return a record each, with the passage labels."""
        words = self._vectorizer.transform(row["text"] for row in rows)
        about, framing = self._about.chances(words), self._framing.chances(words)
        frames = {frame: learned.chances(words) for frame, learned in self._frames.items()}
        portrayal = {key: learned.likeliest(words) for key, learned in self._portrayal.items()}
        records = []
        for at, row in enumerate(rows):
            record = blank_record(row, self.name)
            passage = record["passages"][0]
            passage["about"] = about[at].get(1, 0.0)
            passage["frames"] = {frame: chances[at].get(1, 0.0) for frame, chances in frames.items()}
            passage["framing"], passage["framing_score"] = max(framing[at].items(), key=lambda pair: pair[1])
            passage["portrayal"] = {
                country: Portrayal(role=portrayal[country, "role"][at], stance=portrayal[country, "stance"][at])
                for country in COUNTRIES
            }
            records.append(record)
        return records
