"""Fitting the weigher of contrasts: it learns what no weighted sum can say."""

import numpy as np
import pytest

from rhetoric.labels import CONTRASTS
from rhetoric.pipeline.read import softmax
from rhetoric.training.decisions.weigher import NONE, fit_weigher


def test_it_learns_what_no_weighted_sum_says() -> None:
    told = np.random.default_rng(0).normal(0, 1, (16_000, 3)).astype(np.float32)
    labels = np.array([NONE, "correction", "opposition"])[np.where(np.abs(told[:, 0]) < 0.8, 0, 1 + (told[:, 2] > 0))]
    weigher = fit_weigher(told[:12_000], labels[:12_000].tolist())
    found = softmax(weigher(told[12_000:]))
    said = np.array([NONE, *CONTRASTS])[found.argmax(axis=1)]
    assert (said == labels[12_000:]).mean() > 0.9
    assert found[:, 1 + CONTRASTS.index("antithesis")].max() < 1e-4  # nothing was coded so


def test_the_same_candidates_give_the_same_weigher() -> None:
    told = np.random.default_rng(1).normal(0, 1, (300, 4)).astype(np.float32)
    coded = [(NONE, "correction", "concession")[at % 3] for at in range(300)]
    assert (fit_weigher(told, coded)(told) == fit_weigher(told, coded)(told)).all()


def test_too_few_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="three kinds"):
        fit_weigher(np.zeros((4, 2), dtype=np.float32), [NONE, "correction"] * 2)
