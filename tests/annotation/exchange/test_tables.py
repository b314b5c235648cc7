"""CSV and Parquet that are no tables, or were edited wrongly."""

from collections import Counter
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from rhetoric.errors import SourceError

from .makers import GOOD, errors, read, write


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_tables_that_are_none(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"x.{name}"
    path.write_bytes(b"PAR1 nothing")
    with pytest.raises(SourceError, match=f"x.{name}"):
        read(name, path)
    with pytest.raises(SourceError, match=f"no documents.{name} and no passages.{name}"):
        read(name, tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("live,source", "liv,source", "there is no column live"),
        ("0.25", "x", "the column score holds 'x'"),
        ('""start"": 8', '""start"": 800', "metaphors[0].span"),
        ("span", "spam", "these are no rows of a document"),
    ],
)
def test_csv_that_was_edited_wrongly(old: str, new: str, what: str, tmp_path: Path) -> None:
    record = {**GOOD, "metaphors": [{"span": [8, 12], "live": True, "score": 0.25, "source": "race", "target": "ai"}]}
    path = write("csv", tmp_path / "out", record, {**GOOD, "id": "other"}) / "spans.csv"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    try:
        found = read("csv", tmp_path / "out")
    except SourceError as error:
        assert what in str(error)
        assert str(path) in str(error)
        assert " row 1: " in str(error) or "no column" in what
    else:
        assert what in errors(found)[0]
        assert found[1]["id"] == "other"


@pytest.mark.parametrize(
    ("column", "json_too_deep"), [("meta", True), ("pipeline_parts", True), ("pipeline_parts", False)]
)
def test_cells_of_a_document_that_are_no_json(column: str, json_too_deep: bool, tmp_path: Path) -> None:
    path = write("parquet", tmp_path / "out", GOOD, {**GOOD, "id": "other"}) / "documents.parquet"
    table = parquet.read_table(path)
    cells = ["[" * 100_000 if json_too_deep else "x", *table.column(column).to_pylist()[1:]]
    parquet.write_table(table.set_column(table.column_names.index(column), column, [cells]), path)
    broken, other = read("parquet", tmp_path / "out")
    assert "these are no rows of a document" in broken["error"] and other["id"] == "other"


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_a_row_of_a_table_that_there_is_none_of(name: str, tmp_path: Path) -> None:
    path = write(name, tmp_path / f"out.{name}", GOOD)
    if name == "csv":
        path.write_text(path.read_text().replace("\npassages,", "\nsentences,"))
    else:
        table = parquet.read_table(path)
        named = [each.replace("passages", "sentences") for each in table.column("table").to_pylist()]
        parquet.write_table(table.set_column(0, "table", [named]), path)
    with pytest.raises(SourceError, match="the column table holds 'sentences', not one of documents, passages, spans"):
        read(name, path)


def test_rows_that_belong_nowhere_are_counted(tmp_path: Path) -> None:
    record = {**GOOD, "metaphors": [{"span": [8, 12], "live": True, "score": 0.25}] * 3}
    path = write("csv", tmp_path / "out", record) / "spans.csv"
    _, *lines = path.read_text().splitlines()
    text = path.read_text().replace(lines[0], lines[0].replace("metaphor", "simile"))
    path.write_text(text.replace(lines[1], lines[1].replace("0,", "7,", 1)))
    taken: Counter[str] = Counter()
    (found,) = read("csv", tmp_path / "out", taken)
    assert len(found["metaphors"]) == 1
    assert +taken == {"spans of no kind that there is": 1, "passages and spans of documents that are not there": 1}


def test_a_number_that_stands_twice_in_a_table(tmp_path: Path) -> None:
    path = write("csv", tmp_path / "out", GOOD) / "documents.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, lines[-1]]))
    with pytest.raises(SourceError, match="twice"):
        read("csv", tmp_path / "out")
