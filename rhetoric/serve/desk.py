"""The desk: takes what is asked, has it read, analysed and reported in worker processes, and keeps what came of it."""

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, Final

from rhetoric.corpus.engines.setup import Setup, make, told_by
from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import Document, Failure, Found, is_analysed
from rhetoric.record import Record
from rhetoric.report.safe import shorten
from rhetoric.report.words import count
from rhetoric.serve import settings as s
from rhetoric.serve import tasks
from rhetoric.serve.asked import Asked
from rhetoric.serve.history import History
from rhetoric.serve.jobs import WAITING, Entry, Job, Jobs, title_of
from rhetoric.serve.problems import Problem
from rhetoric.serve.workers import WorkerError, Workers

Make = Callable[[Setup, Document], Found]
_LOAD: Final = 300.0  # seconds in which the models have to be loaded
_NAME: Final = 80  # characters of what is read
_logger = logging.getLogger("uvicorn.error")


class Desk:
    """Everything that takes time. ``make`` is what an analyst does with a document, ``begin`` how one starts."""

    def __init__(self, settings: s.Settings, *, make: Make = make, begin: Callable[[Setup], object] = told_by) -> None:
        self.settings = settings
        self.jobs = Jobs()
        self.history = History(settings.history) if settings.history else None
        self.folder = Path()
        self.failed: RhetoricError | None = None
        self._make = make
        self._setup = Setup(threads=1 if settings.workers > 1 else 0, sentences=True)
        self._readers = Workers(s.READERS, tasks.begin_reader)
        self._analysts = Workers(settings.workers, partial(begin, self._setup))
        self._fetching = asyncio.Semaphore(s.FETCHING)
        self._under_way = 0
        self._running: dict[str, asyncio.Task[None]] = {}

    async def start(self) -> None:
        """Start the processes and load the models; where that fails, keeps why as ``failed`` and raises it."""
        self.folder = Path(tempfile.mkdtemp(prefix="rhetoric-"))
        try:
            await asyncio.gather(self._readers.start(seconds=_LOAD), self._analysts.start(seconds=_LOAD))
        except RhetoricError as error:
            self.failed = error
            raise

    async def stop(self) -> None:
        """End the processes and remove what was sent."""
        for task in self._running.values():
            task.cancel()
        for each in (self._readers, self._analysts):
            await asyncio.to_thread(each.stop)
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take a place among those that wait; raises Problem where all are taken."""
        if self._under_way >= s.MOST_WAITING:
            said = f"{self._under_way} texts are waiting already. Try again in a minute."
            raise Problem(503, "Too much is going on here", said, {"Retry-After": "60"})
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    async def read(self, asked: Asked, begun: Callable[[], object] = lambda: None) -> tasks.Reading:
        """Return the documents, and failures, of what is asked; ``begun`` is called when it is its turn."""
        fetched = isinstance(asked.what, str)
        seconds = s.READ_SECONDS + (asked.options.timeout if fetched else 0)
        try:
            async with self._fetching if fetched else nullcontext():
                what = (asked, s.MOST_DOCUMENTS, self.settings.longest)
                return await self._readers.run(tasks.read_asked, *what, seconds=seconds, begun=begun)
        except WorkerError as error:
            return tasks.Reading([Failure(None, asked.name, str(error))], more=False)
        finally:
            asked.clear()

    async def analyse(self, document: Document | Failure, begun: Callable[[], object] = lambda: None) -> Found:
        """Return the record of a document, or the failure in its place; ``begun`` is called when it is its turn."""
        if isinstance(document, Failure):
            return document
        try:
            what, seconds = (self._setup, document), self.settings.time_limit
            return await self._analysts.run(self._make, *what, seconds=seconds, begun=begun)
        except WorkerError as error:
            return document.failure(str(error))

    async def score(self, record: Record, every_passage: bool) -> dict[str, Any]:
        """Return the scorecard of a record with its evidence."""
        return await self._readers.run(tasks.score, tasks.dump(record), every_passage, seconds=s.RENDER_SECONDS)

    def begin(self, job: Job, asked: Sequence[Asked]) -> None:
        """Begin to work on a job and return at once; raises Problem where too many wait."""
        with ExitStack() as held:
            for each in asked:
                held.callback(each.clear)
            held.enter_context(self.place())
            work = self._work(job, asked, held.pop_all())  # which lets go of them in its turn
        self.jobs.add(job)
        task = self._running[job.id] = asyncio.create_task(work)
        task.add_done_callback(lambda _: self._running.pop(job.id, None))

    def forget(self, id: str) -> bool:
        """Let a job go, and stop the work on it; returns whether there was any left to do."""
        task = self._running.get(id)
        self.jobs.forget(id)
        return task is not None and task.cancel()

    async def _work(self, job: Job, asked: Sequence[Asked], held: ExitStack) -> None:
        try:
            with held:
                await self._do(job, asked)
        except Exception:
            _logger.exception("a text could not be worked on")
            failure = Failure(None, job.title, "something went wrong here that is not the text's fault.")
            job.entries.append(Entry(job.title, failure=failure))
        finally:
            if len(job.good) == len(job.entries):  # else the form is shown again as it was filled in
                job.values = {}
            job.finish()
            self.jobs.tidy()

    async def _do(self, job: Job, asked: Sequence[Asked]) -> None:
        documents: list[tuple[str, Document | Failure]] = []
        for each in asked:
            job.tell(WAITING)
            reading = await self.read(each, partial(job.tell, f"Reading {shorten(each.name, _NAME)}."))
            if job.compare and len(reading.found) > 1:
                said = "this holds several documents; one is compared with one. For sides of many: rhetoric compare."
                reading = tasks.Reading([Failure(None, each.name, said)], more=False)
            if reading.more:
                said = f"Only its first {s.MOST_DOCUMENTS} documents are here. For more of them: rhetoric annotate."
                job.notes.append(said)
            documents += [(each.field, found) for found in reading.found]
        for number, (field, document) in enumerate(documents, 1):
            of = f" text {number} of {len(documents)}" if len(documents) > 1 else ""
            self._tell(job, WAITING)
            found = await self.analyse(document, partial(self._tell, job, f"Analysing{of or ' the text'}."))
            if is_analysed(found):
                record = tasks.dump(found)
                job.entries.append(Entry(title_of(record), record))
            else:
                job.entries.append(Entry(found.source, failure=found, given_in=field))
        if self.history and job.whole:
            try:
                records = [entry.record for entry in job.good]
                await asyncio.to_thread(self.history.keep, job.title, records, job.compare)
            except RhetoricError as error:
                job.notes.append(str(error))

    def _tell(self, job: Job, said: str) -> None:
        """Say how far a job is, and how many others are under way at this moment."""
        job.tell(said + (f" {count(self._under_way - 1, 'other')} under way." if self._under_way > 1 else ""))

    async def report(self, entry: Entry, records: Sequence[bytes], every_passage: bool) -> str:
        """Return the report on ``records``, which is made once and kept in ``entry``."""
        async with entry.writing:
            if every_passage not in entry.reports:
                made = await self._readers.run(tasks.make_report, records, every_passage, seconds=s.RENDER_SECONDS)
                entry.reports[every_passage] = made
        return entry.reports[every_passage]

    async def export(self, records: Sequence[bytes], export: tasks.Export, every_passage: bool) -> bytes:
        """Return records as a file."""
        return await self._readers.run(tasks.make_export, records, export, every_passage, seconds=s.RENDER_SECONDS)
