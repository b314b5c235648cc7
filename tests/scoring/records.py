"""Records made from gold: what a perfect detector would say of authored passages put together as one text."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rhetoric.made_by import shipped_parts

ROOT = Path(__file__).parents[2]
PIPELINE = {"name": "gold", "version": "1.1", "sha256": "0" * 64}  # of whom nothing can be told
SHIPPED = {**PIPELINE, "parts": {"english": "same", **shipped_parts()}}
GAP = "\n\n"


def gold(name: str = "authored.jsonl") -> list[dict[str, Any]]:
    for folder in (ROOT / "corpora/gold", ROOT / "../shared/gold"):
        if (folder / name).is_file():
            return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines() if line]
    pytest.skip(f"the gold file {name} is not on this machine")


def make_record(rows: Iterable[dict[str, Any]], id: str = "gold", **meta: Any) -> dict[str, Any]:
    """Join coded passages into one record; codes become probabilities of 0.95 and 0.05, spans of 0.9."""
    text = ""
    record: dict[str, Any] = {"id": id, "text": "", "meta": meta}
    record |= {"passages": [], "framing": [], "contrasts": [], "metaphors": [], "pipeline": PIPELINE}
    for row in rows:
        text += GAP if text else ""
        at = len(text)
        text += row["text"]
        record["passages"].append(
            {
                "start": at,
                "end": len(text),
                "about": 0.95 if row["about"] else 0.05,
                "framing": row["framing"],
                "framing_score": 0.9,
                "frames": {frame: 0.95 if on else 0.05 for frame, on in row["frames"].items()},
                "portrayal": row["portrayal"],
            }
        )
        record["framing"] += [
            {
                **{part: shift(instance[part], at) for part in ("account", "machinery", "cue")},
                "actor": instance["actor"],
                "explicit": instance["explicit"],
                "score": 0.9,
            }
            for instance in row["instances"]
        ]
        for pair in row["contrasts"]:
            (a, b), cue = shift([pair["a"], pair["b"]], at), shift(pair["cue"], at)
            record["contrasts"].append({"label": pair["label"], "a": a, "b": b, "cue": cue, "score": 0.9})
        for image in row["live_metaphors"]:
            (span,) = shift([image["span"]], at)
            found = {"span": span, "live": True, "score": 0.9, "source": image["source"], "target": image["target"]}
            record["metaphors"].append(found)
    record["text"] = text
    return record


def shift(ranges: Iterable[list[int]], by: int) -> list[list[int]]:
    return [[start + by, end + by] for start, end in ranges]


def essay() -> dict[str, Any]:
    return make_record(gold("essay.jsonl"), "essay", title="The machinery of belief", source="corpora/essay.txt")


def off_topic(count: int = 6) -> dict[str, Any]:
    return make_record([row for row in gold() if not row["about"]][:count], "off-topic")


def in_passing() -> dict[str, Any]:
    """A text off topic that has one passage about the matter, with frames, contrasts, metaphors and both countries."""
    (first,) = [row for row in gold("essay.jsonl") if row["about"] and len(row["portrayal"]) == 2][:1]
    return make_record([first, *[row for row in gold() if not row["about"]][:20]], "in-passing")


@cache
def on_matter() -> tuple[dict[str, Any], ...]:
    """The authored passages that are about the matter."""
    return tuple(row for row in gold() if row["about"])


def from_one_pool(chance: np.random.Generator, id: str, passages: int, **meta: Any) -> dict[str, Any]:
    """A text of so many coded passages about the matter, drawn at random: no such text truly differs from another."""
    pool = on_matter()
    return make_record([pool[at] for at in chance.integers(0, len(pool), passages)], id, **meta)


def with_longer_passages(record: dict[str, Any], times: int) -> dict[str, Any]:
    """The text with so many passages at a time joined into one, which is coded as the first of them."""
    passages = record["passages"]
    joined = [{**each, "end": passages[at + times - 1]["end"]} for at, each in enumerate(passages) if not at % times]
    return {**record, "passages": joined}
