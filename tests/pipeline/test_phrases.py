import hashlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.errors import ModelError
from rhetoric.pipeline.phrases import LABELS, PHRASE_WEIGHTS, PHRASES, Phrases, features

from .makers import cutter, steady

pytest.importorskip("sklearn", reason="needs the test or the training extra")

LIVE = "The shield holds, they say, and the market sleeps behind it."
PLAIN = "The report was billed as neutral; the committee printed it in May."


def coded(text, live=(), cue=()):
    def span(words):
        return [text.index(words), text.index(words) + len(words)]

    return {
        "text": text,
        "live_metaphors": [{"span": span(words), "source": "war", "target": "ai"} for words in live],
        "instances": [{"cue": [span(words) for words in cue]}] if cue else [],
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from rhetoric.training.phrases import fit_phrases

    output = tmp_path_factory.mktemp("phrases")
    rows = [coded(LIVE, live=["shield", "sleeps"]), coded(PLAIN, cue=["billed as"])] * 20
    fit_phrases([*rows, {"text": "A passage without codes of metaphors.", "instances": []}], output)
    sums = {name: hashlib.sha256((output / name).read_bytes()).hexdigest() for name in (PHRASES, PHRASE_WEIGHTS)}
    (output / "config.json").write_text(json.dumps({"sha256": sums}))
    return output


def test_words_that_were_coded_stand_out(folder):
    phrases = Phrases(folder)
    for text, label, words in ((LIVE, "live", {"shield", "sleeps"}), (PLAIN, "cue", {"billed", "as"})):
        passage = cutter()(text)[:]
        said = phrases.of(passage)[:, LABELS.index(label)]
        assert {token.text for token, score in zip(passage, said, strict=True) if score > 0} == words


def test_features_are_of_the_word_and_of_those_around_it():
    (first, second) = features(["Sleeping", "ahead"])
    assert {"w sleeping", "s sleep", "- _", "+ ahead", "s+ sleep ahead", "c ahead"} <= set(first)
    assert {"w ahead", "- sleep", "-s sleep ahead", "c sleep"} <= set(second)
    assert features([]) == []


@steady
@given(st.lists(st.text(min_size=1, max_size=8), max_size=8))
def test_any_words_have_finite_scores(folder, words):
    said = Phrases(folder)(words)
    assert said.shape == (len(words), len(LABELS)) and np.isfinite(said).all()


def test_white_space_says_nothing_and_changes_nothing(folder):
    phrases = Phrases(folder)
    plain, spaced = cutter()("The shield holds")[:], cutter()("The  shield \n holds")[:]
    said = [score for token, score in zip(spaced, phrases.of(spaced).tolist(), strict=True) if not token.is_space]
    assert said == phrases.of(plain).tolist()


def test_phrases_that_were_changed_are_refused(folder, tmp_path):
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / PHRASES).write_text("other words")
    with pytest.raises(ModelError, match="checksum"):
        Phrases(tmp_path)
