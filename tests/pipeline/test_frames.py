import numpy as np
import pytest
from hypothesis import given

from rhetoric.labels import COUNTRIES, FRAMES, ROLES, STANCES
from rhetoric.pipeline.actors import mark_actors
from rhetoric.pipeline.frames import Frames
from rhetoric.pipeline.layout import PASSAGE, columns
from rhetoric.pipeline.read import sigmoid

from .makers import babble, cutter, encoded, say_passage, seeds, steady, texts


def portrayals(doc, threshold=0.5):
    return [passage._.portrayal for passage in Frames(threshold)(mark_actors(doc)).spans["passage"]]


@steady
@given(texts, seeds)
def test_frames_are_the_probabilities_of_the_encoder(text, seed):
    doc = Frames(0.5)(mark_actors(babble(encoded(text), seed)))
    for passage in doc.spans["passage"]:
        scores, where = np.array(passage._.scores), columns(PASSAGE)
        assert passage._.about == pytest.approx(sigmoid(scores[where["about"]])[0], abs=1e-6)
        assert list(passage._.frames) == list(FRAMES)
        assert list(passage._.frames.values()) == pytest.approx(sigmoid(scores[where["frames"]]).tolist(), abs=1e-6)
        assert all(type(chance) is float for chance in [passage._.about, *passage._.frames.values()])
        for country, said in passage._.portrayal.items():
            assert country in COUNTRIES
            assert said["role"] in ROLES and said["stance"] in STANCES


def test_a_named_country_is_always_portrayed():
    doc = encoded("China leads.\n\nAnd America follows.\n\nNobody is named.")
    first, second, third = doc.spans["passage"]
    say_passage(first, "role_china", "leader")
    say_passage(first, "stance_china", "1")
    say_passage(second, "role_us", "laggard")
    say_passage(second, "stance_us", "-1")
    say_passage(third, "role_us", "threat")
    assert portrayals(doc) == [
        {"china": {"role": "leader", "stance": 1}},
        {"us": {"role": "laggard", "stance": -1}},
        {},
    ]


def test_an_unnamed_country_is_portrayed_where_the_encoder_says_so():
    doc = encoded("The rival lags. China does not.")
    (passage,) = doc.spans["passage"]
    say_passage(passage, "spoken", "us", 0.0)  # probability 0.5
    say_passage(passage, "role_us", "laggard")
    assert list(portrayals(doc)[0]) == ["us", "china"]
    assert list(portrayals(doc, threshold=0.6)[0]) == ["china"]


def test_it_works_without_actors():
    doc = Frames(0.5)(encoded("China leads."))
    assert doc.spans["passage"][0]._.portrayal == {}


def test_without_an_encoder_it_says_what_is_missing():
    with pytest.raises(ValueError, match="rhetoric_encoder"):
        Frames(0.5)(cutter()("China leads."))
