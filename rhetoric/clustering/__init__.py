"""Clustering: documents, or their passages, grouped by how they frame; needs scikit-learn (the extra ``cluster``)."""

from typing import TYPE_CHECKING, Any

from rhetoric.clustering.clusters import check_extra, cluster_records
from rhetoric.clustering.description import Alternative, Cluster, Clustering

if TYPE_CHECKING:
    from rhetoric.clustering.grouping import FramingClusters

__all__ = ["Alternative", "Cluster", "Clustering", "FramingClusters", "check_extra", "cluster_records"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the estimator needs scikit-learn when it is imported
    if name != "FramingClusters":
        raise AttributeError(f"module 'rhetoric.clustering' has no attribute {name!r}")
    check_extra()
    from rhetoric.clustering.grouping import FramingClusters

    return FramingClusters
