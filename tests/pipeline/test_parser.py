import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.pipeline.dep_parser import DependencyParser
from spacy.tokens import Doc

from rhetoric.analysis import ENGLISH
from rhetoric.pipeline import parser as module
from rhetoric.pipeline.paragraphs import mark_paragraphs
from rhetoric.pipeline.parser import ParagraphParser
from rhetoric.resources import CORPORA

from .makers import seeds, steady

ESSAY = (CORPORA / "essay.txt").read_text(encoding="utf-8")
PARAGRAPHS = [each for each in ESSAY.split("\n") if each.strip()]


@pytest.fixture(scope="module")
def english() -> Language:
    return spacy.load(ENGLISH)


def _words(nlp: Language, text: str) -> Doc:
    """What the parser is given: paragraphs marked, and a vector for each token."""
    return nlp.get_pipe("tok2vec")(mark_paragraphs(nlp.make_doc(text)))  # type: ignore[operator]


def _parser(nlp: Language) -> ParagraphParser:
    found = nlp.get_pipe("parser")
    assert isinstance(found, ParagraphParser)
    return found


def _arcs(doc: Doc) -> list[tuple[int, str, bool | None]]:
    return [(token.head.i - token.i, token.dep_, token.is_sent_start) for token in doc]


def test_what_has_no_start_set_is_parsed_as_spacy_does(english: Language) -> None:
    for text in PARAGRAPHS[:12]:
        ours, theirs = (_words(english, text.strip()) for _ in range(2))
        DependencyParser.set_annotations(
            _parser(english), [theirs], DependencyParser.predict(_parser(english), [theirs])
        )
        assert _arcs(_parser(english)(ours)) == _arcs(theirs)
        assert [each.text for each in ours.sents] == [each.text for each in theirs.sents]


def test_a_paragraph_is_parsed_the_same_whatever_stands_beside_it(
    english: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    doc = _words(english, ESSAY)
    together = _arcs(_parser(english)(doc.copy()))
    monkeypatch.setattr(module, "_TOGETHER", 1)  # each alone
    assert _arcs(_parser(english)(doc.copy())) == together


def test_no_arc_crosses_a_start_that_is_set(english: Language) -> None:
    doc = _words(english, ESSAY)
    starts = {token.i for token in doc if token.is_sent_start}
    _parser(english)(doc)
    assert len(starts) > 5
    assert starts <= {sentence.start for sentence in doc.sents}
    assert all(token.head.sent == token.sent for token in doc)


def test_no_sentence_begins_where_none_may(english: Language) -> None:
    doc = _words(english, "See Fig. 3 for the result. No. 5 on the list is China.")
    _parser(english)(doc)
    assert [sentence.text for sentence in doc.sents] == ["See Fig. 3 for the result.", "No. 5 on the list is China."]


@pytest.mark.parametrize("text", ["It is a list; and", "for AI; ensuring the safety and security of AI systems"])
def test_what_has_no_head_begins_no_sentence_where_none_may(english: Language, text: str) -> None:
    doc = _parser(english)(_words(english, text))
    assert [sentence.text for sentence in doc.sents] == [text]
    assert [token.dep_ for token in doc if token.head == token] == ["ROOT"]


@steady
@given(seeds, st.integers(0, 60))
def test_any_starts_and_any_tokens_come_out_parsed(english: Language, seed: int, length: int) -> None:
    chance = np.random.default_rng(seed)
    words = [str(word) for word in chance.choice(["AI", "China", "\n\n", "races", ",", "because", "it", "."], length)]
    starts = [True, *(chance.random(max(length - 1, 0)) < 0.2)][:length]
    doc = Doc(english.vocab, words=words, sent_starts=[True if each else None for each in starts])
    doc = _parser(english)(english.get_pipe("tok2vec")(doc))  # type: ignore[operator]
    assert [token.text for token in doc] == words
    assert doc.has_annotation("DEP")
    assert {at for at, set_ in enumerate(starts) if set_} <= {sentence.start for sentence in doc.sents}
    assert sum(len(sentence) for sentence in doc.sents) == length


def test_many_documents_keep_their_order(english: Language) -> None:
    ours = list(english.pipe(PARAGRAPHS[:10]))
    assert [doc.text for doc in ours] == PARAGRAPHS[:10]
    assert [_arcs(doc) for doc in ours] == [_arcs(english(text)) for text in PARAGRAPHS[:10]]


def test_weights_survive_a_round_trip(english: Language) -> None:
    again = spacy.util.load_model_from_config(english.config, vocab=english.vocab).from_bytes(english.to_bytes())
    assert _arcs(again(PARAGRAPHS[2])) == _arcs(english(PARAGRAPHS[2]))
