from typing import Any

from hypothesis import given, settings
from scoring.records import essay, gold, make_record, off_topic
from scoring.strategies import records

from rhetoric.report.headline import strongest_frames, write_headline, write_scope
from rhetoric.scoring import score_record


def test_the_essay_in_a_few_sentences() -> None:
    card = score_record(essay())
    assert write_headline(card) == [
        "Its strongest frame is race, in 5 of 8 passages, then confidence (4) and state (3).",
        "It unmasks 7 accounts: 3 of both countries, 2 of the US and 2 of China.",
        "Its live metaphors come above all from race (15), machine (9) and material (6).",
        "It speaks of the US mostly ill and of China mostly ill.",
    ]
    assert write_scope(card).startswith(f"{card.words} words in 8 passages, all of which are about AI")


def test_what_is_not_there_is_said_to_be_absent() -> None:
    rows = [row for row in gold() if not row["about"] and row["framing"] == "none" and not row["portrayal"]]
    card = score_record(make_record(rows[:4]), every_passage=True)
    said = " ".join(write_headline(card))
    assert "No account is seen to be unmasked." in said
    assert "neither the US nor China" in said
    assert "every passage counts" in write_scope(card)


def test_partial_framing_is_a_hint() -> None:
    card = score_record(make_record([row for row in gold() if row["framing"] == "partial" and row["about"]][:3]))
    assert "No account is seen to be unmasked, though 3 passages hint at it." in write_headline(card)


def test_scope_of_small_and_off_topic_texts() -> None:
    assert "none of which are about" in write_scope(score_record(off_topic()))
    assert write_scope(score_record(off_topic(1))).endswith(
        "in 1 passage, which is not about AI or advanced technology between states."
    )
    assert write_scope(score_record(make_record([]))) == "0 words in 0 passages."
    assert write_headline(score_record(off_topic())) == []


@settings(max_examples=25, deadline=None)
@given(records())
def test_there_is_a_headline_for_every_record(record: dict[str, Any]) -> None:
    card = score_record(record, every_passage=True)
    sentences = write_headline(card)
    assert bool(sentences) == bool(record["passages"])
    assert all(each[0].isupper() and each.endswith(".") for each in sentences)
    assert write_scope(card).endswith(".")
    shares = [card.frames[frame].prevalence.value for frame in strongest_frames(card)]
    assert shares == sorted(shares, reverse=True)
    assert all(shares)
