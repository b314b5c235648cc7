"""Where the shipped models and corpora lie: inside the package in a wheel, beside it in a checkout."""

from pathlib import Path
from typing import Final

PACKAGE = Path(__file__).parent


def _folder(name: str) -> Path:
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


MODELS = _folder("models")
CORPORA = _folder("corpora")
DETECTORS: Final = MODELS / "detectors"
# What lies in a folder of detectors.
SETTINGS: Final = "config.json"
SCORES: Final = "scores.json"
CUSTOM: Final = "custom"  # a folder of frames of the user's own
DECISIONS: Final = "decisions"  # a folder of lines drawn anew
