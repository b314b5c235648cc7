"""Clustering: documents, or their passages, grouped by how they frame; needs scikit-learn (the extra ``cluster``)."""

from rhetoric.clustering.clusters import check_extra, cluster_records
from rhetoric.clustering.description import Alternative, Cluster, Clustering

__all__ = ["Alternative", "Cluster", "Clustering", "check_extra", "cluster_records"]
