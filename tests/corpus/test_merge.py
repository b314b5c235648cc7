"""Runs merged into one: each document once, and a record rather than a failure."""

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from rhetoric.corpus.merge import merge_runs
from rhetoric.corpus.run import read_run, verify_run
from rhetoric.corpus.store import Store
from rhetoric.errors import RhetoricError
from rhetoric.ingest import Document, Failure

from .engines import Plain, annotate, documents


def test_a_merge_prefers_a_record_to_a_failure_of_the_same_document(tmp_path: Path) -> None:
    annotate(tmp_path / "a", documents(6), Plain(failing=["d1", "d4"]))
    annotate(tmp_path / "b", documents(6), Plain(failing=["d3", "d4"]))
    for first, second, order in (("a", "b", [0, 2, 3, 4, 5, 1]), ("b", "a", [0, 1, 2, 4, 5, 3])):
        output = tmp_path / f"{first}{second}"
        list(merge_runs([tmp_path / first, tmp_path / second], output))
        found = list(read_run(output))
        assert [item["id"] for item in found] == [f"d{n}" for n in order]
        assert [item["id"] for item in found if "error" in item] == ["d4"]
        assert verify_run(output) == []


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_source_that_another_run_has_read_counts_as_no_failure(tmp_path: Path, order: str) -> None:
    texts = [Document(name, f"Text {name}.", {"source": name}, name) for name in ("1.txt", "2.txt")]
    annotate(tmp_path / "a", [texts[0], Failure("2.txt", "2.txt", "is locked."), Failure("3.txt", "3.txt", "is gone.")])
    annotate(tmp_path / "b", [*texts, Failure("1.txt", "1.txt", "ends too soon.")])
    list(merge_runs([tmp_path / each for each in order], tmp_path / "c"))
    found = {(item["id"], "error" in item) for item in read_run(tmp_path / "c")}
    assert found == {("1.txt", False), ("2.txt", False), ("3.txt", True)}


def test_a_merge_onto_a_file_is_refused(tmp_path: Path) -> None:
    annotate(tmp_path / "a", documents(2))
    (tmp_path / "file").write_text("precious")
    with pytest.raises(RhetoricError, match=r"file: there is something already\. Name a new folder"):
        list(merge_runs([tmp_path / "a"], tmp_path / "file"))
    assert (tmp_path / "file").read_text() == "precious"


def test_merged_runs_hold_each_document_once(tmp_path: Path) -> None:
    annotate(tmp_path / "a", documents(6))
    annotate(tmp_path / "b", documents(6, begin=3), Plain(failing=["d8"]))
    done = list(merge_runs([tmp_path / "a", tmp_path / "b"], tmp_path / "c"))
    assert [item["id"] for item in read_run(tmp_path / "c")] == [f"d{n}" for n in range(9)]
    assert sum(each.failed is not None for each in done) == 1
    assert verify_run(tmp_path / "c") == []
    with pytest.raises(RhetoricError, match="new folder"):
        list(merge_runs([tmp_path / "a"], tmp_path / "b"))


def test_a_document_is_taken_once_wherever_it_was_read_and_as_often_as_one_run_holds_it(tmp_path: Path) -> None:
    def read_in(folder: str, *, copies: int = 1) -> list[Document]:
        places = [f"{folder}/{at}" for at in range(copies)]
        return [Document(each.id, each.text, {"source": place}) for place in places for each in documents(3)]

    annotate(tmp_path / "a", read_in("here", copies=2))
    annotate(tmp_path / "b", [*read_in("there"), Document("d0", "The id of another document.", {})])
    list(merge_runs([tmp_path / "a", tmp_path / "b"], tmp_path / "c"))
    assert [item["id"] for item in read_run(tmp_path / "c")] == ["d0", "d1", "d2"] * 2 + ["d0"]
    assert verify_run(tmp_path / "c") == []


def test_a_merge_leaves_a_run_that_another_wrote_since_it_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    annotate(tmp_path / "a", documents(3))
    annotate(tmp_path / "b", documents(3, begin=3))
    locked = Store.locked

    def locked_too_late(store: Store) -> AbstractContextManager[None]:
        monkeypatch.undo()
        list(merge_runs([tmp_path / "a"], tmp_path / "c"))
        return locked(store)

    monkeypatch.setattr(Store, "locked", locked_too_late)
    with pytest.raises(RhetoricError, match=r"c: there is something already\. Name a new folder"):
        list(merge_runs([tmp_path / "b"], tmp_path / "c"))
    assert [item["id"] for item in read_run(tmp_path / "c")] == ["d0", "d1", "d2"]
    assert verify_run(tmp_path / "c") == []
