"""What a run holds of a source outlives that it cannot be read for a moment."""

import json
import random
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

from rhetoric.corpus import run as module
from rhetoric.corpus.run import read_run, verify_run
from rhetoric.corpus.store import Store
from rhetoric.ingest import Document, Failure, read

from .engines import Plain, annotate, bytes_of, check_as_new, documents, stop_after


def read_from(source: str, *, rows: int = 0) -> list[Document]:
    """Return what was read from a file, or from a table of some rows."""
    if rows:
        told = [(f"{source}-{n}", f"Row {n} of {source} on the race.", n) for n in range(1, rows + 1)]
        return [Document(id, text, {"source": source, "row": n}, source, n) for id, text, n in told]
    return [Document(f"id-of-{source}", f"What {source} says of the race.", {"source": source}, source)]


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
    changed = Document("new", "It says something else.", {"source": "a"}, "a")
    stop_after(1, tmp_path / "r", [changed, *documents(6)])
    engine, _ = annotate(tmp_path / "r", [Failure(None, "a", "is gone."), *documents(6)], warn=lambda _: None)
    assert engine.seen == []
    assert next(item["id"] for item in read_run(tmp_path / "r")) == "new"


def test_sources_that_cannot_be_read_are_kept_from_shards_that_are_set_aside_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rhetoric.corpus.kept._AT_A_TIME", 2)
    tables = [each for name in ("a", "b") for each in read_from(name, rows=9)]
    annotate(tmp_path / "r", [*documents(2), *tables])
    now = documents(3, begin=7)
    engine, _ = annotate(
        tmp_path / "r", [*now, *(Failure(None, name, "is gone.") for name in "ab")], warn=lambda _: None
    )
    assert engine.seen == ["d7", "d8", "d9"]
    check_as_new(tmp_path / "r", [*now, *tables])


@pytest.mark.parametrize("retry", [False, True])
def test_what_failed_in_a_run_that_stopped_is_held_and_made_again_only_when_asked_for(
    tmp_path: Path, retry: bool
) -> None:
    stop_after(1, tmp_path / "r", documents(6), Plain(failing=["d0"]))
    engine, done = annotate(tmp_path / "r", documents(6), retry=retry)
    assert engine.seen == [f"d{n}" for n in range(0 if retry else 1, 6)]
    assert sum(each.failed is not None for each in done) == (not retry)


def lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


OWN: list[dict[str, Any]] = [{}, {"source": "Reuters"}, {"row": 7}, {"meta": {"source": "a.txt", "row": 3}}]


@pytest.mark.parametrize("own", OWN)
def test_what_a_table_says_of_itself_hides_nothing_of_where_it_was_read(tmp_path: Path, own: dict[str, Any]) -> None:
    table, run = tmp_path / "t.jsonl", tmp_path / "r"
    rows = [{"id": f"d{n}", "text": f"Text {n} on the race between the two countries.", **own} for n in range(1, 7)]
    table.write_text(lines(rows))
    annotate(run, read([table]))
    before = bytes_of(run)
    engine, _ = annotate(run, read([table]))
    assert engine.seen == [] and bytes_of(run) == before
    assert parquet.read_table(run / "documents").column("source").unique().to_pylist() == [str(table)]
    engine, done = annotate(run, [Failure(None, str(table), "is gone.")], warn=lambda _: None)
    assert engine.seen == [] and len(done) == 6 and not any(each.failed for each in done)
    assert bytes_of(run) == before


def test_a_quotation_mark_that_is_never_closed_costs_no_row(tmp_path: Path) -> None:
    table, warned = tmp_path / "t.csv", list[str]()
    rows = ["id,text", *(f"d{n},Text {n} on the race between the two countries." for n in range(1, 9))]
    table.write_text("\n".join(rows))
    annotate(tmp_path / "r", read([table]))
    table.write_text("\n".join(rows).replace("Text 3", '"Text 3'))
    engine, done = annotate(tmp_path / "r", read([table]), warn=warned.append)
    assert engine.seen == [] and len(done) == 8 and not any(each.failed for each in done)
    assert [each["id"] for each in read_run(tmp_path / "r")] == [f"d{n}" for n in range(1, 9)]
    (said,) = warned
    assert said.startswith(f"{table}: a cell of row 3, which begins in line 4, has no end") and "kept" in said


def test_rows_in_front_of_a_table_are_all_that_is_annotated(tmp_path: Path) -> None:
    def told(*names: str) -> str:
        return lines([{"id": name, "text": f"{name} on the race between the two countries."} for name in names])

    table, names = tmp_path / "t.jsonl", [f"d{n}" for n in range(10)]
    table.write_text(told(*names))
    annotate(tmp_path / "r", read([table]))
    table.write_text(told("new", *names))
    stop_after(1, tmp_path / "r", read([table]))
    table.write_text(told("newer", "new", *names))  # "new" is in the journal, at another row
    engine, _ = annotate(tmp_path / "r", read([table]))
    assert engine.seen == ["newer"]
    assert [each["meta"]["row"] for each in read_run(tmp_path / "r") if "text" in each] == [*range(1, 13)]
    check_as_new(tmp_path / "r", read([table]))


def test_a_source_in_another_order_reads_each_shard_once_a_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, count, real = documents(40), 0, Store.read
    annotate(tmp_path / "r", given)

    def counting(*args: Any) -> Any:
        nonlocal count
        count += 1
        return real(*args)

    monkeypatch.setattr(Store, "read", counting)
    random.Random(7).shuffle(given)
    monkeypatch.setattr(module, "_MOST_DOCUMENTS", 20)
    engine, _ = annotate(tmp_path / "r", given)
    assert engine.seen == [] and count <= 2 * 10


@pytest.mark.parametrize("folder", ["t", "t/sub"])
def test_a_folder_that_cannot_be_looked_into_keeps_what_lies_below_it(tmp_path: Path, folder: str) -> None:
    below = [each for name in ("t/sub/a", "t/sub/b") for each in read_from(name)] + read_from("t/sub/c", rows=6)
    beside = [*read_from("t/z"), *read_from("t/sub2"), *read_from("u")]
    annotate(tmp_path / "r", [*below, *beside], warn=lambda _: None)
    warned = list[str]()
    readable = beside if folder == "t/sub" else [beside[0], beside[2]]  # of t all but one was read before it failed
    given = [*readable, Failure(None, folder, "cannot be opened.")]
    engine, done = annotate(tmp_path / "r", given, warn=warned.append)
    assert engine.seen == [] and not any(each.failed for each in done)
    assert sorted(each["id"] for each in read_run(tmp_path / "r")) == sorted(each.id for each in [*below, *beside])
    assert [each.split(" ")[0] for each in warned] == [f"{folder}:"]


@pytest.mark.parametrize("noted", [False, True])
@pytest.mark.parametrize(
    "source", ["t", "./t", ".//t/", ".", "t/*.txt", "./t/*", "*/[ab].txt", "t*", "**/*.txt", "{}/t", "{}/t/?.*"]
)
def test_a_folder_or_glob_is_known_however_it_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, noted: bool
) -> None:
    here = tmp_path / "here"
    for name in ("here/t/a.txt", "here/t/b.txt", "c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"What {name} says of the race between the two countries.")
    monkeypatch.chdir(here)
    asked = [source.format(here), "../c.txt"]
    if noted:
        stop_after(3, tmp_path / "r", read(asked))
    else:
        annotate(tmp_path / "r", read(asked))
    (here / "t").rename(tmp_path / "away")
    engine, done = annotate(tmp_path / "r", read(asked), warn=lambda _: None)
    assert engine.seen == [] and len(done) == 3 and not any(each.failed for each in done)
    (tmp_path / "away").rename(here / "t")
    check_as_new(tmp_path / "r", read(asked))


@pytest.mark.parametrize("glob", ["t/*.txt", "*.txt", "**/x.txt", "[t].txt"])
def test_a_glob_stands_for_no_other_files(tmp_path: Path, glob: str) -> None:
    annotate(
        tmp_path / "r", [each for name in ("t/a.md", "../a.txt", "u/.x.txt", "tt.txt.md") for each in read_from(name)]
    )
    _, (done,) = annotate(tmp_path / "r", [Failure(None, glob, "no file matches this glob.")], warn=lambda _: None)
    assert done.failed


def test_an_address_is_no_folder(tmp_path: Path) -> None:
    given = [each for name in ("https://x.org", "https://x.org/a") for each in read_from(name)]
    annotate(tmp_path / "r", given)
    _, done = annotate(tmp_path / "r", [Failure(None, "https://x.org", "is down."), given[1]], warn=lambda _: None)
    assert len(done) == 2
