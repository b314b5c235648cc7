import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.scoring.cset import COMPETITION, FRAMES, TERMS, Keywords, score_keywords

from .records import PIPELINE, make_record


def record(text: str, **meta: Any) -> dict[str, Any]:
    return {**make_record([], "doc", **meta), "text": text, "pipeline": PIPELINE}


def found(text: str, **meta: Any) -> Keywords:
    return score_keywords(record(text, **meta))


def terms(text: str) -> set[str]:
    return {f"{frame}/{term}" for frame, counts in found(text).counts.items() for term, n in counts.items() if n}


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("The AI arms race is on.", "competition/arms race"),
        ("An arms race in artificial intelligence.", "competition/arms race"),
        ("They battle over AI.", "competition/conflict"),
        ("AI competitors and rivals.", "competition/conflict"),
        ("Global supremacy in AI.", "competition/dominance"),
        ("AI is a strategic advantage.", "competition/strategic advantage"),
        ("China is outpacing us in AI.", "competition/outpace"),
        ("A Sputnik moment. Far, far away from it somebody says AI.", "competition/sputnik"),
        ("Foreign adversaries exist, and elsewhere in the text there is AI.", "competition/foreign adversary"),
        ("An AI revolution.", "economic_gold_rush/ai revolution"),
        ("A golden opportunity, says the AI lobby.", "economic_gold_rush/opportunity"),
        ("A 14-trillion boost from AI.", "economic_gold_rush/boost"),
        ("AI and killer-robots.", "killer_robots/robots"),
        ("AI under the laws of war.", "killer_robots/law"),
        ("AI is an existential risk.", "killer_robots/threat"),
        ("AI, the job killer.", "world_without_work/job killer"),
        ("Unemployment after AI.", "world_without_work/job loss"),
        ("AI will soon displace many people from a well-paid job.", "world_without_work/job loss"),
    ],
)
def test_terms_are_found(text: str, term: str) -> None:
    assert term in terms(text)
    if not term.startswith("world_without_work/job loss"):
        assert found(text).frames[term.split("/")[0]]


@pytest.mark.parametrize(
    "text",
    [
        "An arms race between two states.",  # no AI anywhere
        "He said. An arms race; aid for Kenya.",  # "aid" is not AI
        "AI. And now for something else altogether: an arms race.",  # too far away
        "AI\narms race",  # not on one line
        "The United States leads the world in AI and must not fall behind.",
    ],
)
def test_what_is_not_found(text: str) -> None:
    assert not found(text).frames[COMPETITION]


@pytest.mark.parametrize(
    "text",
    [
        "An AI competency framework.",
        "It aimed to end the arms race between India and Pakistan; AI is not in it.",
        "Our AI is competitive on price.",
        "The AI competition in Zurich was won by a student.",
        "AI: postwar Vienna.",
        "The aide warned of an arms race. AI came later.",
    ],
)
def test_the_study_s_false_alarms_are_kept(text: str) -> None:
    """Its edges of words are open; a baseline that mended them would no longer be that study's."""
    assert found(text).frames[COMPETITION]


def test_transform_the_economy_is_missed_as_there() -> None:
    assert "economic_gold_rush/economy" not in terms("AI will transform the economy.")
    assert "economic_gold_rush/economy" in terms("AI will transform economy and state.")


def test_a_world_without_work_needs_two_kinds_together() -> None:
    assert not found("AI will bring unemployment.").frames["world_without_work"]
    assert not found("AI and blue-collar life.").frames["world_without_work"]
    assert found("AI will bring unemployment to blue-collar towns.").frames["world_without_work"]


def test_title_and_subtitle_are_searched_and_have_no_place_in_the_text() -> None:
    said = found("Nothing here.", title="The AI arms race", subtitle="A Sputnik moment")
    assert said.frames[COMPETITION] and said.mentions_ai
    assert said.counts[COMPETITION]["arms race"] == said.counts[COMPETITION]["sputnik"] == 1
    assert said.hits == ()


def test_hits_are_where_they_say_and_counted_once() -> None:
    text = "Sputnik! The AI arms race: an AI arms race. Then sputnik."
    said = found(text, title="Title")
    assert [text[hit.start : hit.end] for hit in said.hits if hit.term == "sputnik"] == ["Sputnik", "sputnik"]
    # Both directions find the middle of it; that is one stretch, not three.
    assert said.counts[COMPETITION]["arms race"] == 1
    assert said.to_row()["competition_arms_race"] == 1
    assert said.to_row()["competition"] is True


def test_a_row_has_the_same_columns_for_every_document() -> None:
    columns = ["id", "mentions_ai", *FRAMES]
    columns += [f"{frame}_{term.replace(' ', '_')}" for frame, names in TERMS.items() for term in names]
    assert list(found("").to_row()) == list(found("The AI arms race.").to_row()) == columns
    assert len(columns) == len(set(columns))


@given(st.lists(st.sampled_from(["AI", "arms race", "war", "competes", "\n", ".", "job", "displace", "İ", "Z"])))
def test_hits_lie_in_the_text_in_order(words: list[str]) -> None:
    text = " ".join(words)
    said = found(text, title="ẞ title")
    assert [hit.start for hit in said.hits] == sorted(hit.start for hit in said.hits)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in said.hits)
    assert said.mentions_ai == bool(re.search(r"\bAI\b", text))
    assert said.mentions_ai or not any(said.frames.values())


def test_hostile_texts_take_no_time() -> None:
    start = time.process_time()
    for piece in ("ai displace ", "battl", "ai battl", "war ", "job automat", "ai ai compet"):
        found(("AI " + piece * 20_000)[:60_000])
    assert time.process_time() - start < 10
