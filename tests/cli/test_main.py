import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from rhetoric.cli.outcome import running
from rhetoric.cli.output import print_json

from .conftest import Invoke

HEAVY = ("torch", "pandas", "spacy", "numpy", "sklearn", "transformers", "onnxruntime", "trafilatura", "rich", "tqdm")

LONG = "a" * 300


@pytest.mark.parametrize("command", [[], ["score"], ["annotate"]])
def test_without_arguments_it_shows_help(invoke: Invoke, command: list[str]) -> None:
    asked, bare = invoke(*command, "--help"), invoke(*command)
    assert asked.exit_code == 0
    assert "rhetoric score" in asked.stdout or "rhetoric annotate" in asked.stdout
    assert bare.output == asked.output
    assert bare.exit_code == 2


def test_help_is_in_plain_words_and_no_line_of_it_is_cut(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    waiting: list[list[str]] = [[]]
    while waiting:
        command = waiting.pop()
        told = invoke(*command, "--help").stdout
        usage, _, rest = told.partition("\nOptions:\n")
        options, _, commands = rest.partition("\nCommands:\n")
        assert "  -h, --help" in options
        assert not re.search("<[a-z]", usage + options), command  # <int range>, <list[str]>: a type, not what to give
        assert "[default: /" not in told, command  # a folder of this machine
        for name, *said in (line.split() for line in commands.splitlines()):
            assert not said[-1].endswith("..."), [*command, name]
            waiting.append([*command, name])


def test_version(invoke: Invoke) -> None:
    result = invoke("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("rhetoric ")


@pytest.mark.parametrize("command", [["score", "--bogus"], ["nothing"], ["score", "x", "--max-bytes", "0"]])
def test_wrong_usage(invoke: Invoke, command: list[str]) -> None:
    result = invoke(*command)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "command",
    [
        *("annotate", "report", "sample", "cluster", "cset", "review", "export", "import", "corpus fetch"),
        *("profile build", "run export", "run merge", "train decisions", "train frames"),
    ],
)
def test_an_output_without_a_name_is_not_the_folder_that_one_is_in(invoke: Invoke, command: str) -> None:
    result = invoke(*command.split(), "-o", "")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'-o': this is empty. Name where the results go." in result.stderr
    assert not [*Path().iterdir()]


@pytest.mark.parametrize(
    "command",
    [["annotate", "a.txt", "-o", LONG], ["annotate", "a.txt", "-o", f"{LONG}.jsonl"], ["review", f"{LONG}.sqlite"]],
)
def test_what_the_file_system_refuses_is_an_error_without_a_traceback(invoke: Invoke, command: list[str]) -> None:
    Path("a.txt").write_text("The race is on.")
    result = invoke(*command)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {LONG}") and "File name too long" in result.stderr


def test_what_an_encoding_lacks_is_printed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe on Windows has the letters of Western Europe only: JSON is UTF-8, and text has question marks."""
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="latin-1"))
    with running() as outcome:
        typer.echo("中文")
        print_json({"name": "中\udcff"})
        outcome.done = 1
    assert out.getvalue().splitlines() == [b"??", '{"name": "中\\udcff"}'.encode()]


def test_the_command_line_loads_nothing_heavy() -> None:
    code = f"import sys, rhetoric.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("command", [["profile", "list"], ["corpus", "list", "--json"]])
@pytest.mark.parametrize("to", ["reader that has left", "full disk"])
def test_output_that_cannot_be_written(to: str, command: list[str]) -> None:
    if to == "full disk" and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    reader, writer = os.pipe()
    os.close(reader)
    out = os.open("/dev/full", os.O_WRONLY) if to == "full disk" else writer
    with os.fdopen(out, "wb"):
        called = [sys.executable, "-m", "rhetoric.cli", *command]
        ended = subprocess.run(called, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    said = "error: the output cannot be written (No space left on device). Make room, and give the command again.\n"
    assert (ended.returncode, ended.stderr) == ((2, said) if to == "full disk" else (141, ""))
