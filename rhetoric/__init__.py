"""Read the rhetoric of US-China AI competition: framing, metaphor, contrast and frames, scored with their evidence."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rhetoric.analysis import analyse, annotate, load
    from rhetoric.frame import annotate_frame
    from rhetoric.ingest import Document, Failure, ReadOptions, read
    from rhetoric.scoring import Scorecard, score, score_frame

_HOME = {
    "read": "rhetoric.ingest",
    "Document": "rhetoric.ingest",
    "Failure": "rhetoric.ingest",
    "ReadOptions": "rhetoric.ingest",
    "load": "rhetoric.analysis",
    "analyse": "rhetoric.analysis",
    "annotate": "rhetoric.analysis",
    "annotate_frame": "rhetoric.frame",
    "score": "rhetoric.scoring",
    "score_frame": "rhetoric.scoring",
    "Scorecard": "rhetoric.scoring",
}

__all__ = [
    "read",
    "Document",
    "Failure",
    "ReadOptions",
    "load",
    "analyse",
    "annotate",
    "annotate_frame",
    "score",
    "score_frame",
    "Scorecard",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a public name is imported where it is used (PEP 562)
    if name not in _HOME:
        raise AttributeError(f"module 'rhetoric' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
