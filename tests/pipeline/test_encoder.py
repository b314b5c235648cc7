"""The encoder with the weights that ship: damaged ones are refused, and a text is read alike wherever it stands."""

import gc
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from rhetoric.errors import ModelError
from rhetoric.pipeline.encoder import TOKENIZER, Encoder, load_encoder, make_batches, make_encoder
from rhetoric.pipeline.graph import threads
from rhetoric.pipeline.layout import PASSAGE, SILENT, TOKEN, TOKEN_COLUMNS, width
from rhetoric.resources import DETECTORS, SETTINGS

from .makers import cutter, encoded, steady, texts

TEXT = "The official account is of a fair race. Its machinery is public money, pride and the fear of falling behind."
ALIKE = 1e-4  # logits
LONG = " ".join(f"{TEXT} It is {number} of many." for number in range(60))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(DETECTORS)


def test_weights_with_other_columns_are_refused(tmp_path):
    copy = Path(shutil.copytree(DETECTORS, tmp_path / "detectors"))
    told = json.loads((copy / SETTINGS).read_text(encoding="utf-8"))
    told["columns"] = [TOKEN_COLUMNS, width(PASSAGE) + 1]
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
    assert found.token.shape == (len(found.ranges), TOKEN_COLUMNS)
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
    # Not to the last bit: what goes through the graph together is padded to one length.
    assert np.allclose(first._.scores, again._.scores, atol=ALIKE)
    assert np.allclose(alone.tensor, among.tensor[again.start : again.end], atol=ALIKE)


def test_nothing_is_said_of_tokens_outside_passages_and_of_space(encoder):
    doc = encoder(cutter()("\n\n One  two \n\n three"))
    silent = [bool((doc.tensor[token.i, : width(TOKEN)] == SILENT).all()) for token in doc]
    assert silent == [token.is_space for token in doc]
    assert any(silent)


def test_a_token_has_the_mean_of_its_pieces(encoder):
    doc = encoder(cutter()("Unmaskings"))
    assert len(doc) == 1
    pieces = encoder.encode("Unmaskings").token
    assert len(pieces) > 1
    assert np.allclose(doc.tensor[0], pieces.mean(axis=0), atol=1e-5)


def test_tokens_that_share_a_piece_each_have_its_scores(encoder):
    doc = Doc(cutter().vocab, words=["ra", "ce"], spaces=[False, False], sent_starts=[True, False])
    doc = encoder(cutter().get_pipe("rhetoric_passages")(doc))
    assert len(encoder.encode("race").ranges) == 1
    assert np.array_equal(doc.tensor[0], doc.tensor[1])


@settings(steady, max_examples=15)
@given(texts)
def test_any_text_can_be_encoded(encoder, text):
    doc = encoder(cutter()(text))
    assert doc.tensor.shape == (len(doc), TOKEN_COLUMNS)
    assert np.isfinite(doc.tensor).all()
    assert all(len(passage._.scores) == width(PASSAGE) for passage in doc.spans["passage"])
    for token in doc:
        if token.is_alpha and token.is_ascii:
            assert (doc.tensor[token.i] != SILENT).any()


@steady
@given(st.lists(st.integers(2, 384), max_size=60))
def test_every_text_goes_through_the_graph_once_beside_those_of_like_length(lengths):
    batches = list(make_batches(lengths))
    assert sorted(at for batch in batches for at in batch) == list(range(len(lengths)))
    for batch in batches:
        longest, shortest = max(lengths[at] for at in batch), min(lengths[at] for at in batch)
        assert longest - shortest <= 12  # what one more run would cost
        assert len(batch) == 1 or longest * len(batch) <= 512


def test_texts_read_together_are_read_as_if_alone(encoder):
    sentences = [f"{TEXT} {'It goes on. ' * more}" for more in range(12)] + ["Race", "A race", "Nobody asks."]
    together = encoder(cutter()("\n\n".join(sentences)))
    for passage in together.spans["passage"]:
        alone = encoder.encode(passage.text)
        assert np.allclose(passage._.scores, alone.passage, atol=ALIKE)
        assert np.allclose(together.tensor[passage.start], alone.token[0], atol=ALIKE)  # "The", "Race", "A", "Nobody"


def test_what_was_begun_before_the_parse_is_what_is_read_after_it(encoder):
    text = f"{TEXT}\n\n{LONG}\n\nNobody asks.\n\n{TEXT}"
    plain = encoder(cutter()(text))
    begun = cutter()(text)
    encoder.begin(begun)
    begun = encoder(begun)
    assert np.allclose(begun.tensor, plain.tensor, atol=ALIKE)


def test_a_document_that_is_never_asked_for_is_given_up(encoder, monkeypatch):
    ran = []
    run = encoder._run
    monkeypatch.setattr(encoder, "_run", lambda batch: ran.append(len(batch)) or run(batch))
    doc = cutter().make_doc("\n\n".join(f"{TEXT} {'And so it goes on. ' * more}" for more in range(1, 60)))
    encoder.begin(doc)
    assert len(encoder._begun) == 1
    del doc
    gc.collect()
    assert len(encoder._begun) == 0
    threads().submit(int).result()  # whatever was waiting before this has run or has been given up
    assert sum(ran) < 59


def test_a_pipeline_begins_before_the_parse_and_waits_for_nothing_that_is_switched_off(encoder, monkeypatch):
    begun = []
    monkeypatch.setattr(type(encoder), "begin", lambda self, doc: begun.append(doc.text))
    nlp = spacy.blank("en")
    for name in ("rhetoric_paragraphs", "sentencizer", "rhetoric_passages", "rhetoric_encoder"):
        nlp.add_pipe(name)
    nlp(TEXT)
    with nlp.select_pipes(disable="rhetoric_encoder"):
        nlp("Nobody asks.")
    assert begun == [TEXT]


def test_an_encoder_works_in_a_forked_process(encoder):
    if not hasattr(os, "fork"):
        pytest.skip("processes cannot be forked here")
    expected = encoder.encode(TEXT).passage  # threads are running by now
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, encoder.encode(TEXT).passage.tobytes())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as told:
        assert told.read() == expected.tobytes()
    assert os.waitpid(child, 0)[1] == 0


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
