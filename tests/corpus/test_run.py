"""Runs: whatever happens on the way, the same documents give the same bytes, and nothing is done twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas
import pytest
from cli.conftest import plain_record

from rhetoric.corpus import run as module
from rhetoric.corpus import tables
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


def test_damage_is_found(tmp_path: Path) -> None:
    annotate(tmp_path / "r", documents(10))
    path = tmp_path / "r/spans/part-00001.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    (tmp_path / "r/documents/part-00002.parquet").unlink()
    wrong = verify_run(tmp_path / "r")
    assert any("spans/part-00001.parquet is not the file" in each for each in wrong)
    assert any("documents/part-00002.parquet is missing" in each for each in wrong)
    assert wrong[-1].startswith("Give the command that made the run again")
    with pytest.raises(RhetoricError, match="shard 1"):
        list(read_run(tmp_path / "r"))


@pytest.mark.parametrize(
    ("hurt", "made"),
    [
        ({"spans/part-00001.parquet": b"none", "documents/part-00002.parquet": b""}, range(4, 10)),
        ({f"{table}/part-00001.parquet": None for table in tables.TABLES}, range(4, 8)),
    ],
)
def test_shards_that_were_damaged_or_deleted_are_made_anew_and_no_others(
    tmp_path: Path, hurt: dict[str, bytes | None], made: range
) -> None:
    annotate(tmp_path / "r", documents(10))
    before = bytes_of(tmp_path / "r")
    for name, data in hurt.items():
        path = tmp_path / "r" / name
        path.unlink() if data is None else path.write_bytes(data)
    engine, _ = annotate(tmp_path / "r", documents(10))
    assert engine.seen == [f"d{n}" for n in made]
    assert bytes_of(tmp_path / "r") == before


def test_a_shard_damaged_while_it_was_set_aside_is_made_anew(tmp_path: Path) -> None:
    annotate(tmp_path / "r", documents(12))
    stop_after(1, tmp_path / "r", [*documents(1, begin=20), *documents(12)])
    (damaged, *_) = sorted((tmp_path / "r/before/documents").iterdir())
    damaged.write_bytes(b"none")
    engine, _ = annotate(tmp_path / "r", documents(12))
    assert len(engine.seen) == 4
    check_as_new(tmp_path / "r", documents(12))


def test_a_stopped_run_is_read_without_a_change_in_its_folder(tmp_path: Path) -> None:
    annotate(tmp_path / "r", documents(8))
    stop_after(6, tmp_path / "r", [*documents(1, begin=20), *documents(8)])
    with (tmp_path / "r/journal.jsonl").open("a") as journal:
        journal.write('["key", {"id": "half')  # another process is writing it
    before = bytes_of(tmp_path / "r")
    assert [item["id"] for item in read_run(tmp_path / "r")] == ["d20", "d0", "d1", "d2"]
    verify_run(tmp_path / "r")
    assert bytes_of(tmp_path / "r") == before


def test_a_journal_whose_last_line_lacks_its_end_goes_on_on_a_line_of_its_own(tmp_path: Path) -> None:
    for stop in (2, 3):
        stop_after(stop, tmp_path / "r", documents(4))
        journal = tmp_path / "r/journal.jsonl"
        journal.write_bytes(journal.read_bytes().removesuffix(b"\n"))
    lines = journal.read_bytes().split(b"\n")
    assert [json.loads(line)[1]["id"] for line in lines] == ["d0", "d1", "d2"]


def test_a_journal_that_was_written_anew_as_the_process_was_killed_leaves_nothing(tmp_path: Path) -> None:
    stop_after(6, tmp_path / "r", documents(8))
    (tmp_path / "r/journal.jsonl.part").write_text('["1a2b')
    annotate(tmp_path / "r", documents(8))
    check_as_new(tmp_path / "r", documents(8))


def test_a_run_that_was_written_since_it_was_opened_is_taken_up_as_it_is(tmp_path: Path) -> None:
    opened = Store(tmp_path / "r")
    annotate(tmp_path / "r", documents(6))
    with opened.locked():
        assert len(opened.manifest["shards"]) == 2


_KILLED = """
import json, sys, time
from pathlib import Path
import rhetoric.corpus.store
from rhetoric.corpus import run
from rhetoric.ingest import Document
run._MOST_DOCUMENTS = 20
given, made = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
documents = [Document(**each) for each in given]
made_by, settings = json.loads(sys.argv[3])
def engine(documents):
    for document in documents:
        time.sleep(0.002)
        yield made[document.id]
list(run.annotate_run(documents[:1], engine, Path(sys.argv[2] + "-warm"), made_by, settings))
print("ready", flush=True)
list(run.annotate_run(documents, engine, Path(sys.argv[2]), made_by, settings))
"""


def test_killed_at_twenty_random_moments_it_ends_as_if_it_never_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_DOCUMENTS", 20)
    annotate(tmp_path / "whole", documents(300))
    made = {item["id"]: item for item in Plain()(documents(300))}
    (tmp_path / "given.json").write_text(json.dumps([[asdict(each) for each in documents(300)], made]))
    command = [sys.executable, "-c", _KILLED, str(tmp_path / "given.json"), str(tmp_path / "r")]
    chance, noted = random.Random(7), 0
    for _ in range(20):
        started = subprocess.Popen([*command, json.dumps([MADE_BY, SETTINGS])], stdout=subprocess.PIPE)
        assert started.stdout is not None
        assert started.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0, 0.06))
        started.send_signal(signal.SIGKILL)
        started.wait()
        assert started.returncode == -signal.SIGKILL  # it had work left
        journal = tmp_path / "r/journal.jsonl"
        noted += journal.is_file() and journal.stat().st_size > 0
    engine, _ = annotate(tmp_path / "r", documents(300))
    assert noted > 0  # it was killed amid its work, not only before and after
    assert len(engine.seen) < 300
    assert bytes_of(tmp_path / "r") == bytes_of(tmp_path / "whole")
    assert json.loads((tmp_path / "r/manifest.json").read_text())["documents"] == 300


_KILLED_AT_EVERY_WRITE = """
import os, shutil, sys
from pathlib import Path
import filelock, pyarrow.compute, pyarrow.parquet  # once, not in each child
from corpus.engines import Plain, annotate, bytes_of, documents, verify_run
from rhetoric.corpus import kept, run, store
run._MOST_DOCUMENTS = 4
folder, less = Path(sys.argv[1]), int(sys.argv[2])
WRITES = {"os.rename", "os.remove"}
class Noting(Plain):
    def __call__(self, documents):
        for item in super().__call__(documents):
            with open(folder / "made", "a") as lines:
                lines.write(item["id"] + "\\n")
            yield item
def in_child(name, given, last=0):
    if (child := os.fork()) == 0:
        left = [last]
        def write(event, told):
            if event in WRITES:
                left[0] -= 1
                if left[0] == 0:
                    os._exit(9)
        sys.addaudithook(write)
        annotate(folder / name, given, Noting())
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
changed = documents(8, begin=1)[::-1]
after = changed[: 8 - less]
assert in_child("before", documents(5)) == in_child("as-new", after) == 0
(folder / "made").unlink()
for last in range(1, 200):
    shutil.copytree(folder / "before", folder / "r")
    ended = in_child("r", changed, last)
    assert in_child("r", after) == 0
    assert bytes_of(folder / "r") == bytes_of(folder / "as-new"), last
    made = (folder / "made").read_text().split()
    assert len(made) - len({*made}) <= 1, (last, made)
    shutil.rmtree(folder / "r")
    (folder / "made").unlink()
    if not ended:
        break
assert last > 9
print("done")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system starts no process so")
@pytest.mark.parametrize("less", [0, 4])
def test_killed_at_any_write_of_a_change_it_loses_nothing(tmp_path: Path, less: int) -> None:
    command = [sys.executable, "-c", _KILLED_AT_EVERY_WRITE, str(tmp_path), str(less)]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("done\n", 0), done.stderr


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
