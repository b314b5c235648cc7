from typing import Any

import pytest
from hypothesis import given, settings
from scoring.records import essay, gold, make_record, off_topic
from scoring.strategies import records

from rhetoric.labels import FRAMES
from rhetoric.report.article.article import Article
from rhetoric.report.article.links import link_headline
from rhetoric.report.headline import say_portrayal, say_stance, strongest_frames, write_headline, write_scope
from rhetoric.report.trust import Measured, Trust
from rhetoric.scoring import score_record
from rhetoric.scoring.uncertainty import FEWEST, Estimate


def test_the_essay_in_a_few_sentences() -> None:
    card = score_record(essay())
    assert write_headline(card) == [
        "Its strongest frame is race, in 5 of 8 passages, then confidence (4) and state (3).",
        "It seems to unmask 7 accounts: 3 of both countries, 2 of the US and 2 of China.",
        "Its live metaphors come above all from race (15), machine (9) and material (6).",
        "It speaks of both the US and China mostly ill (not surely).",
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


def test_partial_framing_is_a_hint() -> None:
    card = score_record(make_record([row for row in gold() if row["framing"] == "partial" and row["about"]][:3]))
    said = "No account is seen to be unmasked, though 3 passages hint at it"
    assert f"{said}." in write_headline(card)
    metric = "framing.partial"
    for low, high, known in (
        (0, 0, "; the detector of hints is weak."),
        (0, 1, "; how well hints are found is hardly known."),
    ):
        assert f"{said}{known}" in write_headline(card, Trust({metric: Measured(metric, high / 2, low, high, None)}))
    assert f"{said}; how well hints are found is hardly known." in write_headline(card, Trust({}))


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
    assert write_headline(score_record(off_topic())) == []
    few, enough = (score_record(make_record(gold("essay.jsonl")[:passages])) for passages in (2, 3))
    assert write_headline(few) == [] and write_headline(enough)


def with_images(record: dict[str, Any], *sources: str) -> dict[str, Any]:
    """Give a record those live metaphors, and no others."""
    span = {"span": [0, 3], "live": True, "score": 0.9, "target": "ai"}
    return {**record, "metaphors": [{**span, "source": source} for source in sources]}


def images(*sources: str) -> str:
    return next(each for each in write_headline(score_record(with_images(essay(), *sources))) if "metaphors" in each)


def test_no_tie_is_broken() -> None:
    five = ("race", "war", "building", "body", "fire")
    assert images(*five) == "Its live metaphors come from race (1), war (1), building (1), body (1) and fire (1)."
    assert images(*five, "kin") == "Its live metaphors come from 6 source domains, 1 from each."
    assert images(*five, "race") == (
        "Its live metaphors come from race (2), war (1), building (1), body (1) and fire (1)."
    )
    assert images(*five, "kin", "war", "war") == "Its live metaphors come above all from war (3)."
    assert images(*five, "kin", "other") == (
        "Its live metaphors come from 6 source domains, 1 from each, and 1 from elsewhere."
    )
    assert images("race", "other", "other") == "Its live metaphors come from race (1) and other (2)."
    assert images(*five, "kin", *five[:2], "other") == "Its live metaphors come above all from race (2) and war (2)."
    assert (
        images(*five, "kin", "race", "race", *["other"] * 3)
        == "Its live metaphors come above all from race (3) and other (3)."
    )
    record = essay()
    for passage in record["passages"]:
        passage["frames"] = {frame: 0.9 if frame in ("race", "threat") else 0.1 for frame in passage["frames"]}
    record["passages"][0]["frames"] |= {"values": 0.9, "hazard": 0.9}
    assert write_headline(score_record(record))[0] == (
        "Its strongest frames are race, in 8 of 8 passages, and threat, in 8, then values (1) and hazard (1)."
    )


def test_every_name_and_number_of_a_tie_is_a_link() -> None:
    record = with_images(essay(), "race", "war", "building", "body", "fire", "kin")
    for passage in record["passages"]:
        passage["frames"] = {frame: 0.9 if frame in ("race", "threat") else 0.1 for frame in passage["frames"]}
    frames, _, metaphors, _ = link_headline(Article(record, score_record(record), "B"), Trust({}))
    assert (
        '<a href="#b-frame-race">race, in 8 of 8 passages</a>, and <a href="#b-frame-threat">threat, in 8</a>' in frames
    )
    link = '<a href="#b-metaphors">{}</a>'
    assert metaphors == f"Its live metaphors come from {link.format(6)} source domains, {link.format(1)} from each."


def test_a_stance_on_too_few_passages_is_said_to_be_one() -> None:
    record = essay()
    for at, passage in enumerate(record["passages"]):
        passage["portrayal"] = {"us": {"role": "leader", "stance": -1}} if at < 2 else {}
        passage["portrayal"] |= {"china": {"role": "leader", "stance": 1}}
    assert write_headline(score_record(record))[-1] == (
        "It speaks of the US ill in 2 of 2 passages (too few to tell) and of China almost always well."
    )
    for passage in record["passages"]:
        passage["portrayal"].pop("china")
        if "us" in passage["portrayal"]:
            passage["portrayal"]["china"] = {"role": "none", "stance": -1}
    few = "ill in 2 of 2 passages (too few to tell)"
    assert write_headline(score_record(record))[-1] == f"It speaks of the US {few} and of China {few}."


@pytest.mark.parametrize(
    ("stances", "said"),
    [
        ([-1], "ill in 1 passage (too few to tell)"),
        ([0], "neither ill nor well in 1 passage (too few to tell)"),
        ([1, 0], "well in 1 of 2 passages (too few to tell)"),
        ([1, -1], "neither ill nor well on balance in 2 passages (too few to tell)"),
        ([1, 1, 1], "well in 3 of 3 passages (not surely)"),
        ([-1, -1, -1, -1, 0], "ill in 4 of 5 passages"),
        ([-1, -1, -1, 0, 0], "mostly ill"),
        ([-1] * 6, "almost always ill"),
    ],
)
def test_of_few_passages_the_number_is_said(stances: list[int], said: str) -> None:
    record = essay()
    for passage, stance in zip(record["passages"], [*stances, *[None] * 8], strict=False):
        passage["portrayal"] = {} if stance is None else {"us": {"role": "threat", "stance": stance}}
    portrayed = score_record(record).portrayal["us"]
    assert say_stance(portrayed.stance).startswith(said)
    whole = say_portrayal(portrayed)
    assert "most often" not in whole
    assert whole.startswith(
        "In 1 passage, as a threat. Spoken of" if len(stances) == 1 else f"In {len(stances)} passages"
    )
    assert ("%" in whole.partition(".")[0] or "100" in whole) == (len(stances) >= 3)


def test_roles_of_few_passages_are_counted() -> None:
    record = essay()
    for at, passage in enumerate(record["passages"]):
        role = "leader" if at else "victim"
        passage["portrayal"] = {"us": {"role": role, "stance": 0}} if at < 2 else {}
    said = say_portrayal(score_record(record).portrayal["us"])
    assert said.startswith("In 2 passages, as the leader in 1 and as a victim in 1. Spoken of")


def test_of_two_roles_as_common_neither_is_the_commonest() -> None:
    record = essay()
    for at, passage in enumerate(record["passages"]):
        role = ("leader", "victim", "leader", "victim")[at % 4]
        passage["portrayal"] = {"us": {"role": role, "stance": 0}} if at < 4 else {}
    said = say_portrayal(score_record(record).portrayal["us"])
    assert said.startswith("In 4 passages, as the leader: 50%") and "most often" not in said


def measured(**frames: tuple[float, float]) -> Trust:
    """Trust in the frames named, each with the ends of its interval, the value midway; others are good."""
    known = {f"frames.{frame}": (0.82, 0.88) for frame in FRAMES} | {f"frames.{k}": v for k, v in frames.items()}
    return Trust({name: Measured(name, (low + high) / 2, low, high, None) for name, (low, high) in known.items()})


def test_a_frame_that_is_hardly_found_says_so_where_it_is_named() -> None:
    card = score_record(essay())
    plain = write_headline(card)[0]
    assert write_headline(card, measured())[0] == plain
    assert write_headline(card, measured(confidence=(0.0, 1.0)))[0] == (
        f"{plain} How well confidence is found is hardly known."
    )
    assert write_headline(card, measured(race=(0.3, 0.4), state=(0.2, 0.5)))[0] == (
        f"{plain} The detectors of race and state are weak."
    )
    both = write_headline(card, measured(race=(0.3, 0.4), state=(0.0, 0.9)))[0]
    assert both == f"{plain} The detector of race is weak. How well state is found is hardly known."
    assert write_headline(card, measured(hazard=(0.0, 1.0)))[0] == plain, "it is not named"
    linked = link_headline(Article(essay(), card), measured(state=(0.0, 0.9)))
    assert linked[0].endswith('<a href="#frame-state">state (3)</a>. How well state is found is hardly known.')


def test_a_stance_whose_interval_allows_the_other_side_is_not_sure() -> None:
    assert say_stance(Estimate(-0.25, -0.7, 0.2, 8)) == "rather ill (not surely)"
    assert say_stance(Estimate(-0.25, -0.4, -0.1, 8)) == "rather ill"
    assert say_stance(Estimate(0.05, -0.4, 0.5, 8)) == "neither ill nor well on balance"


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
