"""The pages of the history."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rhetoric.errors import RhetoricError
from rhetoric.serve.history import SHOWN, History, Kept
from rhetoric.serve.jobs import COMPARED, Entry, Job, title_of
from rhetoric.serve.pages import SEE_OTHER, SENT_BACK, Pages
from rhetoric.serve.problems import Problem

_FIELDS: Final = SHOWN + 10  # of a form: each entry that is listed has one


class HistoryPages:
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
        return await self._list(wrong="")

    async def open(self, request: Request) -> Response:
        """Open a text, several that came together, or a comparison."""
        name = request.path_params["name"]
        with _told():
            records = await asyncio.to_thread(self._history.records, name)
            kept = await asyncio.to_thread(self._history.about, name)
        return self._go(records, compare=kept is not None and kept.compare)

    async def compare(self, request: Request) -> Response:
        """Compare two entries of one text each."""
        form = await self.pages.posted(request, most=_FIELDS)
        names = [str(each) for each in form.getlist("name")]
        if len(names) != COMPARED:
            return await self._list("Choose two texts to compare.", names)
        sides = []
        for name in names:
            with _told():
                sides.append(await asyncio.to_thread(self._history.records, name))
            if len(sides[-1]) != 1:
                kept = await asyncio.to_thread(self._history.about, name)
                return await self._list(_several(kept, sides[-1]), names)
        return self._go([side[0] for side in sides], compare=True)

    async def delete(self, request: Request) -> Response:
        """Delete what was chosen, or everything."""
        form = await self.pages.posted(request, most=_FIELDS)
        names = {str(each) for each in form.getlist("name")}
        if not names and not form.get("all"):
            return await self._list("Choose what to delete.")
        with _told():
            if form.get("all"):
                await asyncio.to_thread(self._history.delete_all)
            there = await asyncio.to_thread(self._history.names)
            for name in names.intersection(there):
                await asyncio.to_thread(self._history.delete, name)
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

    async def _list(self, wrong: str, chosen: Sequence[str] = ()) -> Response:
        shown = {
            "kept": await asyncio.to_thread(self._history.all),
            "total": len(await asyncio.to_thread(self._history.names)),
            "most": SHOWN,
            "folder": str(self._history.folder),
            "wrong": wrong,
            "chosen": chosen,
        }
        return self.pages.page("history.html", shown, SENT_BACK if wrong else 200)


def _several(kept: Kept | None, records: list[bytes]) -> str:
    """Say why an entry of several texts is not compared with another, and what to do."""
    title = kept.title if kept else title_of(records[0])
    if kept and kept.compare:
        return f"“{title}” is a comparison. Choose two entries of one text each."
    return f"“{title}” holds {len(records)} texts. Open it, choose one, and compare from there."


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except RhetoricError as error:
        raise Problem(404, "The history cannot give that", str(error)) from error
