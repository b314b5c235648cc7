"""Metaphor words: where the data keeps them, and the sentences of VUA-20, which are learned from, and of its kind."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

METAPHORS: Final = Path("metaphor")  # the folder of the data that holds them
VUA: Final = METAPHORS / "vua20.jsonl.gz"
Sentence = Mapping[str, Any]  # a line of the data: id, tokens, labels (1 metaphor-related, 0 literal, -1 no target)


def read_vua(path: Path, part: str) -> list[dict[str, Any]]:
    """Read the sentences of one ``part`` (train, test) of VUA-20, without those of train that nobody annotated."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row for row in rows if row["split"] == part and not row.get("unannotated")]


def text_of(sentence: Sentence) -> str:
    """Return the id of the VUA text that a sentence is from: its own id without the number of the sentence."""
    return str(sentence["id"]).rsplit("_", 1)[0]


def join_passages(sentences: Sequence[Sentence], words: Callable[[str], int]) -> Iterator[dict[str, Any]]:
    """Yield the sentences of each text joined to passages with the id of their first: as many as have no more than
    ``words(text)`` words, which is asked once a passage, and one at least.
    """
    for text, its in groupby(sentences, text_of):
        passage: dict[str, Any] = {}
        most = 0
        for each in its:
            if passage and len(passage["tokens"]) + len(each["tokens"]) > most:
                yield passage
                passage = {}
            if not passage:
                passage, most = {"id": each["id"], "tokens": [], "labels": []}, words(text)
            passage["tokens"] += each["tokens"]
            passage["labels"] += each["labels"]
        yield passage
