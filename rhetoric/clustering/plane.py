"""A plane to look at: the two directions in which the clusters lie farthest apart, and what grows along them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.clustering.features import Features
from rhetoric.clustering.naming import say
from rhetoric.clustering.table import FIELDS, Floats

_LEAST: Final = 0.3  # correlation of a field with an axis from which it is named
_NAMED: Final = 2  # fields at each end of an axis
_DIGITS: Final = 4


@dataclass(frozen=True)
class Plane:
    """``points`` (units × 2); ``kept`` is the share of the units' variance that the plane shows; ``ends`` say in words
    what grows to the left, to the right, downwards and upwards.
    """

    points: Floats
    kept: float
    ends: tuple[str, str, str, str]


def make_plane(features: Features, rows: Floats, labels: NDArray[np.int64]) -> Plane:
    """Project ``rows`` (units × components) on the plane that keeps most of the spread between the clusters' centres.

    Where there are too few centres for a plane, it is completed by the direction in which the rest varies most.
    """
    around = rows - rows.mean(axis=0)
    centres = np.stack([around[labels == each].mean(axis=0) for each in np.unique(labels)])
    sizes = np.sqrt(np.bincount(labels)[np.unique(labels)])
    first = _directions(sizes[:, None] * centres, 2)
    rest = around - around @ first.T @ first
    axes = np.vstack([first, _directions(rest, 2 - len(first))])
    points = np.zeros((len(rows), 2))
    points[:, : len(axes)] = around @ axes.T
    total = float((around**2).sum())
    kept = float((points**2).sum()) / total if total else 1.0
    left, right = _ends(features.standard, points[:, 0])
    down, up = _ends(features.standard, points[:, 1])
    return Plane(points.round(_DIGITS) + 0.0, round(kept, 3), (left, right, down, up))


def _directions(rows: Floats, most: int) -> Floats:
    """Return up to ``most`` orthonormal directions of largest spread, each with its largest part positive."""
    if most < 1:
        return np.empty((0, rows.shape[1]))
    _, strength, found = np.linalg.svd(rows, full_matrices=False)
    found = found[:most][strength[:most] > 1e-9]
    signs = np.sign(found[np.arange(len(found)), np.abs(found).round(9).argmax(axis=1)])
    return np.asarray(found * signs[:, None])


def _ends(standard: Floats, along: Floats) -> tuple[str, str]:
    """Return what grows towards the lower and towards the higher end of an axis; nothing where nothing clearly does."""
    spread = standard.std(axis=0) * along.std()
    both = ((standard - standard.mean(axis=0)) * (along - along.mean())[:, None]).mean(axis=0)
    found = np.divide(both, spread, out=np.zeros(len(spread)), where=spread > 1e-12).round(6)
    order = np.lexsort((np.arange(len(found)), -np.abs(found)))
    ends: tuple[list[str], list[str]] = ([], [])
    for at in order:
        if abs(found[at]) < _LEAST:
            break
        name = FIELDS[at].name
        ends[int(found[at] > 0)].append(say(name))
        if name.endswith("_stance"):
            ends[int(found[at] < 0)].append(say(name, more=False))
    low, high = (", ".join(each[:_NAMED]) for each in ends)
    return low, high
