"""A run whose files were damaged, or whose process was killed, goes on as if nothing had happened."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from rhetoric.corpus import run as module
from rhetoric.corpus import tables
from rhetoric.corpus.run import read_run, verify_run
from rhetoric.corpus.store import Store
from rhetoric.errors import RhetoricError

from .engines import MADE_BY, SETTINGS, Plain, annotate, bytes_of, check_as_new, documents, stop_after


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
