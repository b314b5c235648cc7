"""Two records side by side: what sets them apart, as rows to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rhetoric.report.article.article import Article
from rhetoric.report.numbers import say_difference, say_p
from rhetoric.report.safe import excerpt
from rhetoric.report.words import count, effect_words, join
from rhetoric.scoring.columns import find_field
from rhetoric.scoring.compare import Comparison, Difference, compare
from rhetoric.scoring.uncertainty import FEWEST

_OTHERS: Final = 6  # differences shown that are not sure


@dataclass(frozen=True)
class Apart:
    """What sets two texts apart: rows of differences, the sure ones first, each with what the field means.

    ``same`` is whether they are one text.
    """

    comparison: Comparison
    rows: tuple[tuple[Difference, str], ...]
    same: bool


def set_apart(articles: Sequence[Article]) -> Apart | str | None:
    """Compare two records over their passages, or say why they are not compared; of one there is nothing to say."""
    if len(articles) == 1:
        return None
    every_passage = articles[0].scorecard.every_passage
    unscored = [each.letter for each in articles if not each.scorecard.scored]
    if unscored:
        are = "is" if len(unscored) == 1 else "are"
        return f"{join(unscored)} {are} not scored, so the two cannot be compared."
    few = [(each.letter, each.scorecard.counted) for each in articles if not each.enough]
    if few:
        which = "" if every_passage else " about the matter"
        there = join([f"{letter} has only {count(many, 'passage')}{which}" for letter, many in few])
        return f"{there}, too few to compare."
    a, b = articles
    found = compare([a.record], [b.record], names=("A", "B"), every_passage=every_passage)
    sure = [each for each in found.differences if each.sure]
    others = [each for each in found.differences if not each.sure and _one_way(each) and _on_enough(each)]
    others.sort(key=lambda each: -abs(each.effect or 0.0))
    rows = tuple((each, _meaning(each.field)) for each in [*sure, *others[:_OTHERS]])
    return Apart(found, rows, a.record["text"] == b.record["text"])


def _one_way(each: Difference) -> bool:
    """Whether the sides differ, and most passages as the whole does: a few can turn a rate the other way."""
    return (each.difference or 0.0) * (each.effect or 0.0) > 0


def _on_enough(each: Difference) -> bool:
    """Whether both sides rest on passages enough for an interval: of fewer the effect is the largest by chance."""
    return min(each.a.passages, each.b.passages) >= FEWEST


def say_sure(apart: Apart) -> str:
    """Say how many fields differ surely, and what the rows are."""
    same = "A and B are the same text. " if apart.same else ""
    if not apart.rows:
        return f"{same}No field differs."
    sure, of = sum(row.sure for row, _ in apart.rows), len(apart.comparison.differences)
    if not sure:
        return (
            f"{same}None of the {of} fields differs surely (p, corrected for their number, below 0.05): whatever sets "
            "the two apart here may be chance. Below are those that differ most."
        )
    differ = f"{sure} of {of} fields {'differs' if sure == 1 else 'differ'} surely"
    others = "; those come first" if len(apart.rows) > sure else ""
    return f"{same}{differ} (p, corrected for their number, below 0.05){others}."


def say_apart(each: Difference) -> str:
    """Say how far apart the sides are, and how sure that is; how large only where it is sure."""
    if each.difference is None:
        return "-"
    said = say_difference(each.difference, each.unit)
    if each.effect is not None and each.sure:
        said += f", {effect_words(each.effect)}"
    if each.p_corrected is not None:
        said += f", p {say_p(each.p_corrected)}"
    return f"{said} (sure)" if each.sure else said


def say_distinctive(found: Comparison, side: int) -> tuple[str, list[tuple[int, str, str]]]:
    """Return the metaphors that one side surely prefers, and its passages (number, why, words) that set it apart."""
    images = [f"{excerpt(each.words, 40)} ({each.here} against {each.there})" for each in found.metaphors[side]]
    passages = [
        (
            each.passage,
            f"has {join(list(each.traits))}, commoner here than there",
            excerpt(each.text, 200),
        )
        for each in found.passages[side][:3]
    ]
    return join(images), passages


def _meaning(name: str) -> str:
    column = find_field(name)
    if column is None:
        return name
    return f"{column.meaning}, {column.unit}" if column.unit.startswith("per ") else column.meaning
