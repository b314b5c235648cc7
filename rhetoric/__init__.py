"""Read the rhetoric of US-China AI competition: framing, metaphor, contrast and frames, scored with their evidence."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rhetoric import clustering, datasets, errors, ingest, scoring
    from rhetoric.analysis import analyse, annotate, load
    from rhetoric.annotation.records import read_records
    from rhetoric.dataframe import annotate_dataframe
    from rhetoric.ingest import Document, Failure, ReadOptions, read
    from rhetoric.scoring import Scorecard, score, score_dataframe

    __version__: str

_HOME = {
    "read": "rhetoric.ingest",
    "Document": "rhetoric.ingest",
    "Failure": "rhetoric.ingest",
    "ReadOptions": "rhetoric.ingest",
    "load": "rhetoric.analysis",
    "analyse": "rhetoric.analysis",
    "annotate": "rhetoric.analysis",
    "annotate_dataframe": "rhetoric.dataframe",
    "read_records": "rhetoric.annotation.records",
    "score": "rhetoric.scoring",
    "score_dataframe": "rhetoric.scoring",
    "Scorecard": "rhetoric.scoring",
}
_MODULES = ("clustering", "datasets", "errors", "ingest", "scoring")

__all__ = [
    "read",
    "Document",
    "Failure",
    "ReadOptions",
    "load",
    "analyse",
    "annotate",
    "annotate_dataframe",
    "read_records",
    "score",
    "score_dataframe",
    "Scorecard",
    "clustering",
    "datasets",
    "errors",
    "ingest",
    "scoring",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a public name is imported where it is used (PEP 562)
    from importlib import import_module

    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if name in _MODULES:
        return import_module(f"rhetoric.{name}")
    if name == "__version__":
        return _version()
    raise AttributeError(f"module 'rhetoric' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, "__version__", *(name for name in globals() if name.startswith("__"))})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("rhetoric-toolkit")
    except PackageNotFoundError:  # a copy of the code that was never installed
        return "0"
