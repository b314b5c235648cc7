import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.errors import ModelError
from rhetoric.labels import FRAMES
from rhetoric.pipeline.words import LABELS, VOCABULARY, WEIGHTS, Words, terms

from .makers import steady

pytest.importorskip("sklearn", reason="needs the test or the training extra")

RACE, HAZARD = (
    "We race ahead and they fall behind in the race.",
    "The model may escape and harm us all, say its makers.",
)


def coded(text, frame, **other):
    frames = {name: int(name == frame) for name in FRAMES}
    return {"text": text, "frames": frames, "about": 1, "framing": "none", **other}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    import hashlib

    from rhetoric.training.decisions.words import fit_words

    output = tmp_path_factory.mktemp("words")
    rows = [coded(RACE, "race"), coded(HAZARD, "hazard", framing="partial")] * 4
    fit_words(rows + [coded("Plain words.", frame, about=0) for frame in FRAMES], output)
    sums = {name: hashlib.sha256((output / name).read_bytes()).hexdigest() for name in (WEIGHTS, VOCABULARY)}
    (output / "config.json").write_text(json.dumps({"sha256": sums}))
    return output


def test_terms_are_words_and_pairs_in_lower_case():
    assert list(terms("A Race, a RACE-car: it’s 5G!")) == [
        "race",
        "race",
        "car",
        "it",
        "5g",
        "race race",
        "race car",
        "car it",
        "it 5g",
    ]


def test_words_tell_frames_apart(folder):
    words = Words(folder)
    said = dict(zip(LABELS, words(RACE), strict=True))
    assert said["race"] > 0 > said["hazard"]
    assert words(HAZARD)[LABELS.index("hazard")] > 0
    assert words(HAZARD)[LABELS.index("partial")] > 0 > said["partial"]


def test_it_says_what_scikit_learn_says(folder):
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = Words(folder)
    vocabulary = (folder / VOCABULARY).read_text(encoding="utf-8").splitlines()
    vectorizer = TfidfVectorizer(analyzer=lambda text: list(terms(text)), sublinear_tf=True, vocabulary=vocabulary)
    vectorizer.idf_ = words._rarity
    for text in (RACE, HAZARD, RACE + HAZARD, RACE * 3):
        expected = vectorizer.transform([text]) @ words._weights + words._alone
        assert np.allclose(words(text), expected[0], atol=1e-4)


@steady
@given(st.text(max_size=60))
def test_any_text_has_finite_scores(folder, text):
    said = Words(folder)(text)
    assert said.shape == (len(LABELS),) and np.isfinite(said).all()


def test_words_of_another_version_are_refused(folder):
    with pytest.raises(ModelError, match=f"another number of labels than {len(LABELS) + 1}"):
        Words(folder, len(LABELS) + 1)
