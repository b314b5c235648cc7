"""The folder of a run: what lies in it from before is taken for what it is, whenever a process stopped."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import plain_record

from rhetoric.corpus.run import read_run
from rhetoric.corpus.store import Store
from rhetoric.ingest import Document, Failure

from .engines import MADE_BY, Plain, annotate, check_as_new, documents, stop_after


def unmoved(*_: object, **__: object) -> None:
    """Stand in for ``rmtree`` where a process ends before it, or a folder cannot be removed."""


@pytest.mark.parametrize("removed", [True, False])
def test_what_another_pipeline_left_set_aside_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, removed: bool
) -> None:
    def other(given: Any) -> Any:
        yield from ({**plain_record(each), "metaphors": []} for each in given)

    if not removed:
        monkeypatch.setattr("shutil.rmtree", unmoved)
    by_other = {**MADE_BY, "sha256": "1" * 64}
    once, twice = ([*documents(1, begin=begin), *documents(12)[1:]] for begin in (20, 30))
    annotate(tmp_path / "r", documents(12))
    stop_after(1, tmp_path / "r", once)
    stop_after(9, tmp_path / "r", once, other, made_by=by_other, overwrite=True)
    annotate(tmp_path / "r", twice, other, made_by=by_other)
    annotate(tmp_path / "fresh", twice, other, made_by=by_other)
    assert list(read_run(tmp_path / "r")) == list(read_run(tmp_path / "fresh"))


def test_what_a_finished_run_left_set_aside_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    annotate(tmp_path / "r", documents(6), Plain(failing=["d2", "d3"]))
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", unmoved)
        annotate(tmp_path / "r", documents(6), Plain(failing=["d2"]), retry=True)
    stop_after(1, tmp_path / "r", documents(6), retry=True)
    engine, _ = annotate(tmp_path / "r", documents(6), retry=True)
    assert engine.seen == ["d2"]
    check_as_new(tmp_path / "r", documents(6))


def test_a_shard_made_anew_that_equals_the_one_set_aside_stays(tmp_path: Path) -> None:
    annotate(tmp_path / "r", documents(6), Plain(failing=["d2"]))
    stop_after(5, tmp_path / "r", documents(6), Plain(failing=["d2"]), retry=True)
    with Store(tmp_path / "r").locked():
        assert len(list(read_run(tmp_path / "r"))) == 4


def table(*texts: str) -> list[Document]:
    return [Document(f"r{row}", f"{text} on the race.", {}, "t", row) for row, text in enumerate(texts)]


GONE = Failure(None, "t", "is gone.")


def test_what_is_finished_and_comes_in_a_later_shard_now_stays_noted(tmp_path: Path) -> None:
    stop_after(2, tmp_path / "r", table("a", "b", "c"))
    stop_after(5, tmp_path / "r", [*documents(4), *table("a", "b", "c")])
    assert Store(tmp_path / "r").journal.count() == 2
    engine, done = annotate(tmp_path / "r", [*documents(4), GONE], warn=lambda _: None)
    assert engine.seen == [] and not any(each.failed for each in done)
    assert [each["id"] for each in read_run(tmp_path / "r")] == ["d0", "d1", "d2", "d3", "r0", "r1"]


@pytest.mark.parametrize("now", [("a", "c"), ("new", "a", "b"), ("b",)])
def test_what_was_finished_is_not_noted_beside_what_took_its_place(tmp_path: Path, now: tuple[str, ...]) -> None:
    stop_after(2, tmp_path / "r", table("a", "b"))
    stop_after(5, tmp_path / "r", [*table(*now), *documents(4)])
    annotate(tmp_path / "r", [GONE, *documents(4)], warn=lambda _: None)
    assert [each["text"][:-13] for each in read_run(tmp_path / "r")][:-4] == [*now]


_COUNTED = """
import os, sys
from pathlib import Path
import pyarrow.compute, pyarrow.parquet
from rhetoric.corpus.run import read_run, verify_run
before = len(os.listdir("/proc/self/task"))
run = Path(sys.argv[1])
assert len(list(read_run(run))) == 6 and verify_run(run) == []
print(len(os.listdir("/proc/self/task")) - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads as Linux lists them")
def test_a_run_is_read_without_threads_that_could_outlive_python(tmp_path: Path) -> None:
    annotate(tmp_path / "r", documents(6))
    said = [sys.executable, "-c", _COUNTED, str(tmp_path / "r")]
    assert subprocess.run(said, capture_output=True, text=True, check=True).stdout == "0\n"
