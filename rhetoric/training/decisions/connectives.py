"""Fit what tells connectives of contrast, on GUM: how often each word is one in its training part, and what that and
the encoder are worth in its dev part, which the encoder has not seen; in texts with a free licence alone.
"""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from rhetoric.pipeline.connectives import FEATURES, features_of
from rhetoric.pipeline.read import passages
from rhetoric.training.data.discourse import explicit_connectives, join, read_documents

if TYPE_CHECKING:
    from spacy.language import Language

_FEWEST: Final = 2  # times that a word must be part of a connective


def fit_connectives(nlp: "Language", path: Path) -> dict[str, Any]:
    """Return what the settings of a model folder hold of connectives; ``nlp`` is the pipeline with those weights,
    ``path`` the file of GUM's contrasts.
    """
    from sklearn.linear_model import LogisticRegression

    usual = connective_odds(path)
    table, coded = [], []
    for document in read_documents(path, "dev", free=True):
        text, ranges = join(document["tokens"], document["space_after"])
        starts = {ranges[at][0] for at in explicit_connectives(document["relations"])}
        for passage in passages(nlp(text)):
            table.append(features_of(passage, usual))
            coded += [token.idx in starts for token in passage]
    model = LogisticRegression(max_iter=1000).fit(np.concatenate(table), coded)
    weights = [*model.coef_[0], model.intercept_[0]]
    return {
        "usual": usual,
        "weights": {name: round(float(each), 4) for name, each in zip((*FEATURES, "alone"), weights, strict=True)},
    }


def connective_odds(path: Path) -> dict[str, float]:
    """Return the log-odds of words to be part of a connective in the training part of GUM, in order of name."""
    often: Counter[str] = Counter()
    all_of_them: Counter[str] = Counter()
    for document in read_documents(path, "train", free=True):
        words = [token.lower() for token in document["tokens"]]
        all_of_them.update(words)
        often.update(words[at] for at in explicit_connectives(document["relations"]))
    odds = {word: (times + 0.5) / (all_of_them[word] - times + 0.5) for word, times in often.items()}
    return {word: round(float(np.log(odds[word])), 3) for word in sorted(odds) if often[word] >= _FEWEST}
