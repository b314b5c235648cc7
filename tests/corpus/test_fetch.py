import csv
import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ingest.makers import GERMAN, PROSE, Answer, html, on_the_internet, page, pdf, serve

from rhetoric.corpus import fetch as module
from rhetoric.corpus.catalogue import Entry, letters
from rhetoric.corpus.fetch import Fetched, fetch_texts, read_provenance
from rhetoric.errors import RhetoricError
from rhetoric.ingest import ReadOptions

LOCAL = ReadOptions(allow_private=True, timeout=5)
TEXT = f"{PROSE}\n\n{PROSE[:90]}.\n"
ROBOTS = "/robots.txt"
Server = Callable[[dict[str, Answer]], tuple[str, list[str]]]


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


def entry(slug: str, url: str, text: str = "", known: bool = True) -> Entry:
    sha = hashlib.sha256(text.encode()).hexdigest() if text else ""
    letter = hashlib.sha256(letters(text).encode()).hexdigest() if text and known else ""
    return Entry(slug, slug.title(), "Ann", "US", "essay", "2020", 1, "CC0", url, sha, letter)


def run(folder: Path, *entries: Entry, options: ReadOptions = LOCAL, **how: Any) -> list[Fetched]:
    return list(fetch_texts(entries, folder, options, pause=how.pop("pause", 0.0), **how))


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "provenance.jsonl").read_text().splitlines()]


def plain(text: str) -> Answer:
    return page(text.encode(), "text/plain; charset=utf-8")


def test_texts_are_extracted_checked_and_recorded(server: Server, tmp_path: Path) -> None:
    spaced = TEXT.replace(". ", ".  \n")
    answers = {
        "/same.txt": plain(TEXT),
        "/spaced.txt": plain(spaced),
        "/other.md": plain(f"# A *shield*\n\n{PROSE}"),
        "/page": page(html(f"<article><p>{PROSE}</p><p>{PROSE[:90]}.</p></article>").encode()),
        "/raw.pdf": page(pdf([[PROSE[:90], PROSE[90:]]]), "application/octet-stream"),
    }
    base, _ = server(answers)
    found = run(
        tmp_path,
        entry("same", f"{base}/same.txt", TEXT),
        entry("spaced", f"{base}/spaced.txt", TEXT),
        entry("other", f"{base}/other.md", TEXT),
        entry("page", f"{base}/page"),
        entry("raw", f"{base}/raw.pdf", TEXT, known=False),
    )
    assert [each.status for each in found] == ["same", "same words", "differs", "unchecked", "differs"]
    texts = {each.slug: (tmp_path / "texts" / f"{each.slug}.txt").read_text() for each in found}
    assert texts["same"] == TEXT
    assert texts["other"].startswith("A shield\n\nThe ministry")
    assert PROSE[:40] in texts["page"] and PROSE[:40] in texts["raw"]
    rows = lines(tmp_path)
    assert [row["slug"] for row in rows] == list(texts)
    for row in rows:
        assert row["sha256"] == hashlib.sha256(texts[row["slug"]].encode()).hexdigest()
        assert row["rights"] == "CC0" and row["time"].endswith("+00:00")
        assert "kept" not in row
    assert rows[0]["bytes"] == len(TEXT.encode())
    assert rows[0]["download_sha256"] == rows[0]["sha256"]
    assert "reads otherwise" in rows[2]["note"]
    assert sorted(path.name for path in (tmp_path / "texts").iterdir()) == sorted(f"{slug}.txt" for slug in texts)


def test_a_text_is_read_as_its_server_says_that_it_is_encoded(server: Server, tmp_path: Path) -> None:
    text = f"“{PROSE}” — naïve.\n"
    base, _ = server({"/a": page(text.encode("mac-roman"), "text/plain; charset=macintosh")})
    assert [each.status for each in run(tmp_path, entry("a", f"{base}/a", text))] == ["same"]


def test_a_second_run_asks_for_nothing(server: Server, tmp_path: Path) -> None:
    base, asked = server({"/a.txt": plain(TEXT), "/b.txt": plain(PROSE)})
    texts = [entry("a", f"{base}/a.txt", TEXT), entry("b", f"{base}/b.txt", TEXT)]
    first = run(tmp_path, *texts)
    assert asked == [ROBOTS, "/a.txt", "/b.txt"]
    again = run(tmp_path, *texts)
    assert asked[3:] == []
    assert again == [replace(each, kept=True) for each in first]
    assert len(lines(tmp_path)) == 2
    run(tmp_path, *texts, overwrite=True)
    assert asked[3:] == [ROBOTS, "/a.txt", "/b.txt"]


def test_a_run_that_was_stopped_goes_on(server: Server, tmp_path: Path) -> None:
    base, asked = server({f"/{name}.txt": plain(TEXT) for name in "abc"})
    texts = [entry(name, f"{base}/{name}.txt", TEXT) for name in "abc"]
    stopped = fetch_texts(texts, tmp_path, LOCAL, pause=0)
    assert next(stopped).slug == "a"
    stopped.close()
    # What a kill in the middle of b leaves behind: a part of the text, a part of the line.
    (tmp_path / "texts" / "b.txt.part").write_text(TEXT[:50])
    with (tmp_path / "provenance.jsonl").open("a") as stream:
        stream.write('{"slug": "b", "url": "http')
    asked.clear()
    assert [(each.slug, each.kept) for each in run(tmp_path, *texts)] == [("a", True), ("b", False), ("c", False)]
    assert asked == [ROBOTS, "/b.txt", "/c.txt"]
    assert set(read_provenance(tmp_path)) == {"a", "b", "c"}
    assert all((tmp_path / "texts" / f"{name}.txt").read_text() == TEXT for name in "abc")
    assert not (tmp_path / "texts" / "b.txt.part").exists()


def test_what_the_catalogue_tells_lies_beside_the_texts(server: Server, tmp_path: Path) -> None:
    base, _ = server({"/a.txt": plain(TEXT), "/b.txt": plain(PROSE), "/c": page(b"", status=404)})
    run(tmp_path, entry("a", f"{base}/a.txt"), entry("c", f"{base}/c"))
    table = tmp_path / "texts.csv"
    (row,) = csv.DictReader(table.read_text().splitlines())
    assert row == {
        "slug": "a",
        "title": "A",
        "author": "Ann",
        "voice": "US",
        "type": "essay",
        "date": "2020",
        "words": "1",
        "rights": "CC0",
        "url": f"{base}/a.txt",
    }
    # A second run adds to it, and leaves alone what somebody wrote into it.
    table.write_text("slug,mine,date\na,x,2019-05\nd,y,\n")
    stopped = fetch_texts([replace(entry("a", f"{base}/a.txt"), date=""), entry("b", "")], tmp_path, LOCAL, pause=0)
    next(stopped)
    stopped.close()
    run(tmp_path, entry("b", f"{base}/b.txt"))
    rows = {row["slug"]: row for row in csv.DictReader(table.read_text().splitlines())}
    assert list(rows) == ["a", "d", "b"]
    assert (rows["a"]["mine"], rows["a"]["date"], rows["a"]["voice"]) == ("x", "2019-05", "US")
    assert (rows["d"]["mine"], rows["b"]["mine"], rows["b"]["voice"]) == ("y", "", "US")


@pytest.mark.parametrize("other", [b"name,text\na,b\n", b"\xff\xfe"])
def test_another_table_in_the_way_is_an_error_before_anything_is_fetched(
    server: Server, tmp_path: Path, other: bytes
) -> None:
    base, asked = server({"/a.txt": plain(TEXT)})
    (tmp_path / "texts.csv").write_bytes(other)
    with pytest.raises(RhetoricError, match="Move it away"):
        run(tmp_path, entry("a", f"{base}/a.txt"))
    assert asked == [] and (tmp_path / "texts.csv").read_bytes() == other


def test_a_broken_connection_leaves_nothing_and_is_fetched_next_time(server: Server, tmp_path: Path) -> None:
    broken = True

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if not broken:
            return plain(TEXT)(handler)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(TEXT)))
        handler.end_headers()
        handler.wfile.write(TEXT[:40].encode())
        return None

    base, _ = server({"/a.txt": answer})
    text = entry("a", f"{base}/a.txt", TEXT)
    (found,) = run(tmp_path, text)
    assert found.status == "failed" and "broke off" in found.note
    assert list((tmp_path / "texts").iterdir()) == []
    broken = False
    (found,) = run(tmp_path, text)
    assert found.status == "same"
    assert [row["status"] for row in lines(tmp_path)] == ["failed", "same"]


def test_what_cannot_be_had_is_said_and_does_not_stop_the_run(server: Server, tmp_path: Path) -> None:
    answers = {
        "/404": page(b"no", status=404),
        "/png": page(b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
        "/empty.txt": plain(""),
        "/german.txt": plain(GERMAN * 3),
        "/two.jsonl": page(b'{"text": "One."}\n{"text": "Two."}', "application/x-ndjson"),
        "/big.txt": plain("x" * 3000),
        "/loop": page(b"", status=302, Location="/loop"),
        "/file": page(b"", status=302, Location="file:///etc/passwd"),
        "/good.txt": plain(TEXT),
    }
    base, _ = server(answers)
    names = [path.strip("/").split(".")[0] for path in answers]
    found = run(
        tmp_path,
        *(entry(name, base + path) for name, path in zip(names, answers, strict=True)),
        options=replace(LOCAL, max_bytes=2000),
    )
    notes = {each.slug: each.note for each in found if each.status == "failed"}
    said = {"404": "404", "png": "PNG", "empty": "empty", "german": "German", "two": "2 documents", "big": "limit"}
    said |= {"loop": "redirects", "file": "only http"}
    assert set(notes) == set(said)
    assert [name for name, word in said.items() if word not in notes[name]] == []
    assert [path.name for path in (tmp_path / "texts").iterdir()] == ["good.txt"]


def test_redirects_are_followed_and_recorded(server: Server, tmp_path: Path) -> None:
    base, _ = server({"/old": page(b"", status=301, Location="/new.md"), "/new.md": plain(f"*{PROSE}*")})
    (found,) = run(tmp_path, entry("a", f"{base}/old"))
    assert found.found_at == f"{base}/new.md"
    assert (tmp_path / "texts" / "a.txt").read_text() == PROSE + "\n"


def test_private_addresses_need_the_flag(server: Server, tmp_path: Path) -> None:
    base, asked = server({"/a.txt": plain(TEXT)})
    (found,) = run(tmp_path, entry("a", f"{base}/a.txt", TEXT), options=ReadOptions(timeout=5))
    assert found.status == "failed" and "not a public address" in found.note
    assert found.note.endswith("allow it with --allow-private.") and "again later" not in found.note
    assert asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "loopback.example", "[::ffff:127.0.0.1]", "2130706433"])
@pytest.mark.parametrize("leading", ["/a.txt", ROBOTS])
def test_no_redirect_leads_to_a_private_address(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leading: str, host: str
) -> None:
    base, inside = server({"/a.txt": plain(TEXT), ROBOTS: plain("")})
    leads = page(b"", status=302, Location=f"http://{host}:{base.rpartition(':')[2]}{leading}")
    outside, asked = server({"/a.txt": plain(TEXT), leading: leads})
    url = on_the_internet(outside, monkeypatch)
    (found,) = run(tmp_path, entry("a", f"{url}/a.txt"), options=ReadOptions(timeout=5))
    assert found.status == "failed" and f"it leads to http://{host}" in found.note
    assert (inside, asked[-1]) == ([], leading)


@pytest.mark.parametrize("mark", ["", "\ufeff"])  # a byte order mark
def test_robots_txt_is_asked_once_and_obeyed(server: Server, tmp_path: Path, mark: str) -> None:
    rules = f"{mark}User-agent: rhetoric-toolkit\nDisallow: /mine\n\nUser-agent: *\nDisallow: /secret\n"
    base, asked = server({ROBOTS: plain(rules), "/mine/a.txt": plain(TEXT), "/b.txt": plain(TEXT)})
    found = run(tmp_path, entry("a", f"{base}/mine/a.txt"), entry("b", f"{base}/b.txt"))
    assert [each.status for each in found] == ["failed", "unchecked"]
    assert "robots.txt" in found[0].note
    assert asked == [ROBOTS, "/b.txt"]


@pytest.mark.parametrize(
    ("rules", "path", "fetched"),
    [
        ("Disallow: /*.pdf$", "/a/b.pdf", False),
        ("Disallow: /*.pdf$", "/a/b.pdf.txt", True),
        ("Disallow: /a/*/c", "/a/b/c.txt", False),
        ("Disallow: /mine\nAllow: /mine/ok", "/mine/ok.txt", True),
        ("Allow: /mine/ok\nDisallow: /mine", "/mine/other.txt", False),
        ("Allow: /\nDisallow: /mine", "/mine/a.txt", False),
    ],
)
def test_robots_txt_has_patterns_and_the_longest_that_fits_counts(
    server: Server, tmp_path: Path, rules: str, path: str, fetched: bool
) -> None:
    base, asked = server({ROBOTS: plain(f"User-agent: *\n{rules}\n"), path: plain(TEXT)})
    (found,) = run(tmp_path, entry("a", base + path))
    assert (found.status != "failed", asked) == (fetched, [ROBOTS, path] if fetched else [ROBOTS])


@pytest.mark.parametrize("elsewhere", [False, True])
def test_robots_txt_is_obeyed_behind_a_redirect(server: Server, tmp_path: Path, elsewhere: bool) -> None:
    rules = {ROBOTS: plain("User-agent: *\nDisallow: /secret\n"), "/secret/a.txt": plain(TEXT)}
    other, asked_there = server(rules)
    to = f"{other if elsewhere else ''}/secret/a.txt"
    base, asked = server({**rules, "/a": page(b"", status=302, Location=to)})
    (found,) = run(tmp_path, entry("a", f"{base}/a"))
    assert found.status == "failed" and "it leads to http" in found.note and "robots.txt asks not" in found.note
    assert (asked, asked_there) == ([ROBOTS, "/a"], [ROBOTS] if elsewhere else [])


def test_a_robots_txt_that_leads_to_none_forbids_nothing(server: Server, tmp_path: Path) -> None:
    answers = {ROBOTS: page(b"", status=301, Location="/none"), "/none": page(b"", status=404), "/a": plain(TEXT)}
    base, asked = server(answers)
    (found,) = run(tmp_path, entry("a", f"{base}/a"))
    assert found.status == "unchecked" and asked == [ROBOTS, "/none", "/a"]


@pytest.mark.parametrize(
    ("busy", "status", "said"), [("/b", 503, "busy"), ("/b", 429, "busy"), (ROBOTS, 503, "again later")]
)
def test_the_host_that_is_busy_is_left_alone_and_not_the_one_that_led_to_it(
    server: Server, tmp_path: Path, busy: str, status: int, said: str
) -> None:
    other, asked_there = server({busy: page(b"", status=status), "/d": plain(TEXT)})
    base, _ = server({"/a": page(b"", status=302, Location=f"{other}/b"), "/c": plain(TEXT)})
    found = run(tmp_path, entry("a", f"{base}/a"), entry("c", f"{base}/c"), entry("d", f"{other}/d"))
    assert [each.status for each in found] == ["failed", "unchecked", "failed"]
    assert said in found[2].note
    assert asked_there == list(dict.fromkeys([ROBOTS, busy]))


@pytest.mark.parametrize("status", [500, 503, 429])
def test_where_robots_txt_fails_nothing_is_fetched(server: Server, tmp_path: Path, status: int) -> None:
    base, asked = server({ROBOTS: page(b"", status=status), "/a.txt": plain(TEXT)})
    found = run(tmp_path, entry("a", f"{base}/a.txt"), entry("b", f"{base}/a.txt"))
    assert [each.status for each in found] == ["failed", "failed"]
    assert "again later" in found[1].note
    assert asked == [ROBOTS]


def test_requests_to_one_host_are_apart(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base, _ = server({ROBOTS: plain("User-agent: *\nCrawl-delay: 999999\n"), "/a": plain(TEXT), "/b": plain(TEXT)})
    other, _ = server({"/c": plain(TEXT), "/d": page(b"", status=302, Location="/c")})
    slept: list[float] = []
    clock = SimpleNamespace(sleep=slept.append, monotonic=time.monotonic)  # of this module alone: others sleep too
    monkeypatch.setattr(module, "time", clock)
    run(tmp_path / "polite", entry("a", f"{base}/a"), entry("b", f"{base}/b"), pause=2.0)
    # Before robots.txt no one waits; after it its delay counts, but never more than a minute.
    assert slept[0] == 0 and all(59 < each <= 60 for each in slept[1:]) and len(slept) == 3
    slept.clear()
    run(tmp_path / "quick", entry("c", f"{other}/c"), pause=2.0)
    assert slept[0] == 0 and 1 < slept[1] <= 2
    slept.clear()
    run(tmp_path / "led", entry("d", f"{other}/d"), pause=2.0)
    assert slept[0] == 0 and all(1 < each <= 2 for each in slept[1:]) and len(slept) == 3  # a redirect waits too
    slept.clear()
    run(tmp_path / "slow", entry("c", f"{other}/c"), pause=math.inf)
    assert slept[0] == 0 and 86_000 < slept[1] <= 86_400  # a day, which is as good


def test_files_of_others_are_not_replaced(server: Server, tmp_path: Path) -> None:
    base, asked = server({"/a.txt": plain(TEXT)})
    text = entry("a", f"{base}/a.txt", TEXT)
    path = tmp_path / "texts" / "a.txt"
    path.parent.mkdir()
    path.write_text("My own notes.")
    (found,) = run(tmp_path, text)
    assert found.status == "failed" and "--overwrite" in found.note
    assert path.read_text() == "My own notes."
    path.write_text(TEXT)  # the text itself, from elsewhere
    (found,) = run(tmp_path, text)
    assert (found.status, found.kept) == ("same", False) and "not fetched" in found.note
    assert asked == []
    (found,) = run(tmp_path, text)
    assert found.kept
    path.write_text(TEXT[:-9])  # changed after it was fetched
    (found,) = run(tmp_path, text)
    assert found.status == "failed"
    (found,) = run(tmp_path, text, overwrite=True)
    assert found.status == "same" and path.read_text() == TEXT


def test_an_address_that_is_new_is_fetched_again(server: Server, tmp_path: Path) -> None:
    base, asked = server({"/old": plain(TEXT), "/new": plain(PROSE)})
    run(tmp_path, entry("a", f"{base}/old"))
    (found,) = run(tmp_path, entry("a", f"{base}/new"))
    assert asked[-1] == "/new" and not found.kept
    assert (tmp_path / "texts" / "a.txt").read_text() == PROSE + "\n"


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RhetoricError, match="cannot be written"):
        run(tmp_path / "file", entry("a", "https://example.org/"))


def test_a_provenance_is_read_whatever_breaks_lines_within_it(server: Server, tmp_path: Path) -> None:
    base, asked = server({"/a.txt": plain(TEXT)})
    text = replace(entry("a", f"{base}/a.txt"), rights="All rights\u2028reserved\x85by\x0cAnn")
    run(tmp_path, text)
    asked.clear()
    (found,) = run(tmp_path, text)
    assert (found.status, found.kept, found.rights) == ("unchecked", True, text.rights)
    assert asked == []


def test_a_provenance_of_nonsense_is_passed_over(tmp_path: Path) -> None:
    good = json.dumps({"slug": "a", "url": "u", "time": "t", "status": "same", "rights": "", "more": 1})
    bad = ["[]", "3", "{", '{"slug": "b"}', good.replace("same", "failed")]
    (tmp_path / "provenance.jsonl").write_text("\n".join([*bad, good, *bad]))
    assert list(read_provenance(tmp_path)) == ["a"]
    assert read_provenance(tmp_path / "none") == {}
