from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rhetoric.pipeline.layout import PASSAGE, TOKEN, column, columns, width
from rhetoric.pipeline.read import heard, passages, runs, sigmoid, softmax, trim, with_gaps

from .makers import cutter, encoded, steady


@pytest.mark.parametrize("heads", [TOKEN, PASSAGE])
def test_every_column_has_one_owner(heads):
    owned = [at for where in columns(heads).values() for at in range(where.start, where.stop)]
    assert owned == list(range(width(heads)))
    assert owned == [column(heads, head.name, label) for head in heads for label in head.labels]


@steady
@given(st.lists(st.booleans(), max_size=30))
def test_runs_cover_what_is_chosen_and_nothing_else(chosen):
    found = runs(chosen)
    assert [at for start, end in found for at in range(start, end)] == [at for at, yes in enumerate(chosen) if yes]
    assert all(after > before for (_, before), (after, _) in pairwise(found))


@steady
@given(arrays(np.float32, (3, 5), elements=st.floats(-50, 50, width=32)))
def test_probabilities(scores):
    assert np.allclose(softmax(scores).sum(axis=-1), 1, atol=1e-5)
    likeliest = np.take_along_axis(softmax(scores), scores.argmax(axis=-1, keepdims=True), axis=-1)
    assert (likeliest == softmax(scores).max(axis=-1, keepdims=True)).all()
    assert ((sigmoid(scores) >= 0) & (sigmoid(scores) <= 1)).all()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (", the machinery of money.", "the machinery of money"),
        ("“the contest”", "“the contest”"),
        ("(the contest) - ", "the contest)"),
        ("...", "..."),
        (".", "."),
        ("  word  ", "word"),
        ("” the contest", "the contest"),
        ("’s hawks", "hawks"),
        ("the army (", "the army"),
        ("the “", "the"),
        ('said" of it', 'said" of it'),
    ],
)
def test_trimming(text, kept):
    doc = cutter().make_doc(text)
    assert trim(doc, 0, len(doc)).text == kept


@pytest.mark.parametrize(
    ("text", "start", "kept"),
    [
        ('the army" of robots', 2, "of robots"),
        ('the "army" of robots', 1, '"army" of robots'),
        ('a ("so-called") army', 2, '"so-called") army'),
        ('"army" of robots', 0, '"army" of robots'),
    ],
)
def test_a_straight_quotation_mark_opens_only_where_nothing_stands_right_before_it(text, start, kept):
    doc = cutter().make_doc(text)
    assert trim(doc, start, len(doc)).text == kept


def test_nothing_is_heard_of_white_space():
    doc = encoded("One  two\n\nthree")
    heard_of = [[passage[at].text for at in heard(passage)] for passage in doc.spans["passage"]]
    assert heard_of == [["One", "two"], ["three"]]


def test_what_is_chosen_goes_on_over_white_space_between():
    doc = encoded("One  two\tthree. \t Four")
    (passage,) = doc.spans["passage"]
    chosen = np.array([token.text in ("One", "two", "Four") for token in passage])
    found = np.flatnonzero(with_gaps(passage, chosen)).tolist()
    assert [passage[at].text.strip() for at in found] == ["One", "", "two", "Four"]


def test_a_document_that_is_not_cut_or_not_encoded_is_refused():
    with pytest.raises(ValueError, match="rhetoric_passages"):
        list(passages(cutter().make_doc("Word")))
    with pytest.raises(ValueError, match="rhetoric_encoder"):
        list(passages(cutter()("Word")))
