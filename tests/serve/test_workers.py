"""Processes that hang, end or are killed, and the tasks beside and after them."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from rhetoric.serve.workers import WorkerError, Workers

from . import makers

Result = TypeVar("Result")


@pytest.fixture
def run() -> Iterator[Callable[[Awaitable[Result]], Result]]:
    """One event loop for a test."""
    with asyncio.Runner() as runner:
        yield lambda coroutine: runner.run(_await(coroutine))


async def _await(coroutine: Awaitable[Result]) -> Result:
    return await coroutine


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers(1, partial(makers.square, 2))
    yield made
    made.stop()


def test_a_task_that_hangs_or_ends_its_process_ends_nothing_else(workers: Workers, run: Callable) -> None:
    assert run(workers.run(makers.square, 7, seconds=60)) == 49
    with pytest.raises(WorkerError, match="longer than"):
        run(workers.run(makers.sleep, 60, seconds=0.5))
    assert run(workers.run(makers.square, 8, seconds=60)) == 64
    with pytest.raises(WorkerError, match="ended"):
        run(workers.run(makers.die, seconds=60))
    assert run(workers.run(makers.square, 9, seconds=60)) == 81


def test_what_a_task_raises_is_raised(workers: Workers, run: Callable) -> None:
    with pytest.raises(ValueError, match="of its own"):
        run(workers.run(makers.fail, seconds=60))


def test_an_idle_process_that_someone_kills_is_replaced(workers: Workers, run: Callable) -> None:
    os.kill(run(workers.run(makers.pid, seconds=60)), signal.SIGKILL)
    assert run(workers.run(makers.square, 3, seconds=60)) == 9


def test_tasks_wait_their_turn_and_the_wait_is_not_counted(workers: Workers, run: Callable) -> None:
    async def several() -> list[str]:
        await workers.run(makers.square, 1, seconds=60)  # the process is up
        return list(await asyncio.gather(*(workers.run(makers.sleep, 0.4, seconds=0.9) for _ in range(4))))

    assert run(several()) == ["awake"] * 4


def test_a_beginning_that_fails_is_left_to_the_first_task(run: Callable, tmp_path: Path) -> None:
    workers = Workers(1, makers.fail)
    try:
        assert run(workers.run(makers.square, 5, seconds=60)) == 25
    finally:
        workers.stop()
