"""What the encoder says of each token and of each passage: the columns of its two outputs, in order."""

from dataclasses import dataclass
from typing import Final

from rhetoric.labels import ACTORS, CONTRASTS, FRAMES, FRAMING_PARTS, FRAMINGS, ROLES, SOURCES, STANCES, TARGETS

SILENT: Final = -20.0  # every score of a token without word pieces, such as white space
VECTOR: Final = 96  # columns after those of TOKEN: a token as the judge of contrasts sees it
EMBEDDING: Final = 128  # numbers of the embedding of a passage
SIDES: Final = ("outside", "begin-a", "inside-a", "begin-b", "inside-b")


@dataclass(frozen=True)
class Head:
    """One decision: softmax over ``labels``, or one sigmoid each where ``independent``."""

    name: str
    labels: tuple[str, ...]
    independent: bool = False


TOKEN: Final[tuple[Head, ...]] = (
    Head("sides", SIDES),
    Head("contrast", tuple(CONTRASTS)),
    Head("parts", FRAMING_PARTS, independent=True),
    Head("marks", ("contrast-cue", "live", "metaphor"), independent=True),
    Head("source", tuple(SOURCES)),
    Head("target", tuple(TARGETS)),
)
# Columns after the vector: how a token portrays the country that it names, whichever of the two that is.
NAMED: Final[tuple[Head, ...]] = (
    Head("role", tuple(ROLES)),
    Head("stance", tuple(str(stance) for stance in STANCES)),
)
# A passage counts as speaking of a country where "spoken" says so; its role and stance mean nothing elsewhere.
PASSAGE: Final[tuple[Head, ...]] = (
    Head("about", ("about",), independent=True),
    Head("frames", tuple(FRAMES), independent=True),
    Head("framing", tuple(FRAMINGS)),
    Head("actor", tuple(ACTORS)),
    Head("spoken", ("us", "china"), independent=True),
    Head("role_us", tuple(ROLES)),
    Head("role_china", tuple(ROLES)),
    Head("stance_us", tuple(str(stance) for stance in STANCES)),
    Head("stance_china", tuple(str(stance) for stance in STANCES)),
)


def columns(heads: tuple[Head, ...]) -> dict[str, slice]:
    """Return which columns of an output each head owns."""
    found, at = {}, 0
    for head in heads:
        found[head.name] = slice(at, at + len(head.labels))
        at += len(head.labels)
    return found


def width(heads: tuple[Head, ...]) -> int:
    """Return how many columns an output has."""
    return sum(len(head.labels) for head in heads)


def column(heads: tuple[Head, ...], name: str, label: str) -> int:
    """Return the one column that stands for ``label`` of head ``name``."""
    head = next(head for head in heads if head.name == name)
    return int(columns(heads)[name].start) + head.labels.index(label)


TOKEN_COLUMNS: Final = width(TOKEN) + VECTOR + width(NAMED)
COLUMNS: Final = [TOKEN_COLUMNS, width(PASSAGE)]  # as they are stored with the weights
