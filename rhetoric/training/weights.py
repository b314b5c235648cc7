"""A folder of trained weights: the settings in it, with the checksums of the files beside them."""

import json
from pathlib import Path
from typing import Any, Final

from rhetoric.pipeline.contrast.judge import JUDGE
from rhetoric.pipeline.contrast.weigher import WEIGHER
from rhetoric.pipeline.encoder import GRAPH, TOKENIZER
from rhetoric.pipeline.words import VOCABULARY, WEIGHTS
from rhetoric.resources import SETTINGS
from rhetoric.writing import checksum, replacing

FILES: Final = (GRAPH, JUDGE, TOKENIZER, WEIGHTS, VOCABULARY)


def full_graph(folder: Path) -> Path:
    """Return where ``export`` writes the graph with fp32 weights, for measuring what int8 costs."""
    return folder.with_name(f"{folder.name}.fp32.onnx")


def write_settings(folder: Path, settings: dict[str, Any]) -> None:
    """Write the settings of exported weights, with the checksums of the files beside them."""
    there = [*FILES, *(name for name in [WEIGHER] if (folder / name).is_file())]  # fitted last
    checksums = {name: checksum(folder / name) for name in there}
    told = json.dumps({**settings, "sha256": checksums}, indent=1, sort_keys=True)
    with replacing(folder / SETTINGS) as file:  # where it is, the folder is taken to be finished
        file.write(f"{told}\n".encode())


def read_settings(folder: Path) -> dict[str, Any]:
    """Return the settings of exported weights."""
    return dict(json.loads((folder / SETTINGS).read_text(encoding="utf-8")))
