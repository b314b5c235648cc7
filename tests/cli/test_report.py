from pathlib import Path

import pytest
from report.makers import words

from .conftest import Invoke, lines, refused, write

TEXT = "The race is on.\n\nA second race.\n\nNothing here."


pytestmark = pytest.mark.usefixtures("analysed")


def test_one_text_gives_a_page(invoke: Invoke) -> None:
    Path("folder").mkdir()
    Path("folder/a.txt").write_text(TEXT)
    result = invoke("report", "folder/a.txt", "-o", "report.html")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "Written: report.html. Open it in a browser.\n"
    page = Path("report.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "<bdi>a.txt</bdi></h1>" in page
    assert "folder/" not in page


def test_two_texts_stand_side_by_side_in_their_order(invoke: Invoke) -> None:
    Path("b.txt").write_text(TEXT)
    Path("a.txt").write_text("Another race.\n\nAnd nothing.\n\nNothing.")
    assert invoke("report", "b.txt", "a.txt", "-o", "both.HTML").exit_code == 0
    page = Path("both.HTML").read_text(encoding="utf-8")
    assert "<bdi>b.txt</bdi> beside <bdi>a.txt</bdi></h1>" in page
    assert "What sets them apart" in page


def test_markdown_and_records(invoke: Invoke) -> None:
    Path("a.txt").write_text(TEXT)
    assert invoke("annotate", "a.txt", "-o", "records.jsonl").exit_code == 0
    result = invoke("report", "records.jsonl", "-o", "report.md")
    assert (result.exit_code, result.stdout) == (0, "Written: report.md.\n")
    assert Path("report.md").read_text(encoding="utf-8").startswith("# a.txt\n\n## In short")


def test_frames_are_quoted_by_sentence_and_from_records_made_before_by_passage(invoke: Invoke) -> None:
    Path("a.txt").write_text("The race is on. Nobody runs.")
    invoke("report", "a.txt", "-o", "report.md")
    assert "> The race is on. (passage 1, 90% sure, 20% without this sentence)" in Path("report.md").read_text()
    invoke("annotate", "a.txt", "-o", "records.jsonl")
    invoke("report", "records.jsonl", "-o", "report.md", "--overwrite")
    assert "> The race is on. Nobody runs. (passage 1, 90% sure)" in Path("report.md").read_text()
    (record,) = lines(Path("records.jsonl").read_text())
    record["passages"][0]["sentences"] = {"race": {"start": 0, "end": 999, "without": 0.2}}
    said = invoke("report", write("broken.jsonl", [record]), "-o", "b.md").stderr
    assert "passages[0].sentences.race is [0, 999], which lies outside" in said


def test_options_reach_the_report(invoke: Invoke) -> None:
    write("a.jsonl", [{"body": TEXT, "title": "Of <b>bold</b> & others"}])
    result = invoke("report", "a.jsonl", "--text-field", "body", "--every-passage", "--profile", "none", "-o", "r.html")
    assert result.exit_code == 0
    page = Path("r.html").read_text(encoding="utf-8")
    assert "Of &lt;b&gt;bold&lt;/b&gt; &amp; others" in page
    assert "There is no reference profile here" in page
    refused(
        invoke("report", "a.jsonl", "--text-field", "body", "--profile", "nobody", "-o", "s.html"),
        "there is no profile of this name",
    )


def test_an_endless_address_does_not_bury_what_is_wrong(invoke: Invoke) -> None:
    address = f"https://example.org/{'a' * 600}"
    write("a.jsonl", [{"id": "1", "source": address, "error": "is damaged."}])
    said = invoke("report", "a.jsonl", "-o", "r.html").stderr
    assert said.startswith("error: https://example.org/aaa") and said.endswith("aaa: is damaged.\n")
    assert len(said) < 200


def test_what_is_there_is_kept(invoke: Invoke) -> None:
    Path("a.txt").write_text(TEXT)
    Path("r.html").write_text("mine")
    assert "--overwrite" in invoke("report", "a.txt", "-o", "r.html").stderr
    assert Path("r.html").read_text() == "mine"
    assert invoke("report", "a.txt", "-o", "r.html", "--overwrite").exit_code == 0
    assert Path("r.html").read_text(encoding="utf-8") != "mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.txt", "-o", "r.pdf"], "print it"),
        (["a.txt", "-o", "none/r.html"], "there is no folder none"),
        (["a.txt", "a.txt", "b.txt", "-o", "r.html"], "Name one or two"),
        (["missing.txt", "-o", "r.html"], "there is no such file"),
        (["a.txt", "missing.txt", "-o", "r.html"], "there is no such file"),
        (["empty.csv", "-o", "r.html"], ""),
    ],
)
def test_what_cannot_be_reported_leaves_nothing(invoke: Invoke, arguments: list[str], said: str) -> None:
    Path("a.txt").write_text(TEXT)
    Path("b.txt").write_text(TEXT)
    Path("empty.csv").write_text("text\n")
    result = invoke("report", *arguments)
    assert result.exit_code == 2
    assert said in words(result.stderr)
    assert result.stderr.startswith("error: ")
    assert not Path("r.html").exists()
