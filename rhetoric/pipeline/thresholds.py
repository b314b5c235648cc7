"""Where each detector draws its line: set by the user, else as chosen when the shipped weights were measured."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.pipeline.graph import read_files

# What weights without measured thresholds start from.
START: Final = {
    "framing.unmasking": 0.4,
    "framing.partial": 0.5,  # of what is not unmasking
    "framing.part": 0.5,
    "framing.cue": 0.5,
    "metaphor.live": 0.5,
    # Half of the F1 that is reached serves F1 best (Lipton et al. 2014, arXiv:1402.1892): no passages are left that the
    # weigher of contrasts has not seen, nor any part of VUA that the encoder has not.
    "contrast.threshold": 0.4,
    "metaphor.any": 0.35,
}


def line(name: str, given: float | None, folder: Path) -> float:
    """Return ``given``, or the threshold ``name`` of the weights in ``folder``, that of ``START`` where none was
    measured yet; raises ModelError where it is no folder of weights.
    """
    return given if given is not None else lines(folder)[name]


def lines(folder: Path) -> dict[str, float]:
    """Return every threshold of the weights in ``folder``; raises ModelError where it is no folder of weights."""
    return {**START, **read_files(folder, [])[0].get("thresholds", {})}


def fitted(name: str, features: tuple[str, ...], start: dict[str, float], folder: Path) -> NDArray[np.float32]:
    """Return the fitted weight of each feature of a decision and, last, the one that stands alone.

    A decision that is not fitted yet (in training) has the weights of ``start``. Raises ModelError where ``folder`` is
    no folder of weights.
    """
    given = read_files(folder, [])[0].get("decisions", {}).get(name, start)
    return np.array([given.get(feature, 0.0) for feature in (*features, "alone")], dtype=np.float32)
