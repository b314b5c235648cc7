"""The application: pages and API over one desk, behind the guard."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from socket import socket

import uvicorn
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import rhetoric
from rhetoric.errors import RhetoricError
from rhetoric.serve.api import make_api
from rhetoric.serve.desk import Desk
from rhetoric.serve.guard import Guard
from rhetoric.serve.history_pages import HistoryPages
from rhetoric.serve.pages import Pages
from rhetoric.serve.problems import Problem, add_handlers
from rhetoric.serve.render import STATIC, read_static
from rhetoric.serve.settings import CONNECTIONS, FORM_BYTES, LINGER
from rhetoric.serve.wire import PatientProtocol

_ABOUT = "How texts frame US-China AI competition, with the evidence. What the fields mean: corpora/record.md; /help."


def run_app(desk: Desk, listening: socket, ready: Callable[[], None]) -> None:
    """Serve until told to stop; raises RhetoricError where that cannot begin."""
    config = uvicorn.Config(
        make_app(desk, ready),
        http=PatientProtocol,
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=LINGER,
    )
    logging.getLogger("uvicorn.error").addFilter(lambda _: desk.failed is None)  # it is raised here
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except SystemExit:
        raise desk.failed or RhetoricError("The server could not start.") from None


def make_app(desk: Desk, ready: Callable[[], None] = lambda: None) -> Guard:
    """Return the ASGI application over ``desk``, whose processes start and stop with it; then ``ready`` is called."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            await desk.start()
            ready()
            yield
        finally:
            await desk.stop()

    app = FastAPI(
        title="rhetoric",
        version=rhetoric.__version__,
        description=_ABOUT,
        docs_url=None,  # FastAPI's own pages load their scripts from elsewhere
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    pages = Pages(desk)
    app.router.routes.extend([*pages.routes(), *HistoryPages(pages).routes(), Route("/static/{name}", _static)])
    app.include_router(make_api(desk))
    history_on = desk.history is not None
    add_handlers(app, history_on=history_on)
    limit = 2 * (desk.settings.max_bytes + FORM_BYTES)  # a comparison may bring two files
    return Guard(app, limit=limit, hosts=desk.settings.hosts, history_on=history_on)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        raise Problem(404, "There is nothing here", "See the start page.")
    return Response(read_static(name), media_type=STATIC[name], headers={"Cache-Control": "no-cache"})
