"""Processes that do the work: one that hangs or ends takes nothing with it but the text it was at."""

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Final, TypeVar

from rhetoric.errors import RhetoricError

_TRIES: Final = 2
_SPLIT: Final = "Is it too long for the memory? Split it."

Result = TypeVar("Result")


class WorkerError(RhetoricError):
    """A task whose process was stopped after its time, or ended by itself."""


class Workers:
    """``count`` processes, each started by ``begin()``; tasks wait in this process until one of them is free.

    ``begin`` may fail: what it loads is then loaded, or fails, with the first task.
    """

    def __init__(self, count: int, begin: Callable[[], object]) -> None:
        self.count = count
        self._begin = begin
        self._free = asyncio.Semaphore(count)
        self._pool: Any = None

    async def start(self, *, seconds: float) -> None:
        """Start the processes, and wait until one of them has begun; raises what ``begin`` raises there."""
        await self.run(self._begin, seconds=seconds)

    async def run(
        self,
        function: Callable[..., Result],
        *args: object,
        seconds: float,
        begun: Callable[[], object] = lambda: None,
    ) -> Result:
        """Return ``function(*args)``, made in one of the processes within ``seconds``; waiting for it is not counted.

        ``begun`` is called when one of them is free.
        Raises what it raises, and WorkerError where the process was stopped or ended.
        """
        from concurrent.futures.process import BrokenProcessPool

        from pebble import ProcessExpired

        async with self._free:
            begun()
            for _ in range(_TRIES):
                pool = self._running()
                try:
                    future: Future[Result] = pool.schedule(function, args=args, timeout=seconds)
                    return await asyncio.wrap_future(future)
                except TimeoutError as error:
                    said = f"This took longer than {seconds:g} seconds and was stopped. Split it, if it is long."
                    raise WorkerError(said) from error
                except ProcessExpired as error:
                    said = f"The process that worked on it ended (exit code {error.exitcode}). {_SPLIT}"
                    raise WorkerError(said) from error
                except BrokenProcessPool:  # someone ended an idle process, which Pebble does not get over
                    if pool is self._pool:
                        await asyncio.to_thread(self.stop)
            raise WorkerError("The processes that work on texts ended, and could not be started again.")

    def stop(self) -> None:
        """End the processes, whatever they are at; a later task starts new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()
            pool.join()

    def _running(self) -> Any:  # noqa: ANN401 - Pebble's pool
        from pebble import ProcessPool

        if self._pool is None or not self._pool.active:
            # Spawned, not forked: threads and forked processes do not go together.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPool(self.count, context=context, initializer=_begin, initargs=(self._begin,))
        return self._pool


def _begin(begin: Callable[[], object]) -> None:
    with suppress(Exception):  # the first task says it in its turn
        begin()
