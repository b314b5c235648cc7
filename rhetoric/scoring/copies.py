"""Texts that stand more than once: each counts once, for a copy is no further evidence."""

import hashlib

from rhetoric.record import Record
from rhetoric.scoring.percent import count


def text_digest(record: Record) -> bytes:
    """Return what stands for the text of a record where copies are looked for: the same for the same words, however
    spaced.
    """
    return hashlib.sha256(" ".join(record["text"].split()).encode("utf-8", "surrogatepass")).digest()


def say_copies(copies: int, where: str = "") -> str:
    """Say that so many ``copies`` were left out of ``where``."""
    of = f" of {where}" if where else ""
    repeat = "repeats" if copies == 1 else "repeat"
    return (
        f"Left out: {count(copies, 'document')}{of} that {repeat} the text of another, so that each text counts once."
    )
