import gzip
import re
import socket
import threading
import time
from typing import Any

import pytest

from rhetoric.errors import SourceError
from rhetoric.ingest import Document, Failure, ReadOptions, read
from rhetoric.ingest import web as module
from rhetoric.ingest.web import is_public

from .makers import PROSE, html, on_the_internet, page, pdf, serve

ARTICLE = html(f"<article><h1>A shield</h1><p>{PROSE}</p><p>{PROSE[:100]}</p></article>").encode()
LOCAL = ReadOptions(allow_private=True, timeout=5)


def one(url: str, options: ReadOptions = LOCAL) -> Document | Failure:
    (found,) = read([url], options=options)
    return found


def why(url: str, options: ReadOptions = LOCAL) -> str:
    found = one(url, options)
    assert isinstance(found, Failure), found
    return found.reason


def test_a_time_without_end_is_as_good_as_one_that_is_long() -> None:
    with serve({"/": page(ARTICLE)}) as base:
        assert isinstance(one(f"{base}/", ReadOptions(allow_private=True, timeout=float("inf"))), Document)


def moved(to: str):
    return page(b"", status=302, Location=to)


def test_pages_by_content_type() -> None:
    answers = {
        "/a": page(ARTICLE),
        "/b": page(pdf([[PROSE[:90], PROSE[90:]]]), "application/pdf"),
        "/c.md": page(f"# A *shield*\n\n{PROSE}".encode(), "text/plain"),
        "/d": page(f"{PROSE} naïve".encode("latin-1"), "text/plain; charset=latin-1"),
        "/e": page(b'{"text": "One."}\n{"text": "Two."}', "application/x-ndjson"),
    }
    with serve(answers) as base:
        for path, kind in (("/a", "html"), ("/b", "pdf"), ("/c.md", "md"), ("/d", "txt")):
            found = one(base + path)
            assert isinstance(found, Document), found
            assert found.meta["format"] == kind
            assert found.meta["url"] == found.meta["source"] == base + path
            assert PROSE[:40] in found.text
        assert isinstance(found, Document)
        assert found.text.endswith("naïve")
        assert len(list(read([base + "/e"], options=LOCAL))) == 2


def test_loopback_needs_the_flag() -> None:
    with serve({"/": page(ARTICLE)}) as base:
        assert "127.0.0.1 is not a public address" in why(base, ReadOptions())
        assert "allow private addresses" in why(base.replace("127.0.0.1", "localhost"), ReadOptions())


@pytest.mark.parametrize(
    "address",
    (  # noqa: SIM905 - a list of quoted addresses would be harder to read
        "127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 240.0.0.1 "
        "255.255.255.255 192.0.0.192 192.0.2.1 198.18.0.1 192.88.99.1 ::1 :: fe80::1 fe80::1%eth0 fc00::1 ff02::1 "
        "::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1:: 2001:0:7f00:1:: "
        "2001:db8::1 3fff::1 fec0::1 100::1"
    ).split(),
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://0/", "http://[::1]/",
        "http://[::ffff:127.0.0.1]/", "http://１２７.０.０.１/", "http://127。0。0。1/", "http:///x", "http://[fe80::1%25lo]/",
        "http://a:99999/", "http://[::1/", "ftp://example.com/", "file:///etc/passwd", "http://user:pw@127.0.0.1/",
        "gopher://127.0.0.1/", "http://0x7f.1/", "http://localhost./", "http://a b/", "http://a\0b/", "http://a\x7f/",
    ],
)  # fmt: skip
def test_forms_of_address_that_are_refused(url: str) -> None:
    start = time.monotonic()
    with pytest.raises(SourceError):
        module.fetch(url, ReadOptions(timeout=5))
    assert time.monotonic() - start < 4


def test_a_password_is_not_repeated() -> None:
    (found,) = read(["http://user:secret@127.0.0.1/"])
    assert isinstance(found, Failure)
    assert "secret" not in found.source + found.reason


def test_redirects_are_followed_and_counted() -> None:
    answers = {"/1": moved("/2"), "/2": moved("/3"), "/3": page(ARTICLE), "/loop": moved("/loop")}
    with serve(answers) as base:
        found = one(base + "/1")
        assert isinstance(found, Document)
        assert found.meta["url"] == base + "/3"
        assert "redirects" in why(base + "/loop")


def test_who_fetches_is_told_of_each_address_before_it_is_asked() -> None:
    told: list[str] = []

    def before(url: str) -> None:
        told.append(url)
        time.sleep(0.3)  # which is not counted
        if url.endswith("/no"):
            raise SourceError(url, "is not to be asked.")

    options = ReadOptions(allow_private=True, timeout=0.5)
    with serve({"/1": moved("/2"), "/2": moved("/3"), "/3": page(ARTICLE), "/4": moved("/no")}) as base:
        assert module.fetch(base + "/1", options, before).url == base + "/3"
        assert told == [f"{base}/{number}" for number in (1, 2, 3)]
        with pytest.raises(SourceError, match=rf"/4: it leads to {base}/no: is not to be asked"):
            module.fetch(base + "/4", options, before)


def test_a_failure_behind_a_redirect_is_that_of_the_address_asked_for() -> None:
    with serve({"/1": moved("/404"), "/404": page(b"no", status=404)}) as base:
        found = one(base + "/1")
    assert isinstance(found, Failure) and found.source == base + "/1"
    assert f"it leads to {base}/404: the server answers 404" in found.reason


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1:PORT/in", "http://localhost:PORT/in", "http://localhost.:PORT/in", "//127.0.0.1:PORT/in",
        "http://2130706433:PORT/in", "http://0x7f000001:PORT/in", "http://0x7f.0.0.1:PORT/in", "http://127.1:PORT/in",
        "http://017700000001:PORT/in", "http://0177.0.0.1:PORT/in", "http://0:PORT/in", "http://0.0.0.0:PORT/in",
        "http://[::1]:PORT/in", "http://[::ffff:127.0.0.1]:PORT/in", "http://[::ffff:7f00:1]:PORT/in",
        "http://[::127.0.0.1]:PORT/in", "http://[64:ff9b::7f00:1]:PORT/in",
        "http://10.0.0.1/", "http://192.168.0.1/", "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/", "http://[fe80::1]/", "http://100.100.100.200/",
        "http://loopback.example:PORT/in", "http://private.example/", "http://metadata.example/",
        "http://six.example:PORT/in", "http://mapped.example:PORT/in", "http://both.example:PORT/in",
        "http://public.example@127.0.0.1:PORT/in", "http://u:p@public.example:PORT/in", "file:///etc/passwd",
        "ftp://127.0.0.1/", "/2",
    ],
)  # fmt: skip
def test_every_redirect_is_checked(monkeypatch: pytest.MonkeyPatch, to: str) -> None:
    asked: list[str] = []
    answers = {"/in": lambda handler: asked.append(handler.path)}
    with serve(answers) as base:
        port = base.rpartition(":")[2]
        answers |= {"/": moved(to.replace("PORT", port)), "/2": moved(f"http://loopback.example:{port}/in")}
        said = why(f"{on_the_internet(base, monkeypatch)}/", ReadOptions(timeout=5))
    assert said.startswith("it leads to ") and asked == []
    assert re.search("not a public|only http|user name|not a host name|name of this host cannot be found", said)


def test_a_name_is_resolved_once_and_the_checked_address_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that turns to another address after the check: the connection must go where the check looked."""
    seen: list[str] = []

    def resolve(host: str, port: int, *args: object, **kwargs: object):
        seen.append(host)
        address = "127.0.0.1" if host in ("rebind.example", "127.0.0.1") and seen.count(host) == 1 else "10.9.9.9"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    with serve({"/": page(ARTICLE)}) as base:
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        found = one(base.replace("127.0.0.1", "rebind.example") + "/")
    assert isinstance(found, Document), found
    assert seen.count("rebind.example") == 1


def test_where_one_address_does_not_answer_the_next_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, *args: object, **kwargs: object):
        addresses = ["127.0.0.9", "127.0.0.1"] if host == "two.example" else [host]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    with serve({"/": page(ARTICLE)}) as base:
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        assert isinstance(one(base.replace("127.0.0.1", "two.example") + "/"), Document)


def test_the_host_header_names_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, str] = {}

    def answer(handler) -> None:
        asked.update(handler.headers)
        page(ARTICLE)(handler)

    with serve({"/": answer}) as base:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        assert isinstance(one(base.replace("127.0.0.1", "localhost") + "/"), Document)
    assert asked["Host"].startswith("localhost:")
    assert asked["User-Agent"].startswith("rhetoric-toolkit/")


def test_size_limits_before_and_after_unpacking() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    answers = {
        "/big": page(b"x" * 3_000_000, "text/plain"),
        "/bomb": page(bomb, "text/plain", Content_Encoding="gzip"),
        "/gzip": page(gzip.compress(ARTICLE), Content_Encoding="gzip"),
        "/parts": page(
            gzip.compress(b"one ") + gzip.compress(b"two and the rest ") + b"\0\0",
            "text/plain",
            Content_Encoding="gzip",
        ),
        "/odd": page(b"x", Content_Encoding="br"),
    }
    options = ReadOptions(allow_private=True, timeout=5, max_bytes=1_000_000)
    assert len(bomb) < 1_000_000
    with serve(answers) as base:
        assert "larger than the limit of 1 MB" in why(base + "/big", options)
        assert "larger than the limit of 1 MB" in why(base + "/bomb", options)
        assert "compressed as br" in why(base + "/odd", options)
        assert isinstance(one(base + "/gzip", options), Document)
        assert one(base + "/parts", options).text == "one two and the rest "


def drip_header(handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for i in range(100):
        handler.wfile.write(f"X-{i}: y\r\n".encode())
        time.sleep(0.05)


def drip_body(handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/plain")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def circle_slowly(handler) -> None:
    time.sleep(0.15)
    moved("/circle")(handler)


def test_the_time_limit_is_for_all_together() -> None:
    answers = {"/body": drip_body, "/silent": lambda _: time.sleep(2), "/circle": circle_slowly, "/header": drip_header}
    with serve(answers) as base:
        for path in answers:
            start = time.monotonic()
            assert "within 0.4 seconds" in why(base + path, ReadOptions(allow_private=True, timeout=0.4))
            assert time.monotonic() - start < 1.5
        while any("(work)" in thread.name for thread in threading.enumerate()):
            time.sleep(0.02)
        assert time.monotonic() - start < 4, "what nobody waits for any more is cut off"


def test_no_host_is_asked_whose_name_was_found_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    found = socket.getaddrinfo

    def resolve(*args: Any, **kwargs: Any) -> Any:
        time.sleep(0.3)
        return found(*args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with serve({"/": lambda handler: asked.append(handler.path)}) as base:
        assert "within 0.1 seconds" in why(f"{base}/", ReadOptions(allow_private=True, timeout=0.1))
        while any("(work)" in thread.name for thread in threading.enumerate()):
            time.sleep(0.02)
        time.sleep(0.1)
    assert asked == []


def test_errors_are_said() -> None:
    def short(handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"only this")

    answers = {
        "/404": page(b"no", status=404),
        "/short": short,
        "/png": page(b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
        "/empty": page(b""),
        "/junk": lambda handler: handler.wfile.write(b"nonsense\r\n\r\n"),
    }
    with serve(answers) as base:
        assert "404" in why(base + "/404")
        assert "broke off" in why(base + "/short")
        assert "PNG" in why(base + "/png")
        assert "empty" in why(base + "/empty")
        assert "could not be fetched" in why(base + "/junk")
        assert "does not speak https" in why(base.replace("http:", "https:"))
    assert "refuses" in why(base)


def test_a_name_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*args: object, **kwargs: object):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert "cannot be found" in why("http://nowhere.example/")
