"""``rhetoric serve``: the local web application."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rhetoric.cli import options as o
from rhetoric.cli.outcome import running, say_warning
from rhetoric.errors import RhetoricError, need

if TYPE_CHECKING:
    import socket


def serve(
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="N", help="Port to listen at; 0 for any that is free.")
    ] = 8000,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in your browser.")] = False,
    history: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Keep what is read in this folder; else nothing is kept."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, metavar="N", help="Processes that analyse, some 0.4 GB each.")] = 2,
    time_limit: Annotated[float, typer.Option(min=1, metavar="SECONDS", help="Longest time for one document.")] = 120.0,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Name by which the server may be called, besides localhost and addresses."),
    ] = None,
    allow_private: o.AllowPrivate = o.DEFAULTS.allow_private,
    max_bytes: Annotated[
        int,
        typer.Option(
            min=1,
            metavar="BYTES",
            help="Largest file or download to read; of a document's text, 200,000 characters are the most.",
        ),
    ] = o.DEFAULTS.max_bytes,
    timeout: o.Timeout = o.DEFAULTS.timeout,
) -> None:
    """Start a local web application: paste a text, read its report. Ctrl-C stops it.

    It listens to this computer only, keeps nothing on disk, and sends nothing anywhere.

    \b
    rhetoric serve --open
    rhetoric serve --history ~/rhetoric-history
    """
    with running() as outcome:
        # python_multipart too: FastAPI needs it for forms, and says so later and less kindly.
        need("The server needs", "serve", "fastapi", "python_multipart", "uvicorn")
        from rhetoric.serve.app import run_app
        from rhetoric.serve.desk import Desk
        from rhetoric.serve.settings import Settings

        settings = Settings(
            max_bytes,
            timeout,
            allow_private,
            time_limit,
            workers=workers,
            history=history,
            hosts=(*(allow_host or ()), host),
        )
        desk = Desk(settings)
        listening = _listen(host, port)
        url = _url(host, listening.getsockname()[1])

        def ready() -> None:
            typer.echo(f"Ready: {url}  (Ctrl-C stops it)", err=True)
            if open_browser:
                typer.launch(url)

        if not listening.getsockname()[0].startswith(("127.", "::1")):
            say_warning(_warn(host))
        typer.echo("Loading the models ...", err=True)
        try:
            run_app(desk, listening, ready)
        except KeyboardInterrupt:
            typer.echo("Stopped.", err=True)
        outcome.done = 1


def _warn(host: str) -> str:
    return (
        f"{host} can be reached from other computers. Whoever reaches it can have texts read and web pages "
        "fetched by this one, and can read the history, if one is kept. There is no password and no encryption."
    )


def _url(host: str, port: int) -> str:
    """Return where a browser on this computer finds the page; no browser goes to "any address" on every system."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - what is not to be shown
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"


def _listen(host: str, port: int) -> "socket.socket":
    """Return a socket that listens; raises RhetoricError where the address cannot be had."""
    import errno
    import socket

    from rhetoric.serve.settings import BACKLOG

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind, protocol)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(BACKLOG)
    except (OSError, UnicodeError) as error:  # a name that no domain can have is not even looked up
        said = f"{host}:{port}: the server cannot listen here ({getattr(error, 'strerror', None) or error})."
        advice = "Name an address of this computer with --host."
        if getattr(error, "errno", None) in (errno.EADDRINUSE, errno.EACCES):
            advice = "Is another one running? Choose another with --port."
        raise RhetoricError(f"{said} {advice}") from error
    return found
