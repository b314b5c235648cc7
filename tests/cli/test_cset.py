from pathlib import Path

import pytest
from report.makers import words

from .conftest import Invoke, lines, refused, write

ROWS = [
    {"id": "a", "text": "The AI arms race is on.\n\nA race of nations.", "date": "2019-01-01", "outlet": "Wire"},
    {"id": "b", "text": "AI competency frameworks.\n\nNothing else.", "date": "2019-05-01", "outlet": "Paper"},
    {"id": "c", "text": "No machine at all.", "date": "2020-05-01", "outlet": "Paper"},
]


@pytest.fixture(autouse=True)
def _news(invoke: Invoke, analysed: list[str]) -> None:
    write("news.jsonl", ROWS)


def test_tables_and_disagreements(invoke: Invoke, analysed: list[str]) -> None:
    result = invoke("cset", "news.jsonl", "--by", "year", "--by", "outlet")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    said = words(result.stdout)
    assert "2019 2 2 2 100% (34-100)" in said
    assert "2020 1 0 - - - -" in said
    assert "Wire 1 1 1 100% (21-100)" in said
    assert "passages 1 both, 1 only keyword, 1 only model and 2 neither, of 5" in said
    assert "Only the keywords say competition: passages" in said
    assert "found: “AI competency”" in said
    assert "A race of nations." in said
    assert len(analysed) == 3


def test_json_has_every_case(invoke: Invoke) -> None:
    (found,) = lines(invoke("cset", "news.jsonl", "--json", "--show", "0").stdout)
    assert [row["group"] for row in found["tables"][0]["rows"]] == ["2019", "2020"]
    assert found["terms"]["competition"]["conflict"] == 1
    cases = found["agreement"]["passages"]["cases"]
    assert [(case["document"], case["passage"], case["found_by"]) for case in cases] == [
        ("b", 1, "keyword"),
        ("a", 2, "model"),
    ]
    assert "Only" not in invoke("cset", "news.jsonl", "--show", "0").stdout


def test_keywords_only_annotates_nothing(invoke: Invoke, analysed: list[str]) -> None:
    Path("meta.csv").write_text("id,voice\na,US\nb,CN\n")
    result = invoke("cset", "news.jsonl", "--keywords-only", "--by", "voice", "--meta", "meta.csv", "--json")
    (found,) = lines(result.stdout)
    assert analysed == []
    assert found["agreement"] is None
    assert [row["group"] for row in found["tables"][0]["rows"]] == ["CN", "US", "(none)"]
    assert "no row for 1 of the documents" in result.stderr


def test_records_are_read_as_they_are(invoke: Invoke, analysed: list[str]) -> None:
    assert invoke("annotate", "news.jsonl", "-o", "records.jsonl").exit_code == 0
    analysed.clear()
    (found,) = lines(invoke("cset", "records.jsonl", "--json").stdout)
    assert found["agreement"]["documents"]["both"] == 1
    (alone,) = lines(invoke("cset", "records.jsonl", "--json", "--keywords-only").stdout)
    assert alone["agreement"] is None and alone["tables"] == found["tables"]
    assert analysed == []


def test_documents_can_be_left_out(invoke: Invoke) -> None:
    (found,) = lines(invoke("cset", "news.jsonl", "--without", "outlet=wire", "--json").stdout)
    assert (found["left_out"], found["tables"][0]["total"]["documents"]) == (1, 2)
    assert "1 document left out, as asked." in invoke("cset", "news.jsonl", "--without", "outlet=WIRE").stdout
    misspelt = invoke("cset", "news.jsonl", "--without", "outlett=wire", "--without", "outlet=wire")
    assert misspelt.stderr.startswith("warning: --without outlett=wire left out nothing")
    assert misspelt.stderr.count("warning") == 1
    refused(invoke("cset", "news.jsonl", "--without", "wire"), "COLUMN=VALUE")


def test_a_text_that_stands_more_than_once_counts_once(invoke: Invoke) -> None:
    (once,) = lines(invoke("cset", "news.jsonl", "--json").stdout)
    copies = [{**row, "id": f"{row['id']}-{at}"} for at in range(2) for row in ROWS]
    write("news.jsonl", [*ROWS, *copies])
    (thrice,) = lines(invoke("cset", "news.jsonl", "--json").stdout)
    assert (once["copies"], thrice["copies"]) == (0, 6)
    assert {**once, "copies": 6} == thrice
    said = words(invoke("cset", "news.jsonl", "-o", "flags.jsonl").stdout)
    assert "Left out: 6 documents that repeat the text of another, so that each text counts once." in said
    assert len(lines(Path("flags.jsonl").read_text())) == 9
    (kept,) = lines(invoke("cset", "news.jsonl", "--without", "outlet=wire", "--json").stdout)
    assert (kept["left_out"], kept["copies"]) == (3, 4)


def test_flags_and_counts_go_to_a_file(invoke: Invoke) -> None:
    assert invoke("cset", "news.jsonl", "-o", "flags.jsonl").exit_code == 0
    rows = lines(Path("flags.jsonl").read_text())
    assert [(row["id"], row["competition"], row["competition_arms_race"]) for row in rows] == [
        ("a", True, 1),
        ("b", True, 0),
        ("c", False, 0),
    ]
    refused(invoke("cset", "news.jsonl", "-o", "flags.jsonl"), "--overwrite")


def test_lines_stand_neither_among_tables_nor_in_a_table_s_file(invoke: Invoke) -> None:
    for asked in (["-o", "-"], ["-o", "-", "--json"], ["-o", "flags.csv"]):
        refused(invoke("cset", "news.jsonl", "--keywords-only", *asked), "Name a file")
    assert not Path("flags.csv").exists()


def test_a_column_that_no_document_has_is_refused(invoke: Invoke) -> None:
    write("news.jsonl", [{"text": "An AI arms race.", "outlet": "Wire"}])
    refused(
        invoke("cset", "news.jsonl", "--keywords-only", "--by", "outlet", "--by", "nix"),
        "No document has 'nix' in its metadata; columns found: format, outlet, row, source. --meta",
    )
    assert invoke("cset", "news.jsonl", "--keywords-only").exit_code == 0, "nobody asked for years"


def test_hostile_text_is_printed_as_text(invoke: Invoke) -> None:
    row = {
        "text": "AI war \x1b[31m[bold]\u202e.",
        "title": "[red]\x1b]0;x\x07",
        "outlet": "\x1b[2J[b]x",
        "date": "2020",
    }
    write("news.jsonl", [row])
    result = invoke("cset", "news.jsonl", "--by", "outlet")
    assert result.exit_code == 0
    assert "[b]x" in result.stdout and "[bold]" in result.stdout
    assert not set(result.stdout) & {"\x1b", "\x07", "\u202e"}


def test_what_cannot_be_read_is_reported(invoke: Invoke) -> None:
    some = invoke("cset", "news.jsonl", "missing.txt", "--keywords-only")
    assert some.exit_code == 1
    assert "missing.txt" in some.stderr
    assert invoke("cset", "missing.txt", "--keywords-only").exit_code == 2
