"""The files as the tools' own libraries open them, without anything of ours; and what the docs say of the formats."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from scoring.records import essay

from rhetoric.annotation.exchange.formats import FIELDS, FORMATS, table
from rhetoric.annotation.exchange.label_studio_interface import make_interface
from rhetoric.annotation.exchange.marks import LABELS, LINKS
from rhetoric.annotation.exchange.tables import to_frames

from .makers import coded, need_cassis, write

ROOT = Path(__file__).parents[3]
RECORD: Any = essay()


def test_plain_spacy_has_the_span_groups(tmp_path: Path) -> None:
    path = write("docbin", tmp_path / "x.spacy", RECORD)
    code = f"""
import sys, json
from spacy.tokens import DocBin
from spacy.vocab import Vocab
(doc,) = DocBin().from_disk({str(path)!r}).get_docs(Vocab())
contrasts = [[s.label_, s.start_char, s.end_char] for s in doc.spans["contrast"]]
sides = [doc.user_data["._.", "a", s.start_char, s.end_char] for s in doc.spans["contrast"]]
print(json.dumps([doc.text, contrasts, sides, "rhetoric" in sys.modules]))
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    text, contrasts, sides, ours = json.loads(said.stdout)
    assert text == RECORD["text"] and not ours
    assert sides == [pair["a"] for pair in RECORD["contrasts"]]
    for (label, start, end), pair in zip(contrasts, RECORD["contrasts"], strict=True):
        spans = [pair["a"], pair["b"], *pair["cue"]]
        assert (label, start, end) == (pair["label"], min(s for s, _ in spans), max(e for _, e in spans))


def test_cassis_reads_the_text_that_each_annotation_covers(tmp_path: Path) -> None:
    cassis = need_cassis()
    folder = write("inception", tmp_path / "out", RECORD)
    with (folder / "TypeSystem.xml").open("rb") as types, (folder / "essay.xmi").open("rb") as xmi:
        cas = cassis.load_cas_from_xmi(xmi, typesystem=cassis.load_typesystem(types))
    live = [mark.get_covered_text() for mark in cas.select("rhetoric.Mark") if mark.label == "live"]
    assert sorted(live) == sorted(RECORD["text"][slice(*each["span"])] for each in RECORD["metaphors"])
    assert len(cas.select("rhetoric.Passage")) == len(RECORD["passages"])
    sides = [(link.Governor.get_covered_text(), link.Dependent.label) for link in cas.select("rhetoric.Link")]
    first = RECORD["contrasts"][0]
    assert (RECORD["text"][slice(*first["a"])], first["label"]) in sides


def test_pandas_and_arrow_read_the_tables(tmp_path: Path) -> None:
    import pandas

    parquet, csv = write("parquet", tmp_path / "p", RECORD), write("csv", tmp_path / "c", RECORD)
    for name in ("documents", "passages", "spans"):
        ours, plain = pandas.read_parquet(parquet / f"{name}.parquet"), pandas.read_csv(csv / f"{name}.csv")
        shown = to_frames([RECORD])[name]
        assert list(ours.columns) == list(plain.columns) == list(shown.columns)
        assert len(ours) == len(plain) == len(shown)
    text = plain.assign(whole=RECORD["text"])
    assert all(row.whole[row.start : row.end] == row.text for row in text.itertuples())


def test_the_interface_knows_every_label_and_choice_of_the_tasks(tmp_path: Path) -> None:
    folder = write("label-studio", tmp_path / "out", RECORD)
    config = ElementTree.fromstring(make_interface())  # noqa: S314 - our own
    assert (folder / "labeling.xml").read_text() == make_interface()
    (task,) = json.loads((folder / "tasks.json").read_text())
    choices = {each.get("name"): {c.get("value") for c in each} for each in config.iter("Choices")}
    choices["label"] = {each.get("value") for each in config.iter("Label")}
    assert choices["label"] == set(LABELS)
    links = {each.get("value") for each in config.iter("Relation")}
    assert links == set(LINKS)
    for each in task["predictions"][0]["result"]:
        if each["type"] == "relation":
            assert set(each["labels"]) <= links
        else:
            value = each["value"]
            assert RECORD["text"][value["start"] : value["end"]] == value["text"]
            assert set(value.get("labels", value.get("choices"))) <= choices[each["from_name"]]


def test_the_interface_asks_for_frames_of_one_s_own(tmp_path: Path) -> None:
    record = coded("It is a race.")
    own = ['a "b" <c> & d', "just transition", " spaced ", "a\nb", ""]
    record["passages"][0]["custom"] = {label: {"score": 0.9, "present": True} for label in own}
    folder = write("label-studio", tmp_path / "out", record)
    config = ElementTree.parse(folder / "labeling.xml")  # noqa: S314 - our own
    (asked,) = (each for each in config.iter("Choices") if each.get("name") == "custom")
    assert (asked.get("choice"), [each.get("value") for each in asked]) == ("multiple", own[:2])
    (task,) = json.loads((folder / "tasks.json").read_text())
    (said,) = (each for each in task["predictions"][0]["result"] if each["from_name"] == "custom")
    assert said["value"]["choices"] == own[:2]


def test_plain_libraries_find_frames_of_one_s_own(tmp_path: Path) -> None:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    cassis = need_cassis()
    record = coded("It is a race.")
    record["passages"][0]["custom"] = {"l'État": {"score": 0.75, "present": True}}
    for name, path in (("docbin", "x.spacy"), ("inception", "cas"), ("brat", "brat")):
        write(name, tmp_path / path, record)
    (doc,) = DocBin(store_user_data=True).from_disk(tmp_path / "x.spacy").get_docs(Vocab())
    assert doc.user_data["._.", "custom", 0, 13] == record["passages"][0]["custom"]
    with (tmp_path / "cas/TypeSystem.xml").open("rb") as types, (tmp_path / "cas/doc.xmi").open("rb") as xmi:
        cas = cassis.load_cas_from_xmi(xmi, typesystem=cassis.load_typesystem(types))
    (own,) = cas.select("rhetoric.Custom")
    assert (own.get_covered_text(), own.label, own.score, own.present) == (record["text"], "l'État", "0.75", True)
    (note,) = (line for line in (tmp_path / "brat/doc.ann").read_text().splitlines() if line.startswith("#"))
    assert json.loads(note.split("\t")[2])["custom"] == record["passages"][0]["custom"]


def test_brat_s_configuration_names_every_label(tmp_path: Path) -> None:
    folder = write("brat", tmp_path / "out", RECORD)
    sections = (folder / "annotation.conf").read_text().split("\n\n")
    assert [each.split("\n")[0] for each in sections] == ["[entities]", "[relations]", "[events]", "[attributes]"]
    assert tuple(sections[0].split("\n")[1:]) == LABELS
    text = (folder / "essay.txt").read_text()
    for line in (folder / "essay.ann").read_text().splitlines():
        if line.startswith("T"):
            _, told, repeated = line.split("\t")
            label, places = told.split(" ", 1)
            assert label in LABELS
            pieces = [text[int(a) : int(b)] for a, b in (each.split() for each in places.split(";"))]
            assert " ".join(pieces) == repeated


def test_prodigy_s_spans_and_relations_rest_on_its_tokens(tmp_path: Path) -> None:
    task = json.loads(write("prodigy", tmp_path / "x.jsonl", RECORD).read_text())
    tokens = task["tokens"]
    assert [each["id"] for each in tokens] == list(range(len(tokens)))
    assert "".join(each["text"] + " " * each["ws"] for each in tokens) == task["text"]
    for span in task["spans"]:
        assert tokens[span["token_start"]]["start"] == span["start"]
        assert tokens[span["token_end"]]["end"] == span["end"]
    for relation in task["relations"]:
        assert relation["head"] == relation["head_span"]["token_end"]


def test_the_docs_show_what_each_format_carries() -> None:
    page = (ROOT / "docs" / "exchange.md").read_text(encoding="utf-8")
    assert table() in page
    assert all(f"`{name}`" in page for name in FORMATS)


def test_the_fields_are_those_of_a_record() -> None:
    named = {name for field in FIELDS for name in field.replace(",", " ").replace(".", " ").split()}
    held = {*RECORD, "embedding", "custom", "sentences"} | {
        name for kind in ("passages", "framing", "contrasts", "metaphors") for name in RECORD[kind][0]
    }
    assert named == held
