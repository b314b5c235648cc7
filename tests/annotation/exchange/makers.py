"""Records out of nothing: any text that ingest lets through, spans anywhere in it, in any order, over one another."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from pipeline.makers import texts
from scoring.records import PIPELINE

from rhetoric.annotation.exchange.formats import FORMATS
from rhetoric.ingest.document import json_able, normalise
from rhetoric.labels import ACTORS, CONTRASTS, COUNTRIES, FRAMES, FRAMINGS, ROLES, SOURCES, STANCES, TARGETS

MOST = 20_000_000
_share = st.floats(0, 1)
_plain = st.one_of(st.text(max_size=8), st.integers(-5, 5), st.booleans(), st.lists(st.text(max_size=3), max_size=2))
_meta = st.dictionaries(st.text(min_size=1, max_size=6), _plain, max_size=3).map(json_able)
ODD = (
    "just transition",
    "Abhängigkeit",
    "l'État",
    'a "b" <c>&amp; d',
    " lead ",
    "x_low",
    "a\tb\nc",
    "🙂",
    "e\u0301",
    "-",
    "",
)
labels = st.one_of(st.sampled_from(ODD), st.text(max_size=8).map(normalise))
_own = st.dictionaries(
    labels, st.fixed_dictionaries({"score": _share, "present": st.booleans()}), min_size=1, max_size=3
)
_ids = st.text(max_size=12).map(lambda id: " ".join(normalise(id).split()) or "document")


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    text = draw(texts.filter(str.strip))

    def span() -> list[int]:
        start = draw(st.integers(0, len(text) - 1))
        return [start, draw(st.integers(start + 1, len(text)))]

    def spans(least: int = 0) -> list[list[int]]:
        return [span() for _ in range(draw(st.integers(least, 3)))]

    def passage() -> dict[str, Any]:
        start, end = span()
        portrayed = draw(st.sets(st.sampled_from(COUNTRIES)))
        made = {"start": start, "end": end, "about": draw(_share), "framing": draw(st.sampled_from(FRAMINGS))}
        made |= {"framing_score": draw(_share), "frames": {frame: draw(_share) for frame in FRAMES}}
        made["portrayal"] = {
            country: {"role": draw(st.sampled_from(ROLES)), "stance": draw(st.sampled_from(STANCES))}
            for country in COUNTRIES
            if country in portrayed
        }
        return made | ({"custom": draw(_own)} if draw(st.booleans()) else {})

    def instance() -> dict[str, Any]:
        least = draw(st.sampled_from([(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 1, 1)]))
        parts = {part: spans(n) for part, n in zip(("account", "machinery", "cue"), least, strict=True)}
        return {**parts, "actor": draw(st.sampled_from(ACTORS)), "explicit": draw(st.booleans()), "score": draw(_share)}

    def pair() -> dict[str, Any]:
        label = draw(st.sampled_from(CONTRASTS))
        a, b = sorted((span(), span()))
        return {"label": label, "a": a, "b": b, "cue": spans(), "score": draw(_share)}

    def metaphor() -> dict[str, Any]:
        found = {"span": span(), "live": draw(st.booleans()), "score": draw(_share)}
        image = {"source": draw(st.sampled_from(SOURCES)), "target": draw(st.sampled_from(TARGETS))}
        return {**found, **image} if found["live"] else found

    def several(make: Any) -> list[Any]:
        return [make() for _ in range(draw(st.integers(0, 3)))]

    return {
        "id": draw(_ids),
        "text": text,
        "meta": draw(_meta),
        "passages": sorted(several(passage), key=lambda each: (each["start"], each["end"])),
        "framing": several(instance),
        "contrasts": several(pair),
        "metaphors": several(metaphor),
        "pipeline": PIPELINE,
    }


def coded(text: str, **fields: Any) -> dict[str, Any]:
    """A record of one passage, the whole text, in which nothing is found but ``fields``."""
    passage = {"start": 0, "end": len(text), "about": 0.9, "framing": "none", "framing_score": 0.8}
    passage |= {"frames": {frame: 0.1 for frame in FRAMES}, "portrayal": {}}
    found = {"passages": [passage], "framing": [], "contrasts": [], "metaphors": []}
    return {"id": "doc", "text": text, "meta": {}, **found, "pipeline": PIPELINE, **fields}


def need_cassis() -> Any:
    return pytest.importorskip(
        "cassis", reason="dkpro-cassis is not installed: pip install 'rhetoric-toolkit[exchange]'"
    )


def write(name: str, path: Path, *records: Any, lost: Counter[str] | None = None) -> Path:
    """Write records in a format; gives ``path``."""
    if name == "inception":
        need_cassis()
    FORMATS[name].write(records, str(path), Counter() if lost is None else lost)
    return path


def read(name: str, path: Path, taken: Counter[str] | None = None, most: int = MOST) -> list[Any]:
    """Read records, and failures, in a format."""
    return list(FORMATS[name].read(str(path), most, Counter() if taken is None else taken))


GOOD = coded("It is a race.")


def errors(found: list[Any]) -> list[str]:
    """Return what is said of each failure, with its place."""
    return [f"{each['source']}: {each['error']}" for each in found if "error" in each]
