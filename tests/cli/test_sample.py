import json
from pathlib import Path
from typing import Any

import pytest
from scoring.records import gold, make_record

from .conftest import Invoke, lines


@pytest.fixture
def records(invoke: Invoke) -> list[dict[str, Any]]:
    """Five documents of four passages, in records.jsonl."""
    rows = gold()[:20]
    found = [make_record(rows[at : at + 4], id=f"d{at // 4}") for at in range(0, 20, 4)]
    Path("records.jsonl").write_text("\n".join(map(json.dumps, found)), encoding="utf-8")
    return found


def test_a_sample_is_records_that_other_commands_read(invoke: Invoke, records: list[dict[str, Any]]) -> None:
    result = invoke("sample", "records.jsonl", "-o", "sample.jsonl", "-n", "6")
    assert result.exit_code == 0, result.output
    assert result.stderr == "sample.jsonl: 6 passages drawn, random, from 20 passages of 5 documents.\n"
    rows = lines(Path("sample.jsonl").read_text(encoding="utf-8"))
    assert len({row["id"] for row in rows}) == 6 and all(len(row["passages"]) == 1 for row in rows)
    again = invoke("sample", "sample.jsonl", "-n", "9")
    assert {row["id"] for row in lines(again.stdout)} == {row["id"] for row in rows}
    assert "6 passages drawn (there are no more)" in again.stderr


def test_strata_are_told_and_passages_left_out(invoke: Invoke, records: list[dict[str, Any]]) -> None:
    invoke("sample", "records.jsonl", "-o", "first.jsonl", "-n", "5")
    arguments = ["--by", "stratified", "--stratum", "framing", "--without", "first.jsonl", "-n", "6"]
    result = invoke("sample", "records.jsonl", "-o", "second.jsonl", *arguments, "--json")
    assert result.exit_code == 0, result.output
    (told,) = lines(result.stdout)
    assert (told["drawn"], told["passages"], told["left_out"]) == (6, 20, 5)
    assert sum(each["passages"] for each in told["strata"]) == 15
    first, second = (lines(Path(name).read_text(encoding="utf-8")) for name in ("first.jsonl", "second.jsonl"))
    assert not {row["text"] for row in first} & {row["text"] for row in second}
    shown = invoke("sample", "records.jsonl", "-o", "third.jsonl", *arguments).stderr
    assert "of which 5 were left out" in shown and " unmasking\n" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--by", "luck"], "--by luck: choose one of random, stratified, uncertain."),
        (["--by", "stratified"], "needs to know by what: --stratum"),
        (["--stratum", "frame"], "--stratum frame is for a stratified sample: ask for one with --by stratified"),
        (["--by", "stratified", "--stratum", "outlet", "-o", "new.jsonl"], "No document has 'outlet'"),
        (["--json"], "What was drawn from what takes standard output already. Name a file for the lines: FILE.jsonl"),
        (["-o", "new.csv"], "new.csv: this is written as lines of JSON. Name a file that ends in .jsonl"),
        (["-o", "there.jsonl"], "this file exists"),
        (["--without", "there.jsonl"], "its lines are no passages with a text"),
        (["--without", "deep.jsonl"], "its lines are no passages with a text (RecursionError)"),
        (["--without", "records.jsonl", "--without", "all.jsonl"], "all were left out"),
    ],
)
def test_what_is_wrong_is_told(arguments: list[str], said: str, invoke: Invoke, records: list[dict[str, Any]]) -> None:
    Path("there.jsonl").write_text("{}\n", encoding="utf-8")
    Path("deep.jsonl").write_text("[" * 100_000, encoding="utf-8")
    invoke("sample", "records.jsonl", "-o", "all.jsonl")
    result = invoke("sample", "records.jsonl", *arguments)
    assert result.exit_code == 2 and said in result.stderr.replace("\n", " ")
    assert not [*Path().glob("new.*")]


def test_texts_are_annotated_first(invoke: Invoke, analysed: list[str]) -> None:
    Path("a.txt").write_text("A race here.\n\nNothing there.", encoding="utf-8")
    assert invoke("sample", "a.txt").stderr.endswith("all were left out.\n")  # both are as short as headings
    rows = lines(invoke("sample", "a.txt", "--by", "stratified", "--stratum", "source", "--min-words", "1").stdout)
    assert {row["text"]: row["meta"]["sample"]["value"] for row in rows} == {
        "A race here.": "race",
        "Nothing there.": "no live metaphor",
    }
