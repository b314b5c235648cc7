"""Two texts side by side: what is said of how they differ is no more than the numbers hold."""

from dataclasses import replace

import pytest
from scoring.records import gold, make_record

from rhetoric.report.article import make_articles
from rhetoric.report.article import pair as p

from .pages import other


def compared(rows: int) -> p.Apart:
    one = make_record(gold("essay.jsonl")[:rows], "one")
    return p.set_apart(make_articles([one, other()], None, False), every_passage=False)  # type: ignore[list-item]


def test_what_differs_most_comes_first_where_nothing_is_sure() -> None:
    rows = gold("essay.jsonl")
    sides = [make_record(rows[1:4], "one"), make_record(rows[4:7], "two")]
    apart = p.set_apart(make_articles(sides, None, False), every_passage=False)  # type: ignore[arg-type]
    assert not apart.sure
    effects = [abs(row.effect or 0.0) for row, _ in apart.rows]
    assert effects == sorted(effects, reverse=True)
    assert apart.comparison
    assert effects[0] == max(abs(each.effect or 0.0) for each in apart.comparison.differences if each.difference)
    said = p.say_sure(apart)
    assert said.startswith(f"None of the {apart.of} fields differs surely")
    assert "may be chance" in said


@pytest.mark.parametrize(("sure", "said"), [(1, "1 of 59 fields differs surely"), (3, "3 of 59 fields differ surely")])
def test_sure_differences_are_counted(sure: int, said: str) -> None:
    apart = replace(compared(4), sure=sure, of=59)
    assert p.say_sure(apart).startswith(said)
    assert "those come first" in p.say_sure(apart)
    assert "come first" not in p.say_sure(replace(apart, rows=apart.rows[:sure]))


def test_rates_name_their_unit() -> None:
    for row, meaning in compared(4).rows:
        assert meaning.endswith(", per 1,000 words") == (row.unit == "per 1,000 words")


def test_odds_are_rough() -> None:
    apart = compared(8)
    assert apart.comparison
    for side in (0, 1):
        _, passages = p.say_distinctive(apart.comparison, side)
        assert passages
        assert all(why.startswith(("about ", "more than 100 ")) for _, why, _ in passages)
