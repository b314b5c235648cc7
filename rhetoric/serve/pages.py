"""The pages on texts: a form, how far a text is, its report, what can be taken away."""

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, get_args

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from rhetoric.ingest.sources import EXTENSIONS
from rhetoric.report.article import make_help
from rhetoric.report.safe import excerpt
from rhetoric.resources import CORPORA
from rhetoric.serve import settings as s
from rhetoric.serve.asked import FIELDS, Asked, Wrong, ask, name_of, on_page
from rhetoric.serve.desk import Desk
from rhetoric.serve.jobs import COMPARED, FIRST_WORDS, Entry, Job
from rhetoric.serve.problems import Problem
from rhetoric.serve.render import render_page, slug
from rhetoric.serve.tasks import Export

_TYPES: Final = {"jsonl": "application/x-ndjson", "html": "text/html", "md": "text/markdown", "csv": "text/csv"}
_POLL: Final = 2.0  # seconds that the script of a page waits for an answer; a server that is stopped waits for it
_LOOK: Final = 0.5  # seconds between two looks at how far a text is
SENT_BACK: Final = 422
STALE: Final = 403
_HEADLINE: Final = 120  # characters
_FIELDS: Final = 30  # of a form
SEE_OTHER: Final = 303
_FORGOTTEN: Final = "The text and its report are not in the memory of this server any more."
_STALE: Final = "The server was started anew since that page was opened. What you wrote is still here: send it again."
_GONE: Final = "The first text is not here any more. Give it again; what you wrote of the second is still here."
_STOPPED: Final = "The text was not read to its end. Nothing of it is kept."


@dataclass(frozen=True)
class First:
    """A text that another is to be compared with, and where it is: the id of its job, and its number there."""

    at: str
    entry: Entry


class Pages:
    """Handlers of requests for pages. Their forms carry a token that only a page of this server knows."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.token = secrets.token_urlsafe(24)

    def routes(self) -> list[Route]:
        """Return which address is answered by what."""
        return [
            Route("/", self.start),
            Route("/texts", self.begin, methods=["POST"]),
            Route("/texts/{id}", self.text),
            Route("/texts/{id}/state", self.state),
            Route("/texts/{id}/forget", self.forget, methods=["POST"]),
            Route("/texts/{id}/{which}", self.one),
            Route("/texts/{id}/{which}/{export}", self.export),
            Route("/compare", self.compare),
            Route("/compare", self.begin, methods=["POST"]),
            Route("/help", self.help),
            Route("/api", self.api),
        ]

    def page(
        self,
        template: str,
        values: Mapping[str, object],
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Return a page with what every page needs."""
        shared = {"token": self.token, "history_on": self.desk.history is not None}
        return render_page(template, {**shared, **values}, status, headers)

    async def posted(self, request: Request, *, most: int = _FIELDS) -> FormData:
        """Return what a form of at most so many fields sent; raises Problem where it is too long or none of ours."""
        form = await self._sent(request, most)
        if not self._ours(form):
            said = "The server was started anew since that page was opened. Go back, reload it, and send it again."
            raise Problem(403, "This form is out of date", said)
        return form

    async def _sent(self, request: Request, most: int = _FIELDS) -> FormData:
        try:
            return await request.form(max_files=COMPARED, max_fields=most, max_part_size=s.FORM_BYTES)
        except HTTPException as error:
            if "maximum size" not in str(error.detail):  # of a field; other words are said of other limits
                raise
            said = f"More than {s.FORM_BYTES / 1e6:g} MB were pasted. Split it, by chapter perhaps."
            raise Problem(413, "This text is too long", said) from error

    def _ours(self, form: FormData) -> bool:
        return secrets.compare_digest(str(form.get("token", "")).encode(), self.token.encode())

    def find(self, id: str) -> Job:
        """Return a job; raises Problem where there is none of that id."""
        job = self.desk.jobs.get(id)
        if job is None:
            said = (
                "A text is forgotten an hour after it was last looked at, when the server stops, or when somebody "
                "chose Stop or Forget it. Send it again."
            )
            raise Problem(404, "This text is not here any more", said)
        return job

    async def start(self, request: Request) -> Response:
        """Show the form, with the essay in it if asked for."""
        essay = request.query_params.get("example") == "essay"
        return self._form({"text": (CORPORA / "essay.txt").read_text(encoding="utf-8")} if essay else {})

    async def begin(self, request: Request) -> Response:
        """Take a text that a form asks for; of the form for a comparison two, or one beside a text that is here."""
        form = await self._sent(request)
        compare = request.url.path == "/compare"
        at = str(form.get("first", "")) if compare else ""
        here = at and self.desk.jobs.get(at.partition("/")[0])
        first = self._first(at) if here else None
        again = partial(self._form, _written(form), compare=compare, first=first)
        if not self._ours(form):  # or what was written would be lost
            return again([Wrong("", _STALE)], status=STALE)
        if at and not here:
            return again([Wrong("", _GONE)])
        sides = ["b_"] if first else ["a_", "b_"] if compare else [""]
        asked = [await ask(_titled(form, side), side, self.desk.settings, self.desk.folder) for side in sides]
        wrong = [each for each in asked if isinstance(each, Wrong)]
        good = [each for each in asked if isinstance(each, Asked)]
        if wrong:
            for each in good:
                each.clear()
            return again(wrong)
        job = Job(_written(form), compare=compare, beside=first is not None)
        job.entries = [Entry(first.entry.title, first.entry.record)] if first else []
        try:
            self.desk.begin(job, good)
        except Problem as busy:  # nor is it lost where too many wait
            return again([Wrong("", busy.detail)], status=busy.status_code, headers=busy.headers)
        return RedirectResponse(f"/texts/{job.id}", SEE_OTHER)

    async def text(self, request: Request) -> Response:
        """Show how far a text is, or its report, a list of several, or the form again with what was wrong."""
        job = self.find(request.path_params["id"])
        if not job.over.is_set():
            return self.page("wait.html", {"job": job, "settings": self.desk.settings})
        if not job.whole:
            failed = [(entry.given_in, entry.title, entry.failure) for entry in job.entries if entry.failure]
            wrong = [Wrong(at, f"{title}: {on_page(each)}", each.options) for at, title, each in failed]
            first = First(f"{job.id}/1", job.entries[0]) if job.beside else None
            return self._form(job.values, wrong, compare=job.compare, first=first)
        if job.compare:
            job.comparison = job.comparison or Entry(job.title)
            return await self._report(request, job, job.comparison, "all")
        if len(job.entries) > 1:
            return self.page("list.html", {"job": job})
        return await self._report(request, job, _entry(job, "1"), "1")

    async def one(self, request: Request) -> Response:
        """Show the report on one text of several."""
        job, which = self.find(request.path_params["id"]), request.path_params["which"]
        return await self._report(request, job, _entry(job, which), which)

    async def state(self, request: Request) -> Response:
        """Say how far a text is, as soon as it is further than what the page has ``seen``."""
        job = self.find(request.path_params["id"])
        before, loop = request.query_params.get("seen", job.said), asyncio.get_running_loop()
        until = loop.time() + _POLL
        while not job.over.is_set() and job.said == before and loop.time() < until:
            with suppress(TimeoutError):
                await asyncio.wait_for(job.over.wait(), _LOOK)
        return JSONResponse({"finished": job.over.is_set(), "said": job.said})

    async def export(self, request: Request) -> Response:
        """Send records, a report or scorecards as a file."""
        job, which = self.find(request.path_params["id"]), request.path_params["which"]
        name = request.path_params["export"]
        kind: Export | None = next((each for each in get_args(Export) if each == name), None)
        if kind is None:
            raise Problem(404, "There is no such export", f"There are: {', '.join(get_args(Export))}.")
        entries = job.good if which == "all" else [_entry(job, which)]
        if not entries or (kind.startswith("report") and len(entries) > COMPARED):
            raise Problem(404, "There is no such export", "A report is on one text, or on two that are compared.")
        body = await self.desk.export([entry.record for entry in entries], kind, _every(request))
        disposition = f'attachment; filename="{slug(entries[0].title)}-{kind}"'
        media = _TYPES.get(kind.rpartition(".")[2], "application/json")
        return Response(body, media_type=media, headers={"Content-Disposition": disposition})

    async def forget(self, request: Request) -> Response:
        """Let a text go before its time, and stop the work on it if there is any."""
        await self.posted(request)
        if self.desk.forget(request.path_params["id"]):
            return self.page("said.html", {"title": "Stopped", "said": _STOPPED})
        said = _FORGOTTEN + (" It is still in the history." if self.desk.history else "")
        return self.page("said.html", {"title": "Forgotten", "said": said})

    async def compare(self, request: Request) -> Response:
        """Show the form for two texts, or for a second one beside one that is here."""
        at = request.query_params.get("with", "")
        return self._form({}, compare=True, first=self._first(at) if at else None)

    async def help(self, request: Request) -> Response:
        """Show what the labels mean and what cannot be known."""
        return self.page("help.html", {"words": make_help(), "most_documents": s.MOST_DOCUMENTS})

    async def api(self, request: Request) -> Response:
        """Show how programs use this server."""
        bounds = {"most_documents": s.MOST_DOCUMENTS, "most_waiting": s.MOST_WAITING}
        url = str(request.base_url).rstrip("/")
        return self.page("api.html", {"url": url, "settings": self.desk.settings, **bounds})

    def _first(self, at: str) -> First:
        """Return the text that another is to be compared with; raises Problem where there is no report on it."""
        id, _, which = at.partition("/")
        job = self.find(id)
        if not job.good:
            said = "Wait until its report is there, and compare from that page."
            if job.over.is_set():
                said = "It could not be analysed. Choose two texts instead: Compare, at the top."
            raise Problem(404, "There is nothing to compare with", said)
        return First(at, _entry(job, which or "1"))

    async def _report(self, request: Request, job: Job, entry: Entry, which: str) -> Response:
        every = _every(request)
        records = [each.record for each in job.good] if entry is job.comparison else [entry.record]
        report = await self.desk.report(entry, records, every)
        shown = {"job": job, "which": which, "title": entry.title, "report": report, "every": every}
        return self.page("report.html", {**shown, "here_at": request.url.path, "at": f"/texts/{job.id}/{which}"})

    def _form(
        self,
        values: Mapping[str, str],
        wrong: list[Wrong] | None = None,
        *,
        compare: bool = False,
        first: First | None = None,
        status: int = SENT_BACK,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        shown = {
            "values": values,
            "wrong": wrong or [],
            "first": first,
            "extensions": ",".join(sorted(EXTENSIONS)),
            "settings": self.desk.settings,
        }
        return self.page("compare.html" if compare else "start.html", shown, status if wrong else 200, headers)


def _entry(job: Job, which: str) -> Entry:
    """Return the text of a number, as an address has it; raises Problem where there is none."""
    for number, entry in enumerate(job.entries, 1):
        if str(number) == which and entry.record:
            return entry
    raise Problem(404, "There is no such text here", "Go back to the list.")


def _titled(form: Mapping[str, Any], prefix: str) -> Mapping[str, Any]:
    """Return a form in which a pasted text that has no title has its headline for one, else its first words."""
    text, title = form.get(f"{prefix}text"), form.get(f"{prefix}title")
    first = text.strip().split("\n")[0].strip() if isinstance(text, str) else ""
    if title or not first:
        return form
    headline = len(first) <= _HEADLINE and not first.endswith((".", ",", ";", ":")) and first != str(text).strip()
    return {**form, f"{prefix}title": first if headline else excerpt(first, FIRST_WORDS)}


def _every(request: Request) -> bool:
    """Return whether passages that are not about the matter are to count."""
    return bool(request.query_params.get("every") == "yes")


def _written(form: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields that were filled in; of a file its name, for no page can choose it again."""
    sides = ("", "a_", "b_")
    names = [prefix + name for prefix in sides for name in FIELDS]
    files = {f"{prefix}file": getattr(form.get(f"{prefix}file"), "filename", "") for prefix in sides}
    return {
        **{name: value for name in names if isinstance(value := form.get(name), str)},
        **{field: name_of(name) for field, name in files.items() if name},
    }
