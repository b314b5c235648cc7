import hashlib
import json
from pathlib import Path

from ingest.makers import PROSE, page, serve
from report.makers import words

from .conftest import Invoke, lines, refused


def test_list(invoke: Invoke) -> None:
    result = invoke("corpus", "list", "--voice", "UK")
    assert result.exit_code == 0
    assert "uk-2022-06-15-ambitious-safe-responsible-defence-ai" in result.stdout.splitlines()
    assert "2 texts; none ships." in result.stdout
    rows = lines(invoke("corpus", "list", "--voice", "CN", "--type", "speech", "--year", "2013-2016", "--json").stdout)
    assert rows and all(row["voice"] == "CN" and row["type"] == "speech" for row in rows)
    assert all("2013" <= row["date"][:4] <= "2016" for row in rows)


def test_what_fits_nothing(invoke: Invoke) -> None:
    for arguments, said in (
        (("--voice", "XX"), "There are: BT, CA"),
        (("--voice", "BT", "--year", "1841"), "Ask for less"),
        (("--year", "x"), "2016-2019"),
    ):
        refused(invoke("corpus", "list", *arguments), said)


def test_info(invoke: Invoke) -> None:
    result = invoke("corpus", "info", "un-gd-2014-chn")
    assert result.exit_code == 0
    said = words(result.stdout)
    assert "un-gd-2014-chn" in said and "CC0" in said and "https://raw.githubusercontent.com/jradius/" in said
    (row,) = lines(invoke("corpus", "info", "un-gd-2014-chn", "--json").stdout)
    assert row["url"].startswith("https://raw.githubusercontent.com/")
    for slug in ("un-gd", "../../etc/passwd", "\x1b[31m"):
        wrong = invoke("corpus", "info", slug)
        assert (wrong.exit_code, wrong.stdout) == (2, "")
        assert "no such text" in wrong.stderr and "\x1b" not in wrong.stderr


def test_fetch(invoke: Invoke) -> None:
    text = PROSE + "\n"
    sha = hashlib.sha256(text.encode()).hexdigest()
    answers = {"/robots.txt": page(b"", status=404), "/a.txt": page(text.encode(), "text/plain")}
    answers["/c"] = page(b"", status=404)
    with serve(answers) as base:
        rows = [f"a,{base}/a.txt,{sha},\x1b[2Jfree,US", f"b,{base}/a.txt,,,US", f"c,{base}/c,,,CN"]
        Path("mine.csv").write_text("\n".join(["slug,url,sha256,rights,voice", *rows]))
        told = ("corpus", "fetch", "--catalogue", "mine.csv", "-o", "out", "--pause", "0", "--allow-private")
        result = invoke(*told)
        assert result.exit_code == 1
        assert "same        a\n" in result.stdout
        assert "1 the catalogue's to the byte" in result.stdout and "1 not fetched" in result.stdout
        assert result.stderr.startswith("error: c: the server answers 404")
        assert Path("out/texts/a.txt").read_text() == text
        assert len(Path("out/provenance.jsonl").read_text().splitlines()) == 3
        again = invoke(*told, "--voice", "US")
        assert again.exit_code == 0
        assert again.stdout.startswith("2 texts: 2 there from an earlier run.")
        rows = lines(invoke(*told, "a", "--json").stdout)
        assert [(row["slug"], row["status"], row["kept"]) for row in rows] == [("a", "same", True)]
        assert "\x1b" not in invoke("corpus", "info", "a", "--catalogue", "mine.csv").stdout
    refused(invoke("corpus", "fetch", "../a", "-o", "out", "--catalogue", "mine.csv"), "no such text")
    assert sorted(path.name for path in Path().iterdir()) == ["mine.csv", "out"]
    assert sorted(path.name for path in Path("out").iterdir()) == ["provenance.jsonl", "texts", "texts.csv"]
    assert json.loads(Path("out/provenance.jsonl").read_text().splitlines()[0])["rights"] == "\x1b[2Jfree"


def test_one_reason_that_fails_many_texts_is_not_said_of_each(invoke: Invoke) -> None:
    answers = {"/robots.txt": page(b"", status=503)}
    with serve(answers) as base:
        rows = [f"text-{number},{base}/{number},,,US" for number in range(9)]
        Path("mine.csv").write_text("\n".join(["slug,url,sha256,rights,voice", *rows]))
        result = invoke("corpus", "fetch", "--catalogue", "mine.csv", "-o", "out", "--pause", "0", "--allow-private")
    assert result.exit_code == 2
    said = result.stderr.splitlines()
    assert [line.split(":")[1].strip() for line in said[:3]] == ["text-0", "text-1", "text-2"]
    assert said[3].startswith("error: 6 more, which provenance.jsonl names, for the same reason: ")
    assert said[3].split(" reason: ")[1] == said[0].split("text-0: ")[1] and len(said) == 4
    assert len(Path("out/provenance.jsonl").read_text().splitlines()) == 9


def test_what_was_fetched_is_annotated_and_compared_by_voice(invoke: Invoke, analysed: list[str]) -> None:
    answers = {"/robots.txt": page(b"", status=404)}
    rows = ["slug,url,voice"]
    with serve(answers) as base:
        for at in range(6):
            last = f"Number {at} says that {'the race is on' if at % 2 else 'nothing of it is so'}."
            text = "\n\n".join([PROSE, PROSE, last])
            answers[f"/{at}.txt"] = page(text.encode(), "text/plain")
            rows.append(f"t{at},{base}/{at}.txt,{('US', 'CN')[at % 2]}")
        Path("mine.csv").write_text("\n".join(rows))
        told = ("--catalogue", "mine.csv", "-o", "out", "--pause", "0", "--allow-private")
        said = invoke("corpus", "fetch", *told)
    assert said.exit_code == 0 and "for --meta, in out/texts.csv." in said.stdout
    annotated = invoke("annotate", "out", "-o", "records.jsonl")
    assert (annotated.exit_code, len(lines(Path("records.jsonl").read_text()))) == (0, 6), annotated.stderr
    for source in ("out", "records.jsonl"):
        found = invoke("compare", source, "--by", "voice", "--meta", "out/texts.csv", "--json")
        assert found.exit_code == 0, found.stderr
        assert [json.loads(found.stdout)[side]["name"] for side in "ab"] == ["CN", "US"]


def test_fetch_reads_nothing_that_the_flag_does_not_allow(invoke: Invoke) -> None:
    Path("mine.csv").write_text("slug,url\na,http://127.0.0.1:9/a.txt\n")
    result = invoke("corpus", "fetch", "--catalogue", "mine.csv", "-o", "out")
    assert result.exit_code == 2
    assert "not a public address" in result.stderr
    assert result.stdout == "1 text: 1 not fetched.\n"
