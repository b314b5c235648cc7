import subprocess
import sys
from pathlib import Path

import pytest

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
    [["annotate", "a.txt", "-o", LONG], ["annotate", "a.txt", "-o", f"{LONG}.jsonl"], ["review", f"{LONG}.sqlite"]],
)
def test_what_the_file_system_refuses_is_an_error_without_a_traceback(invoke: Invoke, command: list[str]) -> None:
    Path("a.txt").write_text("The race is on.")
    result = invoke(*command)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {LONG}") and "File name too long" in result.stderr


def test_the_command_line_loads_nothing_heavy() -> None:
    code = f"import sys, rhetoric.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
