import csv
import io
from pathlib import Path

import pytest
from report.makers import words

from rhetoric.cli import sources as module
from rhetoric.cli.options import How
from rhetoric.errors import ModelError
from rhetoric.made_by import shipped_parts

from .conftest import Invoke, analysis, lines, refused, write

TEXT = "The race is on.\n\nA second race.\n\nNothing here."


pytestmark = pytest.mark.usefixtures("analysed")


def test_one_document_gives_a_scorecard(invoke: Invoke) -> None:
    Path("a.txt").write_text(TEXT)
    result = invoke("score", "a.txt")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "Its strongest frame is race, in 2 of 3 passages." in words(result.stdout)
    assert "\x1b" not in result.stdout


def test_several_documents_give_a_table(invoke: Invoke) -> None:
    Path("texts").mkdir()
    for name in "abc":
        Path(f"texts/{name}.txt").write_text(TEXT)
    result = invoke("score", "texts")
    assert result.exit_code == 0
    assert all(f"{name}.txt" in result.stdout for name in "abc")
    assert "race 2" in result.stdout


def test_a_table_says_how_many_of_its_rows_repeat_a_text(invoke: Invoke) -> None:
    for name, text in {"march.txt": TEXT, "april.txt": "Talks resume.", "again.txt": TEXT, "march-2.txt": TEXT}.items():
        Path(name).write_text(text)
    assert invoke("score", "march.txt", "april.txt").stderr == ""
    said = invoke("score", "march.txt", "april.txt", "again.txt").stderr
    assert "1 row of the table repeats the text of another." in words(said)
    said = invoke("score", "march.txt", "again.txt", "march-2.txt").stderr
    assert "2 rows of the table repeat the text of another." in words(said)


def test_json_is_one_line_a_document_with_evidence_and_trust(invoke: Invoke) -> None:
    Path("a.txt").write_text(TEXT)
    Path("b.txt").write_text("Über the race – “quoted”.")
    result = invoke("score", "a.txt", "b.txt", "--json")
    first, second = lines(result.stdout)
    assert result.exit_code == 0
    assert first["frames"]["race"]["prevalence"]["count"] == 2
    assert [each["text"] for each in first["evidence"]["metaphors"]] == ["race", "race"]
    assert first["trust"]["metaphor.live"]["phrase"] == "fair, F1 0.72"
    assert first["source"] == "a.txt"
    assert "Über the race – “quoted”." in result.stdout
    assert second["notes"]
    (alone,) = lines(invoke("score", "a.txt", "--json").stdout)
    assert alone == first


def test_standard_input(invoke: Invoke) -> None:
    (found,) = lines(invoke("score", "-", "--json", input=TEXT).stdout)
    assert found["passages"] == 3
    assert invoke("score", "-", input=TEXT).stdout.startswith("standard input\n9 words")  # once, and no hyphen


def test_options_reach_the_reader(invoke: Invoke) -> None:
    write("a.jsonl", [{"key": f"k{n}", "body": TEXT} for n in range(2)])
    result = invoke("score", "a.jsonl", "--text-field", "body", "--id-field", "key", "--json")
    assert [each["id"] for each in lines(result.stdout)] == ["k0", "k1"]
    table = invoke("score", "a.jsonl", "--text-field", "body").stdout
    assert "a.jsonl row 1" in table and "a.jsonl row 2" in table
    assert invoke("score", "a.jsonl", "--text-field", "body", "--max-bytes", "10").exit_code == 2
    dutch = (
        "Dit is een lange Nederlandse tekst over de strijd om kunstmatige intelligentie tussen twee grote landen. " * 3
    )
    Path("nl.txt").write_text(dutch)
    refused(invoke("score", "nl.txt"), "--force")
    assert "Warning: looks like Dutch" in invoke("score", "nl.txt", "--force").stdout


def test_every_option_of_reading_reaches_the_reader(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[How] = []
    monkeypatch.setattr(module, "take_records", lambda _, __, how, **___: asked.append(how) or iter(()))
    fields = ("--text-field", "body", "--id-field", "key", "--force", "--allow-private")
    invoke("score", "a.txt", *fields, "--max-bytes", "7", "--timeout", "3")
    assert asked == [How("body", "key", True, True, 7, 3.0)]


def test_failures_are_reported_and_counted(invoke: Invoke) -> None:
    Path("a.txt").write_text(TEXT)
    some = invoke("score", "a.txt", "missing.txt")
    assert some.exit_code == 1
    assert some.stderr.startswith("error: missing.txt: there is no such file")
    assert "IN SHORT" in some.stdout


def test_what_cannot_be_read_is_told_and_hostile_names_are_printed_as_text(invoke: Invoke) -> None:
    Path("a.csv").write_text("text\n")
    refused(invoke("score", "a.csv"), "error: ")
    refused(invoke("score", "missing.txt", "--json"), "there is no such file")
    result = invoke("score", "no\x1b[31m[bold]\u202esuch.txt")
    refused(result, "no[31m[bold]such.txt")
    assert "\x1b" not in result.stderr


def test_a_missing_model_is_an_error_without_a_traceback(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(spacy_model: str | None, detectors: Path | None) -> None:
        assert spacy_model == "en_none"
        raise ModelError("en_none is not installed.")

    monkeypatch.setattr(analysis, "load", load)
    result = invoke("score", "a.txt", "--spacy-model", "en_none")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "error: en_none is not installed.\n")


def test_a_text_alone_is_shown_by_the_sentences_that_carry_its_frames(invoke: Invoke) -> None:
    Path("a.txt").write_text("The race is on. Nobody runs.")
    Path("b.txt").write_text(TEXT)
    said = words(invoke("score", "a.txt").stdout)
    assert "90% sure, 20% without this sentence: “The race is on.”" in said
    for sources in (["a.txt"], ["a.txt", "b.txt"]):
        found = lines(invoke("score", *sources, "--json").stdout)[0]["evidence"]["frames"]["race"]
        assert [(each["sentence"]["text"], each["without"]) for each in found] == [("The race is on.", 0.2)]


def test_a_table_of_several_texts_does_not_look_for_sentences(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    analyse = analysis.analyse
    monkeypatch.setattr(
        analysis, "analyse", lambda *given, sentences, **_: [asked.append(sentences), *analyse(*given)][1:]
    )
    Path("a.txt").write_text(TEXT)
    Path("b.txt").write_text(TEXT)
    invoke("score", "a.txt", "b.txt")
    invoke("score", "*.txt")
    invoke("score", "a.txt")
    assert asked == [False, False, False, True]


def test_records_and_runs_are_scored_as_they_are(invoke: Invoke, analysed: list[str]) -> None:
    Path("a.txt").write_text(TEXT)
    Path("b.txt").write_text("Peace.")
    invoke("annotate", "a.txt", "b.txt", "-o", "records.jsonl")
    first, second = lines(Path("records.jsonl").read_text())
    first["passages"][1]["frames"]["race"] = 0.0  # as a coder may have put it right
    first["pipeline"]["parts"] = shipped_parts()
    second["pipeline"]["parts"] = {**shipped_parts(), "frames": "of others"}
    second["meta"]["warnings"] = ["2 of 5 pages have no text."]
    write("records.jsonl", [first, second])
    analysed.clear()
    found = lines(invoke("score", "records.jsonl", "--json").stdout)
    assert found[0]["trust_notes"] == [] and "not found by the detectors" in found[1]["trust_notes"][0]
    assert "not found by the detectors" in words(invoke("score", "records.jsonl").stdout)
    assert [each["id"] for each in found] == [first["id"], second["id"]]
    assert [each["warnings"] for each in found] == [[], ["2 of 5 pages have no text."]]
    assert found[0]["frames"]["race"]["prevalence"]["count"] == 1
    assert analysed == []


def test_a_table_has_a_row_a_document_and_no_formula(invoke: Invoke) -> None:
    Path("a.txt").write_text(TEXT)
    Path("=1+1.txt").write_text(TEXT)
    Path("broken.pdf").write_bytes(b"%PDF-1.4")
    result = invoke("score", "a.txt", "=1+1.txt", "broken.pdf", "--csv")
    assert result.exit_code == 1 and "broken.pdf" in result.stderr
    first, second = csv.DictReader(io.StringIO(result.stdout))
    assert (first["source"], second["source"]) == ("a.txt", "'=1+1.txt")
    assert float(first["frame_race"]) == pytest.approx(2 / 3) == float(second["frame_race"])
    assert first["frame_race_low"] < first["frame_race"] < first["frame_race_high"]
    alone = invoke("score", "a.txt", "--csv").stdout
    asked = invoke("score", "a.txt", "--csv", "--profile", "strategy")
    assert asked.stderr == "warning: --profile did nothing: --csv has no percentiles. --json has them.\n"
    assert (asked.stdout, invoke("score", "a.txt", "--csv", "--profile", "none").stderr) == (alone, "")
    assert list(csv.DictReader(io.StringIO(alone))) == [first]
    table = invoke("score", "a.txt", "=1+1.txt", "--profile", "strategy").stderr
    assert "--profile did nothing: a table of several texts has no percentiles" in table
    refused(invoke("score", "a.txt", "--csv", "--json"), "Choose one")
