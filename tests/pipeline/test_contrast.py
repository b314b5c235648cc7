from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.labels import CONTRASTS
from rhetoric.pipeline.candidates import FEATURES, Heard, describe, propose
from rhetoric.pipeline.contrast import Contrasts
from rhetoric.pipeline.layout import SILENT

from .makers import babble, cutter, encoded, said, say, say_side, seeds, steady, texts

TEXT = "They say that this is not innovation but integration, and they mean it."


def weights(**given):
    """Return a decision that rests on some features; ``alone`` is the constant."""
    named = {name.replace("_", " "): value for name, value in given.items()}
    assert named.keys() <= {*FEATURES, "alone"}
    return np.array([named.get(name, 0.0) for name in (*FEATURES, "alone")], dtype=np.float32)


BOTH = weights(inside_a=10, inside_b=10, alone=-15)  # the encoder must be sure of either side


def contrasts(doc, decision=BOTH, threshold=0.5, trust=2.0):
    return list(Contrasts(decision, threshold, trust)(doc).spans["contrast"])


def correction():
    doc = encoded(TEXT)
    say_side(doc, "innovation", "a")
    say_side(doc, "integration", "b")
    return doc


def test_a_correction():
    doc = correction()
    (found,) = contrasts(doc)
    assert found.label_ == "correction"
    assert found.text == "innovation but integration"
    assert said(doc, [found._.a, found._.b]) == ["innovation", "integration"]
    assert said(doc, found._.contrast_cue) == ["not", "but"]
    assert found._.contrast_score == pytest.approx(1 / (1 + np.exp(-5)), abs=1e-4)


def test_without_the_encoder_s_word_a_cue_is_not_enough():
    assert contrasts(encoded(TEXT)) == []


def test_the_type_is_what_cue_and_encoder_say_together():
    doc = correction()
    for side in ("innovation", "integration"):
        say(doc, side, "contrast", "opposition", -8.0)  # two nats likelier than the others
    (sceptical,) = contrasts(doc, trust=0.0)
    assert sceptical.label_ == "opposition"
    (trusting,) = contrasts(doc, trust=3.0)
    assert trusting.label_ == "correction"


def test_the_encoder_finds_sides_that_no_cue_marks():
    doc = encoded("One of them runs on borrowed confidence and the other one on borrowed time.")
    say_side(doc, "One of them runs on borrowed confidence", "a")
    say_side(doc, "the other one on borrowed time", "b")
    for side in ("borrowed confidence", "borrowed time"):
        say(doc, side, "contrast", "antithesis")
    (found,) = contrasts(doc)
    assert found.label_ == "antithesis"
    assert said(doc, [found._.a, found._.b]) == [
        "One of them runs on borrowed confidence",
        "the other one on borrowed time",
    ]
    assert found._.contrast_cue == []


def test_sides_run_across_the_line_ends_of_wrapped_text():
    wrapped = (
        "It is not a race between two of the great powers\nof this world but a relay that both of them\nrun and lose"
    )
    doc = encoded(wrapped)
    assert len(doc.spans["passage"]) == 1
    sides = ["a race between two of the great powers\nof this world", "a relay that both of them\nrun"]
    say_side(doc, sides[0], "a")
    say_side(doc, sides[1], "b")
    for token in doc:
        if token.is_space:
            doc.tensor[token.i] = SILENT
    assert sides in [said(doc, [found._.a, found._.b]) for found in contrasts(doc)]


def test_white_space_alone_is_no_contrast():
    # Nothing is said of line ends: a search that is eager for sides must not take two of them for a pair.
    doc = encoded(
        "It is a race between two of the great powers\nof this world and both of them like to be\nin the lead"
    )
    candidates = propose(Heard(doc.spans["passage"][0]))
    assert all(doc.text[slice(*side)].strip() for candidate in candidates for side in (candidate.a, candidate.b))
    assert not [candidate for candidate in candidates if candidate.origin == "search"]


def test_the_likelier_of_two_that_clash_stands():
    doc = encoded("It is less a race than a relay, not a sprint.")
    everything = contrasts(doc, weights(alone=1))
    reaches = [sorted([*found._.a, *found._.b]) for found in everything]
    assert len(everything) >= 1
    for one, other in combinations(everything, 2):
        apart = one._.b[1] <= other._.a[0] or other._.b[1] <= one._.a[0]
        within = any(
            side[0] <= inner._.a[0] and inner._.b[1] <= side[1]
            for outer, inner in ((one, other), (other, one))
            for side in (outer._.a, outer._.b)
        )
        assert apart or within, reaches


def test_the_threshold_is_a_probability():
    doc = correction()
    (found,) = contrasts(doc)
    score = found._.contrast_score
    assert len(contrasts(doc, threshold=score - 0.001)) == 1
    assert contrasts(doc, threshold=score + 0.001) == []


def test_a_lower_threshold_finds_no_fewer():
    doc = babble(
        encoded("It is not a race but a relay. Yet it runs, while the state pays; although nobody asks. " * 2), 5
    )
    decision = weights(inside_a=3, inside_b=3, outside_a=-1, alone=-2)
    counts = [len(contrasts(doc, decision, threshold)) for threshold in (0.9, 0.6, 0.3, 0.0)]
    assert counts == sorted(counts) and counts[-1] > 0


@steady
@given(texts, seeds, st.floats(-3, 3))
def test_what_is_found_is_in_order_and_lies_in_its_passage(text, seed, alone):
    doc = babble(encoded(text), seed)
    decision = np.random.default_rng(seed).normal(0, 1, len(FEATURES) + 1).astype(np.float32)
    decision[-1] = alone
    found = contrasts(doc, decision)
    bounds = [(passage.start_char, passage.end_char) for passage in doc.spans["passage"]]
    assert [span.start for span in found] == sorted(span.start for span in found)
    for span in found:
        assert span.label_ in CONTRASTS
        (a, b), (c, d) = span._.a, span._.b
        (home,) = [(start, end) for start, end in bounds if start <= a < end]
        assert home[0] <= a < b <= c < d <= home[1]
        assert span.start_char <= a and d <= span.end_char
        assert text[a:b].strip() and text[c:d].strip()
        assert all(home[0] <= start < end <= home[1] for start, end in span._.contrast_cue)
        assert 0.5 <= span._.contrast_score <= 1


@steady
@given(texts, seeds)
def test_every_candidate_can_be_described(text, seed):
    doc = babble(encoded(text), seed)
    for passage in doc.spans["passage"]:
        seen = Heard(passage)
        candidates = propose(seen)
        assert len({(candidate.a, candidate.b) for candidate in candidates}) == len(candidates)
        for candidate in candidates:
            features = describe(seen, candidate)
            assert len(features) == len(FEATURES) and np.isfinite(features).all()
            assert seen.type_of(candidate).sum() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("text", ["", " \n ", "Word", "..."])
def test_too_little_for_a_contrast(text):
    assert contrasts(babble(encoded(text), 0), weights(alone=9)) == []


def test_without_an_encoder_it_says_what_is_missing():
    with pytest.raises(ValueError, match="rhetoric_encoder"):
        contrasts(cutter()("Not this but that."))
