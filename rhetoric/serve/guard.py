"""The guard before everything: who may call, how much may be sent and how slowly, and what browsers are told."""

import asyncio
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import ip_address
from typing import Final

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rhetoric.errors import say_size
from rhetoric.serve.problems import Problem, answer
from rhetoric.serve.settings import BODY_SECONDS

_HOST: Final = re.compile(r"([a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d+)?")
_SAFE: Final = {"GET", "HEAD", "OPTIONS"}
_DRAINED: Final = 20  # times the limit that is read and dropped, for a browser shows no answer while it is sending
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}


class Guard:
    """An ASGI application around another. ``limit`` bounds a request's body in bytes, ``seconds`` its arrival.

    ``hosts`` are the names that may stand in the Host header besides localhost and IP addresses: a page elsewhere whose
    name was made to point here (DNS rebinding) is not answered.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limit: int,
        hosts: Iterable[str] = (),
        seconds: float = BODY_SECONDS,
        history_on: bool = False,
    ) -> None:
        self.app, self.limit, self.seconds, self.history_on = app, limit, seconds, history_on
        self.hosts = {"localhost", *filter(None, map(_name, hosts))}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower() == "https":
            scope["scheme"] = "https"  # so it is to the browser of a proxy; it only goes into addresses of our own

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    given.setdefault(name, value)
            await send(message)

        try:
            self._check(scope, headers)
            sent = headers.get("content-length", "0")
            if not sent.isdecimal() or int(sent) > self.limit:
                await self._drain(receive)
                raise self._too_much()
            await self.app(scope, self._bounded(receive), send_guarded)
        except Problem as problem:
            await answer(scope["path"], problem, history_on=self.history_on)(scope, receive, send_guarded)
        except ClientDisconnect:  # who sent it went away meanwhile: there is nobody to answer, and nothing is wrong
            pass

    def _check(self, scope: Scope, headers: Headers) -> None:
        host = headers.get("host", "")
        if not self._known(host):
            said = "Open it as http://127.0.0.1 with its port, or start the server with --allow-host and this name."
            raise Problem(400, "This server does not go by that name", said)
        # A form is decoded as its sender says, and some of Python's codecs take hours for what one request may bring.
        kind, told = parse_options_header(headers.get("content-type"))
        if kind == b"multipart/form-data" and told.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
            raise Problem(415, "This request cannot be read", "Send the form in UTF-8, as every browser does.")
        # Browsers say where a request comes from; programs that are no browsers say nothing, and are not misled.
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            fine = site in ("same-origin", "none")
        elif origin == "null":  # what browsers send from our own forms too, for they are told no-referrer
            fine = not scope["path"].startswith("/api/")
        else:
            fine = origin in (None, f"http://{host}", f"https://{host}")
        if scope["method"] not in _SAFE and not fine:
            said = "It came from another page. Open this server's own page and start from there."
            raise Problem(403, "This request was not taken", said)

    def _known(self, host: str) -> bool:
        name = _name(host)
        try:
            return name in self.hosts or bool(ip_address(name))
        except ValueError:
            return False

    def _too_much(self) -> Problem:
        said = f"The limit here is {say_size(self.limit)}. Split it, or start the server with a larger --max-bytes."
        return Problem(413, "That is too much at once", said, {"Connection": "close"})

    async def _drain(self, receive: Receive) -> None:
        """Read and drop what is still to come, within bounds."""
        dropped, more = 0, True
        with suppress(TimeoutError):
            async with asyncio.timeout(self.seconds):
                while more and dropped < _DRAINED * self.limit:
                    message = await receive()
                    dropped += len(message.get("body", b""))
                    more = message.get("more_body", False)

    def _bounded(self, receive: Receive) -> Receive:
        """Return ``receive`` with a limit on the bytes and on the seconds in which all of the body has to come."""
        until = time.monotonic() + self.seconds
        seen, whole = 0, False

        async def bounded() -> Message:
            nonlocal seen, whole
            if whole:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), max(0.0, until - time.monotonic()))
            except TimeoutError as error:
                said = f"It did not come whole within {self.seconds:g} seconds. Try again."
                raise Problem(408, "This took too long to arrive", said, {"Connection": "close"}) from error
            seen += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if seen > self.limit:
                if not whole:
                    await self._drain(receive)
                raise self._too_much()
            return message

        return bounded


def _name(host: str) -> str:
    """Return the name in a Host header, without a port; "" where it holds none."""
    found = _HOST.fullmatch(host.lower())
    return found[1].strip("[]").rstrip(".") if found else ""
