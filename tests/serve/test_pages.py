"""The pages, as a browser without scripts sees them."""

import io
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from ingest.makers import PROSE, docx, html, page, pdf, serve
from report.pages import Reader

from rhetoric.serve import settings as s
from rhetoric.serve.problems import Problem
from rhetoric.serve.problems import answer as answer_to
from rhetoric.serve.render import slug

from .conftest import Client, Post, files_in, id_of, token_of
from .makers import ARTICLE, GERMAN


@pytest.mark.parametrize("path", ["/", "/?example=essay", "/compare", "/help", "/api", "/history", "/nothing"])
def test_every_page_is_whole_and_loads_nothing_from_elsewhere(client: Client, path: str) -> None:
    answer = client.get(path)
    page = Reader(answer.text)
    assert answer.status_code == (404 if path == "/nothing" else 200)
    assert page.of("html") == [{"lang": "en"}]
    assert len(page.of("h1")) == len(page.of("main")) == len(page.of("title")) == 1
    loaded = [each["src"] for each in page.of("script")] + [each["href"] for each in page.of("link")]
    assert all(each.startswith(("/static/", "data:")) for each in loaded)
    assert not page.of("style")
    assert not [each for _, each in page.elements if "style" in each or any(name.startswith("on") for name in each)]
    labelled = {each["for"] for each in page.of("label") if "for" in each}
    fields = [*page.of("textarea"), *(each for each in page.of("input") if each.get("type") != "hidden")]
    assert all(each.get("id") in labelled or "aria-labelledby" in each for each in fields)


@pytest.mark.parametrize(
    ("told", "scheme"), [("https", "https"), ("https, http", "https"), ("ftp", "http"), ("", "http")]
)
def test_behind_a_proxy_that_speaks_tls_addresses_are_its_own(client: Client, told: str, scheme: str) -> None:
    headers = {"Host": "localhost", "X-Forwarded-Proto": told}
    assert f"curl {scheme}://localhost/api/score " in client.get("/api", headers=headers).text
    moved = client.get("/help/", headers=headers, follow_redirects=False)
    assert moved.headers["location"] == f"{scheme}://localhost/help"


def test_pages_of_what_went_wrong_lead_to_the_history_where_there_is_one(client: Client) -> None:
    for answer in (client.get("/nothing"), client.get("/", headers={"Host": "evil.example"})):
        assert answer.status_code in (404, 400)
        assert 'href="/history"' in answer.text
    assert 'href="/history"' not in answer_to("/nothing", Problem(404, "a", "b"), history_on=False).body.decode()


def test_head_requests_and_our_own_files(client: Client) -> None:
    assert client.head("/").status_code == 200
    for name, kind in (("style.css", "css"), ("article.css", "css"), ("page.js", "javascript"), ("article.js", "java")):
        answer = client.get(f"/static/{name}")
        assert answer.status_code == 200
        assert kind in answer.headers["content-type"]
        assert "@media (prefers-color-scheme" not in answer.text, "paper is white"
    for name in ("app.py", "../app.py", "..%2fapp.py", "%2e%2e/app.py", "style.css%00"):
        assert client.get(f"/static/{name}").status_code == 404


def test_from_a_pasted_text_to_its_report(send: Post) -> None:
    answer = send(text="Who leads?\n\n" + ARTICLE)
    assert answer.status_code == 200
    assert 'class="report' in answer.text
    assert "<title>Who leads? " in answer.text  # the first line is its headline
    assert "race" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def parquet() -> bytes:
    import pyarrow
    from pyarrow import parquet as writer

    out = io.BytesIO()
    writer.write_table(pyarrow.table({"text": [PROSE], "title": ["A shield"]}), out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.txt", PROSE.encode),
        ("a.md", f"# A shield\n\n{PROSE}".encode),
        ("a.html", html(f"<article><h1>A shield</h1><p>{PROSE}</p><p>{PROSE}</p></article>").encode),
        ("a.pdf", lambda: pdf([[PROSE[:90], PROSE[90:180]]])),
        ("a.docx", lambda: docx(PROSE, title="A shield")),
        ("a.jsonl", json.dumps({"text": PROSE}).encode),
        ("a.json", json.dumps([{"text": PROSE}]).encode),
        ("a.csv", f'text\n"{PROSE}"\n'.encode),
        ("a.parquet", parquet),
        ("no name that says what it is", lambda: docx(PROSE)),
    ],
)
def test_a_file_of_every_kind(send: Post, name: str, make: Callable[[], bytes]) -> None:
    answer = send(files={"file": (name, make(), "application/octet-stream")})
    assert answer.status_code == 200
    assert "The ministry called its new rule" in answer.text
    assert 'class="report' in answer.text


def test_a_page_at_a_web_address(send: Post, desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fetched from a server of our own, which has to be allowed."""
    article = html(f"<article><p>{PROSE}</p><p>{PROSE}</p></article>").encode()
    monkeypatch.setattr(desk, "settings", replace(desk.settings, allow_private=True))
    with serve({"/article": page(article)}) as url:
        found = send(url=f"{url}/article")
    assert found.status_code == 200
    assert "The ministry called its new rule" in found.text
    gone = send(url=f"{url}/article")
    assert gone.status_code == 422
    assert "refuses the connection" in gone.text


def test_a_page_that_waits_refreshes_itself_without_a_script(client: Client, begin: Post) -> None:
    path = begin(text=ARTICLE)
    page = client.get(path)
    if 'id="state"' in page.text:  # it may be finished already
        assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page.text
        assert "longer than 5 seconds is stopped" in page.text
    start = time.monotonic()
    assert client.get(f"{path}/state?seen=nothing+of+the+kind").json()["said"] != "nothing of the kind"
    assert time.monotonic() - start < 1, "what the page shows is not so, which is answered at once"
    for _ in range(100):
        found = client.get(f"{path}/state").json()
        if found["finished"]:
            break
    assert found == {"finished": True, "said": "Finished."}


def test_a_text_that_queues_says_that_it_waits(client: Client, token: str, begin: Post) -> None:
    def said(path: str) -> str:
        return str(client.get(f"{path}/state?seen=").json()["said"])

    def wait_until(path: str, begins: str) -> str:
        until = time.monotonic() + 60
        while not (found := said(path)).startswith(begins) and time.monotonic() < until:
            time.sleep(0.05)
        return found

    first = begin(text="A race. HANG")
    wait_until(first, "Analysing")
    second = begin(text="Another race. HANG")
    assert wait_until(second, "Waiting for its turn. ") == "Waiting for its turn. 1 other under way."
    client.post(f"{first}/forget", data={"token": token})
    assert wait_until(second, "Analysing") == "Analysing the text.", "and no other is under way any more"
    client.post(f"{second}/forget", data={"token": token})


def test_what_was_wrong_stands_beside_the_form_and_nothing_is_lost(send: Post, client: Client) -> None:
    answer = send(text=GERMAN)
    assert answer.status_code == 422
    assert "looks like German" in answer.text
    assert "force it (“Go on if it is not English”, under Options" in answer.text
    assert [each for each in Reader(answer.text).of("details") if "open" in each]
    assert GERMAN.strip()[:60] in answer.text
    page = Reader(answer.text)
    assert [each for each in page.of("div") if each.get("role") == "alert"]
    assert send(text=GERMAN, force="yes").status_code == 200
    empty = send(text=" ")
    assert not [each for each in Reader(empty.text).of("details") if "open" in each]
    assert empty.status_code == 422
    assert Reader(empty.text).of("textarea")[0]["aria-invalid"] == "true"
    assert 'href="#text"' in empty.text


def test_options_open_beside_the_text_that_needs_them_and_no_other(send: Post) -> None:
    for texts, opened in (((GERMAN, ARTICLE), [True, False]), ((ARTICLE, GERMAN), [False, True])):
        answer = send("/compare", a_text=texts[0], b_text=texts[1])
        assert ["open" in each for each in Reader(answer.text).of("details")] == opened


def test_a_file_that_has_to_be_chosen_again_is_named_at_its_field(send: Post, client: Client, desk: Any) -> None:
    """No page can choose it, so a form that is shown again has lost it, even where another field was wrong."""
    article = {"a_file": ("speech <1>.txt", ARTICLE.encode())}
    for shown in (
        send("/compare", article, b_text=GERMAN).text,
        send("/compare", article).text,
        client.post("/compare", data={"token": "of before", "b_text": ARTICLE}, files=article).text,
    ):
        assert '<p class="hint" id="a_file-hint">“speech &lt;1&gt;.txt” has to be chosen again. Text, Markdown' in shown
        assert '<p class="hint" id="b_file-hint">Text, Markdown' in shown
    assert "chosen again" not in send(text=GERMAN).text


def test_empty_lines_before_a_text_stay_when_its_form_is_shown_again(send: Post) -> None:
    """Browsers drop a line break right after the tag."""
    page = send(text=f"\n\n  {GERMAN}").text
    assert f">\n\n\n  {GERMAN[:40]}" in page


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ('Über-Essay: "A"/b', "uber-essay-a-b"),
        ("Straße nach Łódź", "strasse-nach-odz"),
        ("ﬁrst café, naïve", "first-cafe-naive"),
        ("竞赛", "text"),
        ("é" * 99, "e" * 60),
    ],
)
def test_a_name_of_a_file_keeps_its_letters(title: str, name: str) -> None:
    assert slug(title) == name


def test_a_form_that_is_not_ours_is_not_taken(client: Client, desk: Any) -> None:
    before = len(desk.jobs)
    for path in ("/texts", "/compare", "/history/delete", "/history/compare"):
        for form in ({"text": ARTICLE}, {"text": ARTICLE, "token": "x"}, {"token": "é"}):
            answer = client.post(path, data=form)
            assert answer.status_code == 403
            assert ("send it again" if path in ("/texts", "/compare") else "Go back, reload it") in answer.text
    assert len(desk.jobs) == before
    evil = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    form = {"text": ARTICLE, "token": token_of(client.get("/").text)}
    assert client.post("/texts", data=form, headers=evil).status_code == 403


def test_a_form_of_a_server_that_was_started_anew_loses_nothing(send: Post, client: Client) -> None:
    def again(path: str, **fields: str) -> str:
        answer = client.post(path, data={"token": "of before", **fields})
        assert answer.status_code == 403
        assert token_of(answer.text) == token_of(client.get("/").text)
        return str(answer.text)

    assert ARTICLE in again("/texts", text=ARTICLE)
    assert "What you wrote is still here" in again("/compare", a_text="One.", b_text=ARTICLE)
    here = id_of(send(text=ARTICLE, title="The first").url.path)
    assert f'name="first" value="{here}/1"' in again("/compare", first=f"{here}/1", b_text=ARTICLE)
    for gone in (
        again("/compare", first="gone/1", b_text=ARTICLE),
        send("/compare", first="gone/1", b_text=ARTICLE).text,
    ):
        assert 'name="first"' not in gone and "<legend>First text</legend>" in gone and ARTICLE in gone
    assert "The first text is not here any more" in gone


def test_a_table_gives_a_list(send: Post, client: Client) -> None:
    rows = [{"id": f"k{n}", "text": f"The race number {n} is on.", "title": f"Row {n}"} for n in range(25)]
    table = "\n".join(map(json.dumps, [*rows[:3], {"id": "bad", "text": ""}, *rows[3:]]))
    answer = send(files={"file": ("t.jsonl", io.BytesIO(table.encode()))})
    assert answer.status_code == 200
    assert "<h1>20 texts</h1>" in answer.text
    assert "Only its first 20 documents" in answer.text
    assert "there is no text here" in answer.text
    path = answer.url.path
    assert "Row 0" in client.get(f"{path}/1").text
    compare = f"/compare?with={id_of(path)}/2"
    assert f'href="{compare}"' in client.get(f"{path}/2").text
    assert "First text: <strong><bdi>Row 1</bdi>" in client.get(compare).text
    assert client.get(f"{path}/4").status_code == 404  # the one that could not be read
    for number in ("21", "0", "01", "-1", "x", "٣", "9" * 5000):
        assert client.get(f"{path}/{number}").status_code == 404
        assert client.get(f"{path}/{number}/records.jsonl").status_code == 404
    lines = client.get(f"{path}/all/records.jsonl").text.splitlines()
    assert len(lines) == 19
    assert client.get(f"{path}/all/report.html").status_code == 404


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("records.jsonl", "application/x-ndjson"),
        ("report.html", "text/html"),
        ("report.md", "text/markdown"),
        ("scorecard.csv", "text/csv"),
        ("scorecard.json", "application/json"),
    ],
)
def test_exports_are_sent_as_files(send: Post, client: Client, name: str, kind: str) -> None:
    path = send(text=ARTICLE, title='../Who "leads"?\r\nX: y').url.path
    answer = client.get(f"{path}/1/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["content-disposition"] == f'attachment; filename="who-leads-x-y-{name}"'
    assert answer.content
    assert client.get(f"{path}/1/other.txt").status_code == 404
    assert client.get(f"{path}/x/{name}").status_code == 404


def test_every_passage_may_count(send: Post, client: Client) -> None:
    path = send(text=ARTICLE).url.path
    both = [client.get(f"{path}{query}").text for query in ("", "?every=yes")]
    assert "Count every passage" in both[0]
    assert "Count only what is on the matter" in both[1]
    assert json.loads(client.get(f"{path}/1/scorecard.json?every=yes").text)["every_passage"] is True


@pytest.mark.parametrize(
    ("path", "fields", "files", "said", "field", "tag"),
    [
        ("/compare", {"a_text": ARTICLE, "b_text": GERMAN}, None, "Second text: ", "b_text", "textarea"),
        ("/compare", {"a_text": GERMAN, "b_text": ARTICLE}, None, "First text: ", "a_text", "textarea"),
        ("/compare", {"a_text": ARTICLE}, None, "Second text: ", "b_text", "textarea"),
        ("/compare", {"a_text": ARTICLE}, {"b_file": ("b.txt", GERMAN)}, "Second text: ", "b_file", "input"),
        ("/texts", {"text": GERMAN}, None, "", "text", "textarea"),
        ("/texts", {"url": "http://127.0.0.1:1/"}, None, "", "url", "input"),
        ("/texts", {}, {"file": ("t.jsonl", '{"text": ""}\n{"text": 3}')}, "", "file", "input"),
    ],
)
def test_what_failed_is_said_at_its_field(
    send: Post, path: str, fields: dict[str, str], files: Any, said: str, field: str, tag: str
) -> None:
    answer = send(path, files, **fields)
    page = Reader(answer.text)
    assert answer.status_code == 422
    assert f'<li>{said}<a href="#{field}">' in answer.text
    wrong = [each for name in ("textarea", "input") for each in page.of(name) if "aria-invalid" in each]
    assert [each["id"] for each in wrong] == [field]
    assert wrong[0]["aria-describedby"] == f"{field}-hint {field}-wrong"
    assert answer.text.count(f'id="{field}-wrong"') == 1


def test_what_failed_in_a_list_names_what_the_form_has(send: Post) -> None:
    rows = [{"text": "The race."}, {"text": GERMAN}, {"text": 3}, {"body": "x"}]
    answer = send(files={"file": ("t.jsonl", "\n".join(map(json.dumps, rows)))})
    assert "<h1>4 texts</h1>" in answer.text
    assert "force it (“Go on if it is not English”, under Options" in answer.text
    assert answer.text.count("under Options of the form") == 3


def test_a_document_that_hangs_or_ends_its_process_takes_nothing_else_with_it(send: Post, client: Client) -> None:
    hung = send(text="A race. HANG")
    assert hung.status_code == 422
    assert "took longer than 5 seconds" in hung.text
    ended = send(text="A race. DIE")
    assert ended.status_code == 422
    assert "ended" in ended.text
    assert client.get("/").status_code == 200
    assert send(text=ARTICLE).status_code == 200


def test_what_is_finished_can_be_forgotten(send: Post, client: Client, token: str) -> None:
    path = send(text=ARTICLE).url.path
    assert client.post(f"{path}/forget").status_code == 403
    assert client.post(f"{path}/forget", data={"token": token}).status_code == 200
    gone = client.get(path)
    assert gone.status_code == 404
    assert "not here any more" in gone.text
    assert "somebody chose Stop or Forget it" in gone.text


def test_what_is_under_way_can_be_stopped(send: Post, begin: Post, client: Client, token: str, desk: Any) -> None:
    path = begin(text="A race. HANG")
    waiting = begin("/compare", [("b_file", ("b.txt", b"The race.")), ("a_file", ("a.txt", b"A race. HANG"))])
    assert f'action="{path}/forget"' in client.get(path).text
    start = time.monotonic()
    for each in (path, waiting):
        stopped = client.post(f"{each}/forget", data={"token": token})
        assert "<h1>Stopped</h1>" in stopped.text
        assert client.get(each).status_code == 404
    assert send(text=ARTICLE).status_code == 200, "others are read at once"
    assert time.monotonic() - start < desk.settings.time_limit
    assert files_in(desk.folder) == []
    assert [each.title for each in desk.history.all()] == ["The race is on."]
    assert desk._under_way == 0


def test_when_too_many_wait_the_next_is_sent_away_and_loses_nothing(
    send: Post, client: Client, token: str, monkeypatch: pytest.MonkeyPatch, desk: Any
) -> None:
    first = id_of(send(text=ARTICLE, title="The first").url.path)
    monkeypatch.setattr(s, "MOST_WAITING", 0)
    for path, fields, kept in (
        ("/texts", {"text": ARTICLE, "title": "Mine"}, ["A second race, between", 'value="Mine"']),
        ("/compare", {"a_text": "One race.", "b_text": ARTICLE}, ["One race.", "A second race, between"]),
        ("/compare", {"first": f"{first}/1", "b_text": ARTICLE}, [f'value="{first}/1"', "A second race, between"]),
    ):
        answer = client.post(path, data={"token": token, **fields}, files={"file": ("", b"")})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
        assert "Try again in a minute" in answer.text
        assert all(each in answer.text for each in kept)
    assert client.post("/api/score", json={"text": ARTICLE}).status_code == 503
    assert files_in(desk.folder) == []
