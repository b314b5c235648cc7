from typing import Any

import numpy as np
from hypothesis import given
from training.makers import authored

from rhetoric import annotate, load
from rhetoric.labels import ABOUT, FRAMES, PRESENT
from rhetoric.pipeline.sentences import CARRIERS, TRIED, find_sentences
from rhetoric.pipeline.text import text_of
from rhetoric.training.benchmarks.joins import make_joins, measure_joins

from .makers import cutter, silent, steady, texts

TWO = "The race is on. Nobody runs. It never rains."


class Rules:
    """Stands in for a pipeline: a frame is the surer the more often its name is there, and weighs as much in words."""

    def __init__(self, about: float = 1.0, surest: str = "") -> None:
        self.about, self.surest, self.read = about, surest, list[str]()
        self.vocab = cutter().vocab

    def get_pipe(self, name: str) -> Any:
        pipes = {"rhetoric_encoder": lambda doc: doc, "rhetoric_frames": _Frames(self)}
        return pipes[name]

    def doc(self, text: str) -> Any:
        return self.say(cutter()(text))

    def say(self, doc: Any) -> Any:
        for span in doc.spans["passage"]:
            said = text_of(span)
            self.read.append(said)
            chance = {frame: 1 - 0.4 ** said.count(frame) for frame in FRAMES}
            span._.frames = {frame: min(each, 0.999) for frame, each in chance.items()}
            span._.about = 0.1 if "off topic" in said else self.about
        return doc


class _Frames:
    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def __call__(self, doc: Any) -> Any:
        return self.rules.say(doc)

    def words(self, text: str) -> Any:
        said = silent(text)
        said[: len(FRAMES)] = [text.count(frame) for frame in FRAMES]
        return said


def found(text: str, frame: str = "race") -> list[tuple[str, float] | None]:
    rules: Any = Rules()
    said = [each.get(frame) for each in find_sentences(rules, rules.doc(text))]  # type: ignore[call-overload]
    return [(text[each["start"] : each["end"]], each["without"]) if each else None for each in said]


def test_the_sentence_is_the_one_without_which_it_is_least_sure() -> None:
    assert found(TWO) == [("The race is on.", 0.0)]
    assert found("One race. A race, a race after all. And a race.") == [("A race, a race after all.", 0.84)]


def test_space_around_it_is_left_out() -> None:
    assert found("Nobody runs.   The race is on.   Why?") == [("The race is on.", 0.0)]


def test_there_is_none_where_there_is_nothing_to_choose() -> None:
    assert found("The race is on.") == [None]
    assert found("Nobody runs. It never rains.") == [None]
    assert found("") == []
    rules: Any = Rules()
    doc = rules.doc(TWO)
    doc.spans["passage"][0]._.frames["values"] = 0.9  # and no sentence changes that
    rules.say = lambda copy: (
        [setattr(s._, "frames", dict.fromkeys(FRAMES, 0.95)) for s in copy.spans["passage"]] and copy
    )
    assert find_sentences(rules, doc) == [{}]


def test_only_the_surest_passages_are_read_again_counted_or_not() -> None:
    said = [f"{'race ' * times}is here. Nothing else." for times in (1, 2, 3, 4)]
    text = "\n\n".join([*said, "off topic race race race race race. Nothing else."])
    assert [bool(each) for each in found(text)] == [False, False, True, True, True]
    assert CARRIERS == 2


def test_only_the_sentences_whose_words_weigh_most_are_left_out() -> None:
    rules: Any = Rules()
    doc = rules.doc(" ".join(f"{'race ' * at}number {at}." for at in range(1, 30)))
    rules.read.clear()
    find_sentences(rules, doc)
    assert len(doc.spans["passage"]) > CARRIERS
    assert len(rules.read) == TRIED * CARRIERS


@steady
@given(texts)
def test_sentences_of_any_text_lie_in_their_passage(text: str) -> None:
    rules: Any = Rules()
    doc = rules.doc(text + " race. value war race! threat threat\nthreat")
    for passage, said in zip(doc.spans["passage"], find_sentences(rules, doc), strict=True):
        for frame, each in said.items():
            assert passage.start_char <= each["start"] < each["end"] <= passage.end_char
            words = doc.text[each["start"] : each["end"]]
            assert words == words.strip() and frame in words
            assert 0 <= each["without"] < passage._.frames[frame]


def test_the_bars_are_those_of_the_scorecard() -> None:
    rules: Any = Rules(about=ABOUT)
    doc = rules.doc(TWO)
    doc.spans["passage"][0]._.frames["race"] = PRESENT
    assert find_sentences(rules, doc)[0].keys() == {"race"}
    doc.spans["passage"][0]._.frames["race"] = PRESENT - 0.001
    assert find_sentences(rules, doc)[0] == {}


def test_of_two_joined_passages_the_sentence_is_from_the_one_that_has_the_frame() -> None:
    """With the weights that ship, which have seen these passages: docs/report.md has the figure for unseen ones."""
    joins = make_joins(authored(), 4)
    assert len(joins) == 4 * len(FRAMES) and all(0 <= join.start < join.end <= len(join.text) for join in joins)
    said, right = measure_joins(joins, load())
    assert said >= 8
    assert right >= 0.8 * said


def test_records_say_it_where_asked_and_else_stay_as_they_are() -> None:
    text = (
        "Beijing and Washington are locked in a race for AI supremacy that neither can afford to lose. "
        "The weather in both capitals was mild last week. Officials declined to comment on the forecast."
    )
    plain, asked = annotate(text), annotate(text, sentences=True)
    sentence: Any = asked["passages"][0]["sentences"]["race"]  # type: ignore[typeddict-item]
    assert text[sentence["start"] : sentence["end"]].startswith("Beijing and Washington")
    assert sentence["without"] == round(sentence["without"], 4) < asked["passages"][0]["frames"]["race"]
    assert "sentences" not in plain["passages"][0]
    for passage in asked["passages"]:
        passage.pop("sentences", None)
    assert asked == plain


def test_there_is_no_join_without_both_kinds_of_passage() -> None:
    rows = [row for row in authored() if row["about"] and row["frames"]["race"]][:20]
    assert not [join for join in make_joins(rows, 2) if join.frame == "race"]
    assert all(np.diff([join.start, join.end]) > 0 for join in make_joins(authored()[:200], 1))
