"""Opening trained weights: ONNX Runtime keeps to this computer."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from rhetoric.resources import PACKAGE

TEXT = "The official account is of a fair race. Its machinery is public money, pride and the fear of falling behind."


@pytest.mark.parametrize("home", ["home", "nowhere/home"])
def test_an_analysis_leaves_nothing_at_home_and_says_nothing(tmp_path: Path, home: str) -> None:
    """ONNX Runtime 1.32 keeps an id there of the device for what it sends, or warns that it cannot."""
    (tmp_path / "home").mkdir()
    (tmp_path / "nowhere").touch()
    told = {name: said for name, said in os.environ.items() if not name.startswith(("XDG_", "ORT_"))}
    told |= {"HOME": str(tmp_path / home), "PYTHONPATH": str(PACKAGE.parent)}
    script = f"import rhetoric; rhetoric.annotate({TEXT!r})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=told)
    assert done.stdout + done.stderr == ""
    assert list((tmp_path / "home").iterdir()) == []


def test_nobody_else_imports_onnx_runtime() -> None:
    """The others go through ``import_onnxruntime``, or have called it in the line before."""
    for path in PACKAGE.rglob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        for before, each in pairwise(lines):
            if path.name != "graph.py" and each.strip().startswith(("import onnxruntime", "from onnxruntime")):
                assert before.strip() == "import_onnxruntime()", f"{path}: {each}"
