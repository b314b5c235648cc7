"""Would the clusters come again? The same grouping on resamples of the units.

Two figures: the adjusted Rand index (Hubert & Arabie 1985) of the clusters and those of each bootstrap resample, 1 for
the same and 0 for chance; and for each cluster the mean Jaccard similarity to the cluster most like it in each resample
(Hennig 2007, Computational Statistics & Data Analysis 52), of which he says: at least .75 is stable, below .6 not to be
trusted. The resamples are of units as they are: what chance put into a document comes again with it, so that neither
says whether the units differ by more than chance (:mod:`rhetoric.clustering.chance` does).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from rhetoric.clustering.grouping import find_centres, nearest_centre, one_thread
from rhetoric.clustering.table import Floats

DRAWS: Final = 50
STABLE: Final = 0.75
DOUBTFUL: Final = 0.6
_LARGEST: Final = 2_000  # rows of a resample; more say no more
_RESTARTS: Final = 3  # in a resample; where few starts miss the best grouping, it is not a stable one


@dataclass(frozen=True)
class Stability:
    """``agreement``: mean adjusted Rand index over resamples, ``low`` and ``high`` its 5th and 95th percentile;
    ``jaccard`` of each cluster, by its number.
    """

    agreement: float
    low: float
    high: float
    jaccard: tuple[float, ...]

    def verdict(self, cluster: int) -> str:
        """Return what a cluster's figure means: stable, fairly stable or unstable."""
        found = self.jaccard[cluster]
        return "stable" if found >= STABLE else "fairly stable" if found >= DOUBTFUL else "unstable"


def measure_stability(rows: Floats, labels: NDArray[np.int64], *, draws: int = DRAWS, seed: int = 0) -> Stability:
    """Group ``draws`` resamples of ``rows`` into as many clusters as ``labels`` (rows, from 0) has."""
    clusters = int(labels.max()) + 1
    generator = np.random.Generator(np.random.PCG64(seed))
    order = np.lexsort(rows.T[::-1])  # the same rows are drawn in whatever order they come
    rows, labels = rows[order], labels[order]
    agreement, likeness = [], []
    with one_thread():
        for _ in range(draws):
            picked = generator.integers(0, len(rows), size=min(len(rows), _LARGEST))
            drawn = rows[picked]
            if len(np.unique(drawn, axis=0)) < clusters:
                continue
            found = nearest_centre(drawn, find_centres(drawn, clusters, restarts=_RESTARTS, seed=seed))
            unique, first = np.unique(picked, return_index=True)
            agreement.append(float(adjusted_rand_score(labels[unique], found[first])))
            likeness.append(_jaccard(labels[unique], found[first], clusters))
    if not agreement:
        return Stability(0.0, 0.0, 0.0, (0.0,) * clusters)
    figures = (np.mean(agreement), *np.quantile(agreement, [0.05, 0.95]))
    middle, low, high = (round(float(each), 3) for each in figures)
    drawn_at_all = np.array(likeness)
    mean = np.nansum(drawn_at_all, axis=0) / np.maximum((~np.isnan(drawn_at_all)).sum(axis=0), 1)
    return Stability(middle, low, high, tuple(round(float(each), 3) for each in mean))


def _jaccard(one: NDArray[np.int64], other: NDArray[np.int64], clusters: int) -> list[float]:
    """Return the Jaccard similarity of each cluster of ``one`` to the likest of ``other``; NaN where none was drawn."""
    both = np.zeros((clusters, int(other.max()) + 1))
    np.add.at(both, (one, other), 1)
    sizes, others = both.sum(axis=1, keepdims=True), both.sum(axis=0, keepdims=True)
    likest = (both / np.maximum(sizes + others - both, 1)).max(axis=1)
    return list(np.where(sizes[:, 0] > 0, likest, np.nan))
