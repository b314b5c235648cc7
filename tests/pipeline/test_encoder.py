"""The encoder with the weights that ship: damaged ones are refused, and a text is read alike wherever it stands."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import given, settings

from rhetoric.errors import ModelError
from rhetoric.pipeline.encoder import GRAPH, TOKENIZER, Encoder, load_encoder, make_encoder
from rhetoric.pipeline.layout import PASSAGE, SILENT, TOKEN, width
from rhetoric.pipeline.thresholds import DETECTORS, SETTINGS

from .makers import cutter, encoded, steady, texts

TEXT = "The official account is of a fair race. Its machinery is public money, pride and the fear of falling behind."
LONG = " ".join(f"{TEXT} It is {number} of many." for number in range(60))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(DETECTORS)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DETECTORS, tmp_path / "detectors"))


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(ModelError, match="nowhere"):
        Encoder(tmp_path / "nowhere")


@pytest.mark.parametrize("name", [GRAPH, TOKENIZER, SETTINGS])
def test_a_missing_file_is_said(copy, name):
    (copy / name).unlink()
    with pytest.raises(ModelError, match=name.replace(".", r"\.")):
        Encoder(copy)


@pytest.mark.parametrize("name", [GRAPH, TOKENIZER])
def test_a_changed_file_is_refused(copy, name):
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    with pytest.raises(ModelError, match="checksum"):
        Encoder(copy)


def test_settings_that_are_no_settings_are_refused(copy):
    (copy / SETTINGS).write_text("[]", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be loaded"):
        Encoder(copy)


def test_weights_with_other_columns_are_refused(copy):
    told = json.loads((copy / SETTINGS).read_text(encoding="utf-8"))
    told["columns"] = [width(TOKEN), width(PASSAGE) + 1]
    (copy / SETTINGS).write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(ModelError, match="another version"):
        make_encoder(cutter(), "rhetoric_encoder", str(copy))


def test_every_piece_of_a_long_passage_is_read(encoder):
    from tokenizers import Tokenizer

    whole = Tokenizer.from_file(str(DETECTORS / TOKENIZER))
    whole.no_truncation()
    whole.no_padding()
    pieces = [offsets for offsets in whole.encode(LONG, add_special_tokens=False).offsets]
    found = encoder.encode(LONG)
    assert len(pieces) > 2 * encoder.settings["max_pieces"]
    assert sorted(set(found.ranges)) == pieces
    assert found.token.shape == (len(found.ranges), width(TOKEN))
    assert found.passage.shape == (width(PASSAGE),)
    # Windows overlap, but no piece is read more often than twice.
    assert len(pieces) < len(found.ranges) < 1.3 * len(pieces)


def test_a_passage_that_fits_is_read_once(encoder):
    found = encoder.encode(TEXT)
    assert found.ranges == sorted(set(found.ranges))
    assert "".join(TEXT[start:end] for start, end in found.ranges) == TEXT.replace(" ", "")


def test_a_passage_is_read_alike_alone_and_among_others(encoder):
    alone = encoder(cutter()(TEXT))
    among = encoder(cutter()(f"China leads.\n\n{LONG}\n\n{TEXT}\n\nNobody asks."))
    (first,) = alone.spans["passage"]
    (again,) = [passage for passage in among.spans["passage"] if passage.text == TEXT]
    assert first._.scores == again._.scores
    assert np.array_equal(alone.tensor, among.tensor[again.start : again.end])


def test_nothing_is_said_of_tokens_outside_passages_and_of_space(encoder):
    doc = encoder(cutter()("\n\n One  two \n\n three"))
    silent = [bool((doc.tensor[token.i] == SILENT).all()) for token in doc]
    assert silent == [token.is_space for token in doc]
    assert any(silent)


def test_a_token_has_the_mean_of_its_pieces(encoder):
    doc = encoder(cutter()("Unmaskings"))
    assert len(doc) == 1
    pieces = encoder.encode("Unmaskings").token
    assert len(pieces) > 1
    assert np.allclose(doc.tensor[0], pieces.mean(axis=0), atol=1e-5)


def test_tokens_that_share_a_piece_each_have_its_scores(encoder):
    from spacy.tokens import Doc

    doc = Doc(cutter().vocab, words=["ra", "ce"], spaces=[False, False], sent_starts=[True, False])
    doc = encoder(cutter().get_pipe("rhetoric_passages")(doc))
    assert len(encoder.encode("race").ranges) == 1
    assert np.array_equal(doc.tensor[0], doc.tensor[1])


@settings(steady, max_examples=15)
@given(texts)
def test_any_text_can_be_encoded(encoder, text):
    doc = encoder(cutter()(text))
    assert doc.tensor.shape == (len(doc), width(TOKEN))
    assert np.isfinite(doc.tensor).all()
    assert all(len(passage._.scores) == width(PASSAGE) for passage in doc.spans["passage"])
    for token in doc:
        if token.is_alpha and token.is_ascii:
            assert (doc.tensor[token.i] != SILENT).any()


def test_without_passages_it_says_what_is_missing(encoder):
    with pytest.raises(ValueError, match="rhetoric_passages"):
        encoder(cutter().make_doc(TEXT))


def test_what_the_tests_set_by_hand_has_the_shape_of_what_is_said(encoder):
    doc = encoder(cutter()(TEXT))
    by_hand = encoded(TEXT)
    assert doc.tensor.shape == by_hand.tensor.shape and doc.tensor.dtype == by_hand.tensor.dtype
    assert len(doc.spans["passage"][0]._.scores) == len(by_hand.spans["passage"][0]._.scores)


def test_components_are_added_by_name_without_importing_the_toolkit():
    script = f"""
import spacy
nlp = spacy.blank("en")
nlp.add_pipe("sentencizer")
for name in ("passages", "actors", "encoder", "frames", "framing", "contrast", "metaphor"):
    nlp.add_pipe(f"rhetoric_{{name}}")
problems = nlp.analyze_pipes()["problems"]
assert not any(problems.values()), problems
doc = nlp({TEXT!r})
assert {{"passage", "actor", "framing", "contrast", "metaphor"}} <= set(doc.spans)
print(doc.spans["passage"][0]._.framing)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in ("unmasking", "partial", "none")


@pytest.mark.parametrize("name", ["frames", "framing", "contrast", "metaphor"])
def test_a_detector_without_the_encoder_says_what_to_add(name):
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe(f"rhetoric_{name}")
    with pytest.raises(ValueError, match="rhetoric_encoder"):
        nlp(TEXT)
    nlp.add_pipe("rhetoric_passages", after="sentencizer")
    with pytest.raises(ValueError, match="rhetoric_encoder"):
        nlp(TEXT)
