"""Opening trained weights: what is missing or was changed is refused, and ONNX Runtime keeps to this computer."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from rhetoric.errors import ModelError
from rhetoric.pipeline.contrast.candidates import FEATURES
from rhetoric.pipeline.contrast.judge import JUDGE, Judge
from rhetoric.pipeline.contrast.weigher import WEIGHER, load_weigher
from rhetoric.pipeline.encoder import GRAPH, TOKENIZER, Encoder
from rhetoric.pipeline.words import VOCABULARY, WEIGHTS, Words
from rhetoric.resources import DETECTORS, PACKAGE, SETTINGS

TEXT = "The official account is of a fair race. Its machinery is public money, pride and the fear of falling behind."


LOADED: dict[str, Callable[[Path], object]] = {
    SETTINGS: Encoder,
    GRAPH: Encoder,
    TOKENIZER: Encoder,
    WEIGHTS: Words,
    VOCABULARY: Words,
    JUDGE: Judge,
    WEIGHER: lambda folder: load_weigher(folder, len(FEATURES)),
}


@pytest.mark.parametrize("name", LOADED)
def test_a_file_that_is_missing_or_was_changed_is_refused(tmp_path: Path, name: str) -> None:
    for path in DETECTORS.iterdir():
        if path.name != name:
            (tmp_path / path.name).symlink_to(path)
    with pytest.raises(ModelError, match=re.escape(name)):
        LOADED[name](tmp_path)
    data = bytearray((DETECTORS / name).read_bytes())
    data[len(data) // 2] ^= 0x80
    (tmp_path / name).write_bytes(data)
    said = "cannot be loaded" if name == SETTINGS else f"{re.escape(name)} does not match its checksum"
    with pytest.raises(ModelError, match=said):
        LOADED[name](tmp_path)


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
