"""Worker processes: in order, and a document that ends one ends nothing else."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from rhetoric.corpus.engines import local
from rhetoric.corpus.engines.local import LocalEngine
from rhetoric.corpus.engines.setup import Setup
from rhetoric.errors import ModelError, RhetoricError
from rhetoric.ingest import Document

from .engines import deadly, documents, poisonous, telling


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    with LocalEngine(Setup(), 2) as started:
        yield started


def test_records_come_in_order_and_a_poisonous_document_is_recorded(
    engine: LocalEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(local, "make", poisonous)
    unlucky = Document("unlucky", "The race.", {"mark": str(tmp_path / "mark")})  # whoever killed it does so but once
    given = [
        *documents(9),
        Document("poison", "The race.", {"source": "x.csv", "row": 7}),
        unlucky,
        *documents(9, begin=9),
    ]
    found = list(engine(given))
    assert [item["id"] for item in found] == [each.id for each in given]
    failed = [item for item in found if "error" in item]
    assert [item["source"] for item in failed] == ["x.csv row 7"]
    assert "twice" in failed[0]["error"]


def test_an_idle_worker_that_someone_kills_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "make", telling)
    with LocalEngine(Setup(), 1) as engine:
        (made,) = engine(documents(1))
        os.kill(made["process"], signal.SIGKILL)  # type: ignore[typeddict-item]
        late = time.monotonic() + 20
        while engine._pool.active and time.monotonic() < late:  # for the pool to see it
            time.sleep(0.05)
        poison = Document("poison", "The race.", {"source": "x.txt"})
        found = list(engine([*documents(3), poison, *documents(3, begin=3)]))
    assert ["error" in item for item in found] == [False] * 3 + [True] + [False] * 3


def test_documents_under_way_when_all_workers_are_lost_are_tried_again(
    engine: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "make", poisonous)
    lost: Future[Any] = Future()
    lost.set_exception(BrokenProcessPool("All workers expired"))
    assert "error" not in engine._end(documents(1)[0], lost)
    monkeypatch.setattr(engine, "_begin", lambda document: lost)
    failed = engine._end(documents(1)[0], lost)
    assert "ended (with all others)" in failed.get("error", "")


def test_a_process_that_ends_while_it_loads_the_pipeline_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "told_by", deadly)
    with LocalEngine(Setup(), 1) as started, pytest.raises(RhetoricError, match="Is there memory for it"):
        started.describe()


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
