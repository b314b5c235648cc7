"""The model of one frame of a user's own: a logistic regression over what the encoder says, how it embeds, and words.

It is linear in all three, so that calibration folds into the weights. Everything that is chosen, the words, the
weights, the calibration and the line from which a frame counts as present, is chosen without the passages it is then
measured on, which are of other documents.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.errors import RhetoricError
from rhetoric.training.decisions.words import make_vectorizer

_PENALTY: Final = 10.0  # scikit-learn's C; 1 to 30 made no difference on rare and on common labels
_FEWEST: Final = 2  # passages a term must stand in
_SPREAD: Final = 1e-3  # the least standard deviation: a column that hardly varies tells nothing
_LINES: Final = tuple(round(0.05 * step, 2) for step in range(2, 17))  # 0.1 to 0.8

Numbers = NDArray[np.float64]
Yes = NDArray[np.bool_]


@dataclass(frozen=True)
class Encoded:
    """Coded passages as the model sees them: their ``texts``, the logits of the passage heads (passages × PASSAGE) and
    the embeddings (passages × EMBEDDING); ``documents`` names the document of each.
    """

    texts: list[str]
    documents: list[str]
    scores: Numbers
    embeddings: Numbers

    def take(self, chosen: NDArray[Any]) -> "Encoded":
        """Return some of the passages; ``chosen`` marks or numbers them."""
        at = np.arange(len(self.texts))[chosen]
        texts, documents = [self.texts[i] for i in at], [self.documents[i] for i in at]
        return Encoded(texts, documents, self.scores[at], self.embeddings[at])


@dataclass(frozen=True)
class Weights:
    """Log-odds are ``words`` · TF-IDF + ``passage`` · logits + ``embedding`` · embedding + ``alone``."""

    words: Numbers
    passage: Numbers
    embedding: Numbers
    alone: float

    def calibrated(self, slope: float, alone: float) -> "Weights":
        """Return the weights whose log-odds are ``slope`` times these plus ``alone``."""
        return Weights(slope * self.words, slope * self.passage, slope * self.embedding, slope * self.alone + alone)


def fit_vectorizer(texts: Sequence[str]) -> Any:  # noqa: ANN401 - scikit-learn has no types
    """Return TF-IDF of words and pairs of words, fitted to ``texts``.

    Raises RhetoricError where no word stands in two of them.
    """
    try:
        return make_vectorizer(_FEWEST if len(texts) > _FEWEST else 1).fit(texts)
    except ValueError as error:
        said = "No two of the passages share a word, so no frame can be learned from their words. Are they in English?"
        raise RhetoricError(said) from error


def fit_weights(table: Any, passages: Encoded, present: Yes, *, words_only: bool = False) -> Weights:  # noqa: ANN401
    """Fit to passages whose TF-IDF is ``table``; each of the three kinds of features weighs about the same."""
    from scipy.sparse import csr_array, hstack
    from sklearn.linear_model import LogisticRegression

    blocks = [] if words_only else [passages.scores, passages.embeddings]
    means = [each.mean(0) for each in blocks]
    spreads = [np.maximum(each.std(0), _SPREAD) * np.sqrt(each.shape[1]) for each in blocks]
    scaled = [(each - mean) / spread for each, mean, spread in zip(blocks, means, spreads, strict=True)]
    columns = hstack([csr_array(table), *map(csr_array, scaled)], format="csr")
    model = LogisticRegression(C=_PENALTY, solver="liblinear", max_iter=500).fit(columns, present)
    words, *rest = np.split(model.coef_[0], np.cumsum([table.shape[1], *(each.shape[1] for each in blocks)])[:-1])
    unscaled = [weights / spread for weights, spread in zip(rest, spreads, strict=True)]
    alone = float(model.intercept_[0]) - sum(float(m @ w) for m, w in zip(means, unscaled, strict=True))
    if words_only:
        unscaled = [np.zeros(passages.scores.shape[1]), np.zeros(passages.embeddings.shape[1])]
    return Weights(words, unscaled[0], unscaled[1], alone)


def log_odds(weights: Weights, table: Any, passages: Encoded) -> Numbers:  # noqa: ANN401
    """Return the log-odds (passages)."""
    said = table @ weights.words + passages.scores @ weights.passage + passages.embeddings @ weights.embedding
    return np.asarray(said + weights.alone, dtype=np.float64)


def hold_out(
    passages: Encoded, present: Yes, folds: Sequence[NDArray[np.int64]], *, words_only: bool = False, share: float = 1.0
) -> Numbers:
    """Return the log-odds of each passage by a model that has not seen its document.

    ``share`` of the passages that are not held out are trained on, to see whether more would help.
    """
    found = np.zeros(len(present))
    for held in folds:
        kept = np.ones(len(present), dtype=bool)
        kept[held] = False
        if share < 1:
            kept &= _some(passages.documents, kept, present, share)
        seen, unseen = passages.take(kept), passages.take(held)
        vectorizer = fit_vectorizer(seen.texts)
        weights = fit_weights(vectorizer.transform(seen.texts), seen, present[kept], words_only=words_only)
        found[held] = log_odds(weights, vectorizer.transform(unseen.texts), unseen)
    return found


def _some(documents: Sequence[str], kept: Yes, present: Yes, share: float) -> Yes:
    """Mark passages of about ``share`` of those kept, with the frame and without it alike, whole documents or not."""
    chosen = np.zeros(len(present), dtype=bool)
    for side in (True, False):
        at = [i for i in np.argsort(np.array(documents), kind="stable").tolist() if kept[i] and present[i] == side]
        every = np.linspace(0, len(at) - 1, max(1, round(share * len(at)))).round().astype(int)
        chosen[np.array(at)[every]] = True
    return chosen


def calibrate(odds: Numbers, present: Yes) -> tuple[float, float]:
    """Return slope and intercept that make of log-odds those of a calibrated probability (Platt 1999)."""
    from sklearn.linear_model import LogisticRegression

    spread = max(float(odds.std()), _SPREAD)
    model = LogisticRegression(C=_PENALTY).fit((odds / spread)[:, None], present)
    slope = max(0.0, float(model.coef_[0, 0]) / spread)  # a model that is worse than none says the same of everything
    if not slope:
        rate = float(present.mean())
        return 0.0, float(np.log(rate / (1 - rate)))
    return slope, float(model.intercept_[0])


def best_line(chances: Numbers, present: Yes) -> float:
    """Return the probability from which calling a frame present serves F1 best; of equals the nearest to a half."""

    def f1(line: float) -> float:
        said = chances >= line
        return 2 * float((said & present).sum()) / max(1, int(said.sum() + present.sum()))

    return max(_LINES, key=lambda line: (round(f1(line), 9), -abs(line - 0.5), line))


def nested(
    odds: Numbers, present: Yes, folds: Sequence[NDArray[np.int64]]
) -> Iterator[tuple[NDArray[np.int64], Numbers, float]]:
    """Yield the passages of each fold with their probabilities and the line, both chosen on the other folds."""
    for held in folds:
        others = np.ones(len(present), dtype=bool)
        others[held] = False
        slope, alone = calibrate(odds[others], present[others])
        line = best_line(chance(slope * odds[others] + alone), present[others])
        yield held, chance(slope * odds[held] + alone), line


def chance(odds: Numbers) -> Numbers:
    """Return the probability of log-odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -60, 60))), dtype=np.float64)
