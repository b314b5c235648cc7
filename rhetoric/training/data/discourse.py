"""Contrasts of GUM (PDTB relations, annotation CC BY 4.0) as passages with sides and cues, to train and measure on."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from rhetoric.gold import Coded
from rhetoric.labels import Contrast
from rhetoric.pipeline.clauses import trim

GUM: Final = Path("discourse") / "contrast_gum.jsonl.gz"
_WINDOW: Final = 90  # tokens: whole sentences up to about so many make one passage
# What a sense is called here; PDTB does not tell antithesis from opposition, so that no label is learned from its
# comparison.contrast.
_LABELS: Final[dict[str, Contrast]] = {"comparison.concession": "concession", "expansion.substitution": "correction"}


def read_discourse(path: Path, split: str) -> Iterator[Coded]:
    """Yield passages of whole sentences with ``text``, ``contrasts`` (marked in words: PDTB explicit and alternative
    lexicalisations) and ``unclear`` (ranges of relations that no word marks, which nothing should be learned from), of
    texts with a free licence.

    A contrast lies wholly within its passage; its ``label`` is None where the scheme does not tell.
    """
    for document in read_documents(path, split, free=True):
        yield from _cut(document)


def read_documents(path: Path, split: str, *, free: bool) -> Iterator[dict[str, Any]]:
    """Yield the whole documents of one ``split`` (train, dev, test) as the file has them: those with a ``free`` licence
    alone, which is all that may be learned from, or all, to measure on.
    """
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            document = json.loads(line)
            if document["split"] == split and (document["text_licence"] == "free" or not free):
                yield document


def join(tokens: Sequence[str], spaces: Sequence[bool]) -> tuple[str, list[tuple[int, int]]]:
    """Return the text of ``tokens``, each followed by a space where ``spaces`` says so, and the range of each token."""
    text, ranges = "", []
    for token, space in zip(tokens, spaces, strict=True):
        ranges.append((len(text), len(text) + len(token)))
        text += token + " " * bool(space)
    return text, ranges


def explicit_connectives(relations: Iterable[Mapping[str, Any]]) -> set[int]:
    """Return the tokens of the connectives of explicit contrasts in the PDTB scheme."""
    return {
        token
        for relation in relations
        if relation["scheme"] == "pdtb" and relation["type"] == "explicit"
        if relation["label"].startswith(("comparison.", "expansion.substitution"))
        for start, end in relation["cue"]
        for token in range(start, end)
    }


def _cut(document: dict[str, Any]) -> Iterator[Coded]:
    tokens, spaces = document["tokens"], document["space_after"]
    starts = [*document["sentence_starts"], len(tokens)]
    begin = starts[0]
    for at, after in pairwise([*starts[1:], len(tokens)]):
        if after - begin > _WINDOW or at == len(tokens):
            if at > begin:
                yield _passage(document, begin, at, tokens[begin:at], spaces[begin:at])
            begin = at


def _passage(document: dict[str, Any], begin: int, end: int, tokens: list[str], spaces: list[bool]) -> Coded:
    text, ranges = join(tokens, spaces)

    def characters(parts: list[list[int]]) -> list[int]:
        first, last = parts[0][0], parts[-1][1]  # of a side in parts, from its first word to its last
        return [ranges[first - begin][0], ranges[last - 1 - begin][1]]

    contrasts: list[Coded] = []
    unclear: list[list[int]] = []
    for relation in document["relations"]:
        inside = [p for p in (*relation["a"], *relation["b"]) if begin <= p[0] and p[1] <= end]
        whole = len(inside) == len(relation["a"]) + len(relation["b"])
        if relation["scheme"] == "pdtb" and whole and relation["type"] != "implicit":
            a, b = (trim(text, *characters(relation[side])) for side in ("a", "b"))
            a, b = min(a, b), max(a, b)
            cue = [characters([part]) for part in relation["cue"] if begin <= part[0] and part[1] <= end]
            if a[0] < a[1] <= b[0] < b[1]:
                label = _LABELS.get(".".join(relation["label"].split(".")[:2]))
                contrasts.append({"label": label, "a": a, "b": b, "cue": cue})
                continue
        unclear += [characters([part]) for part in inside]
    return {"id": f"{document['doc']}:{begin}", "text": text, "contrasts": contrasts, "unclear": unclear}
