"""A made-up document of GUM, and a pipeline that finds its contrasts."""

import gzip
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pipeline.makers import encoded, say
from spacy.tokens import Doc, Span


def write(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    return path


TEXT = "He won't run, but she will even though it is late. However, it snows. "
WORDS = re.findall(r"wo|n't|\w+|[,.]", TEXT)
GLUED = {1, 3, 12, 14, 17}  # no space after these


def relation(scheme: str, label: str, a: list, b: list, cue: Sequence = (), type: str = "explicit") -> dict[str, Any]:
    more = {"type": type, "connective": ""} if scheme == "pdtb" else {"signals": "_"}
    return {"scheme": scheme, "label": label, "cue": [list(c) for c in cue], "a": a, "b": b, **more}


def gum(split: str = "test", licence: str = "nc") -> dict[str, Any]:
    relations = [
        relation("pdtb", "comparison.contrast", [[0, 4]], [[6, 8]], [(5, 6)]),
        relation("pdtb", "comparison.concession.arg1-as-denier", [[6, 8]], [[10, 13]], [(8, 10)]),
        relation("pdtb", "expansion.substitution.arg2-as-subst", [[0, 4]], [[6, 8]], [(2, 3)], "altlex"),
        relation("pdtb", "comparison.contrast", [[0, 13]], [[14, 18]], [], "implicit"),
        relation("pdtb", "contingency.cause.reason", [[0, 13]], [[14, 18]], [(14, 15)]),
        relation("erst", "adversative-contrast", [[5, 8]], [[0, 4]]),
        relation("erst", "adversative-antithesis", [[0, 4]], [[5, 8]]),  # the same two units
        relation("erst", "adversative-concession", [[8, 13]], [[14, 15], [16, 18]]),
        relation("erst", "causal-cause", [[0, 4]], [[14, 18]]),
    ]
    spaces = [at not in GLUED for at in range(len(WORDS))]
    told = {"doc": "GUM_made_up", "genre": "none", "split": split, "text_licence": licence, "tokens": WORDS}
    return {**told, "space_after": spaces, "sentence_starts": [0, 14], "relations": relations}


def span(doc: Doc, words: str) -> list[int]:
    start = doc.text.index(words)
    return [start, start + len(words)]


def contrast(doc: Doc, first: int, a: str, b: str, *cue: str) -> Span:
    found = Span(doc, first, len(doc), label="concession")
    found._.a, found._.b, found._.contrast_cue = span(doc, a), span(doc, b), [span(doc, each) for each in cue]
    return found


def pipeline(text: str) -> Doc:
    """Analyse as a head that knows "but", "However" and a comma, and a detector that finds both relations."""
    doc = encoded(text)
    for words in ("but", "However", ","):
        say(doc, words, "marks", "contrast-cue")
    doc.spans["contrast"] = [  # spans of one reach would share their attributes
        contrast(doc, 0, "run", "she", "but"),
        contrast(doc, 1, "snows", "it is", "though", "is"),
    ]
    return doc
