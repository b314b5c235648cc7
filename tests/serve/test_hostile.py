"""Texts, names and requests that mean harm: nothing runs, nothing hangs, and what is wrong is said."""

import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any
from urllib.parse import quote

import pytest
from ingest.makers import PROSE, page, serve
from report.pages import Reader

from .conftest import Client, Post, files_in
from .makers import ARTICLE

SCRIPT = "<script>alert(1)</script>"
ATTACKS = [
    SCRIPT,
    "</textarea></title><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    '"><b onmouseover="alert(1)">',
    "{{ 7*7 }}{% raw %}",
    "\u202edoc.exe\u2066",
]


def harmless(page: str) -> None:
    """Fail where a page holds a script, handler or address that is not of our making."""
    outline = Reader(page)
    assert all(re.fullmatch(r"/static/(page|article)\.js", each.get("src", "")) for each in outline.of("script"))
    assert not [tag for tag, _ in outline.elements if tag in ("img", "iframe", "object", "embed", "b", "base")]
    attributes = [(name, str(value)) for _, each in outline.elements for name, value in each.items()]
    assert not [name for name, _ in attributes if name.startswith("on")]
    assert not [value for name, value in attributes if name in ("href", "src", "action") and "script:" in value]
    assert not set(page) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\0")


def docx(document: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
    return out.getvalue()


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_in_text_title_name_and_metadata_is_text(send: Post, client: Client, attack: str) -> None:
    rows = [{"id": attack, "text": f"A race. {attack}", "title": attack, "author": attack, "source": attack}] * 2
    for answer in (
        send(text=f"A race. {attack} {ARTICLE}", title=attack),
        send(text=attack),
        send(files={"file": (f"{attack}.txt", f"A race. {attack}".encode())}),
        send(files={"file": ("a.svg", f"<svg onload='alert(1)'>{SCRIPT}<text>A race. {attack}</text></svg>".encode())}),
        send(files={"file": ("t.jsonl", "\n".join(map(json.dumps, rows)).encode())}),
        send(url=f"http://127.0.0.1/{attack}"),
        send(text=" ", title=attack, text_field=attack),
        client.get(f"/{attack}"),
        client.get("/compare", params={"with": attack}),
        client.get("/history"),
    ):
        assert answer.status_code in (200, 404, 422)
        harmless(answer.text)
    if "{{" in attack:
        assert attack in send(text=f"A race. {attack}").text
    page = client.get(f"{send(text='A race.', title=attack).url.path}/1/report.html").text
    assert "alert(1)</script>" not in page
    assert "<img" not in page


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"\0" * 1000, "binary file"),
        ("a.pdf", b"%PDF-1.7\n1 0 obj <</Length 99999999999>> stream\n" + b"\xff" * 5000, "PDF"),
        ("a.docx", docx(b" " * 50_000_000), "zip bomb"),
        ("a.docx", docx(b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><x>&b;</x>"), "docx"),
        ("a.html", b"<div>" * 100_000, "page"),
        ("a.json", b"[" * 100_000, "nested"),
        ("a.csv", b'text\n"' + b"x" * 500_000, "limit"),
        ("a.parquet", b"PAR1\0\0\0PAR1", "damaged"),
        (
            "a.txt",
            b"x" * 2_000_000,
            "limit here is 1 MB. Split it, or raise the limit (whoever started this server can, with --max-bytes).",
        ),
        ("../../../etc/passwd", b"x" * 21_000, "over the limit of 20,000"),
    ],
)
def test_files_that_mean_harm_end_in_a_message(send: Post, name: str, data: bytes, said: str) -> None:
    start = time.monotonic()
    answer = send(files={"file": (name, data, "text/plain")})
    assert answer.status_code == 422
    message = Reader(answer.text)
    assert [each for each in message.of("div") if each.get("role") == "alert"]
    assert said in re.sub(r"\s+", " ", answer.text)
    assert "Traceback" not in answer.text
    assert "rhetoric-" not in answer.text, "the name of our folder for what is sent"
    assert time.monotonic() - start < 60


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_page_that_means_harm_is_text(send: Post, desk: Any, monkeypatch: pytest.MonkeyPatch, attack: str) -> None:
    """In its address, its title, its author and its words."""
    said = escape(attack)
    words = f"<title>{said}</title><meta name=author content='{said}'><article><h1>{said}</h1><p>{PROSE} {said}</p>"
    path = f"/{quote(attack)}"
    monkeypatch.setattr(desk, "settings", replace(desk.settings, allow_private=True))
    with serve({path: page(f"<html><head><meta charset=utf-8>{words}<p>{PROSE}</p></article>".encode())}) as url:
        answer = send(url=url + path)
    assert answer.status_code == 200
    harmless(answer.text)


def test_two_megabytes_of_one_line(send: Post, client: Client) -> None:
    answer = send(text="The race is on. " * 131_072)
    assert answer.status_code in (413, 422)
    assert "limit" in answer.text or "too long" in answer.text
    assert len(answer.content) < 6_000_000
    five = client.post("/texts", data={"text": "x" * 5_000_000}, files={"file": ("", b"")})
    assert five.status_code == 413
    assert "Split it" in five.text
    run = send(text="x" * 19_000)
    assert "without a space" in run.text or run.status_code == 200


@pytest.mark.parametrize("name", ["../../x.txt", "..\\..\\x.txt", "/etc/passwd.txt", "a\0b.txt", "con.txt", "x" * 1000])
def test_names_lead_nowhere(send: Post, desk: Any, name: str) -> None:
    answer = send(files={"file": (name, b"The race is on.")})
    assert answer.status_code == 200
    assert files_in(desk.folder) == []


def test_wrong_kinds_of_bodies(client: Client) -> None:
    for kind, body in (
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--"),
        ("application/json", b'{"text": "x"}'),
        ("application/x-www-form-urlencoded", b"%" * 1000),
        ("text/plain", b"\xff" * 1000),
        ("multipart/form-data; boundary=x; charset=utf-7", b"--x--"),
    ):
        answer = client.post("/texts", content=body, headers={"Content-Type": kind})
        assert answer.status_code in (400, 403, 415), kind
        harmless(answer.text)


def test_too_many_parts(client: Client, token: str) -> None:
    many = [("file", (f"{n}.txt", b"x")) for n in range(50)]
    assert client.post("/texts", data={"token": token}, files=many).status_code == 400
    assert client.post("/texts", data={f"f{n}": "x" for n in range(100)}, files={"file": ("", b"")}).status_code == 400


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "0", "2130706433", "localhost"]
)
def test_addresses_inside_are_not_fetched(send: Post, address: str) -> None:
    answer = send(url=f"http://{address}/")
    assert answer.status_code == 422
    assert "not a public address" in answer.text or "not a host name" in answer.text


def test_the_result_of_a_task_that_raises_is_an_error_page(
    send: Post, client: Client, monkeypatch: pytest.MonkeyPatch, desk: Any
) -> None:
    path = send(text=ARTICLE).url.path

    async def broken(*arguments: object, **options: object) -> Callable[..., Any]:
        raise KeyError("of no meaning to a reader")

    monkeypatch.setattr(desk, "export", broken)
    answer = client.get(f"{path}/1/records.jsonl")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "of no meaning" not in answer.text
    assert "frame-ancestors" in answer.headers["content-security-policy"]
