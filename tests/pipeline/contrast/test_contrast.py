from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.labels import CONTRASTS
from rhetoric.pipeline.contrast import FEATURES as ASKED
from rhetoric.pipeline.contrast import Contrasts, prepare
from rhetoric.pipeline.contrast.candidates import FEATURES, Heard, propose, propose_from_text
from rhetoric.pipeline.contrast.cues import find_contrasts
from rhetoric.pipeline.layout import TOKEN, VECTOR, width
from rhetoric.pipeline.read import softmax, token_probability, token_scores

from ..makers import SURE, babble, encoded, hush, said, say, say_side, seeds, steady, texts

TEXT = "They say that this is not innovation but integration, and they mean it."


def weights(**given):
    """Return a decision that rests on some features; ``alone`` is the constant."""
    named = {name.replace("_", " "): value for name, value in given.items()}
    assert named.keys() <= {*ASKED, "alone"}
    return np.array([named.get(name, 0.0) for name in (*ASKED, "alone")], dtype=np.float32)


BOTH = weights(inside_a=10, inside_b=10, alone=-15)  # the encoder must be sure of either side


def undecided(vectors, sides):
    """Judge nothing: every verdict is as likely as the next."""
    assert vectors.shape[1] == VECTOR and sides.shape[1] == 4
    return np.zeros((len(sides), 1 + len(CONTRASTS)), dtype=np.float32)


def judge(label, logit):
    """Return a judge that says ``label`` of every candidate."""

    def says(vectors, sides):
        found = undecided(vectors, sides)
        found[:, 1 + CONTRASTS.index(label)] = logit
        return found

    return says


def contrasts(doc, decision=BOTH, threshold=0.5, judge=undecided, weigher=None):
    return list(Contrasts(decision, threshold, judge, weigher)(doc).spans["contrast"])


def features(doc, judge=undecided):
    """Return what the features of each candidate of a one-passage document are, by the text of its sides."""
    (each,) = prepare(doc, judge)
    rows = [dict(zip(FEATURES, row.tolist(), strict=True)) for row in each.features]
    sides = [(doc.text[slice(*one.a)], doc.text[slice(*one.b)]) for one in each.candidates]
    return dict(zip(sides, rows, strict=True))


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


def weighing(feature, label):
    """Return what stands in for a weigher: the more of ``feature``, the surer it is of ``label``."""

    def weigh(told):
        found = np.zeros((len(told), 1 + len(CONTRASTS)), dtype=np.float32)
        found[:, 1 + CONTRASTS.index(label)] = 20 * told[:, FEATURES.index(feature)] - 10
        return found

    return weigh


def test_the_weigher_decides_and_names_the_type():
    doc = correction()
    decision = weights(weigher=1.0)
    found = contrasts(doc, decision, 0.99, weigher=weighing("sure sides", "opposition"))
    assert [said(doc, [each._.a, each._.b]) for each in found] == [["innovation", "integration"]]
    assert [each.label_ for each in found] == ["opposition"]


def test_without_a_weigher_the_judge_s_word_stands_for_it():
    doc = correction()
    assert contrasts(doc, weights(weigher=1.0, alone=-2.0)) == []
    found = contrasts(doc, weights(weigher=1.0, alone=-2.0), judge=judge("antithesis", 9.0))
    assert {each.label_ for each in found} == {"antithesis"}


def test_the_judge_has_a_say_in_what_is_a_contrast():
    doc = correction()
    decision = weights(judged=1.0, alone=-3.0)
    assert contrasts(doc, decision) == []
    assert len(contrasts(doc, decision, judge=judge("correction", 9.0))) >= 1


def test_the_judge_is_shown_the_tokens_of_both_sides():
    doc = correction()
    seen = []

    def looking(vectors, sides):
        seen.append((vectors.copy(), sides.tolist()))
        return undecided(vectors, sides)

    doc.tensor[:, width(TOKEN) :] = np.arange(len(doc))[:, None]
    contrasts(doc, judge=looking)
    ((vectors, sides),) = seen
    assert vectors[:, 0].tolist() == list(range(len(doc)))
    shown = [(doc[a:b].text, doc[c:d].text) for a, b, c, d in sides]
    assert ("innovation", "integration") in shown


def test_the_encoder_finds_sides_that_no_cue_marks():
    doc = encoded("One of them runs on borrowed confidence and the other one on borrowed time.")
    say_side(doc, "One of them runs on borrowed confidence", "a")
    say_side(doc, "the other one on borrowed time", "b")
    (found,) = contrasts(doc, judge=judge("antithesis", 1.0))
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
    hush(doc)
    assert sides in [said(doc, [found._.a, found._.b]) for found in contrasts(doc)]


def test_a_likely_cue_runs_across_line_ends_and_holds_a_word():
    doc = encoded("It was to be a race between the two powers, by\ncontrast - it is now one of many that few will win.")
    say(doc, "by\ncontrast", "marks", "contrast-cue")
    say(doc, "many", "marks", "contrast-cue")
    hush(doc)
    seen = Heard(doc.spans["passage"][0])
    assert said(doc, seen.likely_cue(0, len(doc) - 1)) == ["by\ncontrast", "many"]
    say(doc, "-", "marks", "contrast-cue")
    say(doc, "by", "marks", "contrast-cue", -SURE)
    say(doc, "contrast", "marks", "contrast-cue", -SURE)
    assert said(doc, Heard(doc.spans["passage"][0]).likely_cue(0, len(doc) - 1)) == ["many"]


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
    decision = np.random.default_rng(seed).normal(0, 1, len(ASKED) + 1).astype(np.float32)
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
    for each in prepare(doc, judge("antithesis", 3.0)):
        assert len({(candidate.a, candidate.b) for candidate in each.candidates}) == len(each.candidates)
        assert each.judged.shape == (len(each.candidates), 1 + len(CONTRASTS))
        assert each.features.shape == (len(each.candidates), len(FEATURES))
        assert np.isfinite(each.features).all()


@steady
@given(texts, seeds)
def test_a_candidate_is_described_by_its_own_words(text, seed):
    """Each feature that all candidates of a passage have worked out together is what one by itself would have."""
    doc = babble(encoded(text), seed)
    for passage, each in zip(doc.spans["passage"], prepare(doc, undecided), strict=True):
        sides = softmax(token_scores(passage, "sides"))
        types = softmax(token_scores(passage, "contrast"))
        cues = token_probability(passage, "marks", "contrast-cue")
        for candidate, row in zip(each.candidates, each.features, strict=True):
            a, b = (touched(passage, side) for side in (candidate.a, candidate.b))
            found = dict(zip(FEATURES, row.tolist(), strict=True))
            low, high = min(candidate.a[0], candidate.b[0]), max(candidate.a[1], candidate.b[1])
            between = sides[a[-1] + 1 : b[0], 0]
            should = {
                "inside a": sides[a, 1:3].sum(axis=1).mean(),
                "inside b": sides[b, 3:5].sum(axis=1).mean(),
                "begin a": sides[a[0], 1],
                "begin b": sides[b[0], 3],
                "outside a": sides[a, 0].mean(),
                "outside b": sides[b, 0].mean(),
                "cue": cues[touched(passage, (max(0, low - 12), high))].max(),
                "between": between.mean() if len(between) else 0.5,
                "length": np.log(len(a) + len(b)),
                "unequal": abs(np.log(len(a) / len(b))),
                "apart": np.log1p(len(between)),
                "likeness": (alike(passage, a, b, "lower_") + alike(passage, a, b, "pos_")) / 2,
                "type concession": types[[*a, *b], CONTRASTS.index("concession")].mean(),
                "searched": float(candidate.origin == "search"),
                "neighbours": float(candidate.origin == "place"),
                "shortened": float(candidate.shortened),
            }
            assert {name: found[name] for name in should} == pytest.approx(should, abs=1e-4)


def touched(passage, span):
    """Return the positions of the tokens that a range of characters touches."""
    start, end = (passage.start_char + at for at in span)
    return [at for at, token in enumerate(passage) if token.idx < end and token.idx + len(token) > start]


def alike(passage, a, b, name):
    left, right = ({getattr(passage[at], name) for at in side} for side in (a, b))
    return 2 * len(left & right) / (len(left) + len(right))


def test_cue_words_count_where_they_stand_by_the_sides():
    found = features(encoded("Not the state but the market decides, although nobody asks for that."))
    row = found["the state", "the market decides"]
    assert (row["word not"], row["word but"], row["word although"], row["cue says correction"]) == (1, 1, 0, 1)


def test_what_the_judge_says_is_told_as_log_odds_and_as_shares():
    row = next(iter(features(correction(), judge("antithesis", 2.0)).values()))
    assert row["judged"] == pytest.approx(np.log(np.exp(2) + 3))
    assert row["judged antithesis"] == pytest.approx(np.exp(2) / (np.exp(2) + 3))


@pytest.mark.parametrize("text", ["", " \n ", "Word", "..."])
def test_too_little_for_a_contrast(text):
    assert contrasts(babble(encoded(text), 0), weights(alone=9)) == []


@pytest.mark.parametrize(
    ("text", "a", "b"),
    [
        ("Last year prices fell and satisfaction rose, says the report.", "Last year prices fell", "satisfaction rose"),
        ("At Oulu, a hall needs one adult, where six rooms need six.", "a hall needs one adult", "six rooms need six"),
        ("They refused eleven times, and then complied twice; why?", "They refused eleven times", "complied twice"),
    ],
)
def test_what_is_joined_between_two_breaks_is_proposed(text, a, b):
    assert (a, b) in [(text[slice(*one)], text[slice(*other)]) for one, other in propose_from_text(text)]


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("We want to lead in AI. However, it cuts research.", ("We want to lead in AI", "it cuts research")),
        ("It grew in 2016–2025, but wages fell.", ("It grew in 2016–2025", "wages fell")),
        ("Not at 10:30 but at 11:45 they met.", ("at 10:30", "at 11:45 they met")),
        ("They chose speed rather\nthan care.", ("They chose speed", "care")),
    ],
)
def test_cues_know_words_in_capitals_dashes_and_line_ends(text, sides):
    found = [(text[slice(*pair["a"])], text[slice(*pair["b"])]) for pair in find_contrasts(text)]
    assert sides in found


def test_what_is_no_cue_on_one_line_is_none_on_two():
    assert find_contrasts("The plan is not\nonly long but\nalso costly.") == []


@given(st.text("ab ,.;and", max_size=60))
def test_what_a_text_proposes_are_two_stretches_of_it_one_after_the_other(text):
    for (start, end), (second, last) in propose_from_text(text):
        assert 0 <= start < end <= second < last <= len(text)
