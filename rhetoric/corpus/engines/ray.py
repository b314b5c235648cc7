"""Actors of a Ray cluster: each loads the pipeline once; one that dies is replaced, its document tried again."""

import socket
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Final

from rhetoric.corpus.engines.setup import Setup, died, make, told_by
from rhetoric.errors import RhetoricError, need
from rhetoric.ingest.document import Document, Found
from rhetoric.record import Pipeline

_PATIENCE: Final = 5.0  # seconds
_START: Final = 600.0  # seconds until every worker has its pipeline
_LOOK: Final = 60.0  # seconds of waiting for a document after which one looks whether the workers still fit
_RETRIES: Final = 2  # by Ray, on the actor that it has started again
_AHEAD: Final = 2  # documents an actor that are under way; no more are read before one is done


class Worker:
    """What an actor is: a process of the cluster that holds a pipeline."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup

    def describe(self) -> Pipeline:
        """Return what tells this pipeline from every other."""
        return told_by(self.setup)

    def make(self, document: Document) -> Found:
        """Return the record of one document."""
        return make(self.setup, document)


class RayEngine:
    """``count`` actors of the cluster at ``address``; without one, of a cluster that this process starts and stops."""

    def __init__(self, setup: Setup, count: int, address: str | None = None) -> None:
        self.setup, self.count, self.address = setup, count, address
        self._actors: list[Any] = []

    def __enter__(self) -> "RayEngine":
        need("The engine ray needs", "ray", "ray")
        ray = _ray()
        _check(self.address)
        try:
            ray.init(
                address=self.address,
                log_to_driver=False,
                logging_level="error",
                include_dashboard=False if self.address is None else None,
            )
        except Exception as error:  # Ray raises kinds of its own
            raise _unreachable(self.address, error) from error
        try:
            self._check_room()
            self._actors = [self._hire(self._cores) for _ in range(self.count)]
        except BaseException:
            ray.shutdown()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        ray = _ray()
        ray.shutdown()

    def describe(self) -> Pipeline:
        """Return what tells this pipeline from every other; raises RhetoricError where actors have different ones."""
        ray = _ray()
        try:
            told: list[Pipeline] = ray.get([actor.describe.remote() for actor in self._actors], timeout=_START)
        except ray.exceptions.GetTimeoutError as error:
            said = f"The workers did not start in {_START / 60:.0f} minutes. Do others use the cluster? See: ray status"
            raise RhetoricError(said) from error
        if any(each != told[0] for each in told):
            raise RhetoricError("The machines of the cluster have different versions of rhetoric or of its models.")
        return told[0]

    def __call__(self, documents: Iterable[Document]) -> Iterator[Found]:
        """Yield a record, or a failure, for each document, in order."""
        waiting: deque[tuple[Document, Any]] = deque()
        for number, document in enumerate(documents):
            waiting.append((document, self._actors[number % self.count].make.remote(document)))
            if len(waiting) >= _AHEAD * self.count:
                yield self._end(*waiting.popleft())
        while waiting:
            yield self._end(*waiting.popleft())

    @property
    def _cores(self) -> int:
        return max(1, self.setup.threads)

    def _check_room(self) -> None:
        """Raise RhetoricError where not all workers fit; Ray itself would wait for machines without a word."""
        machines = [int(each["Resources"].get("CPU", 0)) for each in _ray().nodes() if each["Alive"]]
        room = sum(cores // self._cores for cores in machines)
        if room < self.count:
            asked = f"{self.count} of them, with {self._cores} core(s) each"
            there = f"{sum(machines)} on {len(machines)} machine(s), room for {room}"
            raise RhetoricError(f"Ray has too few cores ({there}) for the workers ({asked}). Give fewer.", "workers")

    def _wait(self, asked: Any) -> Any:  # noqa: ANN401
        """Return what was asked for; raises RhetoricError where machines were lost that it would have to wait for."""
        ray = _ray()
        while True:
            try:
                return ray.get(asked, timeout=_LOOK)
            except ray.exceptions.GetTimeoutError:
                self._check_room()

    def _hire(self, cores: int) -> Any:  # noqa: ANN401 - Ray's handle
        ray = _ray()
        asked = {"num_cpus": cores, "max_restarts": -1, "max_task_retries": _RETRIES}
        return ray.remote(**asked)(Worker).remote(self.setup)

    def _end(self, document: Document, asked: Any) -> Found:  # noqa: ANN401
        ray = _ray()
        found: Found
        try:
            found = self._wait(asked)
        except ray.exceptions.RayActorError:
            alone = self._hire(0)  # it may have waited behind the one that ended the actor
            try:
                found = self._wait(alone.make.remote(document))
            except ray.exceptions.RayActorError as error:
                found = died(document, type(error).__name__)
            ray.kill(alone)
        return found


def _ray() -> Any:  # noqa: ANN401 - its types say less than it takes
    import ray

    return ray


def _check(address: str | None) -> None:
    """Raise RhetoricError where nobody answers at ``host:port``; Ray itself would ask for minutes."""
    host, _, port = (address or "").rpartition(":")
    if host and "/" not in host and port.isdigit():
        try:
            socket.create_connection((host, int(port)), timeout=_PATIENCE).close()
        except OSError as error:
            raise _unreachable(address, error) from error


def _unreachable(address: str | None, error: Exception) -> RhetoricError:
    where = f"The Ray cluster at {address}" if address else "Ray on this machine"
    return RhetoricError(f"{where} cannot be reached ({str(error)[:200]}). Is it running? See: ray status")
