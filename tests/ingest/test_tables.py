import csv
import io
import json
import math
import tracemalloc
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rhetoric.ingest import Document, Failure, ReadOptions, make_document, read
from rhetoric.ingest.document import normalise

from .makers import GERMAN

texts = st.lists(st.text(max_size=60).filter(lambda t: normalise(t).strip()), min_size=1, max_size=5)
relaxed = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def kept(path: Path) -> list[str]:
    found = list(read([path], options=ReadOptions(force=True)))
    assert all(isinstance(item, Document) for item in found), found
    return [item.text for item in found]


@relaxed
@given(texts)
def test_json_lines_keep_text(tmp_path: Path, written: list[str]) -> None:
    for escaped in (True, False):
        lines = "\n".join(json.dumps({"text": text}, ensure_ascii=escaped) for text in written)
        (tmp_path / "a.jsonl").write_bytes(lines.encode())
        assert kept(tmp_path / "a.jsonl") == [normalise(text) for text in written]


@relaxed
@given(texts)
def test_csv_keeps_text(tmp_path: Path, written: list[str]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([["title", "text"], *(["t", text] for text in written)])
    (tmp_path / "a.csv").write_bytes(out.getvalue().encode())
    assert kept(tmp_path / "a.csv") == [normalise(text) for text in written]


@relaxed
@given(texts)
def test_parquet_keeps_text(tmp_path: Path, written: list[str]) -> None:
    pd.DataFrame({"text": written}).to_parquet(tmp_path / "a.parquet")
    assert kept(tmp_path / "a.parquet") == [normalise(text) for text in written]


def test_other_columns_become_meta(read_bytes) -> None:
    record = {"id": 7, "text": "One text.", "source": "The Paper", "year": 2024, "n": math.nan}
    (found,) = read_bytes("a.jsonl", json.dumps({**record, "meta": {"author": "Ann"}}))
    assert found.id == "7"
    assert found.meta == {"source": "The Paper", "format": "jsonl", "row": 1, "year": 2024, "author": "Ann"}


def test_what_was_found_before_is_no_meta_of_a_record(document) -> None:
    record = {"id": "x", "text": "One.", "meta": {"year": 2024}, "passages": [], "framing": [], "contrasts": []}
    record |= {"metaphors": [], "pipeline": {"name": "n"}}
    assert document("a.jsonl", json.dumps(record)).meta.keys() - {"source", "format", "row"} == {"year"}
    talk = {"text": "One.", "pipeline": "Nord Stream", "passages": ["a"]}  # words of others for their own things
    assert {"pipeline", "passages"} <= document("a.jsonl", json.dumps(talk)).meta.keys()


def test_parquet_meta_can_be_written_as_json(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "id": [1.0, None],
            "body": ["One text.", "Two."],
            "when": pd.to_datetime(["2024-05-01", None]),
            "n": [1.5, None],
        }
    )
    frame.to_parquet(tmp_path / "a.parquet")
    first, second = read([tmp_path / "a.parquet"], options=ReadOptions(text_field="body"))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first.id == "1"
    assert first.meta["when"].startswith("2024-05-01")
    assert second.id == make_document("Two.").id
    assert {"when", "n"}.isdisjoint(second.meta)
    json.dumps([first.meta, second.meta], allow_nan=False)


def test_a_time_zone_that_is_unknown_here_costs_no_text(tmp_path: Path) -> None:
    when = pa.array([datetime(2024, 5, 1, 10)], pa.timestamp("us", tz="US/Pacific-New"))
    pq.write_table(pa.table({"text": ["One text."], "when": when}), tmp_path / "a.parquet")
    (found,) = read([tmp_path / "a.parquet"])
    assert isinstance(found, Document)
    assert (found.text, found.meta["when"]) == ("One text.", "2024-05-01T10:00:00+00:00")


def test_parquet_may_keep_text_as_bytes(tmp_path: Path) -> None:
    columns = {"id": [b"a"], "text": ["Été.".encode()], "by": [b"Ann"], "picture": [b"\x89PNG"]}
    pd.DataFrame(columns).to_parquet(tmp_path / "a.parquet")
    (found,) = read([tmp_path / "a.parquet"])
    assert isinstance(found, Document)
    assert (found.id, found.text, found.meta["by"]) == ("a", "Été.", "Ann")
    assert "picture" not in found.meta


def test_bad_lines_are_named_and_the_rest_is_read(read_bytes) -> None:
    bad = {
        2: ("{broken", "not valid JSON"),
        4: ("[1]", "is a list"),
        5: ('{"body": "x", "id": "q"}', "fields found: 'body', 'id'"),
        6: ('{"text": ""}', "only space"),
        7: ('{"text": 5}', "holds a number"),
        8: ('{"text": NaN}', "only space"),
    }
    lines = ['{"text": "One."}', *(bad.get(number, [""])[0] for number in range(2, 9)), '{"text": "Two."}']
    first, *failures, last = read_bytes("a.jsonl", "\n".join(lines))
    assert (first.text, last.text) == ("One.", "Two.")
    for failure, (number, (_, said)) in zip(failures, bad.items(), strict=True):
        assert failure.source.endswith(f"a.jsonl:{number}") and said in failure.reason


def test_fields_by_name(read_bytes) -> None:
    (found,) = read_bytes("a.csv", "key,body\nk1,A text.\n", text_field="body", id_field="key")
    assert (found.id, found.text) == ("k1", "A text.")
    (missing,) = read_bytes("a.csv", "key,text\nk1,A text.\n", id_field="nope")
    assert "'nope'" in missing.reason


def test_what_fails_keeps_its_id(read_bytes) -> None:
    (found,) = read_bytes("a.jsonl", '{"k": 97, "body": 12, "url": "num"}', text_field="body", id_field="url")
    assert found.id == "num" and "holds a number" in found.reason
    (found,) = read_bytes("a.jsonl", '{"id": 7, "body": "x"}')
    assert found.id == "7" and "no field 'text'" in found.reason


def test_a_column_that_a_table_has_not_is_told_once(tmp_path: Path, read_bytes) -> None:
    pd.DataFrame({"body": ["One."] * 40}).to_parquet(tmp_path / "a.parquet")
    for name, data in (("a.csv", "body\n" + "One.\n" * 40), ("a.parquet", (tmp_path / "a.parquet").read_bytes())):
        (found,) = read_bytes(name, data)
        assert found.source.endswith(name) and "no field 'text' here; fields found: 'body'" in found.reason
        (found,) = read_bytes(name, data, text_field="body", id_field="url")
        assert "no field 'url'" in found.reason and found.options == ("id_field",)


@pytest.mark.parametrize("field", ["text", "id", "url"])
def test_a_field_that_stands_twice_is_told(tmp_path: Path, reason, read_bytes, field: str) -> None:
    names = dict.fromkeys(["text", "id", field]) | {"n": None}
    options = {"id_field": "url"} if field == "url" else {}
    columns = [*names, field]
    table = pa.Table.from_arrays([pa.array(["One."])] * len(columns), names=columns)
    pq.write_table(table, tmp_path / "a.parquet")
    pairs = ", ".join(f'"{name}": "One."' for name in columns)
    for name, data in (
        ("a.csv", f"{','.join(columns)}\n{','.join(['One.'] * len(columns))}\n"),
        ("a.parquet", (tmp_path / "a.parquet").read_bytes()),
        ("a.json", f"[{{{pairs}}}]"),
    ):
        assert f"the field {field!r} stands twice" in reason(name, data, **options)
    other = '{"text": "Two.", "url": "u", "n": {"text": 1, "text": 2}, "n": 3}'
    bad, good = read_bytes("a.jsonl", f"{{{pairs}}}\n{other}", **options)
    assert (type(bad), good.text, good.meta["n"]) == (Failure, "Two.", 3)
    assert "holds a JSON object" in reason("a.json", '{"text": {"a": 1, "a": 2}}')


def test_json_object_list_and_lines(read_bytes) -> None:
    assert [d.text for d in read_bytes("a.json", '{"text": "One."}')] == ["One."]
    assert [d.text for d in read_bytes("a.json", '[{"text": "One."}, {"text": "Two."}]')] == ["One.", "Two."]
    assert [d.text for d in read_bytes("a.json", '{"text": "One."}\n{"text": "Two."}\n')] == ["One.", "Two."]


DEEP = '{"text": "x", "y": ' + "[" * 100_000 + "]" * 100_000 + "}"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", "text\n", "no records"),
        ("a.jsonl", "\n\n", "no records"),
        ("a.json", "[]", "no records"),
        ("a.json", '[{"text": "One."},\n {"text": "Tw', "(line 2, column 11). Correct it; a file that was cut short"),
        ("a.json", DEEP, "nested too deeply"),
        ("a.jsonl", DEEP, "nested too deeply"),
        ("a.jsonl", '{"text": "x", "n": ' + "9" * 10_000 + "}", "cannot be read"),
        ("a.csv", "id,text\n1,One, and two.\n", "3 cells under a header of 2"),
    ],
    ids=range(8),
)
def test_what_cannot_be_read_is_said(reason, name: str, data: str, said: str) -> None:
    assert said in reason(name, data)


def test_limits_are_by_text_not_by_file(read_bytes) -> None:
    lines = [json.dumps({"text": "short"})] * 50 + [json.dumps({"text": "x" * 2000})]
    found = read_bytes("a.jsonl", "\n".join(lines), max_bytes=1000)
    assert [type(item) for item in found] == [Document] * 50 + [Failure]
    assert "over the limit" in found[-1].reason
    assert "jsonl" in read_bytes("a.json", "[" + ",".join(lines) + "]", max_bytes=1000)[0].reason


def test_an_endless_line_is_skipped(read_bytes) -> None:
    found = read_bytes("a.jsonl", '{"text": "' + "x" * 3_000_000 + '"}\n{"text": "Two."}\n', max_bytes=1000)
    assert [type(item) for item in found] == [Failure, Document]
    assert "line is longer" in found[0].reason


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    with (tmp_path / "a.jsonl").open("w") as out:
        for number in range(100):
            out.write(json.dumps({"text": f"{number} " + "word " * 4000}) + "\n")
    next(read([tmp_path / "a.jsonl"]))  # imports count only once
    tracemalloc.start()
    total = sum(isinstance(item, Document) for item in read([tmp_path / "a.jsonl"]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == 100
    assert peak < 500_000 < 1_500_000 < (tmp_path / "a.jsonl").stat().st_size


def test_parquet_damaged(tmp_path: Path, reason) -> None:
    pd.DataFrame({"text": ["One."] * 100}).to_parquet(tmp_path / "whole.parquet")
    whole = (tmp_path / "whole.parquet").read_bytes()
    assert "cut short" in reason("a.parquet", whole[:-20])


def test_utf16_tables(document) -> None:
    assert document("a.csv", "text;n\nÉté — a word.;1\n".encode("utf-16")).text == "Été — a word."
    assert document("a.jsonl", '{"text": "Été — a word."}\n'.encode("utf-16")).text == "Été — a word."


def test_a_column_named_warnings_is_the_user_s(read_bytes) -> None:
    lines = "".join(json.dumps({"text": GERMAN, "warnings": each}) + "\n" for each in ("see note", True, ["mine"]))
    found = read_bytes("a.jsonl", lines, force=True)
    assert [len(each.meta["warnings"]) for each in found] == [1, 1, 2]
