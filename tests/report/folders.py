"""Folders of detectors as `rhetoric train` leaves them, but for the weights: settings and figures."""

import json
import shutil
from pathlib import Path
from typing import Any

from rhetoric.made_by import folder_parts
from rhetoric.resources import DETECTORS


def make_folder(
    folder: Path,
    *,
    own: dict[str, float | None] | None = None,
    encoder: str = "",
    frames: bool = False,
    seen: int = 0,
    **lines: Any,
) -> Path:
    """A copy of the shipped settings and figures; ``lines`` are thresholds moved, ``own`` what `train decisions`
    measured (``seen`` as it has it), ``encoder`` another checksum, ``frames`` whether there are frames of one's own.
    """
    folder.mkdir(parents=True)
    settings = json.loads((DETECTORS / "config.json").read_text(encoding="utf-8"))
    settings["thresholds"] |= {name.replace("__", "."): value for name, value in lines.items()}
    if encoder:
        settings["sha256"]["encoder.onnx"] = encoder
    if frames:
        settings["custom"] = "0" * 64
    (folder / "config.json").write_text(json.dumps(settings))
    shutil.copy(DETECTORS / "scores.json", folder)
    if own is not None:
        (folder / "decisions").mkdir()
        compared = {
            name: {"ours": {"value": value, "low": None if value is None else value - 0.05, "high": value and 1.0}}
            for name, value in own.items()
        }
        (folder / "decisions" / "scores.json").write_text(
            json.dumps({"compared": compared, "documents": 6, "seen": seen})
        )
    return folder


def made_by(folder: Path, sha256: str = "9" * 64) -> dict[str, Any]:
    """The pipeline that a record by such a folder names."""
    return {"name": "gold", "version": "1.1", "sha256": sha256, "parts": {"english": "same", **folder_parts(folder)}}
