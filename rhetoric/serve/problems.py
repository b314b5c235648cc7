"""What goes wrong, said as a page to people and as problem details (RFC 9457) to programs."""

from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from rhetoric.errors import RhetoricError
from rhetoric.report.safe import excerpt
from rhetoric.serve.render import render_page

_SAID: Final = 600  # characters of a message that may quote what was sent
_KNOWN: Final = {
    400: ("This request cannot be read", "Send it again; if it stays so, reload the page first."),
    404: ("There is nothing here", "The address is wrong, or what was here is gone: see the start page."),
    405: ("This address does not take that kind of request", "Start from the start page."),
}
_KNOWN_IN_API: Final = {
    400: ("This request cannot be read", "It is no JSON, or no form with a file: see /api."),
    404: ("There is nothing here", "See /api for the addresses that there are."),
    405: ("This address does not take that kind of request", "Send a POST: see /api."),
}
NEEDED: Final = "This request does not say what is needed"
_NO_FILE: Final = "body.file: send a file, as curl -F file=@speech.pdf does."
_NO_OBJECT: Final = "body: send a JSON object, as application/json."


class Problem(HTTPException):
    """A request that is not answered as asked: ``title`` says what is wrong, ``detail`` what to do about it."""

    def __init__(self, status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, excerpt(detail, _SAID), headers)
        self.title = excerpt(title, _SAID)


def answer(path: str, problem: Problem, *, history_on: bool) -> Response:
    """Return a problem as the response that fits the address ``path``: JSON under ``/api/``, else a page, with a link
    to the history if there is one.
    """
    if _is_api(path):
        said = {"type": "about:blank", "title": problem.title, "status": problem.status_code, "detail": problem.detail}
        return JSONResponse(said, problem.status_code, problem.headers, media_type="application/problem+json")
    shown = {"problem": problem, "history_on": history_on}
    return render_page("problem.html", shown, problem.status_code, problem.headers)


def add_handlers(app: FastAPI, *, history_on: bool) -> None:
    """Make ``app`` say every error as a problem."""

    def failed(request: Request, error: Exception) -> Response:
        path = request.url.path
        return answer(path, _problem(error, in_api=_is_api(path)), history_on=history_on)

    for kind in (HTTPException, RequestValidationError, RhetoricError, Exception):
        app.add_exception_handler(kind, failed)


def _is_api(path: str) -> bool:
    return path.startswith("/api/")


def _problem(error: Exception, *, in_api: bool) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        said = " ".join(_invalid(each) for each in error.errors())
        return Problem(422, NEEDED, said)
    if isinstance(error, HTTPException):
        known = _KNOWN_IN_API if in_api else _KNOWN
        title, detail = known.get(error.status_code, known[400])
        return Problem(error.status_code, title, detail, dict(error.headers or {}))
    if isinstance(error, RhetoricError):
        return Problem(422, "This cannot be done", str(error))
    return Problem(500, "Something went wrong here", "What it is, is written where the server was started.")


def _invalid(error: Any) -> str:  # noqa: ANN401 - pydantic's dict
    where = ".".join(str(part) for part in error.get("loc", ()))
    if where == "body" or error.get("type") == "json_invalid":
        return _NO_OBJECT
    if where == "body.file" and error.get("type") != "extra_forbidden":  # none, or a text in its place
        return _NO_FILE
    return f"{where}: {error.get('msg', 'is not valid')}."
