import pytest

from rhetoric import labels
from rhetoric.report import examples, glossary, words


@pytest.mark.parametrize(
    ("said", "of"),
    [
        (words.FRAMES, labels.FRAMES),
        (words.CONTRASTS, labels.CONTRASTS),
        (words.SOURCES, labels.SOURCES),
        (words.ROLES, labels.ROLES),
        (words.ACTORS, labels.ACTORS),
        (words.COUNTRIES, labels.COUNTRIES),
        (words.FRAMINGS, labels.FRAMINGS),
        (words.TARGETS, labels.TARGETS),
    ],
)
def test_every_label_is_said_in_words_of_its_own(said: dict[str, str], of: tuple[str, ...]) -> None:
    assert tuple(said) == of
    assert len(set(said.values())) == len(of)


@pytest.mark.parametrize(
    ("percentile", "whole", "said"),
    [
        (0, 0, "lower than all"),
        (0.4, 1, "lower than nearly all"),
        (5, 5, "lower than nearly all"),
        (6, 6, "lower than about 9 in 10"),
        (10, 10, "lower than about 9 in 10"),
        (12, 12, "lower than about 9 in 10"),
        (20, 20, "lower than about 8 in 10"),
        (40, 40, "lower than about 6 in 10"),
        (41, 41, "about the middle"),
        (50, 50, "about the middle"),
        (59.4, 59, "about the middle"),
        (59.5, 60, "higher than about 6 in 10"),
        (70, 70, "higher than about 7 in 10"),
        (84.2, 84, "higher than about 8 in 10"),
        (88, 88, "higher than about 9 in 10"),
        (89.6, 90, "higher than about 9 in 10"),
        (90, 90, "higher than about 9 in 10"),
        (94.4, 94, "higher than about 9 in 10"),
        (95, 95, "higher than nearly all"),
        (99.6, 99, "higher than nearly all"),
        (100, 100, "higher than all"),
    ],
)
def test_a_percentile_in_words_and_as_it_is_shown(percentile: float, whole: int, said: str) -> None:
    assert words.whole_percentile(percentile) == whole
    assert words.percentile_words(percentile, 112, "strategy") == f"{said} of 112 strategy texts"


@pytest.mark.parametrize(
    ("percentile", "span", "said"),
    [
        (84, (31, 97), "higher than about 8 in 10 of 72 strategy texts (3 to 10 in 10 by its interval)"),
        (20, (10, 66), "lower than about 8 in 10 of 72 strategy texts (3 to 9 in 10 by its interval)"),
        (84, (82, 84), "higher than about 8 in 10 of 72 strategy texts"),
        (41, (41, 100), "about the middle of 72 strategy texts (higher than 4 to 10 in 10 by its interval)"),
        (59, (0, 59), "about the middle of 72 strategy texts (higher than 0 to 6 in 10 by its interval)"),
    ],
)
def test_a_percentile_says_where_its_interval_would_stand(
    percentile: float, span: tuple[float, float], said: str
) -> None:
    assert words.percentile_words(percentile, 72, "strategy", span) == said


def test_one_text_is_no_texts() -> None:
    assert words.percentile_words(0, 1, "made") == "lower than all of 1 made text"


def test_join_and_count() -> None:
    assert [words.join(list(parts)) for parts in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]
    assert [words.count(n, "word") for n in (0, 1, 1234)] == ["0 words", "1 word", "1,234 words"]


@pytest.mark.parametrize(
    ("said", "of"),
    [
        (glossary.TERMS, examples.TERMS),
        (words.FRAMES, examples.FRAMES),
        (words.FRAMINGS, examples.FRAMINGS),
        (words.LEVELS, examples.LEVELS),
        (words.CONTRASTS, examples.CONTRASTS),
        (glossary.SOURCES, examples.SOURCES),
        (glossary.TARGETS, examples.TARGETS),
        (glossary.ROLES, examples.ROLES),
        (glossary.ACTORS, examples.ACTORS),
        (glossary.STANCES, examples.STANCES),
    ],
)
def test_every_label_has_one_example_of_its_own(said: dict[str, str], of: dict[str, str]) -> None:
    assert tuple(of) == tuple(said)
    assert len(set(of.values())) == len(of)
    for label, example in of.items():
        marked = [piece for piece, inside in examples.split_example(example) if inside]
        assert marked or label in ("none", 0)
        assert len(marked) == (2 if of is examples.CONTRASTS else len(marked))
        assert example.count("*") % 2 == 0
        assert len(example) < 140


def test_an_example_is_split_into_pieces() -> None:
    assert examples.split_example("*a* b *c*") == [("a", True), (" b ", False), ("c", True)]
    assert examples.split_example("none") == [("none", False)]
