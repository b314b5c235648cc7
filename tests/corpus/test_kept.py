"""What a run holds of a source outlives that it cannot be read for a moment."""

from pathlib import Path

import pytest

from rhetoric.corpus import run as module
from rhetoric.corpus.run import annotate_run, read_run, verify_run
from rhetoric.ingest import Document, Failure

from .engines import MADE_BY, SETTINGS, Plain, annotate, bytes_of, documents


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_DOCUMENTS", 4)


def read_from(source: str, *, rows: int = 0) -> list[Document]:
    """Return what was read from a file, or from a table of some rows."""
    if rows:
        return [
            Document(f"{source}-{n}", f"Row {n} on the race.", {"source": source, "row": n}) for n in range(1, rows + 1)
        ]
    return [Document(f"id-of-{source}", f"What {source} says of the race.", {"source": source})]


@pytest.mark.parametrize("retry", [False, True])
def test_a_source_that_cannot_be_read_for_a_moment_keeps_its_records(tmp_path: Path, retry: bool) -> None:
    sources = [read_from("a"), read_from("t", rows=6), read_from("b")]
    annotate(tmp_path / "r", [each for source in sources for each in source])
    before, warned = bytes_of(tmp_path / "r"), list[str]()
    gone = [Failure(None, name, "cannot be reached.") for name in ("a", "t", "b", "never")]
    engine, done = annotate(tmp_path / "r", gone[:3], retry=retry, warn=warned.append)
    assert engine.seen == [] and not any(each.failed for each in done)
    assert [each.split(":")[0] for each in warned] == ["a", "t", "b"]
    assert "cannot be reached. It is kept as it was read before" in warned[0]
    assert bytes_of(tmp_path / "r") == before
    cut = [*read_from("t", rows=6)[:2], gone[1]]  # the table breaks off
    engine, done = annotate(tmp_path / "r", [gone[3], *cut, *sources[2]], retry=retry, warn=warned.append)
    assert [each.failed["source"] for each in done if each.failed] == ["never"]
    assert engine.seen == []
    assert [item["id"] for item in read_run(tmp_path / "r")] == [None, *(f"t-{n}" for n in range(1, 7)), "id-of-b"]
    assert verify_run(tmp_path / "r") == []
    annotate(tmp_path / "r", gone, overwrite=True)
    assert all("error" in item for item in read_run(tmp_path / "r"))


def test_a_source_that_was_read_anew_in_a_run_that_stopped_is_kept_as_it_was_read_last(tmp_path: Path) -> None:
    annotate(tmp_path / "r", read_from("a") + documents(6))
    changed = Document("new", "It says something else.", {"source": "a"})
    run = annotate_run([changed, *documents(6)], Plain(), tmp_path / "r", MADE_BY, SETTINGS)
    next(run)
    run.close()
    engine, _ = annotate(tmp_path / "r", [Failure(None, "a", "is gone."), *documents(6)], warn=lambda _: None)
    assert engine.seen == []
    assert next(item["id"] for item in read_run(tmp_path / "r")) == "new"
