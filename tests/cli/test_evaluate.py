import json
from pathlib import Path
from typing import Any

import pytest
from report.makers import words
from training.makers import as_record, authored

from rhetoric.annotation.store import Entry, create_review
from rhetoric.gold import text_sum
from rhetoric.labels import FRAMES
from rhetoric.made_by import shipped_parts

from .conftest import Invoke, lines, write

NOTHING: dict[str, Any] = {"instances": [], "contrasts": [], "live_metaphors": []}


def files(number: int = 20) -> tuple[str, str]:
    """Write gold of the project and records that are right but for one framing and one frame."""
    rows = authored()[:number]
    records = [as_record(row, 0.9) for row in rows]
    wrong: Any = records[3]["passages"][0]
    wrong["framing"], wrong["framing_score"] = ("none" if wrong["framing"] != "none" else "partial"), 0.97
    records[5]["passages"][0]["frames"]["race"] = 0.1 if rows[5]["frames"]["race"] else 0.6
    return write("gold.jsonl", rows), write("records.jsonl", records)


def test_metrics_stand_beside_what_a_second_coder_reaches(invoke: Invoke) -> None:
    gold, records = files()
    done = invoke("evaluate", gold, "--records", records)
    assert done.exit_code == 0
    assert "20 coded passages" in done.stdout and "second coder" in done.stdout
    assert "corpora/gold/README.md" in done.stdout and "--errors FILE.jsonl" in done.stdout
    told = "a draw that holds none of a label counts as 0 for it, so that the interval of a rare one reaches down"
    plain = invoke("evaluate", gold, "--records", records, "--draws", "0").stdout
    assert told in words(done.stdout) and told not in words(plain)
    (race,) = [line.split() for line in done.stdout.splitlines() if line.startswith("frames.race ") and "[" not in line]
    present, found, missed, made_up, absent = map(int, race[1:])
    assert (present, missed + made_up, present + made_up + absent) == (found + missed, 1, 20)
    (taken,) = [line.split() for line in done.stdout.splitlines() if line.startswith("framing  ")]
    assert taken[1] == "1"


def test_what_is_neither_coded_nor_said_is_no_failure(invoke: Invoke) -> None:
    """A frame that is nowhere has no F1; it does not lower the mean of those that are."""
    rows = [row for row in authored() if not row["frames"]["hazard"] and not row["frames"]["market"]][:80]
    records = [as_record(row, 0.9) for row in rows]
    records[0]["passages"][0]["frames"]["market"] = 0.8  # said, though coded nowhere: a failure, unlike hazard
    gold, made = write("gold.jsonl", rows), write("records.jsonl", records)
    printed = invoke("evaluate", gold, "--records", made, "--draws", "0").stdout
    split = [line.split() for line in reversed(printed.splitlines())]  # of two lines on a metric the first
    values = {words[0]: words[1] for words in split if len(words) > 1}
    found = json.loads(invoke("evaluate", gold, "--records", made, "--draws", "0", "--json").stdout)["metrics"]
    there = [name for name in found if name.startswith("frames.") and name not in ("frames.hazard", "frames.macro_f1")]
    assert values["frames.hazard"] == "–" and values["frames.market"] == "0.000"
    assert len(there) == 9 and all(found[name]["value"] for name in there if name != "frames.market")
    mean = sum(found[name]["value"] for name in there) / 9
    assert values["frames.macro_f1"] == f"{mean:.3f}" != f"{found['frames.macro_f1']['value']:.3f}"
    said = words(printed)
    assert "frames.macro_f1 is the mean of 9 of 10 here, without hazard" in said
    assert f"--json has {found['frames.macro_f1']['value']:.3f}" in said


def test_passages_that_the_encoder_knows_are_counted(invoke: Invoke, analysed: list[str]) -> None:
    mine = {"id": "mine", "text": "Nobody has read this.", "framing": "none", "about": 0}
    gold = write("gold.jsonl", [*authored()[:2], mine])
    said = words(invoke("evaluate", gold, "--draws", "0").stdout)
    assert "The detectors have learned from 2 of these passages" in said
    assert json.loads(invoke("evaluate", gold, "--draws", "0", "--json").stdout)["seen"] == 2


def test_records_by_what_ships_are_of_passages_that_it_knows_too(invoke: Invoke) -> None:
    gold, _ = files(8)
    for parts, seen in (({}, 0), (shipped_parts(), 8), ({**shipped_parts(), "encoder": "another"}, 0)):
        rows = [as_record(row, 0.9) for row in authored()[:8]]
        records = write("by.jsonl", [{**each, "pipeline": {**each["pipeline"], "parts": parts}} for each in rows])
        done = invoke("evaluate", gold, "--records", records, "--draws", "0", "--json")
        assert json.loads(done.stdout)["seen"] == seen


def test_what_records_were_fitted_to_is_counted_or_not_known(invoke: Invoke) -> None:
    rows = [
        {**row, "id": f"p{at}", "text": f"Unread: {row['text']}", **NOTHING} for at, row in enumerate(authored()[:6])
    ]
    gold, records = write("gold.jsonl", rows), [as_record(row, 0.9) for row in rows]
    lines = {**records[0]["pipeline"], "parts": {**shipped_parts(), "contrast": "mine"}}
    drawn = write("drawn.jsonl", [{**each, "pipeline": lines} for each in records])
    for record in records:
        record["passages"][0]["custom"] = {"moral": {"score": 0.9, "present": True}}
    framed = write("framed.jsonl", records)
    Path("mine/custom").mkdir(parents=True)
    shas = [text_sum(row["text"]) for row in rows[:4]]
    Path("mine/custom/scores.json").write_text(json.dumps({"shas": shas}))
    for made in (drawn, framed):
        asked = ["evaluate", gold, "--records", made, "--draws", "0"]
        said = words(invoke(*asked).stdout)
        assert "What those were fitted to is not known" in said and "have learned" not in said
        said = words(invoke(*asked, "--pipeline", "mine").stdout)
        assert "have learned from 4 of these passages" in said and "fitted to is not known" not in said
        done = invoke(*asked, "--spacy-model", "en")
        assert done.exit_code == 2 and "--spacy-model does nothing with --records" in done.stderr


def test_a_second_coder_who_says_the_same_has_no_zeros(invoke: Invoke) -> None:
    rows = [{"id": row["id"], "text": row["text"], "frames": row["frames"]} for row in authored()[:6]]
    for row in rows:
        row["frames"] = {**row["frames"], "hazard": 0, "race": 1}
    gold = write("gold.jsonl", rows)
    records = write(
        "records.jsonl", [as_record({**row, **gold_}, 0.9) for row, gold_ in zip(authored()[:6], rows, strict=True)]
    )
    done = invoke("evaluate", gold, "--second", gold, "--records", records, "--draws", "0")
    lines = {}
    for line in done.stdout.splitlines():
        lines.setdefault(line.partition(" ")[0], line.split())  # a second table has their counts
    assert lines["frames.hazard"][:3] == ["frames.hazard", "–", "–"]
    assert lines["frames.race"][:3] == ["frames.race", "1.000", "1.000"]
    assert lines["frames.macro_f1"][:3] == ["frames.macro_f1", "1.000", "1.000"]


def test_nobody_s_ceiling_is_made_up(invoke: Invoke) -> None:
    gold, records = files()
    rows = [{**json.loads(line), "id": f"mine-{at}"} for at, line in enumerate(Path(gold).read_text().splitlines())]
    made = [{**json.loads(line), "id": f"mine-{at}"} for at, line in enumerate(Path(records).read_text().splitlines())]
    mine, theirs = write("mine.jsonl", rows), write("made.jsonl", made)
    done = invoke("evaluate", mine, "--records", theirs)
    assert done.exit_code == 0 and "is not known: --second FILE" in words(done.stdout)
    second = write("ben.jsonl", rows[:10])
    done = invoke("evaluate", mine, "--records", theirs, "--second", second, "--json")
    found = json.loads(done.stdout)
    assert found["ceiling"]["about"] == 1.0 and found["passages"] == 20
    done = invoke("evaluate", mine, "--records", theirs, "--second", second)
    assert "ben.jsonl, against this gold, on 10 passages" in words(done.stdout)


def test_no_second_coder_is_spoken_of_where_no_metric_shown_has_one(invoke: Invoke) -> None:
    rows = [{"id": row["id"], "text": row["text"], "frames": {"own": at % 2}} for at, row in enumerate(authored()[:8])]
    records = [as_record(row, 0.9) for row in authored()[:8]]
    for at, record in enumerate(records):
        record["passages"][0]["custom"] = {"own": {"score": 0.9, "present": bool(at % 2)}}
    asked = ["evaluate", write("gold.jsonl", rows), "--records", write("records.jsonl", records), "--draws", "0"]
    said = words(invoke(*asked).stdout)
    assert "custom.own" in said and "is not known: --second FILE" in said and "corpora/gold/README.md" not in said
    assert json.loads(invoke(*asked, "--json").stdout)["ceiling"] == {}


def test_json_has_every_metric_and_every_cell(invoke: Invoke) -> None:
    gold, records = files()
    found = json.loads(invoke("evaluate", gold, "--records", records, "--draws", "20", "--json").stdout)
    assert set(found["metrics"]["about"]) == {"value", "low", "high"}
    cells = [cell for cell in found["confusions"] if cell["field"] == "framing"]
    assert sum(cell["count"] for cell in cells) == 20
    assert sum(cell["count"] for cell in cells if cell["coded"] != cell["said"]) == 1


def test_wrong_passages_are_written_surest_first(invoke: Invoke) -> None:
    gold, records = files()
    done = invoke("evaluate", gold, "--records", records, "--errors", "wrong.jsonl")
    assert done.exit_code == 0 and "are in wrong.jsonl" in done.stdout
    found = lines(Path("wrong.jsonl").read_text(encoding="utf-8"))
    assert [each["id"] for each in found] == [authored()[at]["id"] for at in (3, 5)]
    assert found[0]["certainty"] == 0.97 and {"text", "gold", "predicted"} <= found[0].keys()
    assert invoke("evaluate", gold, "--records", records, "--errors", "wrong.jsonl").exit_code == 2
    for asked in (["-"], ["-", "--json"], ["wrong.csv"]):
        done = invoke("evaluate", gold, "--records", records, "--errors", *asked)
        assert (done.exit_code, done.stdout) == (2, "") and "Name a file" in done.stderr
    assert not Path("wrong.csv").exists()


def test_the_detectors_annotate_where_there_are_no_records(invoke: Invoke, analysed: list[str]) -> None:
    gold, _ = files(8)
    done = invoke("evaluate", gold, "--draws", "0")
    assert done.exit_code == 0 and len(analysed) == 8


def test_what_is_missing_is_said(invoke: Invoke, analysed: list[str]) -> None:
    gold, records = files(8)
    write("records.jsonl", [json.loads(line) for line in Path(records).read_text().splitlines()][:7])
    done = invoke("evaluate", gold, "--records", records)
    assert done.exit_code == 2 and "there is no record for this gold passage" in done.stderr
    done = invoke("evaluate", write("offsets.jsonl", [{"id": "r-1", "framing": "none", "slug": "x"}]))
    assert done.exit_code == 2 and "--texts" in done.stderr


def test_without_draws_no_interval_is_spoken_of(invoke: Invoke) -> None:
    gold, records = files()
    for draws, said in (("0", False), ("5", True)):
        told = words(invoke("evaluate", gold, "--records", records, "--draws", draws).stdout)
        assert ("95% intervals" in told) == said


def test_records_are_read_as_gold_is_and_checked(invoke: Invoke) -> None:
    gold, made = files()
    text = Path(made).read_text(encoding="utf-8")
    Path("marked.jsonl").write_text(f"\n{text}\n  \n", encoding="utf-8-sig")
    Path("utf16.jsonl").write_text(text, encoding="utf-16")
    assert invoke("evaluate", gold, "--records", "marked.jsonl", "--draws", "0").exit_code == 0
    done = invoke("evaluate", gold, "--records", "utf16.jsonl")
    assert done.exit_code == 2 and "utf16.jsonl: cannot be read" in done.stderr
    first, *rest = map(json.loads, text.splitlines())
    without = ({name: each for name, each in first.items() if name != left} for left in ("pipeline", "metaphors"))
    for wrong in (*without, {**first, "passages": [{}]}, {**first, "contrasts": [{"a": 1}]}, [1], None):
        done = invoke("evaluate", gold, "--records", write("wrong.jsonl", [*rest, wrong]))
        assert done.exit_code == 2 and done.stderr.startswith("error: wrong.jsonl:20: this is not a record (")


@pytest.mark.parametrize("codes", [{}, {"about": 0}, {**NOTHING, "text": "Another."}])
def test_one_id_is_of_one_passage(invoke: Invoke, codes: dict[str, Any]) -> None:
    gold, records = files(6)
    rows = [json.loads(line) for line in Path(gold).read_text(encoding="utf-8").splitlines()]
    twice = write("twice.jsonl", [*rows, {**rows[2], **codes}])
    said = f"error: twice.jsonl: {rows[2]['id']}: 2 passages have this id. Give each one of its own."
    for asked in ([twice, "--records", records], [gold, "--records", records, "--second", twice]):
        done = invoke("evaluate", *asked)
        assert (done.exit_code, done.stdout) == (2, "") and said in words(done.stderr)
    Path(records).write_text(Path(records).read_text(encoding="utf-8") * 2, encoding="utf-8")
    done = invoke("evaluate", gold, "--records", records)
    assert done.exit_code == 2 and "records.jsonl" in done.stderr and "2 passages have this id" in done.stderr


def test_whose_text_is_another_and_where_there_is_none_is_said(invoke: Invoke) -> None:
    gold, records = files(6)
    other = write("ben.jsonl", [{**authored()[0], "text": authored()[0]["text"] + " More."}])
    done = invoke("evaluate", gold, "--records", records, "--second", other)
    assert done.exit_code == 2 and "the second coder has another text of this passage" in done.stderr
    done = invoke("evaluate", write("none.jsonl", []), "--records", records)
    assert done.exit_code == 2 and "none.jsonl: there is no coded passage in it" in done.stderr


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
    done = invoke("evaluate", "new.sqlite", "--records", records)
    assert done.exit_code == 2 and "rhetoric review new.sqlite --coder NAME" in done.stderr


def test_nothing_is_measured_on_passages_where_nothing_is(invoke: Invoke) -> None:
    absent = {"frames": dict.fromkeys([*FRAMES, "mine"], 0), "framing": "none", **NOTHING}
    rows = [{**row, **absent} for row in authored()[:5]]
    records: list[Any] = [as_record(row, 0.9) for row in rows]
    for record in records:
        record["passages"][0]["custom"] = {"mine": {"score": 0.1, "present": False}}
    gold, made = write("gold.jsonl", rows), write("records.jsonl", records)
    printed = invoke("evaluate", gold, "--records", made).stdout.partition("PRESENT")[0]
    values = dict(
        line.split()[:2] for line in printed.splitlines() if line.startswith(("fram", "cont", "metaph", "cus"))
    )
    there = {name for name, value in values.items() if value != "–"}
    assert there == {"framing.none", "framing.macro_f1", "custom.mine.ece"} and "contrast.any" in values
    assert "frames.macro_f1 is" not in printed


def test_what_neither_coder_found_is_no_zero_of_the_second(invoke: Invoke) -> None:
    rows = [{"id": row["id"], "text": row["text"], "frames": dict(row["frames"])} for row in authored()[:6]]
    for at, row in enumerate(rows):
        row["frames"] = {frame: int((at + place) % 2) for place, frame in enumerate(row["frames"])} | {"hazard": 0}
    said = [{**row, "frames": {**row["frames"], "hazard": 1}} for row in rows]  # the detectors say it everywhere
    gold = write("gold.jsonl", rows)
    records = write(
        "records.jsonl", [as_record({**whole, **row}, 0.9) for whole, row in zip(authored(), said, strict=False)]
    )
    told = json.loads(invoke("evaluate", gold, "--second", gold, "--records", records, "--draws", "0", "--json").stdout)
    assert "frames.hazard" not in told["ceiling"] and told["ceiling"]["frames.macro_f1"] == 1.0
    assert told["metrics"]["frames.hazard"]["value"] == 0.0
