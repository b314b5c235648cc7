"""How a server is set up, and the limits that it keeps to."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rhetoric.ingest import ReadOptions

_READ: Final = ReadOptions()

MOST_WAITING: Final = 60  # texts that wait or are worked on; more are sent away
MOST_DOCUMENTS: Final = 20  # of one table: for more there are runs
MOST_KEPT: Final = 100  # finished texts in memory
MOST_BYTES: Final = 200_000_000  # of all finished texts together
SECONDS_KEPT: Final = 3_600.0  # since a text was last looked at
READ_SECONDS: Final = 40.0  # for parsing what was fetched or sent; a fetch has a limit of its own within it
RENDER_SECONDS: Final = 60.0
BODY_SECONDS: Final = 120.0  # in which a request has to arrive whole
HEADER_SECONDS: Final = 15.0
FORM_BYTES: Final = 4_000_000  # of one field of a form that is no file
READERS: Final = 3  # processes that fetch, parse and write reports; they are light
BACKLOG: Final = 100  # connections that wait to be taken
CONNECTIONS: Final = 300
LINGER: Final = 3  # seconds for what is under way when the server is told to stop
FETCHING: Final = 2  # of these that may wait for other servers, so that one is always left


@dataclass(frozen=True)
class Settings:
    """What ``rhetoric serve`` is told.

    ``max_bytes``, ``timeout`` (seconds for a URL) and ``allow_private`` are those of ReadOptions; ``time_limit`` is in
    seconds for the analysis of one document, ``longest`` the most characters it may have; ``workers`` are processes
    that analyse, each of some 0.4 GB, and 1.1 GB for the longest texts. ``history`` is the folder in which texts
    are kept, None for none. ``hosts`` are names by which the server may be called, besides localhost and IP addresses.
    """

    max_bytes: int = _READ.max_bytes
    timeout: float = _READ.timeout
    allow_private: bool = False
    time_limit: float = 120.0
    longest: int = 200_000
    workers: int = 2
    history: Path | None = None
    hosts: tuple[str, ...] = ()
