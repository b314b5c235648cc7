"""The passages that a user has coded: of which documents they are, which repeat another, and in what folds they go.

Folds are of whole documents, so that what is measured is measured on documents that nothing was learned from.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.errors import RhetoricError, SourceError
from rhetoric.gold import FIELDS, UNSAID, Coded, document_of, text_sum
from rhetoric.resources import CORPORA
from rhetoric.scoring.learned import learned_sets

FOLDS: Final = 5
_FEWEST: Final = 10  # passages with what is to be learned, and without it
_DOCUMENT: Final = "slug"  # the field unless another is asked for; without it ids tell the document


@dataclass(frozen=True)
class Passages:
    """Coded passages to learn from (``rows``), with the document of each.

    ``named`` says whether any tells its document, else each is taken for one of its own. ``repeats`` others were left
    out, since they repeat one of these word for word; ``contradict`` of them are coded otherwise.
    """

    rows: list[Coded]
    documents: list[str]
    named: bool
    repeats: int
    contradict: int


def take_passages(rows: Sequence[Coded], field: str) -> Passages:
    """Return the passages to learn from; ``field`` names the document of each.

    Raises RhetoricError where a field that was asked for names that of none: each would be taken for a document of its
    own, and nothing be held out.
    """
    if field != _DOCUMENT and all(row.get(field) in UNSAID for row in rows):
        raise RhetoricError(f"No passage has a field {field!r}. --document names the field that tells its document.")
    kept, contradict = without_copies(rows)
    documents = [document_of(row, field) for row in kept]
    named = any(document != str(row["id"]) for document, row in zip(documents, kept, strict=True))
    return Passages(kept, documents, named, len(rows) - len(kept), contradict)


def check_texts(rows: Sequence[Coded]) -> None:
    """Raise SourceError for a passage without text."""
    for row in rows:
        if not str(row.get("text") or "").strip():
            raise SourceError(str(row["id"]), "this passage has no text.", "Name the folder of its text with --texts.")


def without_copies(rows: Sequence[Coded]) -> tuple[list[Coded], int]:
    """Return the passages without those that repeat another, word for word, and how many of these contradict the first,
    whose codes are kept. What it was not coded for it gets from its copies.

    A passage that stands in two documents would be learned from one and met in the other.
    """
    kept: dict[str, Coded] = {}
    contradict = 0
    for row in rows:
        words = " ".join(row["text"].split()).casefold()
        first = kept.setdefault(words, row)
        if first is not row:
            # Spans count in the very text; frames are of its words, however they are spaced.
            names = [name for name in FIELDS if name in row and (name == "frames" or row["text"] == first["text"])]
            theirs: Coded = {name: row[name] for name in names}
            both = {**theirs, **first}
            if "frames" in names:
                both["frames"] = {**row["frames"], **first.get("frames", {})}
                theirs["frames"] = {**both["frames"], **row["frames"]}  # what a copy was not coded for is no other code
            contradict += any(both[name] != code for name, code in theirs.items())
            kept[words] = both
    return list(kept.values()), contradict


def trained_on(what: str = "trained") -> set[str]:
    """Return the checksums of the passages that what ships has learned from; only to tell portrayal, where ``what`` is
    "portrayal".
    """
    found = set()
    for name in learned_sets(what):
        with (CORPORA / "gold" / f"{name}.jsonl").open(encoding="utf-8") as lines:
            rows = [row for row in map(json.loads, lines) if what != "portrayal" or row.get("portrayal")]
        found |= {row.get("sha") or text_sum(row["text"]) for row in rows}
    return found


def too_few(sides: Mapping[str, Sequence[str]], documents: int) -> str:
    """Say why nothing can be learned and measured from passages "with" it and "without" it, each side given by the
    document of each passage, where it takes so many ``documents`` at least; nothing where it can.
    """
    for side, found in sides.items():
        if len(found) < _FEWEST:
            are = "passage is" if len(found) == 1 else "passages are"
            return f"{len(found)} {are} coded {side} it, {_FEWEST} are needed at least."
        if (there := len(set(found))) < documents:
            few = "one document" if there == 1 else f"{there} documents"
            return f"all passages {side} it are of {few}; to measure it takes {documents}, and more are better."
    return ""


def split_documents(documents: Sequence[str], present: Sequence[bool] | NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Return the passages of each fold: whole documents, each fold with about as many passages in which something rare
    is ``present``, and about as many of all.

    There are at most FOLDS, and no more than documents with it. It stands in two folds at least, as do passages without
    it, so that all folds but any one teach both: as far as either are of two documents.
    """
    size, rare = Counter(documents), Counter(name for name, yes in zip(documents, present, strict=True) if yes)
    if not rare:
        return []
    rest = size - rare
    totals = [[0, 0] for _ in range(min(FOLDS, len(rare)))]
    where = {}
    for name in sorted(size, key=lambda name: (-rare[name], -size[name], name)):
        where[name] = min(range(len(totals)), key=lambda fold: totals[fold] if name in rare else totals[fold][1:])
        totals[where[name]][0] += rare[name]
        totals[where[name]][1] += size[name]
    if len(rest) > 1 and len(totals) > 1 and len({where[name] for name in rest}) == 1:
        # One that has nothing rare, where there is one; else what is rare stands in the other documents here, too.
        moved = min(rest, key=lambda name: (name in rare, size[name], name))
        others = [fold for fold in range(len(totals)) if fold != where[moved]]
        where[moved] = min(others, key=lambda fold: totals[fold][1])
    found = (np.flatnonzero([where[name] == fold for name in documents]) for fold in range(len(totals)))
    return [fold.astype(np.int64) for fold in found]
