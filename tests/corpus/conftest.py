from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from ingest.makers import Answer, page, serve

from rhetoric.corpus import run

from .fetching import ROBOTS, Server


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_MOST_DOCUMENTS", 4)


@pytest.fixture
def server() -> Iterator[Server]:
    """Start a server of answers by path, with no robots.txt unless one is given; gives its address and what is asked
    of it.
    """
    open_servers: list[Any] = []

    def start(answers: dict[str, Answer]) -> tuple[str, list[str]]:
        asked: list[str] = []

        def noting(path: str, answer: Answer) -> Answer:
            def said(handler: BaseHTTPRequestHandler) -> None:
                asked.append(path)
                answer(handler)

            return said

        answers = {ROBOTS: page(b"", status=404), **answers}
        manager = serve({path: noting(path, answer) for path, answer in answers.items()})
        open_servers.append(manager)
        return manager.__enter__(), asked

    yield start
    for manager in open_servers:
        manager.__exit__(None, None, None)
