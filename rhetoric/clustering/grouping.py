"""The estimator: rows into groups, the same on every machine and in whatever order the rows come (scikit-learn)."""

from contextlib import AbstractContextManager
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, ClusterMixin, TransformerMixin
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_score
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from rhetoric.clustering.table import Floats

_LOOKED_AT = 2_000  # rows on which a number of clusters is judged; the silhouette compares all pairs
_DIGITS = 9  # kept of coordinates: what linear algebra libraries differ in comes after these


class FramingClusters(ClassNamePrefixFeaturesOutMixin, ClusterMixin, TransformerMixin, BaseEstimator):
    """K-means on principal components, made deterministic.

    Rows are sorted before anything is computed, principal components get a fixed sign, coordinates are rounded to what
    machines agree on, k-means runs ``restarts`` times on one thread, and clusters are numbered by size, largest first.
    It groups whatever rows it is given, those that differ by chance too; of documents :func:`cluster_records` says so.

    ``n_clusters``: how many; None takes the number from 2 to ``most`` with the highest mean silhouette (Rousseeuw
    1987). ``standardise``: give each column unit variance first. ``variance``: share of it that the components keep,
    1 for all.

    Attributes: ``labels_`` (rows), ``cluster_centers_`` (clusters × components), ``n_clusters_``; for every number of
    clusters that was tried its ``silhouettes_`` and the centres, ``tried_``, both empty where the number was given;
    ``mean_`` and ``scale_`` (columns), ``pca_``.
    """

    def __init__(
        self,
        n_clusters: int | None = None,
        *,
        most: int = 10,
        standardise: bool = True,
        variance: float = 0.9,
        restarts: int = 20,
        random_state: Any = 0,  # noqa: ANN401 - a seed or a generator, as scikit-learn has it
    ) -> None:
        self.n_clusters = n_clusters
        self.most = most
        self.standardise = standardise
        self.variance = variance
        self.restarts = restarts
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None) -> Self:
        """Group the rows of ``X`` (rows × columns, none missing); raises ValueError for fewer rows than clusters, and
        for parameters that make no sense.
        """
        self._check()
        given: Floats = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        order = np.lexsort(given.T[::-1])
        rows = given[order]
        self.mean_ = rows.mean(axis=0)
        spread = rows.std(axis=0)
        varied = spread > 1e-12 * np.maximum(1.0, np.abs(self.mean_))
        self.scale_ = np.where(varied & self.standardise, np.where(varied, spread, 1.0), 1.0)
        ready = (rows - self.mean_) / self.scale_
        with np.errstate(invalid="ignore"):  # shares of no variance at all
            kept = None if self.variance == 1 else self.variance
            self.pca_ = PCA(kept if varied.any() else 1, svd_solver="covariance_eigh").fit(ready)
        reduced: Floats = np.asarray(self.pca_.transform(ready))  # a DataFrame where scikit-learn is told so
        largest = float(np.abs(reduced).max())
        self._digits = _DIGITS - (int(np.floor(np.log10(largest))) if largest > 0 else 0)
        reduced = reduced.round(self._digits)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        with one_thread():
            centres = self._group(reduced, seed)
        sizes = np.bincount(nearest_centre(reduced, centres), minlength=len(centres))
        by_size = sorted(range(len(centres)), key=lambda at: (-int(sizes[at]), *centres[at].tolist()))
        self.cluster_centers_ = centres[by_size]
        self.n_clusters_ = len(centres)
        self.labels_ = np.empty(len(rows), dtype=np.int64)
        self.labels_[order] = nearest_centre(reduced, self.cluster_centers_)
        return self

    @property
    def _n_features_out(self) -> int:  # which scikit-learn names the columns of ``transform`` by
        return int(self.pca_.n_components_)

    def transform(self, X: ArrayLike) -> Floats:
        """Return the coordinates (rows × components) in which rows are compared."""
        return self._place(X)

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """Return the cluster (rows) whose centre is nearest."""
        return nearest_centre(self._place(X), self.cluster_centers_)

    def _check(self) -> None:
        if not (isinstance(self.variance, Real) and 0 < self.variance <= 1):
            raise ValueError(f"variance={self.variance!r} is no share: give a number above 0, and at most 1 for all.")
        if not (isinstance(self.most, Integral) and self.most >= 2):
            raise ValueError(f"most={self.most!r} is no number of clusters to try up to: give a whole one, at least 2.")

    def _place(self, X: ArrayLike) -> Floats:
        check_is_fitted(self)
        given: Floats = validate_data(self, X, dtype=np.float64, reset=False)
        found: Floats = np.asarray(self.pca_.transform((given - self.mean_) / self.scale_))
        return found.round(self._digits)

    def _group(self, rows: Floats, seed: int) -> Floats:
        """Return the centres, and set ``silhouettes_`` and ``tried_``."""
        self.silhouettes_: dict[int, float] = {}
        self.tried_: dict[int, Floats] = {}
        different: Floats = np.unique(rows, axis=0)
        if self.n_clusters is not None:
            if self.n_clusters > len(rows):
                raise ValueError(f"n_samples={len(rows)} should be >= n_clusters={self.n_clusters}.")
            if self.n_clusters >= len(different):
                return different
            return find_centres(rows, self.n_clusters, restarts=self.restarts, seed=seed)
        for number in range(2, min(self.most, len(different), len(rows) - 1, max(2, len(rows) // 2)) + 1):
            centres = find_centres(rows, number, restarts=self.restarts, seed=seed)
            self.tried_[number] = centres
            self.silhouettes_[number] = mean_silhouette(rows, nearest_centre(rows, centres))
        if not self.tried_:
            return np.asarray(rows.mean(axis=0, keepdims=True))
        return self.tried_[max(self.silhouettes_, key=self.silhouettes_.__getitem__)]  # of two equals the fewer


def one_thread() -> AbstractContextManager[object]:
    """Keep k-means to one thread: several add up in any order, and so differ in the last digits."""
    limits: AbstractContextManager[object] = threadpool_limits(1, user_api="openmp")
    return limits


def find_centres(rows: Floats, clusters: int, *, restarts: int, seed: int) -> Floats:
    """Return the best centres (clusters × columns) of ``restarts`` runs of k-means."""
    return np.asarray(KMeans(clusters, n_init=restarts, random_state=seed).fit(rows).cluster_centers_)


def nearest_centre(rows: Floats, centres: Floats) -> NDArray[np.int64]:
    """Return the nearest centre of each row; of two equally near, to what machines agree on, the first."""
    away = (rows**2).sum(axis=1)[:, None] - 2 * rows @ centres.T + (centres**2).sum(axis=1)
    return np.asarray((away / max(float(np.abs(away).max()), 1e-300)).round(_DIGITS).argmin(axis=1), dtype=np.int64)


def mean_silhouette(rows: Floats, labels: NDArray[np.int64]) -> float:
    """Return the mean silhouette, -1 to 1, over at most 2,000 rows, taken evenly; 0 where it means nothing."""
    looked_at = np.linspace(0, len(rows) - 1, min(len(rows), _LOOKED_AT)).astype(int)
    seen = labels[looked_at]
    if not 1 < len(np.unique(seen)) < len(seen):
        return 0.0
    return round(float(silhouette_score(rows[looked_at], seen)), 4)
