"""Passages and codings for tests."""

from pathlib import Path
from typing import Any

from training.makers import coded

from rhetoric.annotation.coding import Coding, to_coded
from rhetoric.annotation.store import Entry, create_review
from rhetoric.gold import read_gold
from rhetoric.resources import CORPORA

# A flag, a family, a skin tone, combining marks, wide characters, a CRLF, a direction override and an escape.
HARD = (
    "The 🇺🇸 race is 👩\u200d👩\u200d👧 not a cafe\u0301 but 漢字の競争 e\u0323\u0301.\r\n"
    "A 👍🏽 wall\u202e of \x1b[31mfire, said she."
)

TEXT = "They call it a shield. It is not a shield but a subsidy, while rivals wait."


def span(text: str, said: str) -> list[int]:
    """Where ``said`` stands in ``text``."""
    start = text.index(said)
    return [start, start + len(said)]


def authored(count: int) -> list[dict[str, Any]]:
    """The first passages of the authored gold."""
    return read_gold(CORPORA / "gold" / "authored.jsonl")[:count]


def make_review(path: Path, texts: list[str], **named: Any) -> Path:
    """A review database of bare texts, p0, p1, ..."""
    create_review(path, [Entry(f"p{at}", text) for at, text in enumerate(texts)], "tests", **named)
    return path


def suggested() -> dict[str, Any]:
    """What a machine might say of TEXT."""
    row = coded("p", TEXT, framing="unmasking", about=1, portrayal={"us": {"role": "leader", "stance": -1}})
    row["instances"] = [
        {
            "account": [span(TEXT, "a shield")],
            "machinery": [span(TEXT, "a subsidy")],
            "cue": [span(TEXT, "They call")],
            "actor": "us",
            "explicit": True,
        }
    ]
    sides = {"a": span(TEXT, "It is not a shield"), "b": span(TEXT, "a subsidy")}
    row["contrasts"] = [{"label": "correction", **sides, "cue": [span(TEXT, "but")]}]
    row["live_metaphors"] = [{"span": span(TEXT, "shield"), "source": "war", "target": "state"}]
    return row


def to_row(coding: Coding) -> dict[str, Any]:
    return to_coded(TEXT, coding, {"id": "p"})
