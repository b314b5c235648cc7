"""Records out of nothing: any passages, any codes, spans anywhere, also between passages."""

from typing import Any

from hypothesis import strategies as st

from rhetoric.labels import ACTORS, CONTRASTS, COUNTRIES, FRAMES, FRAMINGS, ROLES, SOURCES, STANCES, TARGETS

from .records import GAP, PIPELINE

_share = st.floats(0, 1, width=32)
_text = st.lists(st.sampled_from(["AI", "lead", "race,", "not", "trust", "é—", "the"]), min_size=1, max_size=12)


@st.composite
def records(draw: st.DrawFn, most: int = 6) -> dict[str, Any]:
    """A record of up to ``most`` passages."""
    text, passages = "", []
    for words in draw(st.lists(_text, max_size=most)):
        text += GAP if text else ""
        start = len(text)
        text += " ".join(words)
        portrayed = draw(st.sets(st.sampled_from(COUNTRIES)))
        passages.append(
            {
                "start": start,
                "end": len(text),
                "about": draw(_share),
                "framing": draw(st.sampled_from(FRAMINGS)),
                "framing_score": draw(_share),
                "frames": {frame: draw(_share) for frame in FRAMES},
                "portrayal": {
                    country: {"role": draw(st.sampled_from(ROLES)), "stance": draw(st.sampled_from(STANCES))}
                    for country in COUNTRIES
                    if country in portrayed
                },
            }
        )

    def span() -> list[int]:
        start = draw(st.integers(0, len(text) - 1))
        return [start, draw(st.integers(start + 1, len(text)))]

    def several(make: Any) -> list[Any]:
        return [make() for _ in range(draw(st.integers(0, 4)))] if text else []

    def instance() -> dict[str, Any]:
        complete = draw(st.booleans())
        parts = {"account": [span()], "machinery": [span()] if complete else [], "cue": several(span)}
        return {**parts, "actor": draw(st.sampled_from(ACTORS)), "explicit": draw(st.booleans()), "score": draw(_share)}

    def pair() -> dict[str, Any]:
        return {"label": draw(st.sampled_from(CONTRASTS)), "a": span(), "b": span(), "cue": [], "score": draw(_share)}

    def metaphor() -> dict[str, Any]:
        found = {"span": span(), "live": draw(st.booleans()), "score": draw(_share)}
        image = {"source": draw(st.sampled_from(SOURCES)), "target": draw(st.sampled_from(TARGETS))}
        return {**found, **image} if found["live"] else found

    return {
        "id": "made-up",
        "text": text,
        "meta": {},
        "passages": passages,
        "framing": several(instance),
        "contrasts": several(pair),
        "metaphors": several(metaphor),
        "pipeline": PIPELINE,
    }
