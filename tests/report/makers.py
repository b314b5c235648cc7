"""What the report's tests print with: measured scores, a console of a given width, and its output as text."""

import io
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from rhetoric.labels import CONTRASTS, FRAMES
from rhetoric.report.trust import Trust, read_trust

METRICS = (
    *(
        "about",
        "contrast.any",
        "contrast.labelled",
        "frames.macro_f1",
        "metaphor.live",
        "metaphor.source",
        "metaphor.target",
    ),
    *(f"contrast.{label}" for label in CONTRASTS),
    *("framing.account", "framing.machinery", "framing.actor.found", "framing.partial", "framing.unmasking"),
    *("framing.unmasking.precision", "framing.unmasking.recall", "portrayal.role", "portrayal.stance"),
    *(f"frames.{frame}" for frame in FRAMES if frame != "hazard"),  # one that was not measured
)


def write_scores(folder: Path, value: float = 0.72, around: float = 0.1, **fresh: float | None) -> Path:
    """Write figures as they ship, of all METRICS on passages coded with care and of some on ``fresh`` ones."""
    path = folder / "scores.json"
    real = {metric: {"value": value, "low": value - around, "high": value + around} for metric in METRICS}
    ceiling = {"real": {metric: 0.96 for metric in METRICS}, "fresh": {metric: 0.8 for metric in fresh}}
    new = {metric: {"value": each, "low": each, "high": each} for metric, each in fresh.items()}
    path.write_text(json.dumps({"measured": {"real": real, "authored": {}}, "fresh": new, "ceiling": ceiling}))
    return path


def trust(folder: Path, value: float = 0.72) -> Trust:
    return read_trust(write_scores(folder, value))


def console(width: int = 80, **how: object) -> Console:
    return Console(file=io.StringIO(), width=width, markup=False, emoji=False, highlight=False, **how)


def printed(to: Console) -> str:
    assert isinstance(to.file, io.StringIO)
    return to.file.getvalue()


def shown(view: Callable[..., None], *given: object, width: int = 100, **how: Any) -> str:
    """What a view of the terminal prints of what is given, whose last argument is its console."""
    to = console(width)
    view(*given, to, **how)
    return printed(to)


def words(text: str) -> str:
    """All of a text on one line, each run of white space one space."""
    return " ".join(text.split())


def unsafe(text: str) -> set[str]:
    """Characters that a terminal acts on or hides, but for line feeds."""
    return {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") and c != "\n"}
