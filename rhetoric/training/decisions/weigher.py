"""Fit the weigher of contrasts: a multi-layer perceptron (scikit-learn) over the features of candidates."""

import warnings
from collections.abc import Sequence
from typing import Final

import numpy as np

from rhetoric.labels import CONTRASTS
from rhetoric.pipeline.contrast.weigher import Weigher, standard
from rhetoric.pipeline.read import Array

NONE: Final = "none"
_HIDDEN: Final = 32
_RUNS: Final = 5  # networks from other starts; the mean of their log-odds is one network of so many times the width
_EPOCHS: Final = 10
_PENALTY: Final = 1.0
_BATCH: Final = 256
_NEVER: Final = -20.0  # log-odds of a label that nothing was coded as


def fit_weigher(features: Array, coded: Sequence[str]) -> Weigher:
    """Fit to ``features`` (candidates × features) and what each candidate was ``coded`` as: a label of CONTRASTS, or
    "none". Raises ValueError where they are of fewer than three kinds.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    labels = [NONE, *CONTRASTS]
    mean, spread = features.mean(axis=0), features.std(axis=0) + np.float32(1e-6)
    told, answers = standard(features, mean, spread), np.array([labels.index(label) for label in coded])
    there = np.unique(answers)
    if len(there) < 3:
        raise ValueError("Candidates of three kinds at least are needed to fit a weigher.")  # else it has one output
    networks = []
    for seed in range(_RUNS):
        network = MLPClassifier(
            (_HIDDEN,), alpha=_PENALTY, max_iter=_EPOCHS, n_iter_no_change=_EPOCHS, batch_size=_BATCH, random_state=seed
        )
        with warnings.catch_warnings(action="ignore", category=ConvergenceWarning):  # it is to stop that early
            networks.append(network.fit(told, answers))
    outside = np.zeros((_RUNS * _HIDDEN, len(labels)))
    outside[:, there] = np.concatenate([network.coefs_[1] for network in networks]) / _RUNS
    alone = np.full(len(labels), _NEVER)
    alone[there] = np.mean([network.intercepts_[1] for network in networks], axis=0)
    inside = np.concatenate([network.coefs_[0] for network in networks], axis=1)
    inside_alone = np.concatenate([network.intercepts_[0] for network in networks])
    layers = (np.asarray(each, dtype=np.float32) for each in (mean, spread, inside, inside_alone, outside, alone))
    return Weigher(*layers)
