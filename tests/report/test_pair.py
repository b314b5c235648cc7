"""Two texts side by side: what is said of how they differ is no more than the numbers hold."""

from dataclasses import replace
from typing import Any

import pytest
from scoring.records import gold, make_record

from rhetoric.report.article import make_articles, make_markdown, make_page
from rhetoric.report.article import pair as p
from rhetoric.report.words import join

from .pages import other


def apart_of(records: Any) -> p.Apart:
    found = p.set_apart(make_articles(records, None, False))
    assert isinstance(found, p.Apart)
    return found


def compared(rows: int) -> p.Apart:
    return apart_of([make_record(gold("essay.jsonl")[:rows], "one"), other()])


def test_what_differs_most_comes_first_where_nothing_is_sure() -> None:
    rows = gold("essay.jsonl")
    sides = [make_record(rows[1:4], "one"), make_record(rows[4:7], "two")]
    apart = apart_of(sides)
    assert not any(row.sure for row, _ in apart.rows)
    effects = [abs(row.effect or 0.0) for row, _ in apart.rows]
    assert effects == sorted(effects, reverse=True)
    assert effects[0] == max(abs(each.effect or 0.0) for each in apart.comparison.differences if each.difference)
    said = p.say_sure(apart)
    assert said.startswith(f"None of the {len(apart.comparison.differences)} fields differs surely")
    assert "may be chance" in said
    assert not any("large" in p.say_apart(row) for row, _ in apart.rows)


def with_metaphors(*passages: int) -> dict[str, Any]:
    """The essay with one live metaphor for each number of a passage, and no others."""
    record = make_record(gold("essay.jsonl"))
    starts = [record["passages"][at]["start"] for at in passages]
    image = {"live": True, "score": 0.9, "source": "war", "target": "ai"}
    record["metaphors"] = [{**image, "span": [start, start + 3]} for start in starts]
    return record


def test_a_field_of_which_a_few_passages_hold_most_is_not_among_those_that_differ_most() -> None:
    crowded, spread = with_metaphors(*[0] * 9), with_metaphors(0, 1, 2, 3, 4, 5)
    apart = apart_of([crowded, spread])
    told = {each.field: each for each in apart.comparison.differences}["metaphor_war"]
    assert told.difference and told.effect and told.difference > 0 > told.effect and not told.sure
    assert "metaphor_war" not in [row.field for row, _ in apart.rows]


def test_a_field_of_two_passages_is_not_among_those_that_differ_most() -> None:
    one, two = make_record(gold("essay.jsonl")[:5], "one"), make_record(gold("essay.jsonl")[3:], "two")
    for record, stance, kept in ((one, -1, 2), (two, 1, 9)):
        spoken = [each["portrayal"] for each in record["passages"] if "china" in each["portrayal"]]
        for number, portrayal in enumerate(spoken):
            portrayal["china"] = {"role": "threat", "stance": stance}
            if number >= kept:
                del portrayal["china"]
    apart = apart_of([one, two])
    told = {each.field: each for each in apart.comparison.differences}["china_stance"]
    assert (told.a.passages, told.difference, told.effect, told.sure) == (2, -2.0, -1.0, False)
    assert "china_stance" not in [row.field for row, _ in apart.rows] and apart.rows


@pytest.mark.parametrize(
    ("rows", "every_passage", "said"),
    [
        ((1, 8), False, "A has only 1 passage about the matter, too few to compare."),
        ((1, 2), False, "A has only 1 passage about the matter and B has only 2 passages about the matter, too few"),
        ((8, 2), True, "B has only 2 passages, too few to compare."),
    ],
)
def test_a_text_of_too_few_passages_is_not_compared(rows: tuple[int, int], every_passage: bool, said: str) -> None:
    records = [make_record(gold("essay.jsonl")[:many], f"r{many}") for many in rows]
    why_not = p.set_apart(make_articles(records, None, every_passage))
    assert isinstance(why_not, str) and why_not.startswith(said)
    for page in (make_page(records, every_passage=every_passage), make_markdown(records, every_passage=every_passage)):
        assert said in page and "A minus B" not in page


@pytest.mark.parametrize(("sure", "said"), [(1, "1 of {} fields differs surely"), (3, "3 of {} fields differ surely")])
def test_sure_differences_are_counted(sure: int, said: str) -> None:
    apart = compared(4)
    rows = [(replace(row, p_corrected=0.01 if at < sure else 0.5), said) for at, (row, said) in enumerate(apart.rows)]
    apart = replace(apart, rows=tuple(rows))
    assert p.say_sure(apart).startswith(said.format(len(apart.comparison.differences)))
    assert "those come first" in p.say_sure(apart)
    assert "come first" not in p.say_sure(replace(apart, rows=apart.rows[:sure]))


def test_a_sure_difference_is_marked_and_its_p_stays_below_the_bar() -> None:
    (row, _), *others = compared(8).rows
    assert row.sure and not others[-1][0].sure
    assert p.say_apart(replace(row, p_corrected=0.0498)).endswith(", p 0.0498 (sure)")
    assert p.say_apart(replace(row, p_corrected=0.0502)).endswith(", p 0.050")


def test_of_one_text_twice_it_is_said_that_it_is_one() -> None:
    twice = [make_record(gold("essay.jsonl")[:4], id) for id in ("one", "two")]
    apart = apart_of(twice)
    assert p.say_sure(apart) == "A and B are the same text. No field differs."
    assert "the same text" not in p.say_sure(compared(4))
    for page in (make_page(twice), make_markdown(twice)):
        said = page.partition("are the same text.")[2].partition("In short")[0]
        assert "A minus B" not in said and "distinctive" not in said


def test_rates_name_their_unit() -> None:
    for row, meaning in compared(4).rows:
        assert meaning.endswith(", per 1,000 words") == (row.unit == "per 1,000 words")


def test_a_passage_sets_a_text_apart_by_what_it_has_and_by_no_odds() -> None:
    apart = compared(8)
    for side in (0, 1):
        _, passages = p.say_distinctive(apart.comparison, side)
        assert passages
        for number, why, _ in passages:
            (traits,) = (each.traits for each in apart.comparison.passages[side] if each.passage == number)
            assert why == f"has {join(list(traits))}, commoner here than there"
