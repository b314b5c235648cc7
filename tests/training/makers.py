"""Coded passages and records for the tests: made up, drawn at random, or from the gold files."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from rhetoric.gold import FIELDS, Coded
from rhetoric.labels import ACTORS, CONTRASTS, FRAMES, FRAMINGS, ROLES, SOURCES, STANCES, TARGETS
from rhetoric.record import Record
from rhetoric.resources import CORPORA

ROOT = Path(__file__).parents[2]
SHARED = (ROOT / "../shared").resolve()
LENGTH = 200  # characters of a drawn passage; spans are drawn from the first half

# The same examples every time, and no test fails because the machine is busy.
steady = settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def shared(place: str) -> Path:
    """Return a file or folder of the reference material, or skip the test where there is none."""
    path = SHARED / place
    if not path.exists():
        pytest.skip(f"the reference material is not on this machine: {path}")
    return path


def authored() -> list[Coded]:
    """Return the authored gold, which the project ships."""
    with (CORPORA / "gold" / "authored.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]  # unchecked, which is faster


def coded(id: str = "a-001", text: str = "A plain text.", **codes: Any) -> Coded:
    """Return a passage in which nothing is coded but ``codes``."""
    row = {"id": id, "text": text, "framing": "none", "instances": [], "contrasts": [], "live_metaphors": []}
    row |= {"frames": dict.fromkeys(FRAMES, 0), "about": 0, "portrayal": {}}
    assert set(FIELDS) < set(row)
    return {**row, **codes}


def as_record(row: Coded, certain: float = 1.0) -> Record:
    """Return the record that says exactly what is coded, ``certain`` of every label."""

    def chance(on: int) -> float:
        return certain if on else 1 - certain

    passage = {
        "start": 0,
        "end": len(row["text"]),
        "about": chance(row["about"]),
        "framing": row["framing"],
        "framing_score": certain,
        "frames": {frame: chance(on) for frame, on in row["frames"].items()},
        "portrayal": row["portrayal"] or {},
    }
    return {
        "id": row["id"],
        "text": row["text"],
        "meta": {},
        "passages": [passage],  # type: ignore[list-item]
        "framing": [{**each, "score": certain} for each in row["instances"]],
        "contrasts": [{**each, "score": certain} for each in row.get("contrasts", [])],
        "metaphors": [{**each, "live": True, "score": certain} for each in row.get("live_metaphors", [])],
        "pipeline": {"name": "gold", "version": "1", "sha256": ""},
    }


def perturbed(row: Coded, chance: random.Random) -> Record:
    """Return a record that is often wrong: spans moved, labels changed, things left out and made up, passages cut."""
    record: Any = as_record(row)
    end = len(row["text"])

    def moved(span: list[int]) -> list[int]:
        start = min(max(0, span[0] + chance.randint(-12, 12)), end - 1)
        return [start, min(end, max(start + 1, span[1] + chance.randint(-12, 12)))]

    def some(items: list[Any]) -> list[Any]:
        return [item for item in items if chance.random() < 0.7]

    half = chance.randrange(1, end)
    cuts = [(0, end)] if chance.random() < 0.7 else [(0, half), (half, end)]
    record["passages"] = [
        {
            "start": start,
            "end": stop,
            "about": chance.random(),
            "framing": chance.choice([row["framing"], *FRAMINGS]),
            "framing_score": chance.random(),
            "frames": {frame: chance.random() for frame in FRAMES},
            "portrayal": {
                country: {"role": chance.choice([said["role"], "none"]), "stance": chance.choice(STANCES)}
                for country, said in some(list((row["portrayal"] or {}).items()))
            },
        }
        for start, stop in cuts
    ]
    made_up = {part: [moved([0, 30])] for part in ("account", "machinery")} | {"cue": []}
    record["framing"] = [
        {part: [moved(span) for span in each[part]] for part in ("account", "machinery", "cue")}
        | {"actor": chance.choice([each["actor"], *ACTORS]), "explicit": True, "score": 0.5}
        for each in some([*row["instances"], {**made_up, "actor": "us"}])
    ]
    record["contrasts"] = [
        {**each, "a": moved(each["a"]), "b": moved(each["b"]), "label": chance.choice([each["label"], *CONTRASTS])}
        for each in some(record["contrasts"] * 2)
    ]
    record["metaphors"] = [
        {**each, "span": moved(each["span"]), "source": chance.choice([each["source"], *SOURCES])}
        | {"live": chance.random() < 0.8}
        for each in some(record["metaphors"] * 2)
    ]
    return record  # type: ignore[no-any-return]


@st.composite
def passages(draw: st.DrawFn, id: str = "a-001") -> Coded:
    """Draw a coded passage whose spans of one kind do not overlap, all in the first half of its text."""

    def spans(most: int) -> list[list[int]]:
        cuts = sorted(draw(st.sets(st.integers(0, LENGTH // 2), max_size=2 * most)))
        return [list(pair) for pair in zip(cuts[::2], cuts[1::2], strict=False)]

    def by(size: int) -> list[list[list[int]]]:
        found = spans(4 * size)
        return [found[at : at + size] for at in range(0, len(found) - size + 1, size)]

    instances = [
        {"account": [a], "machinery": [b], "cue": [c], "actor": draw(st.sampled_from(ACTORS)), "explicit": True}
        for a, b, c in by(3)
    ]
    contrasts = [{"label": draw(st.sampled_from(CONTRASTS)), "a": a, "b": b, "cue": []} for a, b in by(2)]
    metaphors = [
        {"span": span, "source": draw(st.sampled_from(SOURCES)), "target": draw(st.sampled_from(TARGETS))}
        for span in spans(4)
    ]
    said = st.fixed_dictionaries({"role": st.sampled_from(ROLES), "stance": st.sampled_from(STANCES)})
    return coded(
        id,
        "x" * LENGTH,
        framing=draw(st.sampled_from(FRAMINGS)),
        instances=instances,
        contrasts=contrasts,
        live_metaphors=metaphors,
        frames={frame: draw(st.integers(0, 1)) for frame in FRAMES},
        about=draw(st.integers(0, 1)),
        portrayal=draw(st.dictionaries(st.sampled_from(["us", "china"]), said)),
    )
