import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from rhetoric.pipeline.length import count_words
from rhetoric.pipeline.passages import WHOLE, WINDOW, cut_passages, mark_passages

from .makers import cpu_seconds, cutter, steady, texts

lengths = st.lists(st.integers(1, 40), min_size=1, max_size=40)  # words of each sentence


def sentence(words):
    return " ".join(["Word", *["word"] * (words - 1)]) + "."


def passages(text, *, paragraphs=True):
    doc = cutter(paragraphs)(text)  # spans of a document that is gone are refused
    return list(doc.spans["passage"])


def holds_text(text):
    return any(map(str.isalnum, text))


@steady
@given(texts, st.booleans())
def test_passages_are_in_order_and_hold_all_letters_and_digits(text, paragraphs):
    at = 0
    for passage in passages(text, paragraphs=paragraphs):
        assert at <= passage.start_char < passage.end_char
        assert not holds_text(text[at : passage.start_char])
        assert passage.text == passage.text.strip()
        at = passage.end_char
    assert not holds_text(text[at:])


@steady
@given(st.lists(lengths, min_size=1, max_size=3))
def test_windows_are_whole_sentences_of_one_paragraph(document):
    text = "\n\n".join("  ".join(map(sentence, paragraph)) for paragraph in document)
    found = iter(passages(text))
    for paragraph in document:
        if sum(paragraph) <= WHOLE:
            assert count_words(next(found).text) == sum(paragraph)
            continue
        held = 0
        while held < sum(paragraph):
            window = next(found)
            assert window.text.startswith("Word") and window.text.endswith(".")
            assert count_words(window.text) <= WINDOW
            held += count_words(window.text)
        assert held == sum(paragraph)
    assert next(found, None) is None


def test_windows_of_a_long_paragraph_are_of_even_length():
    text = " ".join(sentence(10) for _ in range(32))
    assert [count_words(window.text) for window in passages(text)] == [110, 110, 100]


@pytest.mark.parametrize(("words", "count"), [(WHOLE, 1), (WHOLE + 1, 2)])
def test_the_longest_whole_paragraph(words, count):
    text = " ".join([*[sentence(10)] * (words // 10 - 1), sentence(10 + words % 10)])
    assert count_words(text) == words
    assert len(passages(text)) == count


def test_a_passage_ends_with_a_word_where_a_sentence_ends_with_space():
    words = [*["word"] * 100, ".", " "] * 2
    doc = mark_passages(Doc(cutter().vocab, words=words, sent_starts=[at % 102 == 0 for at in range(204)]))
    assert [span[-1].text for span in doc.spans["passage"]] == [".", "."]


def test_a_sentence_is_never_cut():
    long = " ".join(["word"] * 350)
    text = f"It begins. {long}. It ends."
    assert [passage.text for passage in passages(text)] == ["It begins.", f"{long}.", "It ends."]


def test_what_has_no_sentence_end_for_pages_is_cut_at_clauses_or_words():
    found = passages("they say it is about safety, but it is about market share and so " * 100)
    assert all(passage.text.endswith(("safety,", "so")) for passage in found)
    found += passages("word " * 2000)
    assert all(120 <= count_words(passage.text) <= 150 for passage in found[:-1])


def test_a_row_of_asterisks_is_no_passage():
    assert [passage.text for passage in passages("One race.\n\n* * *\n\nTwo.\n\n|---|---|")] == ["One race.", "Two."]


def test_hard_wrapped_text_is_cut_by_paragraph():
    wrapped = textwrap.fill("The money behind the contest is hardly ever mentioned by those who spend it " * 3, 70)
    assert [passage.text for passage in passages(f"{wrapped}\n\n{wrapped}\n")] == [wrapped, wrapped]


def test_sentences_across_paragraphs_do_not_make_passages_overlap():
    # Without the component that marks paragraphs, a sentence may run on into the next one.
    text = f"no full stop here\n\nnor here {sentence(100)} {sentence(100)}\n\nnor there"
    found = passages(text, paragraphs=False)
    assert [passage.start for passage in found[1:]] >= [passage.end for passage in found[:-1]]
    assert [count_words(passage.text) for passage in found] == [4, 102, 100, 2]


def test_one_passage_holds_one_token():
    (passage,) = passages("Word")
    assert (passage.start, passage.end) == (0, 1)


@pytest.mark.parametrize("piece", ["\n", " ", "word ", "a", "漢字。", "aB.", "🙂 ", "Go on. ", "a\n\n"])
def test_time_is_linear_in_hostile_text(piece):
    doc = cutter()(piece * (40_000 // len(piece)))
    assert cpu_seconds(mark_passages, doc) < 3


def test_time_is_linear_in_sentences_without_space_between_them():
    words, marks = ["word"] * (WHOLE + 1), ["?"] * 60_000
    spaces = [True] * len(words) + [False] * len(marks)
    doc = Doc(cutter().vocab, words=words + marks, spaces=spaces)
    starts = doc.to_array("SENT_START")
    starts[len(words) :] = 1
    doc.from_array("SENT_START", starts)
    assert cpu_seconds(lambda: list(cut_passages(doc))) < 3
    text = doc.text
    assert "".join(text[start:end] for start, end in cut_passages(doc)).split()[-1] == "?" * 60_000
