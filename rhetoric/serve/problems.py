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


class Problem(HTTPException):
    """A request that is not answered as asked: ``title`` says what is wrong, ``detail`` what to do about it."""

    def __init__(self, status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, excerpt(detail, _SAID), headers)
        self.title = excerpt(title, _SAID)


def answer(path: str, problem: Problem) -> Response:
    """Return a problem as the response that fits the address ``path``: JSON under ``/api/``, else a page."""
    if path.startswith("/api/"):
        said = {"type": "about:blank", "title": problem.title, "status": problem.status_code, "detail": problem.detail}
        return JSONResponse(said, problem.status_code, problem.headers, media_type="application/problem+json")
    return render_page("problem.html", {"problem": problem}, problem.status_code, problem.headers)


def add_handlers(app: FastAPI) -> None:
    """Make ``app`` say every error as a problem."""

    def failed(request: Request, error: Exception) -> Response:
        return answer(request.url.path, _problem(error))

    for kind in (HTTPException, RequestValidationError, RhetoricError, Exception):
        app.add_exception_handler(kind, failed)


def _problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        said = " ".join(_invalid(each) for each in error.errors())
        return Problem(422, "This request does not say what is needed", said)
    if isinstance(error, HTTPException):
        title, detail = _KNOWN.get(error.status_code, _KNOWN[400])
        return Problem(error.status_code, title, detail, dict(error.headers or {}))
    if isinstance(error, RhetoricError):
        return Problem(422, "This cannot be done", str(error))
    return Problem(500, "Something went wrong here", "What it is, is written where the server was started.")


def _invalid(error: Any) -> str:  # noqa: ANN401 - pydantic's dict
    where = ".".join(str(part) for part in error.get("loc", ()))
    return f"{where}: {error.get('msg', 'is not valid')}."
