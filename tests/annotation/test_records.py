import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from corpus.engines import annotate, documents
from scoring.records import gold, make_record

import rhetoric
from rhetoric.ingest import Document, Failure


def no_texts(given: Iterator[Document | Failure]) -> Iterator[Any]:
    pytest.fail("there is nothing to annotate")


def test_records_that_were_written_are_read_again_from_a_file_and_from_a_run(tmp_path: Path) -> None:
    made = [make_record(gold()[at : at + 2], f"d{at}") for at in (0, 2)]
    failure = {"id": None, "source": "b.pdf", "error": "it is encrypted."}
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join([*map(json.dumps, [*made, failure]), "{"]), encoding="utf-8")
    *found, bad = rhetoric.read_records(path, no_texts)
    assert found == [*made, failure]
    assert "error" in bad and bad["source"] == f"{path}:4" and bad["error"].startswith("this is not a record")
    annotate(tmp_path / "run", documents(3))
    assert [each["id"] for each in rhetoric.read_records(str(tmp_path / "run"), no_texts)] == ["d0", "d1", "d2"]


def test_texts_are_annotated_on_the_way(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The race is on.")
    (document,) = rhetoric.read_records(tmp_path / "a.txt", lambda given: (each for each in given))  # type: ignore[misc]
    assert isinstance(document, Document) and document.text == "The race is on."
