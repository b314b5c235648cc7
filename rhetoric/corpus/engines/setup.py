"""What every worker does: load the pipeline once, and make one document's record at a time."""

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rhetoric.ingest.document import Document, Failure, Found
from rhetoric.record import Pipeline

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass(frozen=True)
class Setup:
    """The pipeline of a worker: what ``rhetoric.load`` is given, whether records hold embeddings, on how many
    threads its encoder runs (0: as many as there are cores), and whether records say which sentences carry a frame.
    """

    spacy_model: str | None = None
    detectors: str | None = None
    embedding: bool = False
    threads: int = 0
    sentences: bool = False


@lru_cache(maxsize=1)
def pipeline(setup: Setup) -> "Language":
    """Load the pipeline of a worker, once a process; raises ModelError."""
    from rhetoric.analysis import load

    if setup.threads:
        os.environ["RHETORIC_THREADS"] = str(setup.threads)
    return load(setup.spacy_model, detectors=setup.detectors)


def told_by(setup: Setup) -> Pipeline:
    """Return what tells this pipeline from every other, as records name it."""
    from rhetoric.made_by import describe

    return describe(pipeline(setup))


def make(setup: Setup, document: Document) -> Found:
    """Return the record of one document, or the failure that stands in its place."""
    from rhetoric.analysis import analyse

    return next(analyse([document], pipeline(setup), embedding=setup.embedding, sentences=setup.sentences))


def died(document: Document, how: Any) -> Failure:  # noqa: ANN401 - an exit code or an exception
    """Return the failure of a document that ended the process it was analysed in, twice."""
    said = f"the process that analysed it ended ({how}), twice. Is it too long for the memory? Split it."
    return document.failure(said)
