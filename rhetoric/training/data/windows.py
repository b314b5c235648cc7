"""Passages that nobody coded, for a teacher to tell of: sentences in a row, as they stand in texts."""

import random
from collections.abc import Iterable, Iterator

from rhetoric.gold import Coded
from rhetoric.pipeline.clauses import split_sentences

_MOST = 7  # sentences
_FEWEST_WORDS, _MOST_WORDS = 8, 230


def make_windows(rows: list[Coded], texts: Iterable[Coded], chance: random.Random) -> Iterator[Coded]:
    """Yield passages to ask a teacher about: ``texts`` cut, and the ``rows`` that were written as passages, joined and
    cut.
    """
    written = [row for row in rows if not row.get("slug")]
    yield from cut_windows(texts, chance)
    yield from join_windows(written, chance)
    yield from cut_windows(written, chance)


def cut_windows(texts: Iterable[Coded], chance: random.Random) -> Iterator[Coded]:
    """Yield what the ``text`` of each row falls into when cut after every few sentences at random."""
    for row in texts:
        text = row["text"]
        sentences = split_sentences(text)
        at = 0
        while at < len(sentences):
            end = min(at + chance.randint(1, _MOST), len(sentences))
            cut = text[sentences[at][0] : sentences[end - 1][1]].strip()
            at = end
            if cut != text.strip() and _FEWEST_WORDS <= len(cut.split()) <= _MOST_WORDS:
                yield {"text": cut}


def join_windows(rows: list[Coded], chance: random.Random) -> Iterator[Coded]:
    """Yield each passage of ``rows`` with the opening of another by the same hand before or after it."""
    by_hand: dict[str, list[Coded]] = {}
    for row in rows:
        by_hand.setdefault(row["id"][:1], []).append(row)
    for row in rows:
        other = chance.choice(by_hand[row["id"][:1]])
        sentences = split_sentences(other["text"])
        part = other["text"][: sentences[chance.randrange(len(sentences))][1]].strip()
        both = f"{part} {row['text']}" if chance.random() < 0.5 else f"{row['text']} {part}"
        if len(both.split()) <= _MOST_WORDS:
            yield {"text": both}
