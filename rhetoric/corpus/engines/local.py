"""Processes of this machine: each has a pipeline of its own, and a document that ends one ends nothing else."""

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Final

from rhetoric.corpus.engines.setup import Setup, died, make, told_by
from rhetoric.ingest import Document
from rhetoric.record import FailureRecord, Pipeline, Record

_AHEAD: Final = 3  # documents a worker that are under way: enough to keep it busy, few enough to hold


class LocalEngine:
    """``count`` worker processes; a context manager, that starts them and stops them."""

    def __init__(self, setup: Setup, count: int) -> None:
        self.setup, self.count = setup, count
        self._pool: Any = None

    def __enter__(self) -> "LocalEngine":
        from pebble import ProcessPool

        # Spawned, not forked: threads of ONNX Runtime and a forked process do not go together.
        self._pool = ProcessPool(max_workers=self.count, context=multiprocessing.get_context("spawn"))
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.stop()
        self._pool.join()

    def describe(self) -> Pipeline:
        """Return what tells this pipeline from every other; raises ModelError where it cannot be loaded."""
        told: Pipeline = self._pool.schedule(told_by, args=[self.setup]).result()
        return told

    def __call__(self, documents: Iterable[Document]) -> Iterator[Record | FailureRecord]:
        """Yield a record, or a failure, for each document, in order; a few are under way at a time."""
        waiting: deque[tuple[Document, Any]] = deque()
        try:
            for document in documents:
                waiting.append((document, self._begin(document)))
                if len(waiting) >= _AHEAD * self.count:
                    yield self._end(*waiting.popleft())
            while waiting:
                yield self._end(*waiting.popleft())
        finally:
            for _, future in waiting:
                future.cancel()

    def _begin(self, document: Document) -> Any:  # noqa: ANN401 - Pebble's future
        return self._pool.schedule(make, args=[self.setup, document])

    def _end(self, document: Document, future: Any) -> Record | FailureRecord:  # noqa: ANN401
        from pebble import ProcessExpired

        try:
            found: Record | FailureRecord = future.result()
        except ProcessExpired:
            try:  # someone may have killed it for another reason: once more
                found = self._begin(document).result()
            except ProcessExpired as error:
                found = died(document, f"exit code {error.exitcode}")
        return found
