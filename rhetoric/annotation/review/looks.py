"""Colours, signs and words of the application; whatever a colour says, a letter or a line says too.

Colours follow Okabe and Ito's palette, which the colour-blind can tell apart, lighter for a dark ground, and chosen so
that a terminal of 16 colours gives each another one. Without colours, spans are underlined.
"""

from typing import Any, Final

from rich.style import Style

from rhetoric.annotation.review.keys import FRAME_KEYS
from rhetoric.labels import ACTORS, CONTRASTS, FRAMINGS, ROLES, SOURCES, STANCES, TARGETS
from rhetoric.report import words
from rhetoric.report.safe import clean

COLOURS: Final = {
    "account": "#e69f00",
    "machinery": "#56b4e9",
    "cue": "#f0e442",
    "contrast": "#30d97f",
    "metaphor": "#e060c8",
}
CHOSEN: Final = Style(bold=True, underline=True)
SELECTED: Final = Style(reverse=True)
EDGE: Final = Style(bold=True, underline=True)
STATES: Final = {"open": "?", "accepted": "+", "rejected": "×"}
STANCE: Final = {-1: "−", 0: "0", 1: "+"}
NAMES: Final = {"us": "US", "china": "China"}
FRAMES: Final[dict[Any, str]] = words.FRAMES  # what each means; one that a project adds is not in it


def kind_of(name: str, part: str) -> str:
    """Return what a part is coloured as."""
    if name == "instances":
        return part
    return "metaphor" if name == "live_metaphors" else "contrast"


def label_of(name: str, item: dict[str, Any]) -> str:
    """Return the labels of an item, a question mark for each that is not given yet."""
    if name == "instances":
        return f"{item['actor'] or '?'}, {'explicit' if item['explicit'] else 'not explicit'}"
    if name == "contrasts":
        return str(item["label"] or "?")
    return f"{item['source'] or '?'} for {item['target'] or '?'}"


def bar_label(number: int, name: str, part: str, item: dict[str, Any]) -> str:
    """Return what is written on the bar of a part."""
    sign = "?" if item["state"] == "open" else ""
    if name == "live_metaphors":
        return f"{number}{sign}{item['source'] or ''}"
    said = (item["label"] or "a") if name == "contrasts" and part == "a" else part
    return f"{number}{sign} {said}"


def quote(text: str, spans: list[list[int]], limit: int) -> str:
    """Return the beginnings of spans, in as many characters at most."""
    each = max(8, limit // max(1, len(spans)) - 3)
    told = [clean(text[start : min(end, start + 4 * each)]) for start, end in spans]
    return " / ".join(said if len(said) <= each else f"{said[: each - 1].rstrip()}…" for said in told)


def portrayed(said: dict[str, Any] | None) -> str:
    """Return a portrayal, a dash where the country is not spoken of."""
    return f"{said['role']} {STANCE[said['stance']]}" if said else "–"


Option = tuple[str, Any, str, str]  # the key, what it stands for, its name, what it means

_MEANINGS: Final[dict[str, dict[Any, str]]] = {
    "framing": {
        "unmasking": "an account set against a machinery, both on the page",
        "partial": "one of them only, but the text plays on the gap",
        "none": "anything else",
    },
    "target": {
        "ai": "AI, technology",
        "us": "the United States",
        "china": "China",
        "competition": "the contest",
        "state": "governments, policy",
        "market": "firms, money",
        "society": "people",
        "other": "anything else",
    },
    "actor": words.ACTORS,
    "label": words.CONTRASTS,
    "source": words.SOURCES,
    "role": words.ROLES,
    "stance": {-1: "the passage speaks ill of it, or casts it as a danger", 0: "neither", 1: "speaks well of it"},
}
_CHOICES: Final[dict[str, tuple[str, tuple[Any, ...]]]] = {
    "framing": ("upn", FRAMINGS),
    "actor": ("ucbo", ACTORS),
    "label": ("caso", CONTRASTS),
    "source": ("rwmvboyjuntgailfskhe", SOURCES),
    "target": ("aucosmye", TARGETS),
    "role": ("lctpvgn", ROLES),
    "stance": ("-0+", STANCES),
}


def options(field: str) -> list[Option]:
    """Return the labels of a field with a key for each and what it means."""
    keys, labels = _CHOICES[field]
    meanings = _MEANINGS[field]
    return [(key, each, STANCE.get(each, str(each)), meanings[each]) for key, each in zip(keys, labels, strict=True)]


def frame_keys(frames: tuple[str, ...]) -> dict[str, str]:
    """Return the frame of each key: digits for the first ten, letters for those that a project adds."""
    return dict(zip(FRAME_KEYS, frames, strict=False))
