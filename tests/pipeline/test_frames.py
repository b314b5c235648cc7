import numpy as np
import pytest
from hypothesis import given

from rhetoric.labels import COUNTRIES, FRAMES, ROLES, STANCES
from rhetoric.pipeline.actors import mark_actors
from rhetoric.pipeline.frames import ABOUT_FEATURES, FEATURES, Frames
from rhetoric.pipeline.layout import PASSAGE, columns
from rhetoric.pipeline.read import sigmoid
from rhetoric.pipeline.words import LABELS

from .makers import SURE, babble, encoded, say_named, say_passage, seeds, silent, steady, texts


def detector(threshold=0.5, words=silent, by_words=0.0):
    """Return the component as it is before its decisions are fitted: it goes by what the encoder says."""
    frames = np.zeros(len(FEATURES) + 1, dtype=np.float32)
    about = np.zeros(len(ABOUT_FEATURES) + 1, dtype=np.float32)
    frames[:2], about[0] = (1.0, by_words), 1.0
    return Frames(frames, about, words, threshold)


def portrayals(doc, threshold=0.5):
    return [passage._.portrayal for passage in detector(threshold)(mark_actors(doc)).spans["passage"]]


@steady
@given(texts, seeds)
def test_frames_are_the_probabilities_of_the_encoder(text, seed):
    doc = detector(0.5)(mark_actors(babble(encoded(f"{text}\n\nOf chips"), seed)))
    for passage in doc.spans["passage"]:
        scores, where = np.array(passage._.scores), columns(PASSAGE)
        assert passage._.about == pytest.approx(sigmoid(scores[where["about"]])[0], abs=1e-6)
        assert list(passage._.frames) == list(FRAMES)
        assert list(passage._.frames.values()) == pytest.approx(sigmoid(scores[where["frames"]]).tolist(), abs=1e-6)
        assert all(type(chance) is float for chance in [passage._.about, *passage._.frames.values()])
        for country, said in passage._.portrayal.items():
            assert country in COUNTRIES
            assert said["role"] in ROLES and said["stance"] in STANCES


def test_words_count_beside_the_encoder_for_frames_alone():
    doc = encoded("A race for chips.")
    (passage,) = doc.spans["passage"]
    for label in ("race", "hazard"):
        say_passage(passage, "frames", label, -1.0)

    def words(text):
        assert text == "A race for chips."
        return np.array([3.0 * (label == "race") for label in LABELS], dtype=np.float32)

    detector(words=words, by_words=1.0)(doc)
    assert passage._.frames["race"] == pytest.approx(sigmoid(np.float32(2.0)), abs=1e-6)
    assert passage._.frames["hazard"] == pytest.approx(sigmoid(np.float32(-1.0)), abs=1e-6)
    scores = np.array(passage._.scores)[columns(PASSAGE)["about"]]
    assert passage._.about == pytest.approx(sigmoid(scores)[0], abs=1e-6)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("China buys no soybeans.\n\nAmerica has plenty.", False),
        ("A bargaining chip.\n\nUnder the radar, in Xinjiang, an autonomous region.", False),
        ("China buys no soybeans.", True),  # a lone passage: the encoder's word holds
        ("China leads.\n\nIts chips do not.", True),
        ("China leads.\n\nIn artificial\nintelligence it does not.", True),
        ("China leads.\n\nNvidia does not.", True),
        ("The Soviets led.\n\nThe rocket was theirs.", True),
    ],
)
def test_a_document_without_a_word_of_the_matter_is_not_about_it(text, counted):
    doc = encoded(text)
    for passage in doc.spans["passage"]:
        say_passage(passage, "about", "about")
    assert {passage._.about >= 0.5 for passage in detector()(doc).spans["passage"]} == {counted}


def test_a_named_country_is_always_portrayed_by_the_words_that_name_it():
    doc = encoded("China leads.\n\nAnd America follows.\n\nNobody is named.")
    first, second, third = doc.spans["passage"]
    say_named(doc, "China", "role", "leader")
    say_named(doc, "China", "stance", "1")
    say_named(doc, "America", "role", "laggard")
    say_named(doc, "America", "stance", "-1")
    say_named(doc, "leads", "role", "threat", 3 * SURE)  # which names nobody
    for passage, country in ((first, "china"), (second, "us"), (third, "us")):
        say_passage(passage, f"role_{country}", "victim")
    assert portrayals(doc) == [
        {"china": {"role": "leader", "stance": 1}},
        {"us": {"role": "laggard", "stance": -1}},
        {},
    ]


def test_all_words_that_name_a_country_count_alike():
    for said, role in ((14.0, "laggard"), (11.0, "leader")):  # four tokens: twice 6 against that
        doc = encoded("The United States leads; Washington lags, and Washington knows.")
        say_named(doc, "United States", "role", "leader", 6.0)
        say_named(doc, "Washington", "role", "laggard", said)
        (portrayal,) = portrayals(doc)
        assert portrayal["us"]["role"] == role


def test_of_a_passage_that_names_both_the_whole_tells_the_stances():
    doc = encoded("China leads, and America follows.\n\nChina leads.")
    both, _ = doc.spans["passage"]
    for country, stance in (("china", "-1"), ("us", "1")):
        say_passage(both, f"role_{country}", "victim")
        say_passage(both, f"stance_{country}", stance)
    say_named(doc, "China", "role", "leader")
    say_named(doc, "China", "stance", "1")
    say_named(doc, "America", "role", "laggard")
    say_named(doc, "America", "stance", "-1")
    doc.tensor[doc.spans["passage"][1].start] = doc.tensor[0]  # what is said of the other "China"
    assert portrayals(doc) == [
        {"us": {"role": "laggard", "stance": 1}, "china": {"role": "leader", "stance": -1}},
        {"china": {"role": "leader", "stance": 1}},
    ]


def test_an_unnamed_country_is_portrayed_where_the_encoder_says_so():
    doc = encoded("The rival lags. China does not.")
    (passage,) = doc.spans["passage"]
    say_passage(passage, "spoken", "us", 0.0)  # probability 0.5
    say_passage(passage, "role_us", "laggard")
    assert list(portrayals(doc)[0]) == ["us", "china"]
    assert list(portrayals(doc, threshold=0.6)[0]) == ["china"]


def test_it_works_without_actors():
    doc = detector(0.5)(encoded("China leads."))
    assert doc.spans["passage"][0]._.portrayal == {}
