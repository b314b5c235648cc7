import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from report.makers import words
from training.makers import as_record, authored
from typer.testing import Result

from rhetoric.annotation.store import Entry, create_review
from rhetoric.gold import read_gold, text_sum
from rhetoric.labels import FRAMES
from rhetoric.made_by import shipped_parts
from rhetoric.resources import CORPORA

from .conftest import Invoke, lines, refused, write

Evaluate = Callable[..., Result]
NOTHING: dict[str, Any] = {"instances": [], "contrasts": [], "live_metaphors": []}


@pytest.fixture
def evaluate(invoke: Invoke) -> Evaluate:
    """Write gold.jsonl and records.jsonl, and measure these against that; without draws, if nobody says how many."""

    def run(rows: list[Any], records: list[Any], *asked: str) -> Result:
        gold, made = write("gold.jsonl", rows), write("records.jsonl", records)
        return invoke("evaluate", gold, "--records", made, "--draws", "0", *asked)

    return run


def rows_and_records(number: int = 20) -> tuple[list[Any], list[Any]]:
    """Gold of the project, and records that are right but for one framing and one frame."""
    rows = authored()[:number]
    records = [as_record(row, 0.9) for row in rows]
    wrong: Any = records[3]["passages"][0]
    wrong["framing"], wrong["framing_score"] = ("none" if wrong["framing"] != "none" else "partial"), 0.97
    records[5]["passages"][0]["frames"]["race"] = 0.1 if rows[5]["frames"]["race"] else 0.6
    return [*rows], records


def with_custom(records: list[Any], label: str, *present: bool) -> list[Any]:
    """The records with a frame of somebody's own in their passages, or not, in turn."""
    for at, record in enumerate(records):
        said = present[at % len(present)]
        record["passages"][0]["custom"] = {label: {"score": 0.9 if said else 0.1, "present": said}}
    return records


def values(printed: str) -> dict[str, list[str]]:
    """What the first of the tables says of each metric."""
    rows = (line.split() for line in reversed(printed.splitlines()))
    return {row[0]: row[1:] for row in rows if len(row) > 1}


def test_metrics_stand_beside_what_a_second_coder_reaches(evaluate: Evaluate) -> None:
    done = evaluate(*rows_and_records(), "--draws", "20")
    assert done.exit_code == 0
    assert "20 coded passages" in done.stdout and "second coder" in done.stdout
    assert "corpora/gold/README.md" in done.stdout and "--errors FILE.jsonl" in done.stdout
    intervals = "95% intervals over passages, drawn anew; a draw that holds none of a label counts as 0 for it"
    assert intervals in words(done.stdout) and "95% intervals" not in words(evaluate(*rows_and_records()).stdout)
    (race,) = [line.split() for line in done.stdout.splitlines() if line.startswith("frames.race ") and "[" not in line]
    present, found, missed, made_up, absent = map(int, race[1:])
    assert (present, missed + made_up, present + made_up + absent) == (found + missed, 1, 20)
    (taken,) = [line.split() for line in done.stdout.splitlines() if line.startswith("framing  ")]
    assert taken[1] == "1"


def test_what_is_neither_coded_nor_said_is_no_failure(evaluate: Evaluate) -> None:
    """A frame that is nowhere has no F1; the mean that counts it as 0 has another beside it, of those that occur."""
    rows = [row for row in authored() if not row["frames"]["hazard"] and not row["frames"]["market"]][:80]
    records: list[Any] = [as_record(row, 0.9) for row in rows]
    records[0]["passages"][0]["frames"]["market"] = 0.8  # said, though coded nowhere: a failure, unlike hazard
    printed = evaluate(rows, records).stdout
    found = json.loads(evaluate(rows, records, "--json").stdout)["metrics"]
    there = [name for name in found if name.startswith("frames.") and name not in ("frames.hazard", "frames.macro_f1")]
    told = values(printed)
    assert told["frames.hazard"][0] == "–" and told["frames.market"][0] == "0.000"
    assert len(there) == 9 and all(found[name]["value"] for name in there if name != "frames.market")
    mean = sum(found[name]["value"] for name in there) / 9
    assert told["frames.macro_f1"][0] == f"{found['frames.macro_f1']['value']:.3f}" != f"{mean:.3f}"
    assert f"- of the 9 that occur {mean:.3f} " in words(printed)
    assert "is the mean of all 10, here as in --json; it counts hazard as 0." in words(printed)


def test_the_detectors_annotate_where_there_are_no_records(invoke: Invoke, analysed: list[str]) -> None:
    mine = {"id": "mine", "text": "Nobody has read this.", "framing": "none", "about": 0}
    gold = write("gold.jsonl", [*authored()[:2], mine])
    done = invoke("evaluate", gold, "--draws", "0")
    assert done.exit_code == 0 and len(analysed) == 3
    assert "The detectors have learned from 2 of these passages" in words(done.stdout)
    assert json.loads(invoke("evaluate", gold, "--draws", "0", "--json").stdout)["seen"] == 2


def test_what_only_portrayal_was_learned_from_is_told_apart(invoke: Invoke, analysed: list[str]) -> None:
    pairs = read_gold(CORPORA / "gold" / "pairs.jsonl")
    rows = [next(row for row in pairs if bool(row["portrayal"]) == there) for there in (True, False)]
    told = invoke("evaluate", write("gold.jsonl", rows), "--draws", "0").stdout
    assert "What tells portrayal has learned from 1 of them." in words(told) and "detectors have learned" not in told
    rows[0]["text"] = rows[0]["text"].replace(" ", "\n", 1)
    told = invoke("evaluate", write("gold.jsonl", [rows[0], authored()[0]]), "--draws", "0").stdout
    assert (
        "learned from 1 of these passages: that flatters the figures. What tells portrayal has learned from 1 more"
        in (words(told))
    )


@pytest.mark.parametrize(
    ("parts", "seen"), [({}, 0), (shipped_parts(), 8), ({**shipped_parts(), "encoder": "another"}, 0)]
)
def test_records_by_what_ships_are_of_passages_that_it_knows_too(
    evaluate: Evaluate, parts: dict[str, str], seen: int
) -> None:
    rows, records = rows_and_records(8)
    made = [{**each, "pipeline": {**each["pipeline"], "parts": parts}} for each in records]
    assert json.loads(evaluate(rows, made, "--json").stdout)["seen"] == seen


@pytest.mark.parametrize("own", ["lines", "frames"])
def test_what_records_were_fitted_to_is_counted_or_not_known(evaluate: Evaluate, own: str) -> None:
    rows = [
        {**row, "id": f"p{at}", "text": f"Unread: {row['text']}", **NOTHING} for at, row in enumerate(authored()[:6])
    ]
    records: list[Any] = [as_record(row, 0.9) for row in rows]
    if own == "lines":
        parts = {**shipped_parts(), "contrast": "mine"}
        records = [{**each, "pipeline": {**each["pipeline"], "parts": parts}} for each in records]
    else:
        with_custom(records, "moral", True)
    Path("mine/custom").mkdir(parents=True)
    shas = [text_sum(row["text"]) for row in rows[:4]]
    Path("mine/custom/scores.json").write_text(json.dumps({"shas": shas}))
    said = words(evaluate(rows, records).stdout)
    assert "What those were fitted to is not known" in said and "have learned" not in said
    said = words(evaluate(rows, records, "--pipeline", "mine").stdout)
    assert "have learned from 4 of these passages" in said and "fitted to is not known" not in said
    done = evaluate(rows, records, "--spacy-model", "en")
    assert done.exit_code == 2 and "--spacy-model does nothing with --records" in done.stderr


def test_a_second_coder_who_says_the_same_has_no_zeros(evaluate: Evaluate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")  # no column is lost
    rows = [
        {"id": row["id"], "text": row["text"], "frames": {**row["frames"], "hazard": 0, "race": 1}}
        for row in authored()[:6]
    ]
    records = [as_record({**whole, **row}, 0.9) for whole, row in zip(authored(), rows, strict=False)]
    printed = evaluate(rows, records, "--second", "gold.jsonl").stdout
    told = values(printed)
    assert told["frames.hazard"][:2] == ["–", "–"]
    assert told["frames.race"][:2] == ["1.000", "1.000"]
    assert "that occur 1.000 1.000 F1" in words(printed)


def test_what_neither_coder_found_is_no_zero_of_the_second(evaluate: Evaluate) -> None:
    rows = [{"id": row["id"], "text": row["text"], "frames": dict(row["frames"])} for row in authored()[:6]]
    for at, row in enumerate(rows):
        row["frames"] = {frame: int((at + place) % 2) for place, frame in enumerate(row["frames"])} | {"hazard": 0}
    said = [{**row, "frames": {**row["frames"], "hazard": 1}} for row in rows]  # the detectors say it everywhere
    records = [as_record({**whole, **row}, 0.9) for whole, row in zip(authored(), said, strict=False)]
    told = json.loads(evaluate(rows, records, "--second", "gold.jsonl", "--json").stdout)
    assert "frames.hazard" not in told["ceiling"] and told["ceiling"]["frames.macro_f1"] == 1.0
    assert told["metrics"]["frames.hazard"]["value"] == 0.0


def test_nobody_s_ceiling_is_made_up(evaluate: Evaluate) -> None:
    rows, records = ([{**each, "id": f"mine-{at}"} for at, each in enumerate(every)] for every in rows_and_records())
    assert "is not known: --second FILE" in words(evaluate(rows, records).stdout)
    second = write("ben.jsonl", rows[:10])
    found = json.loads(evaluate(rows, records, "--second", second, "--json").stdout)
    assert found["ceiling"]["about"] == 1.0 and found["passages"] == 20
    done = evaluate(rows, records, "--second", second)
    assert "ben.jsonl, against this gold, on 10 passages" in words(done.stdout)


def test_no_second_coder_is_spoken_of_where_no_metric_shown_has_one(evaluate: Evaluate) -> None:
    rows = [{"id": row["id"], "text": row["text"], "frames": {"own": at % 2}} for at, row in enumerate(authored()[:8])]
    records = with_custom([as_record(row, 0.9) for row in authored()[:8]], "own", False, True)
    said = words(evaluate(rows, records).stdout)
    assert "custom.own" in said and "is not known: --second FILE" in said and "corpora/gold/README.md" not in said
    assert json.loads(evaluate(rows, records, "--json").stdout)["ceiling"] == {}


def test_json_has_every_metric_and_every_cell(evaluate: Evaluate) -> None:
    found = json.loads(evaluate(*rows_and_records(), "--draws", "20", "--json").stdout)
    assert set(found["metrics"]["about"]) == {"value", "low", "high"}
    cells = [cell for cell in found["confusions"] if cell["field"] == "framing"]
    assert sum(cell["count"] for cell in cells) == 20
    assert sum(cell["count"] for cell in cells if cell["coded"] != cell["said"]) == 1


def test_wrong_passages_are_written_surest_first(evaluate: Evaluate) -> None:
    made = rows_and_records()
    done = evaluate(*made, "--errors", "wrong.jsonl")
    assert done.exit_code == 0 and "are in wrong.jsonl" in done.stdout
    found = lines(Path("wrong.jsonl").read_text(encoding="utf-8"))
    assert [each["id"] for each in found] == [authored()[at]["id"] for at in (3, 5)]
    assert found[0]["certainty"] == 0.97 and {"text", "gold", "predicted"} <= found[0].keys()
    assert evaluate(*made, "--errors", "wrong.jsonl").exit_code == 2
    for asked in (["-"], ["-", "--json"], ["wrong.csv"]):
        done = evaluate(*made, "--errors", *asked)
        assert (done.exit_code, done.stdout) == (2, "") and "Name a file" in done.stderr
    assert not Path("wrong.csv").exists()


def test_records_are_read_as_gold_is_and_checked(invoke: Invoke, evaluate: Evaluate) -> None:
    rows, records = rows_and_records()
    assert evaluate(rows, records).exit_code == 0
    text = Path("records.jsonl").read_text(encoding="utf-8")
    Path("marked.jsonl").write_text(f"\n{text}\n  \n", encoding="utf-8-sig")
    Path("utf16.jsonl").write_text(text, encoding="utf-16")
    assert invoke("evaluate", "gold.jsonl", "--records", "marked.jsonl", "--draws", "0").exit_code == 0
    refused(invoke("evaluate", "gold.jsonl", "--records", "utf16.jsonl"), "utf16.jsonl: cannot be read")
    first, *rest = records
    without = ({name: each for name, each in first.items() if name != left} for left in ("pipeline", "metaphors"))
    for wrong in (*without, {**first, "passages": [{}]}, {**first, "contrasts": [{"a": 1}]}, [1], None):
        done = evaluate(rows, [*rest, wrong])
        assert done.exit_code == 2 and done.stderr.startswith("error: records.jsonl:20: this is not a record (")


@pytest.mark.parametrize("codes", [{}, {"about": 0}, {**NOTHING, "text": "Another."}])
def test_one_id_is_of_one_passage(evaluate: Evaluate, codes: dict[str, Any]) -> None:
    rows, records = rows_and_records(6)
    twice = [*rows, {**rows[2], **codes}]
    told = f"{rows[2]['id']}: 2 passages have this id. Give each one of its own."
    for name, done in (
        ("gold", evaluate(twice, records)),
        ("twice", evaluate(rows, records, "--second", write("twice.jsonl", twice))),
        ("records", evaluate(rows, [*records, records[2]])),
    ):
        assert (done.exit_code, done.stdout) == (2, "")
        assert words(done.stderr).startswith(f"error: {name}.jsonl: {told}")


def test_what_cannot_be_measured_is_said(invoke: Invoke, evaluate: Evaluate) -> None:
    rows, records = rows_and_records(8)
    other = write("ben.jsonl", [{**rows[0], "text": rows[0]["text"] + " More."}])
    offsets = write("offsets.jsonl", [{"id": "r-1", "framing": "none", "slug": "x"}])
    for done, said in (
        (evaluate(rows, records[:7]), "there is no record for this gold passage"),
        (evaluate(rows, records, "--second", other), "the second coder has another text of this passage"),
        (evaluate([], records), "gold.jsonl: there is no coded passage in it"),
        (invoke("evaluate", offsets), "--texts"),
    ):
        assert done.exit_code == 2 and said in done.stderr


def test_frames_that_nobody_knows_are_named(invoke: Invoke, analysed: list[str]) -> None:
    rows = [{"id": "a-1", "text": "A race.", "frames": {"Race": 1, "race": 1}}]
    said = words(invoke("evaluate", write("gold.jsonl", rows), "--draws", "0").stdout)
    assert "not measured: “Race” (did you mean race?)." in said
    done = invoke("evaluate", write("gold.jsonl", [{**rows[0], "frames": {"whimsy": 1}}]), "--draws", "0")
    said = words(done.stderr)
    assert done.exit_code == 2 and "can be measured" in said and "“whimsy”." in said


def test_frames_alone_coded_in_review_are_measured_from_the_database(invoke: Invoke) -> None:
    rows = [{"id": row["id"], "text": row["text"], "frames": {"race": row["frames"]["race"]}} for row in authored()[:8]]
    entries = [Entry(row["id"], row["text"]) for row in rows]
    create_review(Path("mine.sqlite"), entries, "a test", codings={"anna": rows}, frames=["race"], fields=["frames"])
    records = write("records.jsonl", [as_record(row, 0.9) for row in authored()[:8]])
    done = invoke("evaluate", "mine.sqlite", "--records", records, "--draws", "0", "--json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["passages"] == 8 and found["metrics"].keys() == {"frames.race"}
    create_review(Path("new.sqlite"), entries, "a test", frames=["race"], fields=["frames"])
    refused(invoke("evaluate", "new.sqlite", "--records", records), "rhetoric review new.sqlite --coder NAME")


def test_nothing_is_measured_on_passages_where_nothing_is(evaluate: Evaluate) -> None:
    absent = {"frames": dict.fromkeys([*FRAMES, "mine"], 0), "framing": "none", **NOTHING}
    rows = [{**row, **absent} for row in authored()[:5]]
    records = with_custom([as_record(row, 0.9) for row in rows], "mine", False)
    printed = evaluate(rows, records).stdout.partition("PRESENT")[0]
    told = {
        name: said[0] for name, said in values(printed).items() if name.startswith(("fram", "cont", "metaph", "cus"))
    }
    there = {name for name, value in told.items() if value != "–"}
    assert there == {"framing.none", "framing.macro_f1", "custom.mine.ece"} and "contrast.any" in told
    assert "frames.macro_f1 is" not in printed
