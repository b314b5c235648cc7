"""The HTTP protocol of the server: uvicorn's, that does not wait for ever for a request to begin."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from rhetoric.serve.settings import HEADER_SECONDS

_UNREADABLE = "This request cannot be read: its head is malformed, or longer than 64 KB."


class PatientProtocol(H11Protocol):
    """Closes a connection over which no whole head of a request came within fifteen seconds."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - asyncio's
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Go on waiting, or stop where a request has begun."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong with the request."""
        super().send_400_response(_UNREADABLE)

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        self._late = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
