"""Connectives of contrast: words that can be one are found where word and encoder say so."""

import json

import numpy as np
import pytest
from hypothesis import given

from rhetoric.errors import ModelError
from rhetoric.pipeline.connectives import FEATURES, STORED, Connectives, features_of, load_connectives
from rhetoric.resources import SETTINGS

from .makers import babble, encoded, say, seeds, steady, texts

USUAL = {"but": 2.0, "even": -2.0, "though": 1.0, "however": 3.0}


def connectives(**given):
    return Connectives(np.array([given.get(name, 0.0) for name in (*FEATURES, "alone")], dtype=np.float32), USUAL)


def found(doc, component):
    return [span.text for span in component(doc).spans["connective"]]


def test_words_side_by_side_are_one_connective():
    doc = encoded("It is late, but she runs even though it snows, even now.")
    say(doc, "even though", "marks", "contrast-cue")
    both = connectives(encoder=0.5, usual=1.0, alone=4.0)
    assert found(doc, both) == ["but", "even though"]
    assert doc.spans["connective"][0]._.connective_score == pytest.approx(1 / (1 + np.exp(-(-4 + 2 + 4))), abs=1e-4)
    assert found(doc, connectives(usual=1.0)) == ["but", "though"]


def test_what_opens_a_sentence_opens_it_on_a_new_line():
    (passage,) = (doc := encoded("It fell by a third over the whole of that year.  But it rose.")).spans["passage"]
    assert [token.text for token in passage if features_of(passage, USUAL)[token.i, 3]] == ["It", " ", "But"]
    assert doc


def test_where_a_word_stands_counts():
    doc = encoded("However it is, he runs. It snows; however, he runs. He runs however he can.")
    assert found(doc, connectives(usual=1.0, capital=1.0, alone=-3.5)) == ["However"]
    assert found(doc, connectives(usual=1.0, opens=1.0, alone=-3.5)) == ["However", "however"]


@steady
@given(texts, seeds)
def test_only_words_that_can_connect_are_found(text, seed):
    doc = babble(encoded(text), seed)
    for span in connectives(encoder=0.1, usual=1.0)(doc).spans["connective"]:
        assert all(token.lower_ in USUAL for token in span)


def test_what_a_folder_lacks_or_has_wrong_is_said(tmp_path):
    (tmp_path / SETTINGS).write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="before connectives"):
        load_connectives(tmp_path)
    (tmp_path / SETTINGS).write_text(json.dumps({STORED: {"weights": {}, "usual": {}}}), encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_connectives(tmp_path)


def test_those_that_ship_know_but():
    import rhetoric

    nlp = rhetoric.load()
    nlp.add_pipe("rhetoric_connective")
    doc = nlp("The state has money but no chips. Nobody but the state has money.")
    assert [span.text for span in doc.spans["connective"]] == ["but"]
    assert doc.spans["connective"][0].start < 8
