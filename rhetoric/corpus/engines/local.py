"""Processes of this machine: each has a pipeline of its own, and a document that ends one ends nothing else."""

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Final

from rhetoric.corpus.engines.setup import Setup, died, make, told_by
from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import Document, Found
from rhetoric.record import Pipeline

_TRIES: Final = 3
_DEATHS: Final = 2  # of processes at a document, before it is given up
_AHEAD: Final = 3  # documents a worker that are under way: enough to keep it busy, few enough to hold


class LocalEngine:
    """``count`` worker processes; a context manager, that starts them and stops them."""

    def __init__(self, setup: Setup, count: int) -> None:
        self.setup, self.count = setup, count
        self._pool: Any = None

    def __enter__(self) -> "LocalEngine":
        return self

    def __exit__(self, *error: object) -> None:
        self._stop()

    def describe(self) -> Pipeline:
        """Return what tells this pipeline from every other; raises RhetoricError where it cannot be loaded."""
        from concurrent.futures.process import BrokenProcessPool

        from pebble import ProcessExpired

        try:
            told: Pipeline = self._running().schedule(told_by, args=[self.setup]).result()
        except (ProcessExpired, BrokenProcessPool) as error:
            said = "The process that loaded the pipeline ended. Is there memory for it? Close something else first."
            raise RhetoricError(said) from error
        return told

    def __call__(self, documents: Iterable[Document]) -> Iterator[Found]:
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
        return self._running().schedule(make, args=[self.setup, document])

    def _end(self, document: Document, future: Any) -> Found:  # noqa: ANN401
        from concurrent.futures.process import BrokenProcessPool

        from pebble import ProcessExpired

        how, deaths = "", 0
        for _ in range(_TRIES):
            try:
                found: Found = (future or self._begin(document)).result()
                return found
            except ProcessExpired as error:  # someone may have killed it for another reason: once more
                how, deaths = f"exit code {error.exitcode}", deaths + 1
                if deaths == _DEATHS:
                    break
            except BrokenProcessPool:  # another process may have ended, of whose document nothing is known
                how = "with all others"
            future = None
        return died(document, how)

    def _running(self) -> Any:  # noqa: ANN401 - Pebble's pool
        """Return the pool; a new one where someone ended an idle process, which Pebble does not get over."""
        from pebble import ProcessPool

        if self._pool is None or not self._pool.active:
            self._stop()
            # Spawned, not forked: threads of ONNX Runtime and a forked process do not go together.
            self._pool = ProcessPool(max_workers=self.count, context=multiprocessing.get_context("spawn"))
        return self._pool

    def _stop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()
            pool.join()
