"""From documents to records, with the weights that ship."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
import spacy
from hypothesis import assume, given
from pipeline.makers import steady, texts
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from typing_extensions import is_typeddict

from rhetoric import analyse, annotate, load
from rhetoric.analysis import make_record
from rhetoric.errors import RhetoricError
from rhetoric.ingest import Document, Failure, read
from rhetoric.ingest.document import make_document
from rhetoric.labels import COUNTRIES, FRAMES
from rhetoric.made_by import describe
from rhetoric.record import Record
from rhetoric.resources import CORPORA

ESSAY = (CORPORA / "essay.txt").read_text(encoding="utf-8")
GOLD = [json.loads(line) for line in (CORPORA / "gold" / "essay.jsonl").read_text(encoding="utf-8").splitlines()]
MACHINERY = "The official account is of a fair race. The machinery is public money and the fear of falling behind."
BREAKS = "xyzzy"


def check(value: Any, form: Any, where: str = "record") -> None:
    """Raise AssertionError where ``value`` is not of the type ``form``: TypedDicts have their fields and no others."""
    if is_typeddict(form):
        hints = get_type_hints(form)  # without what is said of ranges and probabilities
        assert type(value) is dict, where
        assert form.__required_keys__ <= value.keys() <= hints.keys(), f"{where}: {sorted(value)}"
        for name, each in value.items():
            check(each, hints[name], f"{where}.{name}")
    elif get_origin(form) is Literal:
        assert value in get_args(form), f"{where}: {value!r}"
    elif get_origin(form) is list:
        assert type(value) is list, where
        for at, each in enumerate(value):
            check(each, get_args(form)[0], f"{where}[{at}]")
    elif get_origin(form) is dict:
        assert type(value) is dict, where
        for key, each in value.items():
            check(key, get_args(form)[0], where)
            check(each, get_args(form)[1], f"{where}.{key}")
    elif get_origin(form) is UnionType:
        assert type(value) in get_args(form), f"{where}: {value!r}"
    elif form is not Any:
        assert type(value) is form, f"{where}: {value!r}"


def check_record(record: Any) -> None:
    """Raise AssertionError where a record is not as corpora/record.md and the codebook say."""
    check(record, Record)
    text, passages = record["text"], record["passages"]
    for passage in passages:
        assert tuple(passage["frames"]) == FRAMES
        assert passage["portrayal"].keys() <= set(COUNTRIES)
        for chance in (passage["about"], passage["framing_score"], *passage["frames"].values()):
            assert 0 <= chance <= 1
        for said in passage["portrayal"].values():
            assert said["stance"] in (-1, 0, 1)
    found = [*record["framing"], *record["contrasts"], *record["metaphors"]]
    assert all(0 <= each["score"] <= 1 for each in found)
    for each in found:
        sides = [each[name] for name in ("a", "b", "span") if name in each]
        parts = [span for name in ("account", "machinery", "cue") for span in each.get(name, [])]
        spans = sides + parts
        assert spans and all(len(span) == 2 for span in spans)
        assert any(p["start"] <= min(spans)[0] and max(e for _, e in spans) <= p["end"] for p in passages)
        assert all(start < end and text[start:end].strip() for start, end in spans)
    for metaphor in record["metaphors"]:
        assert ("source" in metaphor) == ("target" in metaphor) == metaphor["live"]
    for contrast in record["contrasts"]:
        assert contrast["a"][1] <= contrast["b"][0]


def as_json(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False)


@pytest.fixture(scope="module")
def essay(nlp: Language) -> Record:
    return annotate(ESSAY, nlp=nlp)


def test_a_record_is_as_its_page_says(essay):
    check_record(essay)
    page = (CORPORA / "record.md").read_text(encoding="utf-8")
    example = json.loads(re.findall(r"```json\n(.*?)```", page, re.DOTALL)[0])
    assert example.keys() <= essay.keys()
    assert example["pipeline"].keys() == essay["pipeline"].keys()
    for kind in ("passages", "framing", "contrasts", "metaphors"):
        assert any(example[kind][0].keys() <= found.keys() for found in essay[kind]), kind


def test_the_check_of_records_finds_what_is_wrong(essay):
    for place, name, wrong in [
        ("passages", "framing", "dissociation"),
        ("passages", "about", 2.0),
        ("passages", "start", "0"),
        ("metaphors", "span", [5, 5]),
        ("metaphors", "extra", 1),
        ("contrasts", "a", [0, len(ESSAY) + 1]),
        ("contrasts", "a", essay["contrasts"][0]["b"]),
        ("framing", "explicit", 1),
    ]:
        broken = json.loads(as_json(essay))
        broken[place][0][name] = wrong
        with pytest.raises(AssertionError):
            check_record(broken)


@steady
@given(texts)
def test_any_text_has_a_record(nlp, text):
    assume(text.strip())
    (record,) = analyse([make_document(text, {"n": 1}, "it")], nlp)
    check_record(record)
    assert (record["id"], record["text"], record["meta"]) == ("it", text, {"n": 1})
    assert json.loads(as_json(record)) == record


@pytest.mark.parametrize("text", ["a" * 2_000, "- " * 5_000, "🙂" * 300, "\n" * 50_000 + "US"])
def test_hostile_text_has_a_record(nlp, text):
    (record,) = analyse([make_document(text)], nlp)
    check_record(record)


def test_the_same_text_has_the_same_record_in_another_process(essay, tmp_path):
    script = "import json, rhetoric, sys; print(json.dumps(rhetoric.annotate(sys.stdin.read()), ensure_ascii=False))"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", script], input=ESSAY.encode(), capture_output=True, env=environment, check=True
    )
    assert done.stdout.decode().rstrip("\n") == as_json(essay)


def test_a_record_does_not_depend_on_what_was_analysed_before(nlp, essay):
    documents = [make_document(text) for text in (MACHINERY, "China leads.", ESSAY, MACHINERY, ESSAY)]
    records = [as_json(record) for record in analyse(documents, nlp)]
    assert records[2] == records[4] == as_json(essay)
    assert records[0] == records[3]


def test_a_passage_has_the_same_scores_in_any_document_that_names_the_matter(nlp):
    (alone,) = annotate(MACHINERY, nlp=nlp)["passages"]
    among = annotate(f"{MACHINERY}\n\nChina leads in AI.", nlp=nlp)["passages"][0]
    # But for the last digit: passages of one document are read together.
    assert among["frames"] == pytest.approx(alone["frames"], abs=2e-4)
    for name in ("about", "framing_score"):
        assert among[name] == pytest.approx(alone[name], abs=2e-4)
    assert among["framing"] == alone["framing"] and among["portrayal"] == alone["portrayal"]


@pytest.fixture
def breaking(nlp: Language) -> Iterator[Language]:
    """Break the pipeline, and only for one word."""

    @Language.component("break_on_a_word")
    def fail(doc: Doc) -> Doc:
        if BREAKS in doc.text:
            raise ArithmeticError("nothing happens")
        return doc

    nlp.add_pipe("break_on_a_word", first=True)
    yield nlp
    nlp.remove_pipe("break_on_a_word")


def test_a_document_that_breaks_the_pipeline_does_not_end_the_run(breaking):
    texts = ["China leads.", f"Say {BREAKS}.", "America leads."]
    documents = [make_document(text, {"source": "x.csv", "row": at}, str(at)) for at, text in enumerate(texts)]
    first, failed, last = analyse(documents, breaking)
    check_record(first)
    check_record(last)
    assert isinstance(failed, Failure)
    assert (failed["id"], failed["source"]) == ("1", "x.csv row 1")
    assert "ArithmeticError" in failed["error"] and "nothing happens" in failed["error"]


def test_a_record_has_the_text_that_its_ranges_count_where_a_tokeniser_drops_blanks(nlp, monkeypatch):
    monkeypatch.setattr(nlp, "tokenizer", lambda text: Doc(nlp.vocab, words=text.split()))
    record = annotate(MACHINERY.replace(" ", "   "), nlp=nlp)
    check_record(record)
    assert record["text"] == f"{MACHINERY} "


def test_what_is_no_text_and_no_document_is_said(nlp):
    for wrong in (None, 5, MACHINERY.encode(), Path("essay.txt")):
        with pytest.raises(TypeError, match=f"takes a text as str, not {type(wrong).__name__}"):
            annotate(wrong, nlp=nlp)
    with pytest.raises(TypeError, match=r"not str: make one with rhetoric.ingest.make_document\(text\), or use"):
        list(analyse([MACHINERY], nlp))


@pytest.mark.parametrize("name", ["news.txt", "my speeches/one.PDF", "here", "https://example.org/speech"])
def test_the_name_of_a_file_in_the_place_of_a_text_is_told(nlp, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("here").mkdir()
    with pytest.warns(UserWarning, match=r"taken as a text of that wording. To read what it names: rhetoric\.read"):
        assert annotate(name, nlp=nlp)["text"] == name


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("text", ["China leads in AI.", "It is in news.txt\nand there.", "gone", "x" * 999, "a\0b"])
def test_a_text_that_names_no_file_is_a_text(nlp, text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    annotate(text, nlp=nlp)


def test_what_could_not_be_read_keeps_its_place(nlp):
    failure = Failure(None, "bad.pdf", "it is encrypted.")
    found = list(analyse([failure, make_document("China leads."), failure], nlp))
    assert found[0] == found[2] == {"id": None, "source": "bad.pdf", "error": "it is encrypted."}
    check_record(found[1])


def test_a_document_of_which_nothing_is_known_ends_no_run(nlp):
    failed, made = analyse([Document("x", "", None), Document("y", "China leads.", None)], nlp)
    assert (failed["id"], failed["source"], failed["error"]) == ("x", "x", "There is no text here, only space.")
    check_record(made)


def test_a_row_that_fails_is_named_by_its_file(nlp, tmp_path):
    table = tmp_path / "x.csv"
    table.write_text(f"text,source,row\n{'=-' * 2_000},Reuters,9\n")
    (failed,) = analyse(read([table]), nlp)
    assert failed["source"] == f"{table} row 1"


def test_documents_are_taken_one_at_a_time(nlp):
    taken = []

    def documents() -> Iterator[Document]:
        for at in range(100):
            taken.append(at)
            yield make_document(f"China leads {at} times.")

    records = analyse(documents(), nlp)
    assert taken == []
    next(records)
    assert taken == [0]
    next(records)
    assert taken == [0, 1]


@pytest.mark.parametrize("run", [annotate, lambda text, nlp: list(analyse([make_document(text)], nlp))])
def test_the_words_of_a_text_do_not_stay_in_memory(nlp, run):
    run("China leads.", nlp=nlp)
    before = len(nlp.vocab.strings), len(list(nlp.vocab))
    run(" ".join(f"wo{a}r{b}d" for a in "abcdefghij" for b in "abcdefghij"), nlp=nlp)
    assert (len(nlp.vocab.strings), len(list(nlp.vocab))) == before


def test_the_words_of_a_caller_stay_his(nlp):
    with nlp.memory_zone():
        mine = nlp.make_doc("Zarquon leads.")
        annotate("China leads.", nlp=nlp)
        list(analyse([make_document("Zarquon follows.")], nlp))
        assert mine.text == "Zarquon leads."


def test_a_docbin_keeps_everything(nlp, essay):
    doc = nlp(ESSAY)
    kept = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (back,) = DocBin().from_bytes(kept).get_docs(spacy.blank("en").vocab)
    document = make_document(ESSAY)
    assert as_json(make_record(back, document, essay["pipeline"])) == as_json(essay)


def test_many_texts_at_once_are_the_same_as_one_by_one(nlp):
    document = make_document(MACHINERY)
    made_by = describe(nlp)
    piped = [as_json(make_record(doc, document, made_by)) for doc in nlp.pipe([MACHINERY] * 3)]
    assert piped == [as_json(make_record(nlp(MACHINERY), document, made_by))] * 3


@pytest.mark.parametrize("text", ["", " \n\t\n ", "\ufeff"])
def test_there_must_be_a_text(nlp, text):
    with pytest.raises(RhetoricError, match="no text"):
        annotate(text, nlp=nlp)


def test_windows_line_ends_do_not_show_in_a_record(nlp):
    record = annotate("China leads.\r\n\r\nAmerica follows.\r\n", nlp=nlp)
    assert record["text"] == "China leads.\n\nAmerica follows.\n"
    assert [record["text"][p["start"] : p["end"]] for p in record["passages"]] == ["China leads.", "America follows."]


def test_another_pipeline_is_told_apart(nlp, tmp_path):
    other = spacy.blank("en")
    other.add_pipe("sentencizer")
    other.to_disk(tmp_path)
    mine = load(str(tmp_path))
    record = annotate(MACHINERY, nlp=mine)
    check_record(record)
    assert record["pipeline"] != describe(nlp)
    assert describe(nlp) == describe(load())


def characters(spans: list[list[int]], shift: int) -> set[int]:
    return {shift + at for start, end in spans for at in range(start, end)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a" * 20_000, "without a space"),
        ("Prose, and then " + "=-" * 3_000, "from character 16"),
        ("word " * 300_000, "over the limit"),
        (" \n", "only space"),
    ],
)
def test_what_is_no_prose_is_refused_at_once(nlp, text, said):
    bad = make_document(text, {"source": "x.jsonl", "row": 7}, "bad")
    first, second = analyse([bad, make_document("China leads.")], nlp)
    assert (first["id"], first["source"]) == ("bad", "x.jsonl row 7") and said in first["error"]
    check_record(second)
    with pytest.raises(RhetoricError, match=said):
        annotate(text, nlp=nlp)


@pytest.mark.parametrize(
    ("id", "parts"),
    [
        ("essay-1", ("account", "machinery")),
        ("essay-3", ("account",)),  # its machinery is sought in the wrong half of the passage
        ("essay-4", ("account", "machinery")),
        ("essay-6", ("account", "machinery")),
    ],
)
def test_framing_in_the_essay_is_found(essay, id, parts):
    (row,) = [row for row in GOLD if row["id"] == id]
    shift = ESSAY.index(row["text"])
    (passage,) = [passage for passage in essay["passages"] if passage["start"] <= shift < passage["end"]]
    assert passage["framing"] == "unmasking"
    assert row["instances"]
    for instance in row["instances"]:
        for part in parts:
            found = characters([span for each in essay["framing"] for span in each[part]], 0)
            assert characters(instance[part], shift) & found, part
