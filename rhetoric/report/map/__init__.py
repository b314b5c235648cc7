"""The map of clusters."""

from rhetoric.report.map.page import draw_map

__all__ = ["draw_map"]
