"""Learn what the words of a passage say of it: one logistic regression a label over TF-IDF (scikit-learn).

Frames of a user's own read words in the same way, and keep their weights in the same files.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.gold import Coded
from rhetoric.pipeline.words import LABELS, VOCABULARY, WEIGHTS, terms

_FEWEST: Final = 3  # passages a term must stand in
_PENALTY: Final = 10.0  # scikit-learn's C
_SURE: Final = 5.0  # log-odds of a label that all passages have, or none


def fit_words(rows: Sequence[Coded], output: Path) -> None:
    """Fit to coded passages and write vocabulary and weights to the folder ``output``."""
    from sklearn.linear_model import LogisticRegression

    vectorizer = make_vectorizer(_FEWEST)
    table = vectorizer.fit_transform(row["text"] for row in rows)
    weights, alone = [], []
    for label in LABELS:
        coded = [_is(row, label) for row in rows]
        if len(set(coded)) == 1:  # a label that never varies is given as it is
            weights.append(np.zeros(table.shape[1]))
            alone.append(_SURE if coded[0] else -_SURE)
            continue
        model = LogisticRegression(C=_PENALTY, solver="liblinear", max_iter=300).fit(table, coded)
        weights.append(model.coef_[0])
        alone.append(model.intercept_[0])
    output.mkdir(parents=True, exist_ok=True)
    write_words(output, vectorizer, np.stack(weights, axis=1), np.array(alone), np.float16)


def make_vectorizer(fewest: int) -> Any:  # noqa: ANN401 - scikit-learn has no types
    """Return TF-IDF of words and pairs of words as ``rhetoric.pipeline.words`` has it, of those in ``fewest`` passages
    at least; to be fitted.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer=lambda text: list(terms(text)), sublinear_tf=True, min_df=fewest)


def write_words(
    folder: Path,
    vectorizer: Any,  # noqa: ANN401
    weights: NDArray[Any],
    alone: NDArray[Any],
    kind: type[np.floating[Any]],
) -> None:
    """Write the vocabulary of a fitted ``vectorizer`` to ``folder``, and the ``weights`` (terms × labels) of its terms,
    as numbers of a ``kind``.
    """
    write_arrays(folder / WEIGHTS, {"rarity": vectorizer.idf_, "weights": weights, "alone": alone}, kind)
    (folder / VOCABULARY).write_text("\n".join(vectorizer.get_feature_names_out()) + "\n", encoding="utf-8")


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]], kind: type[np.floating[Any]]) -> None:
    """Write arrays as numbers of a ``kind`` (safetensors)."""
    from safetensors.numpy import save

    plain = {name: np.ascontiguousarray(each, dtype=kind) for name, each in arrays.items()}
    path.write_bytes(save(plain))  # not save_file, whose files nobody else may read


def _is(row: Coded, label: str) -> bool:
    return bool(row["framing"] == label if label == "partial" else row["frames"][label])
