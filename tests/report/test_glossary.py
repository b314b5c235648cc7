import re

import pytest

from rhetoric import labels
from rhetoric.report import glossary, words


@pytest.mark.parametrize(
    ("said", "of"),
    [
        (words.FRAMES, labels.FRAMES),
        (words.LEVELS, labels.FRAMING_PARTS),
        (words.FRAMINGS, labels.FRAMINGS),
        (words.CONTRASTS, labels.CONTRASTS),
        (glossary.ACTORS, labels.ACTORS),
        (glossary.SOURCES, labels.SOURCES),
        (glossary.TARGETS, labels.TARGETS),
        (glossary.ROLES, labels.ROLES),
        (glossary.STANCES, labels.STANCES),
        (glossary.TERMS, ("about", "live metaphor")),
    ],
)
def test_whoever_looks_a_label_up_finds_a_sentence_of_its_own(said: dict[str, str], of: tuple[str, ...]) -> None:
    assert tuple(said) == of
    assert len(set(said.values())) == len(of)
    assert all(re.fullmatch(r"[A-Z].{20,}\.", sentence) and len(sentence.split()) > 3 for sentence in said.values())


def test_labels_that_share_a_name_or_lie_close_are_told_apart() -> None:
    assert "gaining" in glossary.ROLES["challenger"] and "not gaining" in glossary.ROLES["laggard"]
    assert all("frame of that name" in each for each in (glossary.ROLES["threat"], glossary.TARGETS["state"]))
