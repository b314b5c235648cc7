"""Runs: whatever happens on the way, the same documents give the same bytes, and nothing is done twice."""

import json
from pathlib import Path
from typing import Any

import pandas
import pytest
from cli.conftest import plain_record

from rhetoric.corpus.merge import merge_runs
from rhetoric.corpus.run import read_run, verify_run
from rhetoric.corpus.store import Store
from rhetoric.errors import RhetoricError
from rhetoric.ingest import Document, Failure
from rhetoric.writing import checksum

from .engines import MADE_BY, SETTINGS, Plain, annotate, bytes_of, check_as_new, documents, stop_after, under_way


def test_a_run_holds_the_records_in_order_and_the_failures_in_their_place(tmp_path: Path) -> None:
    given = [*documents(6), Failure(None, "x.pdf", "is damaged."), *documents(3, begin=6)]
    _, done = annotate(tmp_path / "r", given, Plain(failing=["d7"]))
    found = list(read_run(tmp_path / "r"))
    assert [item["id"] for item in found] == ["d0", "d1", "d2", "d3", "d4", "d5", None, "d6", "d7", "d8"]
    assert [item.get("error") for item in found if "error" in item] == ["is damaged.", "is of no use."]
    assert found[0] == {**next(Plain()(given[:1])), "pipeline": MADE_BY}
    assert [each.failed is not None for each in done] == ["error" in item for item in found]
    assert verify_run(tmp_path / "r") == []


def test_runs_are_named_by_text_as_well_as_by_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    annotate(tmp_path / "r", documents(6))
    list(merge_runs(["r"], "again"))
    assert list(read_run("again")) == list(read_run("r")) == list(read_run(tmp_path / "r"))
    (tmp_path / "r/documents/part-00000.parquet").unlink()
    assert verify_run("r")[0] == "documents/part-00000.parquet is missing."
    with pytest.raises(RhetoricError, match="none: this is no run"):
        list(read_run("none"))


@pytest.mark.parametrize("more", [0, 1])  # the shard stays as it is, or is made anew
def test_the_options_that_a_failure_advises_are_told_each_time(tmp_path: Path, more: int) -> None:
    failure = Failure(None, "de.txt", "is German. Force it.", "force")
    annotate(tmp_path / "r", [*documents(2), failure])
    _, done = annotate(tmp_path / "r", [*documents(2 + more), failure])
    assert [each.failed.options for each in done if each.failed] == [("force",)]


def test_a_second_time_there_is_nothing_to_do(tmp_path: Path) -> None:
    annotate(tmp_path / "r", documents(10))
    before = bytes_of(tmp_path / "r")
    engine, done = annotate(tmp_path / "r", documents(10))
    assert engine.seen == []
    assert all(each.kept for each in done)
    assert len(done) == 10
    assert bytes_of(tmp_path / "r") == before


@pytest.mark.parametrize(
    ("change", "made"),
    [
        (lambda old: [*old, *documents(2, begin=10)], ["d10", "d11"]),
        (lambda old: [*documents(1, begin=99), *old], ["d99"]),
        (lambda old: [*old[:5], Document("d5", "Other words.", {}), *old[6:]], ["d5"]),
        (lambda old: old[:3] + old[4:], []),
        (lambda old: old[:2], []),
        (lambda old: list(reversed(old)), []),
        (lambda old: [], []),
    ],
)
def test_only_what_changed_is_annotated(tmp_path: Path, change: Any, made: list[str]) -> None:
    annotate(tmp_path / "r", documents(10))
    given = change(documents(10))
    engine, _ = annotate(tmp_path / "r", given)
    assert engine.seen == made
    check_as_new(tmp_path / "r", given)


def test_a_run_that_stops_at_any_document_goes_on_there(tmp_path: Path) -> None:
    given = documents(10)
    annotate(tmp_path / "whole", given)
    for stop in range(10):
        folder = tmp_path / str(stop)
        engine = Plain()
        stop_after(stop, folder, given, engine)
        rest, _ = annotate(folder, given)
        assert sorted(engine.seen[:stop] + rest.seen) == sorted(each.id for each in given)
        assert bytes_of(folder) == bytes_of(tmp_path / "whole")


def test_a_change_that_is_stopped_and_changed_again_loses_nothing(tmp_path: Path) -> None:
    annotate(tmp_path / "r", documents(12))
    for begin in (20, 30):  # each time a new first document moves all others on; each time it is stopped
        stop_after(6, tmp_path / "r", [*documents(1, begin=begin), *documents(12)])
    engine, _ = annotate(tmp_path / "r", documents(12))
    assert engine.seen == []
    check_as_new(tmp_path / "r", documents(12))


def test_failures_are_taken_up_when_asked_for(tmp_path: Path) -> None:
    annotate(tmp_path / "r", documents(6), Plain(failing=["d2"]))
    engine, done = annotate(tmp_path / "r", documents(6))
    assert engine.seen == []
    assert sum(each.failed is not None for each in done) == 1
    engine, _ = annotate(tmp_path / "r", documents(6), retry=True)
    assert engine.seen == ["d2"]
    check_as_new(tmp_path / "r", documents(6))


def test_another_pipeline_or_other_sources_are_refused_unless_asked_for(tmp_path: Path) -> None:
    annotate(tmp_path / "r", documents(6))
    other = {**MADE_BY, "sha256": "1" * 64}
    with pytest.raises(RhetoricError, match=r"other pipeline.*let this run follow"):
        annotate(tmp_path / "r", documents(6), made_by=other)
    read = {**SETTINGS, "text_field": "text", "force": True}
    with pytest.raises(RhetoricError, match="was made with other --text-field and without --force\\."):
        annotate(tmp_path / "t", documents(2), settings={**read, "text_field": "body", "force": False})
        annotate(tmp_path / "t", documents(2), settings=read)
    with pytest.raises(RhetoricError, match="other sources"):
        annotate(tmp_path / "r", documents(2), settings={**SETTINGS, "sources": ["there"]})
    assert len(list(read_run(tmp_path / "r"))) == 6  # a slip of the hand costs nothing
    engine, _ = annotate(tmp_path / "r", documents(6), made_by=other, overwrite=True)
    assert len(engine.seen) == 6
    assert {item["pipeline"]["sha256"] for item in read_run(tmp_path / "r")} == {"1" * 64}
    engine, _ = annotate(tmp_path / "s", documents(6))
    engine, _ = annotate(tmp_path / "s", documents(7), settings={**SETTINGS, "sources": ["there"]}, overwrite=True)
    assert engine.seen == ["d6"]


def test_a_run_that_counts_passages_from_0_is_read_and_written_anew_without_annotating(tmp_path: Path) -> None:
    annotate(tmp_path / "r", documents(6))
    manifest = tmp_path / "r/manifest.json"
    told = json.loads(manifest.read_text())
    for shard in told["shards"]:
        path = Store(tmp_path / "r").path("passages", shard)
        table = pandas.read_parquet(path)
        assert set(table.passage) == {1}  # of one passage each
        table.assign(passage=table.passage - 1).to_parquet(path)
        shard["sha256"]["passages"] = checksum(path)
    manifest.write_text(json.dumps({**told, "format": 1}))
    assert len(list(read_run(tmp_path / "r"))) == 6
    engine, _ = annotate(tmp_path / "r", documents(7))
    assert engine.seen == ["d6"]
    check_as_new(tmp_path / "r", documents(7))


def test_what_another_pipeline_left_in_the_journal_is_not_taken(tmp_path: Path) -> None:
    stop_after(1, tmp_path / "r", documents(6))
    other = {**MADE_BY, "sha256": "1" * 64}
    stop_after(1, tmp_path / "r", documents(6), made_by=other, overwrite=True)
    engine, _ = annotate(tmp_path / "r", documents(6), made_by=other)
    assert engine.seen == ["d1", "d2", "d3", "d4", "d5"]


def test_a_folder_that_is_no_run_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("precious")
    with pytest.raises(RhetoricError, match="not empty"):
        annotate(tmp_path, documents(1))
    with pytest.raises(RhetoricError, match="no run"):
        list(read_run(tmp_path))


@pytest.mark.parametrize("wrong", [{"shards": [{}]}, {"shards": "x"}, {"settings": []}, {"before": [1]}])
def test_a_manifest_that_somebody_changed_is_told(tmp_path: Path, wrong: dict[str, Any]) -> None:
    annotate(tmp_path / "r", documents(2))
    manifest = tmp_path / "r/manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **wrong}))
    for read in (read_run, verify_run):
        with pytest.raises(RhetoricError, match="or is damaged: its manifest"):
            list(read(tmp_path / "r"))


def test_two_processes_cannot_write_one_run(tmp_path: Path) -> None:
    run: Any = under_way(tmp_path / "r", documents(6))
    next(run)
    with pytest.raises(RhetoricError, match="another process"):
        annotate(tmp_path / "r", documents(6))
    run.close()


def test_a_full_disk_is_said_and_survived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "_write", full)
        with pytest.raises(RhetoricError, match=r"No space left.*same command again"):
            annotate(tmp_path / "r", documents(6))
    engine, _ = annotate(tmp_path / "r", documents(6))
    assert engine.seen == ["d4", "d5"]
    assert verify_run(tmp_path / "r") == []


def test_a_run_stopped_at_its_very_first_write_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(RhetoricError, match="No space left"):
            annotate(tmp_path / "r", documents(6))
    assert {each.name for each in (tmp_path / "r").iterdir()} <= {".lock"}
    (tmp_path / "r/.lock").touch()
    (tmp_path / "r/manifest.json.part").touch()  # as a killed process leaves it
    annotate(tmp_path / "r", documents(6))
    assert verify_run(tmp_path / "r") == []
    assert not (tmp_path / "r/manifest.json.part").exists()


class Quoting(Plain):
    """Says which sentence carries each frame, too."""

    def __call__(self, documents: Any) -> Any:
        for document in documents:
            yield plain_record(document, sentences=True)


def test_sentences_are_kept_and_runs_with_and_without_them_are_not_mixed(tmp_path: Path) -> None:
    plain, quoting = ({**SETTINGS, "sentences": asked} for asked in (False, True))
    annotate(tmp_path / "r", documents(6), Quoting(), settings=quoting)
    direct = [json.dumps({**each, "pipeline": MADE_BY}) for each in Quoting()(documents(6))]
    assert [json.dumps(each) for each in read_run(tmp_path / "r")] == direct
    assert '"sentences"' in direct[0]
    annotate(tmp_path / "s", documents(6), settings=plain)
    with pytest.raises(RhetoricError, match=r"only one of the runs has sentences.*--sentences"):
        list(merge_runs([tmp_path / "s", tmp_path / "r"], tmp_path / "both"))
    with pytest.raises(RhetoricError, match=r"s: this run was made without --sentences\. Name another folder"):
        annotate(tmp_path / "s", documents(6), Quoting(), settings=quoting)
    with pytest.raises(RhetoricError, match=r"r: this run was made with --sentences\."):
        annotate(tmp_path / "r", documents(6), settings=plain)
    annotate(tmp_path / "s", documents(6), Quoting(), settings=quoting, overwrite=True)
    assert bytes_of(tmp_path / "s") == bytes_of(tmp_path / "r")
    list(merge_runs([tmp_path / "s", tmp_path / "r"], tmp_path / "both"))
    assert [json.dumps(each) for each in read_run(tmp_path / "both")] == direct
