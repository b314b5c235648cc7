import csv
import hashlib
import json
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from ingest.makers import GERMAN, PROSE, html, page, pdf

from rhetoric.corpus.fetch import fetch_texts, read_provenance
from rhetoric.errors import RhetoricError

from .fetching import LOCAL, ROBOTS, TEXT, Server, entry, lines, plain, run


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


def test_files_of_others_are_not_replaced(server: Server, tmp_path: Path) -> None:
    base, asked = server({"/a.txt": plain(TEXT)})
    text = entry("a", f"{base}/a.txt", TEXT)
    path = tmp_path / "texts" / "a.txt"
    path.parent.mkdir()
    path.write_text("My own notes.")
    (found,) = run(tmp_path, text)
    assert found.status == "failed" and found.options == ("overwrite",)
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
