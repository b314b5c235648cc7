"""Do the sentences that are said to carry a frame carry it? Two coded passages joined into one tell.

Of the two one was coded with a frame and the other without, so a sentence of the second is a wrong one. Passages
are shortened, so that two make one passage of the usual length; what is left of the second still does not have the
frame.
"""

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rhetoric.gold import Coded
from rhetoric.labels import FRAMES, Frame
from rhetoric.pipeline.passages import WHOLE

if TYPE_CHECKING:
    from spacy.language import Language

_PART_WORDS: Final = WHOLE // 2
_END: Final = re.compile(r"[.!?][”\"’')]*(?=\s|$)")
_FEWEST: Final = 2  # sentences of a part


@dataclass(frozen=True)
class Join:
    """A passage of two parts, of which the one at ``[start, end)`` was coded with ``frame`` and the other without."""

    frame: Frame
    text: str
    start: int
    end: int


def make_joins(rows: Iterable[Coded], each: int, seed: int = 0) -> list[Join]:
    """Join passages about the matter: ``each`` joins for every frame that some have and others have not."""
    chance = random.Random(seed)  # noqa: S311 - a sample keeps no secrets
    shortened = [(row, text) for row in rows if row.get("about") and (text := _shorten(row["text"]))]
    found = []
    for frame in FRAMES:
        parts = [[text for row, text in shortened if row.get("frames", {}).get(frame) == code] for code in (1, 0)]
        for _ in range(each if all(parts) else 0):
            there, other = (chance.choice(texts) for texts in parts)
            if chance.random() < 0.5:
                found.append(Join(frame, f"{there} {other}", 0, len(there)))
            else:
                found.append(Join(frame, f"{other} {there}", len(other) + 1, len(other) + 1 + len(there)))
    return found


def _shorten(text: str) -> str:
    """Return the first sentences of a passage, half a passage long at most; nothing where there are too few."""
    line = " ".join(text.split())
    ends = [found.end() for found in _END.finditer(line) if len(line[: found.end()].split()) <= _PART_WORDS]
    return line[: ends[-1]] if len(ends) >= _FEWEST else ""


def measure_joins(joins: Sequence[Join], nlp: "Language") -> tuple[int, int]:
    """Return in how many joins the frame is found and has a sentence, and in how many that is of the right part."""
    from rhetoric.pipeline.sentences import find_sentences

    said = right = 0
    for join in joins:
        found = [each[join.frame] for each in find_sentences(nlp, nlp(join.text)) if join.frame in each]
        said += len(found)
        right += sum(join.start <= (each["start"] + each["end"]) // 2 < join.end for each in found)
    return said, right
