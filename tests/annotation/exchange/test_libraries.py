"""The files as the tools' own libraries open them, without anything of ours; and what the docs say of the formats."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from scoring.records import essay

from rhetoric.annotation.exchange.formats import FIELDS, FORMATS
from rhetoric.annotation.exchange.marks import LABELS, LINKS
from rhetoric.annotation.exchange.tables import to_frames
from rhetoric.writing import table_row

from .makers import need_cassis, write

ROOT = Path(__file__).parents[3]
RECORD: Any = essay()
CHOICES = ["l'État", 'a "b" <c> & d', "just transition"]
NO_CHOICES = [" spaced ", "a\nb", ""]  # which an interface in XML has no place for
OWN = {label: {"score": 0.75, "present": True} for label in (*CHOICES, *NO_CHOICES)}
RECORD["passages"][0]["custom"] = OWN


def test_plain_spacy_has_the_span_groups(tmp_path: Path) -> None:
    path = write("docbin", tmp_path / "x.spacy", RECORD)
    code = f"""
import sys, json
from spacy.tokens import DocBin
from spacy.vocab import Vocab
(doc,) = DocBin().from_disk({str(path)!r}).get_docs(Vocab())
contrasts = [[s.label_, s.start_char, s.end_char] for s in doc.spans["contrast"]]
sides = [doc.user_data["._.", "a", s.start_char, s.end_char] for s in doc.spans["contrast"]]
first = doc.spans["passage"][0]
own = doc.user_data["._.", "custom", first.start_char, first.end_char]
print(json.dumps([doc.text, contrasts, sides, own, "rhetoric" in sys.modules]))
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    text, contrasts, sides, own, ours = json.loads(said.stdout)
    assert text == RECORD["text"] and not ours
    assert own == OWN
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
    own = [(each.get_covered_text(), each.label, each.score, each.present) for each in cas.select("rhetoric.Custom")]
    first = RECORD["text"][RECORD["passages"][0]["start"] : RECORD["passages"][0]["end"]]
    assert own == [(first, label, "0.75", True) for label in OWN]
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
    config = ElementTree.parse(folder / "labeling.xml")  # noqa: S314 - our own
    (task,) = json.loads((folder / "tasks.json").read_text())
    choices = {each.get("name"): {c.get("value") for c in each} for each in config.iter("Choices")}
    choices["label"] = {each.get("value") for each in config.iter("Label")}
    assert choices["label"] == set(LABELS)
    assert choices["custom"] == set(CHOICES)
    several = {each.get("name") for each in config.iter("Choices") if each.get("choice") == "multiple"}
    assert several == {"frames", "custom"}
    links = {each.get("value") for each in config.iter("Relation")}
    assert links == set(LINKS)
    for each in task["predictions"][0]["result"]:
        if each["type"] == "relation":
            assert set(each["labels"]) <= links
        else:
            value = each["value"]
            assert RECORD["text"][value["start"] : value["end"]] == value["text"]
            assert set(value.get("labels", value.get("choices"))) <= choices[each["from_name"]]
    made = [each["value"]["choices"] for each in task["predictions"][0]["result"] if each.get("from_name") == "custom"]
    assert made == [CHOICES]


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
    notes = [line.split("\t")[2] for line in (folder / "essay.ann").read_text().splitlines() if line.startswith("#")]
    assert json.loads(notes[0])["custom"] == OWN


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
    units = {"doccano": "UTF-16 code units", "inception": "UTF-16 code units"}
    rows = [["field", *FORMATS], ["---"] * (1 + len(FORMATS))]
    rows += [["offsets in", *(units.get(name, "code points") for name in FORMATS)]]
    for field in FIELDS:
        told = ("–" if field in f.lost else "yes or no" if field in f.rounded else "yes" for f in FORMATS.values())
        rows.append([f"`{field}`", *told])
    assert "\n".join(map(table_row, rows)) + "\n" in page
    assert all(f"`{name}`" in page for name in FORMATS)


def test_the_fields_are_those_of_a_record() -> None:
    named = {field.partition(".")[2] or field for field in FIELDS}
    held = {name for kind in ("passages", "framing", "contrasts", "metaphors") for name in RECORD[kind][0]}
    assert named == {*RECORD, *held, "embedding", "custom", "sentences"} - {"passages", "contrasts", "metaphors"}
