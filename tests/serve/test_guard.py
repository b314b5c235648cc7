"""Who may call, how much may be sent and how slowly; whatever lies behind."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra serve is not installed")

from rhetoric.serve.guard import Guard

PATH = "/texts"


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with how many bytes came."""
    seen, more = 0, True
    while more:
        message = await receive()
        seen += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(seen).encode()})


def call(
    headers: dict[str, str],
    *,
    method: str = "POST",
    path: str = PATH,
    pieces: Iterable[bytes] = (b"",),
    pause: float = 0.0,
    **options: Any,
) -> tuple[int, dict[str, str], str, int]:
    """Give status, headers and body of the answer, and how many pieces were taken from the sender."""
    sent: list[Any] = []
    waiting = list(pieces)
    taken = 0

    async def receive() -> Any:
        nonlocal taken
        await asyncio.sleep(pause)
        taken += 1
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": raw, "query_string": b""}
    asyncio.run(Guard(echo, **{"limit": 1000, **options})(scope, receive, send))
    start, *bodies = sent
    said = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], said, b"".join(each.get("body", b"") for each in bodies).decode(), taken


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("LOCALHOST.:80", 200),
        ("[::1]:8000", 200),
        ("192.168.1.5:8000", 200),
        ("papers.example:8000", 200),
        ("other.example", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("localhost.evil.example", 400),
        ("evil.example@127.0.0.1", 400),
        ("127.0.0.1:8000/x", 400),
        ("localhost:", 400),
        ("localhost:http", 400),
        ("localhost:80:80", 400),
        ("[::1", 400),
        ("", 400),
    ],
)
def test_only_known_names_are_answered(host: str, status: int) -> None:
    assert call({"Host": host}, method="GET", hosts=["Papers.example", "other.example:8000", "//"])[0] == status


@pytest.mark.parametrize(
    ("headers", "page", "api"),
    [
        ({}, 200, 200),  # no browser
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200, 200),
        ({"Sec-Fetch-Site": "none"}, 200, 200),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:9"}, 403, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"}, 403, 403),
        ({"Origin": "http://127.0.0.1:8000"}, 200, 200),
        ({"Origin": "https://127.0.0.1:8000"}, 200, 200),  # a proxy that encrypts stands before us
        ({"Origin": "http://127.0.0.1:9000"}, 403, 403),
        ({"Origin": "http://127.0.0.1"}, 403, 403),
        ({"Origin": "http://evil.example"}, 403, 403),
        ({"Origin": "null"}, 200, 403),  # our own forms say so where no Sec-Fetch-Site is sent; they carry a token
    ],
)
def test_requests_from_other_pages_are_not_taken(headers: dict[str, str], page: int, api: int) -> None:
    given = {"Host": "127.0.0.1:8000", **headers}
    assert call(given)[0] == page
    assert call(given, path="/api/score")[0] == api
    assert call(given, method="GET")[0] == 200


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("multipart/form-data; boundary=x", 200),
        ("multipart/form-data; boundary=x; charset=UTF-8", 200),
        ("multipart/form-data; boundary=x; charset=utf8", 200),
        ("application/json; charset=iso-8859-1", 200),  # JSON is UTF-8 whatever is said of it
        ("multipart/form-data; boundary=x; charset=punycode", 415),  # four megabytes of it take it hours
        ("multipart/form-data; boundary=x; CHARSET=unicode_escape", 415),  # makes lone surrogates, which end in 500
    ],
)
def test_forms_in_other_encodings_are_not_decoded(kind: str, status: int) -> None:
    assert call({"Host": "localhost", "Content-Type": kind})[0] == status


def test_a_body_is_counted_as_it_comes() -> None:
    host = {"Host": "localhost"}
    assert call(host, pieces=[b"x" * 500, b"x" * 500])[::2] == (200, "1000")
    status, headers, body, taken = call(host, pieces=[b"x" * 400] * 10)
    assert (status, taken) == (413, 10)  # dropped to its end, for a browser reads no answer before
    assert headers["connection"] == "close"
    assert "too much" in body
    assert call(host, pieces=[b"x" * 400] * 1000)[3] < 100  # but not for ever
    assert call({**host, "Content-Length": "1000"}, pieces=[b"x" * 1000])[0] == 200
    assert call({**host, "Content-Length": "5000"}, pieces=[b"x" * 500] * 10)[0] == 413
    assert call({**host, "Content-Length": "-1"})[0] == 413


def test_a_body_that_drips_is_cut_off() -> None:
    status, headers, body, taken = call({"Host": "localhost"}, pieces=[b"x"] * 100, pause=0.1, seconds=0.3)
    assert (status, headers["connection"]) == (408, "close")
    assert taken < 10
    assert "0.3 seconds" in body
    too_much = {"Host": "localhost", "Content-Length": "5000"}
    status, _, _, taken = call(too_much, pieces=[b"x"] * 100, pause=0.1, seconds=0.3)
    assert status == 413 and taken < 10, "what is dropped is not waited for either"


def test_who_goes_away_while_sending_is_no_error_of_the_server() -> None:
    from starlette.requests import Request

    sent: list[Any] = []

    async def take_form(scope: Any, receive: Any, send: Any) -> None:
        await Request(scope, receive).form()

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(b"host", b"localhost"), (b"content-type", b"multipart/form-data; boundary=x")]
    scope = {"type": "http", "method": "POST", "path": PATH, "headers": raw, "query_string": b""}
    asyncio.run(Guard(take_form, limit=1000)(scope, receive, send))
    assert sent == []


def test_every_answer_has_the_headers_that_protect() -> None:
    for given in ({"Host": "localhost"}, {"Host": "evil.example"}):
        headers = call(given)[1]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"


def test_a_problem_is_a_page_or_json() -> None:
    assert call({"Host": "evil.example"})[1]["content-type"].startswith("text/html")
    _, headers, body, _ = call({"Host": "evil.example"}, path="/api/score")
    assert headers["content-type"] == "application/problem+json"
    assert '"status":400' in body
