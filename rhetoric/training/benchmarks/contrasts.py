"""Contrasts in the test documents of GUM, free and non-commercial texts alike: cue words and adversative relations.

The pipeline reads each document whole, as running text without paragraph marks, by its own sentences and passages.

*Cue words* (``pdtb``): to be found are the words of the connectives of explicit comparison.* and
expansion.substitution.* relations; a word found anywhere else counts against, be it one of an alternative
lexicalisation or a "not" that the codebook would call a cue.

*Adversative relations* (``erst``): adversative-antithesis, -contrast and -concession, whatever signals them. A contrast
finds a relation where one of its sides overlaps the one unit and its other side the other unit; each contrast finds one
relation at most, in the order of the text. Labels are not looked at.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rhetoric.pipeline.connectives import Connectives
from rhetoric.pipeline.contrast.candidates import CUE_CHANCE
from rhetoric.pipeline.contrast.cues import find_contrasts
from rhetoric.pipeline.read import passages, runs, token_probability
from rhetoric.record import Range
from rhetoric.training.benchmarks.figures import Benchmark, score
from rhetoric.training.data.discourse import explicit_connectives, join, read_documents
from rhetoric.training.evaluation.counts import Count, meet, pair

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

HEAD, FOUND, RULES = "contrast-cue head", "detected contrasts", "cue lists"
CONNECTIVES = "connectives"
Sides = tuple[Range, Range]
Relation = dict[str, Any]  # a relation of the data, its ``a``, ``b`` and ``cue`` lists of token ranges


def measure_contrasts(nlp: "Language", path: Path, connectives: Connectives | None = None) -> dict[str, Benchmark]:
    """Measure both benchmarks on the file of GUM's contrasts at ``path`` with the whole pipeline ``nlp``, and the
    component that looks for connectives where there is one.
    """
    cues: dict[str, list[Count]] = {name: [] for name in (HEAD, FOUND, RULES, *([CONNECTIVES] * bool(connectives)))}
    relations: dict[str, list[Count]] = {FOUND: [], RULES: []}
    words = documents = 0
    for document in read_documents(path, "test", free=False):
        text, ranges = join(document["tokens"], document["space_after"])
        explicit, units = explicit_connectives(document["relations"]), adversative(document["relations"], ranges)
        candidates = [at for at, token in enumerate(document["tokens"]) if any(map(str.isalnum, token))]
        doc = nlp(text)
        ruled = find_contrasts(text)
        contrasts = {
            FOUND: [(span._.a, span._.b, span._.contrast_cue) for span in doc.spans["contrast"]],
            RULES: [(each["a"], each["b"], each["cue"]) for each in ruled],
        }
        spans = {name: [cue for *_, cue in found] for name, found in contrasts.items()}
        spans[HEAD] = [head_cues(doc)]
        if connectives:
            spans[CONNECTIVES] = [[[s.start_char, s.end_char] for s in connectives(doc).spans["connective"]]]
        for name, marked in spans.items():
            said = touched([ranges[at] for at in candidates], [each for cue in marked for each in cue])
            cues[name].append(count_cues(explicit, {candidates[at] for at in said}))
        for name, found in contrasts.items():
            relations[name].append(count_relations(units, [(a, b) for a, b, _ in found]))
        words, documents = words + len(candidates), documents + 1
    return {
        "gum_cues": {
            "name": "GUM contrast cues",
            "split": "test",
            "unit": "words",
            "count": words,
            "positive": _gold(cues),
            "threshold": CUE_CHANCE,
            "grouped": "documents",
            "groups": documents,
            "protocol": "Connectives of explicit comparison.* and expansion.substitution.* relations (PDTB scheme), "
            "word by word, over whole documents, free and non-commercial texts; a word found anywhere else counts "
            "against. Connectives are found by a component of their own, fitted on the training and dev parts of GUM; "
            "the cue head and detected contrasts follow the codebook, which also counts words such as not and than.",
            "measured": {name: score(cues[name]) for name in (CONNECTIVES, HEAD, FOUND) if name in cues},
            "baselines": {RULES: score(cues[RULES])},
            "published": {},
        },
        "gum_relations": {
            "name": "GUM adversative relations",
            "split": "test",
            "unit": "relations",
            "count": _gold(relations),
            "positive": _gold(relations),
            "threshold": None,
            "grouped": "documents",
            "groups": documents,
            "protocol": "Any adversative relation (eRST scheme), signalled or not, over whole documents, free and "
            "non-commercial texts; found by a contrast of whose sides each overlaps another one of the two units, one "
            "relation a contrast; units are not given; labels are not looked at.",
            "measured": {FOUND: score(relations[FOUND])},
            "baselines": {RULES: score(relations[RULES])},
            "published": {},
        },
    }


def _gold(counts: dict[str, list[Count]]) -> int:
    return sum(gold for _, _, gold in counts[RULES])


def adversative(relations: Iterable[Relation], ranges: list[tuple[int, int]]) -> list[Relation]:
    """Return the units ``a`` and ``b`` of adversative relations in the eRST scheme as character ranges, in text order;
    the same two units count once.
    """

    def characters(parts: list[list[int]]) -> Range:
        return [ranges[parts[0][0]][0], ranges[parts[-1][1] - 1][1]]

    found = {
        tuple(sorted((tuple(characters(relation["a"])), tuple(characters(relation["b"])))))
        for relation in relations
        if relation["scheme"] == "erst" and relation["label"].startswith("adversative-")
    }
    return [{"a": list(a), "b": list(b)} for a, b in sorted(found)]


def head_cues(doc: "Doc") -> list[Range]:
    """Return the character ranges that the encoder's head takes for cues of contrast."""
    found = []
    for passage in passages(doc):
        for start, end in runs(token_probability(passage, "marks", "contrast-cue") >= CUE_CHANCE):
            span = passage[start:end]
            found.append([span.start_char, span.end_char])
    return found


def touched(words: list[tuple[int, int]], spans: Iterable[Range]) -> set[int]:
    """Return which of ``words`` (character ranges in text order, none overlapping) meet one of ``spans``."""
    starts, ends = np.array(words).reshape(-1, 2).T
    found: set[int] = set()
    for start, end in spans:
        found |= set(range(int(np.searchsorted(ends, start, side="right")), int(np.searchsorted(starts, end))))
    return found


def count_cues(explicit: set[int], said: set[int]) -> Count:
    """Count cue words of one document: rightly found, found, there to be found."""
    return len(explicit & said), len(said), len(explicit)


def count_relations(units: list[Relation], contrasts: list[Sides]) -> Count:
    """Count relations of one document: found, contrasts that might have found one, there to be found."""

    def same(gold: Relation, found: Sides) -> bool:
        straight = meet(gold["a"], found[0]) and meet(gold["b"], found[1])
        return straight or (meet(gold["a"], found[1]) and meet(gold["b"], found[0]))

    return len(pair(units, contrasts, same)), len(contrasts), len(units)
