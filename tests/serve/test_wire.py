"""The server on a real socket: heads that drip or are too large."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

uvicorn = pytest.importorskip("uvicorn", reason="the extra serve is not installed")
SECONDS = 0.6


async def hello(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    from rhetoric.serve import wire

    monkeypatch.setattr(wire, "HEADER_SECONDS", SECONDS)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(hello, http=wire.PatientProtocol, ws="none", lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield listening.getsockname()
    server.should_exit = True
    thread.join(30)
    assert not thread.is_alive()


def read_all(connection: socket.socket) -> bytes:
    found = b""
    try:
        while piece := connection.recv(65_536):
            found += piece
    except ConnectionResetError:
        pass
    return found


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET"])
def test_a_head_that_does_not_come_is_not_waited_for(address: tuple[str, int], said: bytes) -> None:
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(said)
        start = time.monotonic()
        assert read_all(connection) == b""
        assert time.monotonic() - start < 20


def test_a_head_that_drips_is_cut_off(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        with pytest.raises(OSError):  # reset or broken pipe, as the system has it
            for number in range(1000):
                connection.sendall(f"X-{number}: drip\r\n".encode())
                time.sleep(0.05)


def test_one_that_comes_is_answered_and_so_is_the_next(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=30) as connection:
        for _ in range(2):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            found = b""
            while not found.endswith(b"hello"):
                piece = connection.recv(65_536)
                assert piece, "the connection was closed"
                found += piece
            time.sleep(SECONDS / 2)


def test_a_huge_head_is_refused_with_a_word(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=30) as connection:
        try:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 1_000_000)
        except OSError:
            return  # cut off before it was all sent
        assert b"longer than 64 KB" in read_all(connection)
