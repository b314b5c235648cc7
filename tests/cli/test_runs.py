import json
import os
from pathlib import Path
from typing import Any

import pytest
from corpus.engines import MADE_BY, SETTINGS, Plain, documents

from rhetoric.corpus.engines import local
from rhetoric.corpus.run import annotate_run

from .conftest import Invoke, lines, plain_record, refused


class Engine(Plain):
    """Stands in for worker processes; a text that says "useless" cannot be analysed."""

    def __init__(self, setup: Any, count: int) -> None:
        super().__init__()
        self.sentences = setup.sentences

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def describe(self) -> Any:
        return MADE_BY

    def __call__(self, documents: Any) -> Any:
        for document, item in ((each, next(super(Engine, self).__call__([each]))) for each in documents):
            failed = document.failure("is of no use.")
            made = plain_record(document, sentences=True) if self.sentences else item
            yield failed if "useless" in document.text else made


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "LocalEngine", Engine)


@pytest.fixture
def texts(invoke: Invoke) -> list[str]:
    for name in ("a.txt", "b.txt", "c.txt"):
        Path(name).write_text(f"The race for {name} is on, and nobody has said who runs.")
    return ["a.txt", "b.txt", "c.txt"]


def test_a_folder_becomes_a_run_that_the_next_command_goes_on_with(invoke: Invoke, texts: list[str]) -> None:
    first = invoke("annotate", *texts, "-o", "run")
    assert (first.exit_code, first.stdout) == (0, "")
    assert first.stderr == "run: 3 documents.\n"
    again = invoke("annotate", *texts, "-o", "run")
    assert again.stderr == "run: 3 documents, 3 of them kept from before.\n"
    Path("b.txt").write_text("Nobody has said who runs in this race, or where it will end.")
    changed = invoke("annotate", *texts, "-o", "run")
    assert changed.stderr == "run: 3 documents, 2 of them kept from before.\n"


def test_failures_are_reported_counted_and_taken_up(invoke: Invoke, texts: list[str]) -> None:
    Path("d.txt").write_text("A text that is useless to everybody who wants to read of the race.")
    result = invoke("annotate", *texts, "d.txt", "gone.txt", "-o", "run")
    assert result.exit_code == 1
    assert "error: d.txt: is of no use." in result.stderr
    assert "3 documents; 2 failed (--retry-failed" in result.stderr
    told = json.loads(invoke("run", "info", "run", "--json").stdout)
    assert [each["source"] for each in told["failures"]] == ["d.txt", "gone.txt"]
    assert told["counts"]["failed"] == 2
    said = invoke("run", "info", "run").stdout
    assert "2 failed" in said and " 3 documents, " in said
    for view in (
        ["score", "run"],
        ["run", "export", "run", "-o", "r.jsonl"],
        ["export", "run", "--to", "csv", "-o", "c"],
    ):
        seen = invoke(*view)
        assert (seen.exit_code, "error" in seen.stderr) == (0, False)
        assert len([line for line in seen.stderr.splitlines() if " failed" in line]) == 1
    again = invoke("annotate", *texts, "d.txt", "gone.txt", "-o", "run")
    assert again.exit_code == 0
    assert "error" not in again.stderr
    assert "run: 3 documents, 3 of them kept from before; 2 had failed before" in again.stderr
    Path("gone.txt").write_text("It was late in the race, but here it is at last.")
    taken = invoke("annotate", *texts, "d.txt", "gone.txt", "-o", "run", "--retry-failed")
    assert "4 documents, 3 of them kept from before; 1 failed" in taken.stderr
    assert taken.exit_code == 1


def test_what_failed_in_a_run_that_was_stopped_fails_the_command_that_completes_it(
    invoke: Invoke, texts: list[str]
) -> None:
    Path("d.txt").write_text("A text that is useless to everybody who wants to read of the race.")
    assert invoke("annotate", *texts, "d.txt", "-o", "run").exit_code == 1
    manifest = Path("run/manifest.json")
    manifest.write_text(manifest.read_text().replace('"complete": true', '"complete": false'))
    assert invoke("annotate", *texts, "d.txt", "-o", "run").exit_code == 1
    assert invoke("annotate", *texts, "d.txt", "-o", "run").exit_code == 0
    assert invoke("annotate", "d.txt", "-o", "bad").exit_code == 2
    again = invoke("annotate", "d.txt", "-o", "bad")
    assert (again.exit_code, again.stderr.splitlines()[0]) == (2, "error: d.txt: is of no use.")


def test_a_source_that_cannot_be_read_any_more_is_kept_and_said(invoke: Invoke, texts: list[str]) -> None:
    invoke("annotate", *texts, "-o", "run")
    Path("b.txt").unlink()
    kept = invoke("annotate", *texts, "-o", "run")
    assert kept.exit_code == 0
    assert kept.stderr.startswith("warning: b.txt: ")
    assert "It is kept as it was read before (--overwrite drops it).\n" in kept.stderr
    assert kept.stderr.endswith("run: 3 documents, 3 of them kept from before.\n")
    dropped = invoke("annotate", *texts, "-o", "run", "--overwrite")
    assert "run: 2 documents, 2 of them kept from before; 1 failed" in dropped.stderr


def test_another_command_does_not_harm_a_run(invoke: Invoke, texts: list[str]) -> None:
    invoke("annotate", *texts, "-o", "run")
    refused(invoke("annotate", "a.txt", "-o", "run"), "other sources", "--overwrite")
    assert invoke("run", "verify", "run").stdout == "run: sound.\n"
    assert invoke("annotate", "a.txt", "-o", "run", "--overwrite").exit_code == 0


def test_sources_are_the_same_however_they_are_written(invoke: Invoke, texts: list[str]) -> None:
    invoke("annotate", ".", "-o", "../run")
    for written in ("./", "././"):
        assert "3 documents, 3 of them kept" in invoke("annotate", written, "-o", "../run").stderr
    refused(invoke("annotate", "./*.txt", "-o", "../run"), "other sources")


def test_a_run_that_is_stopped_says_that_it_goes_on(
    invoke: Invoke, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(engine: Engine, documents: Any) -> Any:
        yield plain_record(next(iter(documents)))
        raise KeyboardInterrupt

    with monkeypatch.context() as stopping:
        stopping.setattr(Engine, "__call__", stop)
        result = invoke("annotate", *texts, "-o", "run")
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr.startswith("stopped: what is finished is kept in run; the same command goes on there.\n")
    assert "3 documents, 1 of them kept" in invoke("annotate", *texts, "-o", "run").stderr


def test_a_run_is_read_like_records(invoke: Invoke, texts: list[str], analysed: list[str]) -> None:
    invoke("annotate", *texts, "-o", "run")
    invoke("run", "export", "run", "-o", "records.jsonl")
    assert len(lines(Path("records.jsonl").read_text())) == 3
    for name, said in (("to.csv", "Name a file that ends in .jsonl"), ("to/", "this is a folder. Name a file in it.")):
        refused(invoke("run", "export", "run", "-o", name), said)
        assert not [*Path().glob("to*")]
    by_run = invoke("cset", "run", "--json")
    by_records = invoke("cset", "records.jsonl", "--json")
    assert by_run.exit_code == 0
    assert json.loads(by_run.stdout) == json.loads(by_records.stdout)
    assert analysed == []


def test_a_glob_reads_the_runs_that_it_matches_as_records(
    invoke: Invoke, texts: list[str], analysed: list[str]
) -> None:
    for run, given in (("rr/one", texts[:2]), ("rr/two", texts[2:])):
        invoke("annotate", *given, "-o", run)
    Path(texts[0]).rename("rr/a.txt")  # and its record is in a run
    found = invoke("score", "rr/*", "--json")
    assert found.exit_code == 0 and len(analysed) == 1
    assert len(lines(found.stdout)) == 3
    refused(invoke("annotate", "rr/one", "-o", "records.jsonl"), "rr/one: this is a run")
    again = invoke("annotate", "rr/one/documents", "-o", "records.jsonl")
    assert again.stderr.endswith("records.jsonl: 2 documents.\n")


def test_runs_are_merged_and_damage_is_said(invoke: Invoke, texts: list[str]) -> None:
    invoke("annotate", *texts[:2], "-o", "one")
    invoke("annotate", *texts[1:], "-o", "two")
    assert invoke("run", "merge", "one", "two", "-o", "both").stderr == "both: 3 documents.\n"
    spans = Path("both/spans/part-00000.parquet")
    spans.write_bytes(spans.read_bytes()[:-9])
    damaged = invoke("run", "verify", "both", "--json")
    assert damaged.exit_code == 2
    assert json.loads(damaged.stdout)["sound"] is False
    assert invoke("run", "export", "both", "-o", "records.jsonl").exit_code == 2
    assert not Path("records.jsonl.part").exists(), "a file of nothing that was finished"


def test_a_run_with_a_file_missing_is_not_called_complete(invoke: Invoke, texts: list[str]) -> None:
    invoke("annotate", *texts, "gone.txt", "-o", "run")
    Path("run/spans/part-00000.parquet").unlink()
    told = invoke("run", "info", "run")
    assert told.stdout.startswith("run: not complete: give its command again\n")
    assert "1 file missing: spans/part-00000.parquet" in told.stdout.replace("\\", "/")
    assert json.loads(invoke("run", "info", "run", "--json").stdout)["complete"] is False
    invoke("annotate", *texts, "gone.txt", "-o", "run")
    assert invoke("run", "info", "run").stdout.startswith("run: complete\n")


def test_a_run_that_is_under_way_says_what_is_finished(invoke: Invoke) -> None:
    run = annotate_run(documents(6), Plain(), Path("run"), MADE_BY, SETTINGS)
    for _ in range(4):
        next(run)
    told = invoke("run", "info", "run").stdout
    assert "0 documents," in told
    assert "and about 4 documents finished that are in no table yet: its command is at work still" in told
    assert json.loads(invoke("run", "info", "run", "--json").stdout)["finished"] == 4
    list(run)
    assert "finished" not in invoke("run", "info", "run").stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("a.txt", "-o", "out.csv"), "not written as .csv"),
        (("a.txt", "-o", "out.jsonl.gz"), "not written as .gz. Name a .jsonl file, or a folder for a run"),
        (("a.txt", "-o", "Out.XLSX"), "not written as .xlsx"),
        (("a.txt", "-o", "out.md"), "not written as .md"),
        (("a.txt", "-o", "out.jsonl", "--workers", "2"), "are for runs"),
        (("a.txt", "-o", "run", "--engine", "spark"), "no engine"),
        (("a.txt", "-o", "run", "--address", "auto"), "Say --engine ray too"),
    ],
)
def test_what_cannot_be_asked_for(invoke: Invoke, texts: list[str], arguments: tuple[str, ...], why: str) -> None:
    refused(invoke("annotate", *arguments), why)
    assert not Path(arguments[2]).exists()


@pytest.mark.parametrize("folder", ["run-2.1", "results.v2", "old.txt"])
def test_a_point_in_the_name_of_a_run(invoke: Invoke, texts: list[str], folder: str) -> None:
    if folder == "old.txt":
        Path(folder).mkdir()
    assert invoke("annotate", *texts, "-o", folder).exit_code == 0
    assert Path(folder, "manifest.json").is_file()


@pytest.mark.parametrize("manifest", ["{}", '{"format": 1, "shards": []}'])
def test_what_is_no_run(invoke: Invoke, manifest: str) -> None:
    Path("folder").mkdir()
    Path("broken").mkdir()
    Path("broken/manifest.json").write_text(manifest)
    for asked in (["info"], ["verify"], ["export"], ["merge", "-o", "new"]):
        result = invoke("run", *asked, "folder")
        assert result.exit_code == 2
        assert result.stderr.startswith("error: folder: this is no run. A run is what `rhetoric annotate")
        assert "or is damaged: its manifest.json cannot be read.\n" in invoke("run", *asked, "broken").stderr


@pytest.mark.parametrize("asked", [(), ("--sentences",)])
def test_an_exported_run_is_what_is_annotated_into_a_file(
    invoke: Invoke, texts: list[str], analysed: list[str], asked: tuple[str, ...]
) -> None:
    for output in ("direct.jsonl", "run"):
        assert invoke("annotate", *texts, *asked, "-o", output).exit_code == 0
    assert invoke("run", "export", "run", "-o", "exported.jsonl").exit_code == 0
    direct = Path("direct.jsonl").read_bytes()
    assert Path("exported.jsonl").read_bytes() == direct
    assert (b'"sentences":{"race":{"start":0' in direct) == bool(asked)
    told = json.loads(invoke("run", "info", "run", "--json").stdout)["settings"]
    assert told["sentences"] == bool(asked)
    other = invoke("annotate", *texts, *(() if asked else ("--sentences",)), "-o", "run")
    assert (other.exit_code, "was made with" in other.stderr) == (2, True)


def test_a_source_of_the_same_name_in_another_folder_is_another(
    invoke: Invoke, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, manifest = Path.cwd(), Path("run/manifest.json").absolute()
    invoke("annotate", *texts, "-o", "run")
    (here / "there").mkdir()
    monkeypatch.chdir(here / "there")
    for name in texts:
        Path(name).write_text(f"What {name} says over there of the race.")
    before = manifest.read_bytes()
    refused(invoke("annotate", *texts, "-o", "../run"), f"made with other paths (a.txt was {here / 'a.txt'})")
    assert manifest.read_bytes() == before
    assert invoke("annotate", *texts, "-o", "../run", "--overwrite").exit_code == 0
    monkeypatch.chdir(here)
    assert invoke("annotate", "http://127.0.0.1/a", "-", "-o", "new", input="The race is on.").exit_code == 1
    assert json.loads(Path("new/manifest.json").read_text())["settings"]["paths"] == [None, None]


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such names")
def test_names_of_bytes_that_are_no_text_name_sources_and_runs(invoke: Invoke, texts: list[str]) -> None:
    odd, run = os.fsdecode(b"caf\xe9.txt"), os.fsdecode(b"r \n\xe9")
    Path(texts[0]).rename(odd)
    for kept in ("", ", 2 of them kept from before"):
        assert f": 2 documents{kept}.\n" in invoke("annotate", odd, "b.txt", "-o", run).stderr
    told = json.loads(invoke("run", "info", run, "--json").stdout)
    assert told["settings"]["sources"] == ["caf\\udce9.txt", "b.txt"] and not told["failures"]
    assert invoke("run", "verify", run).stdout == "r: sound.\n"
    assert invoke("run", "export", run).stdout.count("\n") == 2
    other = os.fsdecode(b"caf\xe8.txt")
    Path(odd).rename(other)
    assert "other sources" in invoke("annotate", other, "b.txt", "-o", run).stderr
