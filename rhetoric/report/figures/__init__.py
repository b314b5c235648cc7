"""Figures for pages and notebooks, as SVG, with nothing to install: frames, source domains, portrayal, and a strip."""

from rhetoric.report.figures.scorecards import draw_frames, draw_portrayal, draw_sources
from rhetoric.report.figures.strip import draw_strip
from rhetoric.report.figures.svg import Figure

__all__ = ["Figure", "draw_frames", "draw_portrayal", "draw_sources", "draw_strip"]
