import subprocess
import sys

import pytest

from .conftest import Invoke

HEAVY = ("torch", "pandas", "spacy", "numpy", "sklearn", "transformers", "onnxruntime", "trafilatura", "rich", "tqdm")


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


def test_the_command_line_loads_nothing_heavy() -> None:
    code = f"import sys, rhetoric.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
