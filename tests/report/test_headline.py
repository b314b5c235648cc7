from typing import Any

import pytest
from hypothesis import given, settings
from scoring.records import essay, gold, in_passing, make_record, off_topic
from scoring.strategies import records

from rhetoric.labels import FRAMES
from rhetoric.report.article.article import Article
from rhetoric.report.article.links import link_headline
from rhetoric.report.headline import say_portrayal, say_stance, strongest_frames, write_headline, write_scope
from rhetoric.report.trust import Measured, Trust
from rhetoric.scoring import score_record
from rhetoric.scoring.uncertainty import FEWEST

from .pages import hinting


def test_the_essay_in_a_few_sentences() -> None:
    card = score_record(essay())
    assert write_headline(card) == [
        "Its strongest frame is race, in 5 of 8 passages, then confidence (4) and state (3).",
        "It seems to unmask 7 accounts: 3 of both countries, 2 of the US and 2 of China.",
        "Its live metaphors come from race (15), machine (9) and material (6), and 27 from elsewhere.",
        "It speaks of the US in 5 passages, ill in 3; of China in 5 passages, ill in 3.",
    ]
    assert write_scope(card).startswith(f"{card.words} words in 8 passages, all of which are about AI")


def test_the_account_of_unmasking_says_how_often_it_is_right() -> None:
    metric = "framing.unmasking.precision"
    trust = Trust({metric: Measured(metric, 0.31, 0.2, 0.4, None)})
    said = write_headline(score_record(essay()), trust)
    assert said[1].endswith("2 of China; 3 of 10 such findings are right in unseen texts.")
    yours = Trust({metric: Measured(metric, 0.31, 0.2, 0.4, None, "yours")})
    assert write_headline(score_record(essay()), yours)[1].endswith("in unseen texts, by your coders.")


def test_what_is_not_there_is_said_to_be_absent() -> None:
    rows = [row for row in gold() if not row["about"] and row["framing"] == "none" and not row["portrayal"]]
    card = score_record(make_record(rows[:4]), every_passage=True)
    said = " ".join(write_headline(card))
    assert "No account is seen to be unmasked." in said
    assert "neither the US nor China" in said
    assert "every passage counts" in write_scope(card)


def test_a_hint_is_no_finding_for_the_headline() -> None:
    card = score_record(hinting())
    assert card.framing.partial.count == 3
    assert write_headline(card)[1] == "No account is seen to be unmasked."


@pytest.mark.parametrize(
    ("actors", "said"),
    [
        (["us"], "unmask 1 account, that of the US."),
        (["us"] * 2, "unmask 2 accounts, both of the US."),
        (["us"] * 3, "unmask 3 accounts, all of the US."),
        (["both"] * 2, "unmask 2 accounts, each of both countries."),
        (["us", "china"], "unmask 2 accounts: 1 of the US and 1 of China."),
    ],
)
def test_whose_accounts_are_unmasked(actors: list[str], said: str) -> None:
    record = essay()
    first = record["framing"][0]
    record["framing"] = [{**first, "actor": actor} for actor in actors]
    assert write_headline(score_record(record))[1].endswith(said)


def test_scope_of_small_and_off_topic_texts() -> None:
    assert "none of which are about" in write_scope(score_record(off_topic()))
    assert write_scope(score_record(off_topic(1))).endswith(
        "in 1 passage, which is not about AI or advanced technology between states."
    )
    assert write_scope(score_record(make_record([]))) == "0 words in 0 passages."
    part = score_record(in_passing(), every_passage=False)
    assert write_scope(part).endswith(f"; only this counts, {part.counted_words} words.")
    assert 0 < part.counted_words < part.words
    assert write_headline(score_record(off_topic())) == []
    few, enough = (score_record(make_record(gold("essay.jsonl")[:passages])) for passages in (2, 3))
    assert write_headline(few) == [] and write_headline(enough)


def test_a_lone_passage_without_a_word_of_the_matter_is_taken_to_be_about_it() -> None:
    trade = make_record([next(row for row in gold() if row["about"])])
    said = "which is about AI or advanced technology between states."
    assert write_scope(score_record({**trade, "text": f"{trade['text']} On chips."})).endswith(said)
    trade |= {"text": "Beijing will buy more soybeans.", "framing": [], "contrasts": [], "metaphors": []}
    trade["passages"][0] |= {"start": 0, "end": 31}
    assert write_scope(score_record(trade)) == (
        "5 words in 1 passage, taken to be about AI or advanced technology between states, though no word of it is of "
        "AI or technology."
    )
    trade["passages"][0]["about"] = 0.2
    assert ", which is not about " in write_scope(score_record(trade))


def with_images(*sources: str) -> dict[str, Any]:
    """The essay with those live metaphors, and no others."""
    span = {"span": [0, 3], "live": True, "score": 0.9, "target": "ai"}
    return {**essay(), "metaphors": [{**span, "source": source} for source in sources]}


FIVE = ("race", "war", "building", "body", "fire")
SIX = (*FIVE, "kin")


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (FIVE, "race (1), war (1), building (1), body (1) and fire (1)."),
        (SIX, "6 source domains, 1 from each."),
        ((*FIVE, "race"), "race (2), war (1), building (1), body (1) and fire (1)."),
        ((*SIX, "war", "war"), "war (3), and 5 from elsewhere."),
        ((*SIX, "other"), "6 source domains, 1 from each, and 1 from elsewhere."),
        (("race", "other", "other"), "race (1), and 2 from elsewhere."),
        (
            ("war", "war", "body", "body", "other", "other", "kin"),
            "war (2), body (2) and kin (1), and 2 from elsewhere.",
        ),
        ((*SIX, "race", "war", "other"), "race (2) and war (2), and 5 from elsewhere."),
        ((*SIX, "race", "race", "other", "other", "other"), "race (3), and 8 from elsewhere."),
    ],
)
def test_no_tie_of_source_domains_is_broken(sources: tuple[str, ...], said: str) -> None:
    assert write_headline(score_record(with_images(*sources)))[2] == f"Its live metaphors come from {said}"


def tied(record: dict[str, Any]) -> dict[str, Any]:
    """Let race and threat be present in every passage, two more frames in the first, and no others."""
    for passage in record["passages"]:
        passage["frames"] = {frame: 0.9 if frame in ("race", "threat") else 0.1 for frame in passage["frames"]}
    record["passages"][0]["frames"] |= {"values": 0.9, "hazard": 0.9}
    return record


def test_no_tie_of_frames_is_broken() -> None:
    assert write_headline(score_record(tied(essay())))[0] == (
        "Its strongest frames are race, in 8 of 8 passages, and threat, in 8, then values (1) and hazard (1)."
    )


def test_every_name_and_number_of_a_tie_is_a_link() -> None:
    record = tied(with_images(*SIX))
    frames, _, metaphors, portrayal = link_headline(Article(record, score_record(record), "B"), Trust({}))
    assert (
        '<a href="#b-frame-race">race, in 8 of 8 passages</a>, and <a href="#b-frame-threat">threat, in 8</a>' in frames
    )
    link = '<a href="#b-metaphors">{}</a>'
    more = with_images(*SIX, "war", "war")
    elsewhere = link_headline(Article(more, score_record(more)), Trust({}))[2]
    assert elsewhere.endswith('<a href="#source-war">war (3)</a>, and <a href="#metaphors">5</a> from elsewhere.')
    assert metaphors == f"Its live metaphors come from {link.format(6)} source domains, {link.format(1)} from each."
    us, china = ('<a href="#b-portrayal-us">{}</a>', '<a href="#b-portrayal-china">{}</a>')
    assert portrayal == (
        f"It speaks of {us.format('the US in 5 passages')}, ill in {us.format(3)}; "
        f"of {china.format('China in 5 passages')}, ill in {china.format(3)}."
    )


def portrayed(*of_us: tuple[str, int], of_china: tuple[str, int] | None = None) -> dict[str, Any]:
    """The essay, whose first passages speak of the US so (role, stance), and all of China as said."""
    record = essay()
    for passage, us in zip(record["passages"], [*of_us, *[None] * 8], strict=False):
        spoken = {"us": us, "china": of_china}
        passage["portrayal"] = {c: {"role": each[0], "stance": each[1]} for c, each in spoken.items() if each}
    return record


def test_a_stance_is_said_of_each_country_by_its_own_passages() -> None:
    record = portrayed(("leader", -1), ("leader", -1), of_china=("leader", 1))
    assert write_headline(score_record(record))[-1] == (
        "It speaks of the US in 2 passages, ill in 2; of China in 8 passages, well in 8, so clearly more often well "
        "than ill."
    )


def test_the_same_evidence_is_said_in_the_same_words() -> None:
    """Two countries spoken ill of in two passages and well of in one, China in one more that does neither."""
    record = portrayed(*(("none", stance) for stance in (-1, -1, 1, 0, 0, 0)), of_china=("none", 0))
    for passage, stance in zip(record["passages"], (-1, -1, 1), strict=False):
        passage["portrayal"]["china"]["stance"] = stance
    del record["passages"][-1]["portrayal"]["china"]
    assert write_headline(score_record(record))[-1] == (
        "It speaks of the US in 6 passages, ill in 2 and well in 1; of China in 7 passages, ill in 2 and well in 1."
    )


@pytest.mark.parametrize(
    ("stances", "said"),
    [
        ([-1], "ill in 1"),
        ([0], "neither ill nor well"),
        ([1, 0], "well in 1"),
        ([1, -1], "ill in 1 and well in 1"),
        ([1, 1, 1], "well in 3"),
        ([-1, 0, 0, 0, 0], "ill in 1"),
        ([-1, -1, -1, 0, 0], "ill in 3"),
        ([-1] * 6, "ill in 6, so clearly more often ill than well"),
        ([1] * 7 + [-1], "ill in 1 and well in 7, so clearly more often well than ill"),
    ],
)
def test_a_stance_is_a_count_and_a_side_only_where_its_interval_is_on_one(stances: list[int], said: str) -> None:
    us = score_record(portrayed(*(("threat", stance) for stance in stances))).portrayal["us"]
    assert say_stance(us) == said
    whole = say_portrayal(us)
    assert whole.startswith(
        "In 1 passage, as a threat. Spoken of" if len(stances) == 1 else f"In {len(stances)} passages"
    )
    assert ("%" in whole.partition(".")[0] or "100" in whole) == (len(stances) >= 3)


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        (["victim", "leader"], "In 2 passages, as the leader in 1 and as a victim in 1. Spoken of"),
        (["leader", "victim"] * 2, "In 4 passages, as the leader in 2 and as a victim in 2. Spoken of"),
        (["victim", "leader", "none"], "In 3 passages, as the leader in 1, as a victim in 1 and in no role in 1. Sp"),
    ],
)
def test_of_roles_as_common_none_is_the_commonest(roles: list[str], said: str) -> None:
    card = score_record(portrayed(*((role, 0) for role in roles)))
    assert all(say_portrayal(card.portrayal["us"], others=others).startswith(said) for others in (True, False))
    assert card.to_row()["us_role"] is None


def test_the_commonest_role_is_said_with_its_number() -> None:
    us = score_record(portrayed(*((role, 0) for role in ("leader", "leader", "threat", "leader")))).portrayal["us"]
    assert us.role == "leader"
    assert say_portrayal(us).startswith("In 4 passages, as the leader in 3, 75% (")
    assert "; as a threat in 1. Spoken of" in say_portrayal(us)


def test_a_comma_after_a_number_is_no_part_of_its_link() -> None:
    record = portrayed(*(("threat", -1) for _ in range(8)))
    said = link_headline(Article(record, score_record(record)), Trust({}))[-1]
    assert 'ill in <a href="#portrayal-us">8</a>, so clearly' in said


def measured(**frames: tuple[float, float]) -> Trust:
    """Trust in the frames named, each with the ends of its interval, the value midway; others are good."""
    known = {f"frames.{frame}": (0.82, 0.88) for frame in FRAMES} | {f"frames.{k}": v for k, v in frames.items()}
    return Trust({name: Measured(name, (low + high) / 2, low, high, None) for name, (low, high) in known.items()})


@pytest.mark.parametrize(
    ("frames", "warned"),
    [
        ({}, ""),
        ({"hazard": (0, 1)}, ""),  # it is not named
        ({"confidence": (0, 1)}, " How well confidence is found is hardly known."),
        ({"race": (0.3, 0.4), "state": (0.2, 0.5)}, " The detectors of race and state are weak."),
        (
            {"race": (0.3, 0.4), "state": (0, 1)},
            " The detector of race is weak. How well state is found is hardly known.",
        ),
    ],
)
def test_a_frame_that_is_hardly_found_says_so_where_it_is_named(frames: dict[str, Any], warned: str) -> None:
    card, trust = score_record(essay()), measured(**frames)
    assert write_headline(card, trust)[0] == write_headline(card)[0] + warned
    assert link_headline(Article(essay(), card), trust)[0].endswith(f"</a>.{warned}")


@settings(max_examples=25, deadline=None)
@given(records())
def test_there_is_a_headline_for_every_record(record: dict[str, Any]) -> None:
    card = score_record(record, every_passage=True)
    sentences = write_headline(card)
    assert bool(sentences) == (len(record["passages"]) >= FEWEST)
    assert all(each[0].isupper() and each.endswith(".") for each in sentences)
    assert write_scope(card).endswith(".")
    shares = [card.frames[frame].prevalence.value for frame in strongest_frames(card)]
    assert shares == sorted(shares, reverse=True)
    assert all(shares)
