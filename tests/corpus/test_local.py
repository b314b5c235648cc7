"""Worker processes: in order, and a document that ends one ends nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rhetoric.corpus.engines import Setup, local
from rhetoric.corpus.engines.local import LocalEngine
from rhetoric.errors import ModelError
from rhetoric.ingest import Document

from .engines import documents, poisonous


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    with LocalEngine(Setup(), 2) as started:
        yield started


def test_records_come_in_order_and_a_poisonous_document_is_recorded(
    engine: LocalEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(local, "make", poisonous)
    unlucky = Document("unlucky", "The race.", {"mark": str(tmp_path / "mark")})  # whoever killed it does so but once
    given = [*documents(9), Document("poison", "The race.", {"source": "x.txt"}), unlucky, *documents(9, begin=9)]
    found = list(engine(given))
    assert [item["id"] for item in found] == [each.id for each in given]
    failed = [item for item in found if "error" in item]
    assert [item["source"] for item in failed] == ["x.txt"]
    assert "twice" in failed[0]["error"]


def test_no_more_documents_are_read_than_are_under_way(engine: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "make", poisonous)
    read: list[str] = []

    def corpus() -> Iterator[Document]:
        for document in documents(100):
            read.append(document.id)
            yield document

    found = engine(corpus())
    next(found)
    assert len(read) <= local._AHEAD * engine.count
    found.close()  # type: ignore[attr-defined]


def test_a_pipeline_that_cannot_be_loaded_is_said(tmp_path: Path) -> None:
    with LocalEngine(Setup(detectors=str(tmp_path)), 1) as started, pytest.raises(ModelError, match="cannot be loaded"):
        started.describe()
