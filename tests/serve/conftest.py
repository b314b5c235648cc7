import re
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from .makers import nothing, plain, settings

BASE = "http://127.0.0.1:8000"
Post = Callable[..., Any]
Client = Any  # Starlette's TestClient


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Any:
    for name in ("fastapi", "python_multipart"):
        pytest.importorskip(name, reason="the extra serve is not installed")
    from rhetoric.serve.desk import Desk

    history = tmp_path_factory.mktemp("history") / "kept"
    return Desk(settings(history=history), make=plain, begin=nothing)


@pytest.fixture(scope="session")
def server(desk: Any) -> Iterator[Client]:
    """A server for all tests; its processes take a while to start."""
    if not any(find_spec(name) for name in ("httpx2", "httpx")):
        pytest.skip("a client is not installed: pip install httpx2")
    from starlette.testclient import TestClient

    from rhetoric.serve.app import make_app

    with TestClient(make_app(desk), base_url=BASE, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(server: Client, desk: Any) -> Client:
    """The same, with nothing in its history."""
    assert desk.history
    desk.history.delete_all()
    return server


@pytest.fixture
def token(client: Client) -> str:
    return token_of(client.get("/").text)


@pytest.fixture
def begin(client: Client, token: str) -> Post:
    """Send a form to an address; gives the address of its text, which is not waited for."""

    def begun(path: str = "/texts", files: Any = None, **fields: Any) -> str:
        answer = client.post(path, data={"token": token, **fields}, files=files, follow_redirects=False)
        assert answer.status_code == 303
        return str(answer.headers["location"])

    return begun


@pytest.fixture
def send(client: Client, token: str) -> Post:
    """Send a form to an address and wait until its text is finished; gives the page that is shown then."""

    def sent(path: str = "/texts", files: Any = None, **fields: Any) -> Any:
        answer = client.post(path, data={"token": token, **fields}, files=files or {"file": ("", b"")})
        until = time.monotonic() + 60
        while 'id="state"' in answer.text:
            assert time.monotonic() < until, "the text is not finished after a minute"
            client.get(f"{answer.url.path}/state")
            answer = client.get(answer.url.path)
        return answer

    return sent


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def id_of(address: Any) -> str:
    """Return the id of a text, of the address of its page."""
    return str(address).rpartition("/")[2]


def files_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())
