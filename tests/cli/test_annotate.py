import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rhetoric.cli import output as module
from rhetoric.errors import RhetoricError

from .conftest import Invoke, analysis, lines, refused

TEXT = "The race – is on.\n\nA second race."


pytestmark = pytest.mark.usefixtures("analysed")


def test_records_in_input_order_with_failures_in_their_place(invoke: Invoke) -> None:
    Path("b.txt").write_text(TEXT)
    Path("a.txt").write_text(TEXT + "!")
    result = invoke("annotate", "b.txt", "missing.txt", "a.txt", "-o", "out.jsonl")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("error: missing.txt: there is no such file")
    assert result.stderr.endswith("out.jsonl: 2 documents; 1 failed.\n")
    raw = Path("out.jsonl").read_text(encoding="utf-8")
    first, second, third = lines(raw)
    assert (first["text"], third["text"]) == (TEXT, TEXT + "!")
    assert set(second) == {"id", "source", "error"}
    assert "race – is" in raw  # UTF-8, not escapes
    assert '": ' not in raw.splitlines()[0]
    assert not Path("out.jsonl.part").exists()


def test_standard_output_is_the_default(invoke: Invoke) -> None:
    Path("a.txt").write_text(TEXT)
    result = invoke("annotate", "a.txt")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [each["text"] for each in lines(result.stdout)] == [TEXT]
    assert invoke("annotate", "a.txt").stdout_bytes == result.stdout_bytes
    assert invoke("annotate", "-", input=TEXT).exit_code == 0


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_a_limit_that_no_platform_counts_is_no_limit(invoke: Invoke, name: str) -> None:
    Path(name).write_text(json.dumps({"text": TEXT}) if name == "a.jsonl" else TEXT)
    result = invoke("annotate", name, "--max-bytes", "1" + 20 * "0")
    assert result.exit_code == 0
    assert [each["text"] for each in lines(result.stdout)] == [TEXT]


def test_its_own_output_in_the_folder_is_no_text(invoke: Invoke) -> None:
    Path("texts").mkdir()
    Path("texts/b.txt").write_text(TEXT)
    Path("texts/c.jsonl").write_text(json.dumps({"text": "A text in JSON lines."}))
    for name in ("a.jsonl", "a.jsonl", "z.ndjson"):
        assert invoke("annotate", "texts", "-o", f"texts/{name}", "--overwrite").exit_code == 0
        assert [each["text"] for each in lines(Path(f"texts/{name}").read_text())] == [TEXT, "A text in JSON lines."]
    for name in ("b.txt", "c.jsonl"):
        Path("texts", name).unlink()
    refused(invoke("annotate", "texts", "-o", "texts/new.jsonl"), "only records (a.jsonl)")


def test_tables_with_fields(invoke: Invoke) -> None:
    Path("a.csv").write_text("key,body,year\nk1,The race.,1999\nk2,Peace.,2001\nk3,,2002\n")
    result = invoke("annotate", "a.csv", "--text-field", "body", "--id-field", "key", "-o", "out.jsonl")
    found = lines(Path("out.jsonl").read_text())
    assert result.exit_code == 1
    assert [each["id"] for each in found] == ["k1", "k2", "k3"]
    assert found[0]["meta"]["year"] in (1999, "1999")
    assert "error" in found[2]


def test_every_document_failed(invoke: Invoke) -> None:
    Path("x.txt").write_text("")
    Path("y.txt").write_bytes(b"GIF89a")
    result = invoke("annotate", "x.txt", "y.txt", "-o", "out.jsonl")
    assert result.exit_code == 2
    assert len(lines(Path("out.jsonl").read_text())) == 2


@pytest.mark.parametrize("output", ["out.jsonl", "run"])
def test_of_nothing_nothing_is_written(invoke: Invoke, analysed: list[str], output: str) -> None:
    result = invoke("annotate", "misspelt.txt", "nor-this/", "-o", output)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: misspelt.txt: there is no such file or folder")
    assert list(Path().iterdir()) == [] and analysed == []


@pytest.mark.parametrize(("there", "why"), [("out.jsonl", "this file exists"), ("out.jsonl.part", "was stopped")])
def test_an_output_is_not_overwritten_unless_asked(invoke: Invoke, analysed: list[str], there: str, why: str) -> None:
    Path("a.txt").write_text(TEXT)
    Path(there).write_text("precious")
    refused(invoke("annotate", "a.txt", "-o", "out.jsonl"), why, "--overwrite")
    assert Path(there).read_text() == "precious"
    assert analysed == []  # it says so before any work is done
    assert invoke("annotate", "a.txt", "-o", "out.jsonl", "--overwrite").exit_code == 0
    assert len(lines(Path("out.jsonl").read_text())) == 1


@pytest.mark.parametrize(("where", "why"), [("nowhere/out.jsonl", "no folder"), (".", "folder")])
def test_outputs_that_cannot_be(invoke: Invoke, where: str, why: str) -> None:
    Path("a.txt").write_text(TEXT)
    result = invoke("annotate", "a.txt", "-o", where)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert why in result.stderr


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (RhetoricError("broken."), 2)])
def test_a_stopped_run_keeps_its_finished_lines(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    part = Path("out.jsonl.part")

    def analyse(documents: Iterator[Any], nlp: object, **_: bool) -> Iterator[dict[str, Any]]:
        yield {"id": "finished"}
        assert lines(part.read_text()) == [{"id": "finished"}], "written before the next is read"
        raise error

    Path("a.txt").write_text(TEXT)
    monkeypatch.setattr(analysis, "analyse", analyse)
    result = invoke("annotate", "a.txt", "-o", "out.jsonl")
    assert result.exit_code == code
    assert "out.jsonl.part" in result.stderr
    assert lines(part.read_text()) == [{"id": "finished"}]
    assert not Path("out.jsonl").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_or_a_device_is_not_replaced_by_a_file(invoke: Invoke) -> None:
    Path("a.txt").write_text(TEXT)
    os.mkfifo("out.jsonl")
    refused(invoke("annotate", "a.txt", "-o", "out.jsonl", "--overwrite"), "this is a device or a pipe")
    assert Path("out.jsonl").is_fifo()


def test_a_full_disk_is_an_error_without_a_traceback(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    link = tmp_path / "out.jsonl.part"
    link.symlink_to("/dev/full")
    with pytest.raises(RhetoricError, match="No space left"), module.open_output(str(tmp_path / "out.jsonl")) as write:
        write({"id": "x"})


def test_a_broken_pipe_is_quiet(tmp_path: Path) -> None:
    code = (
        "import importlib, rhetoric.cli as c\n"
        "a = importlib.import_module('rhetoric.analysis')\n"
        "a.load = lambda name, detectors: None\n"
        "a.analyse = lambda documents, nlp, **asked: ({'id': 'x' * 1000} for _ in range(100_000))\n"
        "c.main()"
    )
    (tmp_path / "a.txt").write_text(TEXT)
    reader, writer = os.pipe()
    started = subprocess.Popen(
        [sys.executable, "-c", code, "annotate", "a.txt"], stdout=writer, stderr=subprocess.PIPE, cwd=tmp_path
    )
    os.close(writer)
    assert json.loads(os.read(reader, 1010).splitlines()[0])
    os.close(reader)
    _, said = started.communicate(timeout=30)
    assert said == b""
    assert started.returncode == 141
