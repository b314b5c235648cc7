from itertools import product

import numpy as np
import pytest
from hypothesis import given

from rhetoric.labels import SOURCES, TARGETS
from rhetoric.pipeline.layout import TOKEN, column
from rhetoric.pipeline.metaphor import FEATURES, Metaphors, features_of
from rhetoric.pipeline.read import sigmoid

from .makers import SURE, babble, encoded, hush, say, seeds, steady, texts


def detect(live=0.5, related=0.5):
    """Return the component as it is before its decision is fitted: it goes by what the encoder says."""
    weights = np.zeros(len(FEATURES) + 1, dtype=np.float32)
    weights[FEATURES.index("encoder")] = 1.0
    return Metaphors(weights, live, related)


def found(doc, live=0.5, related=0.5):
    return [(span.text, span.label_) for span in detect(live, related)(doc).spans["metaphor"]]


def test_neighbouring_live_words_are_one_image():
    doc = encoded("Belief is the hidden lubricant of the race.")
    say(doc, "hidden lubricant", "marks", "live")
    say(doc, "race", "marks", "live")
    assert found(doc) == [("hidden lubricant", "live"), ("race", "live")]


@pytest.mark.parametrize(
    ("text", "live", "image"),
    [
        ("A double-edged sword", ["edged sword"], ["double-edged sword"]),
        ("It runs round-the-clock now", ["clock"], ["round-the-clock"]),
        ("A win-win deal", ["win-win"], ["win-win"]),
        ("The US-China race", ["race"], ["race"]),
        ("A race - a sprint", ["race"], ["race"]),
        ("A race -a sprint", ["race"], ["race"]),
        ("The cutting-edge chip", ["-"], []),
        ("Off the road we went", ["the road"], ["road"]),
        ("It leads the pack", ["leads the"], ["leads"]),
        ("This is their way", ["their"], []),
        ("It is the one", ["the"], []),
        ("A “third wave,” they say", ["“third wave,”"], ["third wave"]),
        ('A "race to the bottom" of rules', ['"race to the bottom'], ["race to the bottom"]),
    ],
)
def test_an_image_is_of_whole_words_without_article(text, live, image):
    doc = encoded(text)
    for words in live:
        say(doc, words, "marks", "live")
    assert [words for words, label in found(doc) if label == "live"] == image


def test_an_image_runs_across_the_line_ends_of_wrapped_text():
    doc = encoded("Belief is by all accounts the hidden\nlubricant of the race.")
    say(doc, "hidden\nlubricant", "marks", "live", 1.0)
    hush(doc)
    assert found(doc) == [("hidden\nlubricant", "live")]
    (passage,) = doc.spans["passage"]
    told = features_of(passage)[[token.text == "lubricant" for token in passage]]
    assert told.tolist() == [[1.0, 1.0, -8.0]]


def test_what_stands_beside_an_image_may_belong_to_it():
    doc = encoded("The hidden lubricant of trade")
    say(doc, "lubricant", "marks", "live", 6.0)
    say(doc, "hidden", "marks", "live", -1.0)
    say(doc, "trade", "marks", "live", -1.0)
    component = detect()
    component.weights = np.array([1.0, 0.2, 0.2, 0.0], dtype=np.float32)
    assert [span.text for span in component(doc).spans["metaphor"]] == ["lubricant"]
    component.weights = np.array([1.0, 0.5, 0.5, 3.0], dtype=np.float32)
    assert [span.text for span in component(doc).spans["metaphor"]] == ["hidden lubricant"]


def test_an_image_has_the_source_and_target_that_its_words_favour_together():
    doc = encoded("The hidden lubricant")
    say(doc, "hidden lubricant", "marks", "live")
    say(doc, "hidden", "source", "light", 1.0)
    say(doc, "lubricant", "source", "machine", 3.0)
    say(doc, "hidden lubricant", "target", "competition")
    (span,) = detect(0.5, 0.5)(doc).spans["metaphor"]
    assert (span._.source, span._.target, span._.live) == ("machine", "competition", True)


def test_an_image_is_as_sure_as_its_surest_word():
    doc = encoded("The hidden lubricant")
    say(doc, "hidden", "marks", "live", 1.0)
    say(doc, "lubricant", "marks", "live", 2.0)
    (span,) = detect(0.5, 0.5)(doc).spans["metaphor"]
    assert span._.metaphor_score == pytest.approx(1 / (1 + 2.718281828**-2))


def test_other_metaphor_words_stand_alone_and_have_no_source():
    doc = encoded("It runs in the family")
    say(doc, "runs in", "marks", "metaphor")
    assert found(doc) == [("runs", "metaphor"), ("in", "metaphor")]
    assert all((span._.live, span._.source, span._.target) == (False, None, None) for span in doc.spans["metaphor"])


def test_a_live_word_is_not_told_twice():
    doc = encoded("The race is on")
    say(doc, "race is", "marks", "metaphor")
    say(doc, "race", "marks", "live")
    assert found(doc) == [("race", "live"), ("is", "metaphor")]


def test_thresholds():
    doc = encoded("The race is on")
    say(doc, "race", "marks", "live", 0.0)  # probability 0.5
    say(doc, "on", "marks", "metaphor", 0.0)
    assert found(doc) == [("race", "live"), ("on", "metaphor")]
    assert found(doc, live=0.6) == [("on", "metaphor")]
    assert found(doc, related=0.6) == [("race", "live")]


@pytest.mark.parametrize(
    ("mark", "said"), [*product([".", "-", ",", "|", "→"], ["live", "metaphor"]), ("1 2 3", "live")]
)
def test_what_has_no_letter_is_no_image(mark, said):
    doc = encoded(f"The state {mark} it")
    say(doc, mark, "marks", said)
    assert found(doc) == []


def test_punctuation_and_space_are_no_metaphor():
    doc = encoded("One  - two.")
    doc.tensor[:] = SURE
    assert found(doc, live=1.1) == [("One", "metaphor"), ("two", "metaphor")]


def test_an_image_stays_in_its_passage():
    doc = encoded("The race\n\nRace on")
    say(doc, "race", "marks", "live")
    say(doc, "Race", "marks", "live")
    assert found(doc) == [("race", "live"), ("Race", "live")]


@steady
@given(texts, seeds)
def test_what_is_found_is_in_order_apart_and_inside_a_passage(text, seed):
    doc = detect(0.5, 0.5)(babble(encoded(text), seed))
    bounds = [(passage.start, passage.end) for passage in doc.spans["passage"]]
    at = 0
    for span in doc.spans["metaphor"]:
        assert at <= span.start < span.end
        at = span.end
        assert any(start <= span.start and span.end <= end for start, end in bounds)
        assert not span.text.isspace()
        assert 0.5 <= span._.metaphor_score <= 1
        if span._.live:
            assert span.label_ == "live" and span._.source in SOURCES and span._.target in TARGETS
            assert any(letter.isalpha() for letter in span.text)
        else:
            assert span.label_ == "metaphor" and len(span) == 1


def test_every_live_word_is_in_an_image():
    doc = babble(encoded("The race runs on and on and the state lends it wings"), 1)
    live = {token.i for token in doc if sigmoid(doc.tensor[token.i, column(TOKEN, "marks", "live")]) >= 0.5}
    spans = detect(0.5, 1.1)(doc).spans["metaphor"]
    assert {token.i for span in spans for token in span} == live
