"""What coders make of texts in their tools, with no links, choices or scores, and texts that are not clean."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from annotation.makers import span
from rhetoric.annotation.exchange import label_studio
from rhetoric.annotation.exchange.formats import FORMATS
from rhetoric.annotation.exchange.offsets import from_utf16
from rhetoric.gold import FIELDS, ITEMS, check_coded

from .drawn import CLEAN, MARKED, TEXT, annotated, check_found, region, said, units
from .makers import coded, read, write


def test_prodigy(tmp_path: Path) -> None:
    spans = [dict(zip(("start", "end"), span(TEXT, words), strict=True)) | {"label": label} for label, words in MARKED]
    task = {
        "text": TEXT,
        "spans": spans,
        "answer": "accept",
        "_annotator_id": "anna",
        "meta": {"id": "t1", "year": 2025},
    }
    path = tmp_path / "out.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in (task, {**task, "answer": "reject"})))
    taken: Counter[str] = Counter()
    found = read("prodigy", path, taken)
    check_found(found, one_place=False)
    assert (found[0]["id"], found[0]["meta"]) == ("t1", {"year": 2025, "coder": "anna"})
    assert +taken == {"tasks that were rejected or ignored": 1}


def test_prodigy_shows_what_it_likes_of_a_record(tmp_path: Path) -> None:
    out = json.loads(write("prodigy", tmp_path / "out.jsonl", coded(TEXT)).read_text())
    for at, shown in enumerate(("chapter 1", ["chapter 1"], 1)):
        path = tmp_path / f"{at}.jsonl"
        path.write_text(json.dumps({**out, "meta": shown}))
        assert read("prodigy", path)[0]["id"] == out["rhetoric"]["id"]


def test_prodigy_relations_are_found_by_their_last_tokens(tmp_path: Path) -> None:
    text = "a gift b sale"
    spans = [
        {"start": 0, "end": 6, "token_start": 0, "token_end": 1, "label": "opposition"},
        {"start": 7, "end": 13, "token_start": 2, "token_end": 3, "label": "opposition"},
    ]
    relations = [{"head": 3, "child": 1, "label": "against"}, {"head": 3, "child": 0, "label": "cue"}]
    task = {"text": text, "spans": spans, "relations": relations}
    path = tmp_path / "out.jsonl"
    path.write_text(json.dumps(task))
    taken: Counter[str] = Counter()
    (record,) = read("prodigy", path, taken)
    assert said(record)["contrasts"] == [("a gift", "b sale")]
    assert +taken == {"relations to spans that are not there": 1}


def test_prodigy_keeps_the_actor_of_what_is_left_of_an_instance(tmp_path: Path) -> None:
    text = "They call it aid; in truth it is a debt."
    parts = {part: [span(text, said)] for part, said in (("account", "aid"), ("machinery", "a debt"))}
    framing = [{**parts, "cue": [span(text, "in truth")], "actor": "china", "explicit": False, "score": 0.8}]
    task = json.loads(write("prodigy", tmp_path / "out.jsonl", coded(text, framing=framing)).read_text())
    redrawn = {**dict(zip(("start", "end"), span(text, "it aid"), strict=True)), "label": "account"}
    task |= {"answer": "accept", "spans": [*task["spans"][1:], redrawn], "relations": task["relations"][1:]}
    (tmp_path / "back.jsonl").write_text(json.dumps(task))
    (found,) = read("prodigy", tmp_path / "back.jsonl")[0]["framing"]
    assert (found["actor"], found["explicit"]) == ("china", False)
    assert (found["account"], found["machinery"]) == ([span(text, "it aid")], parts["machinery"])


@pytest.mark.parametrize(("name", "told"), [("prodigy", {"answer": "accept"}), ("doccano", {"Comments": []})])
def test_codes_that_no_coder_saw_are_not_in_the_gold(name: str, told: dict[str, Any], tmp_path: Path) -> None:
    record = coded(TEXT)
    record["passages"][0] |= {"about": 0.9, "custom": {"own": {"score": 0.7, "present": True}}}
    record["metaphors"] = [{"span": span(TEXT, "race"), "live": True, "score": 1.0, "source": "race", "target": "ai"}]
    out = json.loads(write(name, tmp_path / "out.jsonl", record).read_text())
    for lines, seen in [([out], True), ([out | told], False)]:  # as it went out, and as it comes from the tool
        (tmp_path / "back.jsonl").write_text("\n".join(map(json.dumps, lines)))
        (back,) = read(name, tmp_path / "back.jsonl")
        assert back["passages"][0]["about"] == 0.9, "the machine's word stays in the record"
        lost: Counter[str] = Counter()
        row = json.loads(write("gold", tmp_path / f"gold-{seen}.jsonl", back, lost=lost).read_text())
        assert ({*FIELDS} & {*row} == {*FIELDS}) == seen and {*ITEMS} <= {*row} and row["live_metaphors"]
        assert lost["passages whose frames, about, framing and portrayal no coder saw"] == (not seen)
        assert (lost["passages.about (rounded to yes or no)"] > 0) == seen
        check_coded(row)


@pytest.mark.parametrize("name", ["doccano", "brat"])
def test_gold_of_what_was_coded_without_passages_is_by_paragraph(name: str, tmp_path: Path) -> None:
    text = "They call it aid.\n\nIn truth it is a debt, and a race."
    spans = [("account", "aid"), ("machinery", "a debt"), ("live", "race")]
    if name == "brat":
        (tmp_path / "doc.txt").write_text(text)
        places = [f"T{at}\t{label} {' '.join(map(str, span(text, words)))}" for at, (label, words) in enumerate(spans)]
        (tmp_path / "doc.ann").write_text(
            "\n".join(f"{place}\t{w}" for place, (_, w) in zip(places, spans, strict=True))
        )
    else:
        told = {"id": "doc", "text": text, "label": [[*span(text, words), label] for label, words in spans]}
        (tmp_path / "doc.jsonl").write_text(json.dumps(told))
    (record,) = read(name, tmp_path if name == "brat" else tmp_path / "doc.jsonl")
    lost: Counter[str] = Counter()
    lines = write("gold", tmp_path / "gold.jsonl", record, lost=lost).read_text().splitlines()
    one, other = map(json.loads, lines)
    assert (one["id"], one["text"], one["start"], other["id"], other["start"]) == ("doc#1", text[:17], 0, "doc#2", 19)
    assert (one["instances"][0]["account"], other["instances"][0]["machinery"]) == ([[13, 16]], [[15, 21]])
    assert [image["span"] for image in other["live_metaphors"]] == [[29, 33]]
    assert not {*FIELDS} - {*ITEMS} & {*one, *other}, "nobody coded the passages, which nobody marked"
    assert lost["documents without a passage, cut by paragraph"] == 1


def test_doccano_with_and_without_relations(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    places = [(label, units(TEXT, words)) for label, words in MARKED]
    entities = [
        {"id": n, "label": label, "start_offset": s, "end_offset": e} for n, (label, (s, e)) in enumerate(places)
    ]
    relations = [
        {"id": 9, "from_id": 3, "to_id": 2, "type": "against"},
        {"id": 8, "from_id": 0, "to_id": 1, "type": "x"},
    ]
    lines = [
        {"id": 7, "text": TEXT, "label": [[s, e, label] for label, (s, e) in places], "Comments": [], "year": 2025},
        {"id": 8, "text": TEXT, "entities": entities, "relations": relations, "Comments": []},
        {"id": 9, "text": TEXT, "labels": [[s, e, label] for label, (s, e) in places], "meta": {}},
        {"id": 10, "text": TEXT, "annotations": [{**each, "user": 1} for each in entities], "meta": {}},
    ]
    path.write_text("\n".join(map(json.dumps, lines)))
    plain, linked, old, older = read("doccano", path)
    for each in (plain, old, older):
        check_found([each], one_place=False)
    assert (plain["id"], plain["meta"]) == ("7", {"year": 2025})
    assert said(linked)["contrasts"] == [("a sale", "a gift")]
    assert len(linked["framing"]) == 1

    lines[1] |= {"relations": [{**relations[0], "to_id": 7001}, {**relations[1], "from_id": None}], "Comments": ["?"]}
    path.write_text(json.dumps(lines[1]))
    taken: Counter[str] = Counter()
    check_found(read("doccano", path, taken), one_place=False)
    assert +taken == {"relations to spans that are not there": 2, "notes of coders": 1}


def test_label_studio(tmp_path: Path) -> None:
    result = [region(str(n), label, *span(TEXT, words), text=words) for n, (label, words) in enumerate(MARKED)]
    one = {"result": result, "completed_by": {"id": 3, "email": "a@b.c"}}
    first, second = annotated(
        tmp_path, one, {"result": [], "completed_by": 4}, {"result": result, "was_cancelled": True}
    )
    check_found([first], one_place=False)
    assert (first["meta"]["coder"], second["meta"]["coder"]) == ("a@b.c", "4")
    assert second["contrasts"] == []


def test_label_studio_s_predictions_are_nobody_s_codes(tmp_path: Path) -> None:
    (task,) = json.loads((write("label-studio", tmp_path / "out", coded("It is a race.")) / "tasks.json").read_text())
    skipped = {"result": [], "completed_by": 4, "was_cancelled": True}
    done = {"result": [], "completed_by": 5}
    taken: Counter[str] = Counter()
    assert [annotated(tmp_path, *each, taken=taken, **task) for each in ([], [skipped])] == [[], []]
    (record,) = annotated(tmp_path, skipped, done, taken=taken, **task)
    assert record["meta"]["coder"] == "5" and record["passages"] == []
    assert record["pipeline"]["name"] == "imported"
    assert +taken == {"tasks that nobody annotated": 1, "annotations that their coder skipped": 2}


def test_label_studio_of_an_old_editor_counts_utf_16(tmp_path: Path) -> None:
    (record,) = annotated(tmp_path, {"result": [region("x", "live", *units(TEXT, "race"), text="race")]})
    assert said(record)["metaphors"] == ["race"]


def test_label_studio_s_offsets_are_counted_once_a_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(text: str) -> Any:
        asked.append(text)
        return from_utf16(text)

    monkeypatch.setattr(label_studio, "from_utf16", counted)
    result = [region(str(at), "account", 0, 3, text="elsewhere") for at in range(5)]
    annotated(tmp_path, {"result": result})
    assert asked == [TEXT]


def test_label_studio_regions_of_another_text_or_no_label_are_not_taken(tmp_path: Path) -> None:
    result = [region("x", "live", 3, 7, text="elsewhere"), region("y", "live", 3, 7, text="They")]
    del (bare := region("z", "live", 3, 7))["value"]["labels"]
    result = [bare, *result, {**bare, "id": "y", "type": "choices", "from_name": "source"}]
    result[2] |= {"meta": {"text": ["unclear"]}}
    result += [{**bare, "type": "textarea"}, {"type": "relation", "from_id": "y", "to_id": "x"}]
    taken: Counter[str] = Counter()
    (record,) = annotated(tmp_path, {"result": result}, taken=taken)
    assert said(record)["metaphors"] == ["They"]
    assert +taken == {
        "regions that repeat another text than the one at their place": 1,
        "regions without a label": 1,
        "choices of nothing": 1,
        "notes of coders": 1,
        "answers that are no labels, relations, or choices for a label": 1,
        "relations to spans that are not there": 1,
    }


def test_a_coder_s_choices_go_before_the_machine_s_probabilities(tmp_path: Path) -> None:
    record = coded("It is a race.")
    record["passages"][0]["frames"] |= {"race": 0.7, "threat": 0.6}
    del record["passages"][0]["frames"]["market"]  # what the machine does not know a coder can choose all the same
    own = {"kept": (0.6, True), "put in": (0.4, False), "taken out": (0.7, True), " no choice ": (0.9, True)}
    record["passages"][0]["custom"] = {label: {"score": s, "present": p} for label, (s, p) in own.items()}
    (task,) = json.loads((write("label-studio", tmp_path / "out", record) / "tasks.json").read_text())
    result = task.pop("predictions")[0]["result"]
    for each in result:
        if each["from_name"] == "frames":
            each["value"]["choices"] = ["race", "market"]
        if each["from_name"] == "framing":
            each["value"]["choices"] = ["partial"]
        if each["from_name"] == "custom":
            assert each["value"]["choices"] == ["kept", "taken out"]
            each["value"]["choices"] = ["kept", "put in", "new"]
    (back,) = annotated(tmp_path, {"result": result}, **task)
    (passage,) = back["passages"]
    expected = {"race": 0.7, "threat": 0.0, "market": 1.0, "hazard": 0.1}
    assert {name: passage["frames"][name] for name in expected} == expected
    assert (passage["framing"], passage["framing_score"], passage["about"]) == ("partial", 1.0, 0.9)
    assert {label: (each["score"], each["present"]) for label, each in passage["custom"].items()} == {
        "kept": (0.6, True),
        "put in": (1.0, True),
        "taken out": (0.0, False),
        " no choice ": (0.9, True),
        "new": (1.0, True),
    }


def test_spacy(tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin, Span

    from rhetoric.annotation.exchange.docbin import register

    register()
    doc = spacy.blank("en")(TEXT)
    marked = doc.char_span(*span(TEXT, "race"), label="live")
    assert marked is not None
    marked._.live, marked._.metaphor_score = True, 0.5
    doc.spans["metaphor"] = [marked]
    doc.spans["other"] = [Span(doc, 0, 2, label="x")]
    DocBin(docs=[doc], store_user_data=True).to_disk(tmp_path / "x.spacy")
    (record,) = read("docbin", tmp_path / "x.spacy")
    assert (record["text"], said(record)["metaphors"]) == (CLEAN, ["race"])


@pytest.mark.parametrize("name", ["jsonl", "gold", "csv"])
def test_line_breaks_of_windows(name: str, tmp_path: Path) -> None:
    record = coded(
        TEXT, metaphors=[{"span": span(TEXT, "race"), "live": True, "score": 1.0, "source": "race", "target": "ai"}]
    )
    start, end = span(TEXT, "not a gift")
    record["passages"][0]["sentences"] = {"race": {"start": start, "end": end, "without": 0.25}}
    (back,) = read(name, write(name, tmp_path / f"x{FORMATS[name].suffixes[0]}", record))
    assert (back["text"], said(back)["metaphors"]) == (CLEAN, ["race"])
    for carrying in back["passages"][0].get("sentences", {}).values():
        assert CLEAN[carrying["start"] : carrying["end"]] == "not a gift"


def test_records_of_others_need_no_id_and_no_pipeline(tmp_path: Path) -> None:
    found = {name: value for name, value in coded("It is a race.").items() if name not in ("id", "meta", "pipeline")}
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(found) + "\n" + json.dumps({"id": "a", "source": "a.txt", "error": "it was empty."}))
    lost = Counter[str]()
    (record,) = read("jsonl", path, lost)
    assert (record["meta"], record["pipeline"]["name"], len(record["id"])) == ({}, "imported", 16)
    assert +lost == {"documents that failed when they were annotated": 1}
