"""Learn what the words of a passage say of it: one logistic regression a label over TF-IDF (scikit-learn)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from rhetoric.gold import Coded
from rhetoric.pipeline.words import LABELS, VOCABULARY, WEIGHTS, terms

_FEWEST: Final = 3  # passages a term must stand in
_PENALTY: Final = 10.0  # scikit-learn's C
_SURE: Final = 5.0  # log-odds of a label that all passages have, or none


def fit_words(rows: Sequence[Coded], output: Path) -> None:
    """Fit to coded passages and write vocabulary and weights to the folder ``output``."""
    from safetensors.numpy import save
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = TfidfVectorizer(analyzer=lambda text: list(terms(text)), sublinear_tf=True, min_df=_FEWEST)
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
    stored = {"rarity": vectorizer.idf_, "weights": np.stack(weights, axis=1), "alone": np.array(alone)}
    plain = {name: np.ascontiguousarray(each, dtype=np.float16) for name, each in stored.items()}
    (output / WEIGHTS).write_bytes(save(plain))  # not save_file, whose files nobody else may read
    (output / VOCABULARY).write_text("\n".join(vectorizer.get_feature_names_out()) + "\n", encoding="utf-8")


def _is(row: Coded, label: str) -> bool:
    return bool(row["framing"] == label if label == "partial" else row["frames"][label])
