"""A server without weights: what becomes of a document can be foreseen; some end or hang their process."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from rhetoric.corpus.engines.setup import Setup
from rhetoric.ingest.document import Document, Failure, Found
from rhetoric.serve.settings import Settings

ARTICLE = "The race is on.\n\nA second race, between China and the United States.\n\nNothing here."
GERMAN = "Das ist ein langer deutscher Text über künstliche Intelligenz und den Wettbewerb zweier großer Länder. " * 5


def settings(**changes: Any) -> Settings:
    return Settings(**{"time_limit": 5.0, "longest": 20_000, "max_bytes": 1_000_000, "workers": 1, **changes})


def nothing(setup: Setup) -> None:
    """Stand in for loading the models."""


def plain(setup: Setup, document: Document) -> Found:
    """Stand in for the analysis: a record by rules, but for texts that hold certain words."""
    if "HANG" in document.text:
        time.sleep(600)
    if "DIE" in document.text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "FAIL" in document.text:
        return Failure(document.id, "here", "cannot be analysed.")
    from cli.conftest import plain_record

    return plain_record(document)  # type: ignore[return-value]


def square(number: int) -> int:
    return number * number


def pid() -> int:
    return os.getpid()


def sleep(seconds: float) -> str:
    time.sleep(seconds)
    return "awake"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    raise ValueError("of its own")


def touch(path: Path) -> None:
    path.touch()
