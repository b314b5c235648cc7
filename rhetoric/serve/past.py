"""The pages of the history."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rhetoric.errors import RhetoricError
from rhetoric.serve.history import History
from rhetoric.serve.jobs import Entry, Job, title_of
from rhetoric.serve.pages import SEE_OTHER, SENT_BACK, Pages
from rhetoric.serve.problems import Problem

_TWO: Final = 2


class Past:
    """Handlers of requests for the history; without one they say how to have one."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    def routes(self) -> list[Route]:
        """Return which address is answered by what."""
        return [
            Route("/history", self.show),
            Route("/history/compare", self.compare, methods=["POST"]),
            Route("/history/delete", self.delete, methods=["POST"]),
            Route("/history/{name}", self.open),
        ]

    async def show(self, request: Request) -> Response:
        """Show what is kept."""
        return await self._list("")

    async def open(self, request: Request) -> Response:
        """Open a text, several that came together, or a comparison."""
        name = request.path_params["name"]
        with _told():
            records = await asyncio.to_thread(self._history.records, name)
            kept = await asyncio.to_thread(self._history.about, name)
        return self._go(records, compare=kept is not None and kept.compare)

    async def compare(self, request: Request) -> Response:
        """Compare the first texts of two entries."""
        form = await self.pages.posted(request)
        names = [str(each) for each in form.getlist("name")]
        if len(names) != _TWO:
            return await self._list("Choose two texts to compare.")
        with _told():
            sides = [await asyncio.to_thread(self._history.records, name) for name in names]
        return self._go([side[0] for side in sides], compare=True)

    async def delete(self, request: Request) -> Response:
        """Delete what was chosen, or everything."""
        form = await self.pages.posted(request)
        with _told():
            if form.get("all"):
                await asyncio.to_thread(self._history.delete_all)
            for name in form.getlist("name"):
                await asyncio.to_thread(self._history.delete, str(name))
        return RedirectResponse("/history", SEE_OTHER)

    def _go(self, records: list[bytes], *, compare: bool) -> Response:
        job = Job(compare=compare, entries=[Entry(title_of(record), record) for record in records])
        job.finish()
        self.pages.desk.jobs.add(job)
        return RedirectResponse(f"/texts/{job.id}", SEE_OTHER)

    @property
    def _history(self) -> History:
        if self.pages.desk.history is None:
            said = "Start the server with --history FOLDER to keep texts in a folder of yours."
            raise Problem(404, "No history is kept", said)
        return self.pages.desk.history

    async def _list(self, wrong: str) -> Response:
        kept = await asyncio.to_thread(self._history.all)
        folder = str(self._history.folder)
        return self.pages.page(
            "history.html", {"kept": kept, "folder": folder, "wrong": wrong}, SENT_BACK if wrong else 200
        )


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except RhetoricError as error:
        raise Problem(404, "The history cannot give that", str(error)) from error
