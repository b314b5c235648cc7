import json
from pathlib import Path
from typing import Any, Unpack

import pytest
from corpus.engines import annotate

from rhetoric.cli.metadata import read_meta
from rhetoric.cli.options import How
from rhetoric.cli.outcome import Outcome
from rhetoric.cli.sources import Asked, good_records, records_by_source
from rhetoric.errors import SourceError
from rhetoric.ingest import Document, Failure, make_document

from .conftest import analysis, plain_record

TEXT = "The race is on.\n\nA second race."
FAILURE = Failure(None, "b.pdf", "it is encrypted.")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path / "here")


def record(text: str = TEXT, id: str = "a", **meta: Any) -> dict[str, Any]:
    return plain_record(make_document(text, meta, id))


def write(path: str, *items: Any) -> None:
    Path(path).write_text("".join(f"{item if isinstance(item, str) else json.dumps(item)}\n" for item in items))


def items(*sources: str, **asked: Unpack[Asked]) -> list[Any]:
    return [item for _, item in records_by_source(sources, **asked)]


def test_records_are_read_as_they_are_without_the_models(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(analysis, "load", lambda spacy_model, detectors: pytest.fail("the models were loaded"))
    write("r.jsonl", record(), FAILURE, "", record(id="c"))
    write("f.ndjson", FAILURE, record(id="d"))
    assert items("r.jsonl", "f.ndjson") == [record(), record(id="c"), record(id="d")]
    what = '1 of {} documents failed when annotated (their lines hold "error")'
    warnings = [f"warning: {name}: {what}; the rest is read." for name in ("r.jsonl", "f.ndjson")]
    assert capsys.readouterr().err.splitlines() == [warnings[0].format(3), warnings[1].format(2)]
    write("r.jsonl", FAILURE)
    assert items("r.jsonl") == [FAILURE]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (How(spacy_model="en"), "warning: --spacy-model did nothing"),
        (How(pipeline=Path("mine")), "warning: --pipeline did nothing"),
        (How(spacy_model="en", pipeline=Path("mine")), "warning: --spacy-model and --pipeline did nothing"),
    ],
)
def test_models_for_what_is_annotated_already_are_told(
    analysed: list[str], capsys: pytest.CaptureFixture[str], how: How, said: str
) -> None:
    write("r.jsonl", record())
    Path("x.txt").write_text("Another race.")
    for sources, unused in ((["r.jsonl"], True), (["r.jsonl", "x.txt"], False)):
        assert len(list(records_by_source(sources, how))) == len(sources)
        assert (said in capsys.readouterr().err) == unused


def test_everything_else_is_annotated_in_order(analysed: list[str]) -> None:
    write("r.jsonl", record())
    write("t.jsonl", {"body": "One race.", "id": "t1"}, {"body": "Two.", "id": "t2"})
    Path("x.txt").write_text(TEXT)
    found = list(records_by_source(["x.txt", "r.jsonl", "t.jsonl", "none.txt"], How(text_field="body")))
    assert [number for number, _ in found] == [0, 1, 2, 2, 3]
    assert [item["id"] for _, item in found][1:4] == ["a", "t1", "t2"]
    assert "no such file" in found[4][1]["error"]
    assert analysed == [TEXT, "One race.", "Two."]


def test_a_folder_of_both(analysed: list[str]) -> None:
    Path("texts").mkdir()
    write("texts/b.jsonl", record())
    Path("texts/a.txt").write_text("First.")
    Path("texts/c.txt").write_text("Last.")
    assert [item["text"] for item in items("texts")] == ["First.", "Last.", TEXT]


def test_a_folder_with_the_manifest_of_something_else_is_no_run(analysed: list[str]) -> None:
    Path("x.txt").write_text(TEXT)
    Path("manifest.json").write_text('{"name": "an application"}')
    failure, found = items(".")
    assert (failure["source"], found["text"]) == ("manifest.json", TEXT)  # type: ignore[typeddict-item]


@pytest.mark.parametrize("source", ["texts", "texts/*"])
def test_records_beside_the_texts_they_were_made_of_count_once(analysed: list[str], source: str) -> None:
    Path("texts").mkdir()
    Path("texts/b.txt").write_text("First.")
    Path("texts/empty.txt").write_text("")
    made = items("texts")
    assert len(made) == 2
    for name in ("a", "c"):
        write(f"texts/{name}.jsonl", *made, record())
    found = items(source)
    assert [item["id"] for item in found] == [*(item["id"] for item in made), "a", "a"]  # each file has its own


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "this is not a record"),
        ("[]", "this is []: it should be a valid dictionary"),
        ({**record(), "text": "short"}, "lies outside a text of 5 characters"),
        ({**record(), "pipeline": {}}, "pipeline"),
        ({key: value for key, value in record().items() if key != "meta"}, "meta"),
        ({**record(), "passages": [{"start": 0, "end": 2}]}, "passages[0].about is missing"),
        (
            {**record(), "passages": [{**record()["passages"][0], "frames": []}]},
            "frames is []: it should be a valid dictionary",
        ),
        ({**record(), "contrasts": [{"label": "mine"}]}, "label is 'mine': it should be 'correction',"),
        ({**record(), "metaphors": [{"span": "ab"}]}, "this is not a record"),
        ({**record(), "text": 7}, "this is not a record"),
    ],
)
def test_a_damaged_line_is_a_failure_with_its_place(line: Any, said: str) -> None:
    write("r.jsonl", record(), line, record(id="c"))
    first, bad, last = items("r.jsonl")
    assert (first["id"], last["id"]) == ("a", "c")
    assert bad["source"] == "r.jsonl:2"
    assert said in bad["error"]


def test_runs_that_a_glob_names_give_their_records(tmp_path: Path) -> None:
    for name in ("one", "two"):
        made = [Document(f"{name}-{at}", f"Text {at} of {name} on the race.", {}) for at in range(3)]
        annotate(tmp_path / "runs" / name, made)
    found = items(str(tmp_path / "runs" / "*"))
    assert [each["id"] for each in found] == [f"{name}-{at}" for name in ("one", "two") for at in range(3)]


def test_failures_are_counted_apart(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = Outcome()
    assert [each["id"] for each in good_records([record(), FAILURE, record(id="c")], outcome)] == ["a", "c"]  # type: ignore[list-item]
    assert (outcome.done, outcome.failed) == (2, 1)
    assert "b.pdf: it is encrypted." in capsys.readouterr().err


def test_metadata_are_joined_by_id_or_by_the_file_s_name() -> None:
    write("r.jsonl", record(), record(id="x1", source="far/b.txt", title="Old"), record(id="y"))
    write("m.csv", "slug,title,country,source", "a,A title,US,elsewhere", "b,B title,,web", "z,,,")
    table = read_meta(Path("m.csv"))
    one, other, none = items("r.jsonl", meta=table)
    assert one["meta"] == {"slug": "a", "title": "A title", "country": "US"}
    assert other["meta"] == {"source": "far/b.txt", "slug": "b", "title": "B title"}
    assert (none["meta"], table.unmatched) == ({}, ["y"])
    assert record()["meta"] == {}


def test_metadata_are_read_as_tables_are() -> None:
    table = "id;year;;\r\n\r\ncafe\u0301;2025;;;\r\n;;\r\n;2024;\r\n;2023\r\n".encode("utf-16")
    Path("m.csv").write_bytes(table)
    rows = {"caf\u00e9": {"id": "cafe\u0301", "year": "2025"}}
    meta = read_meta(Path("m.csv"))
    assert meta.rows == rows
    for each in (record(id="caf\u00e9"), record(source="b/cafe\u0301.txt")):
        assert meta.join(each)["meta"]["year"] == "2025"  # type: ignore[arg-type]


def test_metadata_that_cannot_be_used_say_why() -> None:
    write("m.csv", "name,year", "a,2025")
    with pytest.raises(SourceError, match=r'no column "id" or "slug"; columns found: name, year.*--meta-id'):
        read_meta(Path("m.csv"))
    assert read_meta(Path("m.csv"), "name").rows["a"] == {"name": "a", "year": "2025"}
    with pytest.raises(SourceError, match="no column 'slug'"):
        read_meta(Path("m.csv"), "slug")
    Path("m.csv").write_text(",".join(f"{at} {'long ' * 50}" for at in range(99)))
    with pytest.raises(SourceError, match=r"columns found: 0 long.*, 9 long long[^,]*, \.\.\.\.") as found:
        read_meta(Path("m.csv"))
    assert len(str(found.value)) < 700
    write("m.csv", "id,year", "a,2025", "a,2026")
    with pytest.raises(SourceError, match=r"m.csv row 2: 'a' has a row already"):
        read_meta(Path("m.csv"))
    for data, said in (
        (b"PK\3\4" + bytes(99), "no CSV"),
        (bytes(range(256)), "binary"),
        (b'id\n"a', "never closed"),
        (b"\n,", "empty"),
    ):
        Path("m.csv").write_bytes(data)
        with pytest.raises(SourceError, match=said):
            read_meta(Path("m.csv"))
