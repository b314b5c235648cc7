"""Where each detector draws its line: set by the user, else as chosen when the shipped weights were measured."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.resources import MODELS

DETECTORS: Final = MODELS / "detectors"
SETTINGS: Final = "config.json"
# What weights without measured thresholds start from.
START: Final = {
    "framing.part": 0.5,
    "contrast.threshold": 0.4,
    "contrast.trust": 2.0,
    "metaphor.live": 0.5,
    "metaphor.any": 0.5,
}


@lru_cache(maxsize=4)
def measured(folder: Path = DETECTORS) -> dict[str, float]:
    """Return the thresholds stored with the weights in ``folder``; those of ``START`` where there are none."""
    try:
        stored = json.loads((folder / SETTINGS).read_text(encoding="utf-8")).get("thresholds", {})
    except (OSError, ValueError):  # the encoder says what is wrong with a damaged folder
        stored = {}
    return {**START, **stored}


def line(name: str, given: float | None, folder: str | None) -> float:
    """Return ``given``, or the threshold ``name`` of the weights in ``folder`` (the shipped ones where None)."""
    return given if given is not None else measured(Path(folder) if folder else DETECTORS)[name]


def contrast_weights(folder: str | None) -> NDArray[np.float32]:
    """Return the weight of each feature of a contrast candidate and, last, the one that stands alone.

    Weights without a fitted decision (in training, before it is fitted) start from what the encoder says of both sides.
    """
    from rhetoric.pipeline.candidates import FEATURES

    try:
        stored = json.loads((Path(folder) if folder else DETECTORS).joinpath(SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stored = {}
    given = stored.get("contrast", {"inside a": 4.0, "inside b": 4.0, "alone": -4.0})
    return np.array([given.get(name, 0.0) for name in (*FEATURES, "alone")], dtype=np.float32)
