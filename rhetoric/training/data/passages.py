"""The project's coded passages, by what is done with them: learned from, or held out and measured."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rhetoric.gold import Coded, is_denial, read_gold, with_texts, without_repeats

_CODED: Final = ("authored", "real")
_SILVER: Final = ("silver", "further", "rewritten")
LEARNED: Final = (*_CODED, *_SILVER, "written", "fresh", "pairs")  # the sets that the recipes learn from
_THIN: Final = ("yc-", "z-")  # ids of passages in which many a live metaphor is not coded


@dataclass(frozen=True)
class Gold:
    """All passages of the gold, with their texts.

    ``coded`` ones are measured, and learned where they are not held out; ``silver`` ones (and what was written after
    real ones) and ``written`` ones are learned. ``fresh`` ones and ``pairs`` are learned last. ``essay`` is never
    learned; ``again`` holds some of the fresh ones by one more coder.
    """

    coded: list[Coded]
    silver: list[Coded]
    written: list[Coded]
    fresh: list[Coded]
    pairs: list[Coded]
    essay: list[Coded]
    again: list[Coded]

    @property
    def last(self) -> list[Coded]:
        """What is learned last: live metaphors not from passages that were coded thinly for them."""
        return [*map(learnable, self.fresh), *self.pairs]

    @property
    def others(self) -> list[Coded]:
        """The fresh passages of documents of which nothing else was coded, which are measured."""
        known = {row.get("slug") for row in self.coded + self.silver}
        return [row for row in self.fresh if row["slug"] not in known]

    @property
    def denials(self) -> list[Coded]:
        """The pairs that were written to reject a frame, or beside one that does, which are measured."""
        return list(filter(is_denial, self.pairs))


def read_all(gold: Path, texts: Path) -> Gold:
    """Read the files in the folder ``gold``; ``texts`` holds the texts of those passages that are kept as offsets.

    Silver passages that repeat one that is measured are left out. Raises SourceError where a file or text is not there.
    """

    def read(*names: str) -> list[Coded]:
        return with_texts([row for name in names for row in read_gold(gold / f"{name}.jsonl")], texts)

    coded = read(*_CODED)
    silver = list(map(learnable, without_repeats(read(*_SILVER), coded)))
    again = read_gold(gold / "again.jsonl")  # their texts are those of the fresh ones
    return Gold(coded, silver, read("written"), read("fresh"), read("pairs"), read("essay"), again)


def read_portrayed(gold: Path, texts: Path) -> list[Coded]:
    """Read what may be learned of how countries are portrayed: passages whose text is there, but no test of what
    ships.
    """
    rows = [row for name in LEARNED for row in read_gold(gold / f"{name}.jsonl")]
    there = {path.stem for path in texts.glob("*.txt")}
    return with_texts([row for row in rows if row.get("portrayal") and ("text" in row or row["slug"] in there)], texts)


def learnable(row: Coded) -> Coded:
    """Return what may be learned of a passage: no live metaphors where they were coded thinly."""
    return {name: each for name, each in row.items() if name != "live_metaphors" or not row["id"].startswith(_THIN)}


def read_whole(texts: Iterable[Path]) -> list[Coded]:
    """Return whole texts, to cut into windows."""
    return [{"slug": path.stem, "text": path.read_text(encoding="utf-8")} for path in sorted(texts)]
