"""Learn what a word and those around it say of it: one logistic regression a label (scikit-learn)."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from rhetoric.pipeline.phrases import LABELS, PHRASE_WEIGHTS, PHRASES, features
from rhetoric.training.counts import meet
from rhetoric.training.gold import Coded

_FEWEST: Final = 4  # words that must have a feature
_LIGHTEST: Final = 0.05  # log-odds; features that weigh less for every label are left out
_PENALTY: Final = 0.5  # scikit-learn's C
_ITERATIONS: Final = 100


def fit_phrases(rows: Sequence[Coded], output: Path) -> None:
    """Fit to coded passages and write names and weights of the features to the folder ``output``."""
    import spacy
    from safetensors.numpy import save_file
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    tokenizer = spacy.blank("en").tokenizer
    named: list[list[str]] = []
    coded: list[list[int]] = []
    for row in rows:
        if "live_metaphors" in row:
            tokens = [token for token in tokenizer(row["text"]) if not token.is_space]
            named += features([token.text for token in tokens])
            coded += _coded(tokens, row)
    vectorizer = CountVectorizer(analyzer=_as_they_are, binary=True, min_df=_FEWEST, dtype=np.float32)
    table = vectorizer.fit_transform(named)
    should = np.array(coded)
    models = [
        LogisticRegression(C=_PENALTY, max_iter=_ITERATIONS).fit(table, should[:, at]) for at in range(len(LABELS))
    ]
    weights = np.stack([model.coef_[0] for model in models], axis=1)
    heavy = np.flatnonzero(np.abs(weights).max(axis=1) >= _LIGHTEST)
    names = vectorizer.get_feature_names_out()[heavy]
    output.mkdir(parents=True, exist_ok=True)
    stored = {"weights": weights[heavy], "alone": np.array([model.intercept_[0] for model in models])}
    save_file(
        {name: np.ascontiguousarray(each, dtype=np.float16) for name, each in stored.items()}, output / PHRASE_WEIGHTS
    )
    (output / PHRASES).write_text("\n".join(names) + "\n", encoding="utf-8")


def _as_they_are(names: list[str]) -> list[str]:
    return names


def _coded(tokens: Iterable[Any], row: Coded) -> list[list[int]]:
    spans = {
        "live": [each["span"] for each in row["live_metaphors"]],
        "cue": [span for instance in row["instances"] for span in instance["cue"]],
    }
    found = []
    for token in tokens:
        here = [token.idx, token.idx + len(token)]
        found.append([int(any(meet(span, here) for span in spans[label])) for label in LABELS])
    return found
