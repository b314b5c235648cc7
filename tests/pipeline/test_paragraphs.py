import textwrap

import pytest
from hypothesis import example, given
from spacy.lang.en import English
from spacy.tokens import Doc

from rhetoric.pipeline.paragraphs import mark_paragraphs, split_paragraphs

from .makers import cpu_seconds, cutter, steady, texts

PROSE = (
    "The official account speaks of a fair contest between two great systems, and the money that keeps both of them "
    "running is hardly ever mentioned in it. What the contest needs is belief, and belief is bought with public funds."
)


def paragraphs(text):
    return [text[start:end] for start, end in split_paragraphs(text)]


@steady
@given(texts)
@example("\n")
@example(" a \n\n\n b ")
def test_paragraphs_are_in_order_and_hold_all_letters_and_digits(text):
    found = split_paragraphs(text)
    at = 0
    for start, end in found:
        assert at <= start < end
        assert not any(map(str.isalnum, text[at:start]))
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not any(map(str.isalnum, text[at:]))


@steady
@given(texts)
def test_no_paragraph_holds_a_blank_line(text):
    for paragraph in paragraphs(text):
        assert all(line.strip() for line in paragraph.split("\n"))


def test_a_line_is_a_paragraph_where_lines_are_not_wrapped():
    assert paragraphs(f"{PROSE}\n{PROSE}") == [PROSE, PROSE]


def test_a_blank_line_ends_a_paragraph_even_when_it_holds_spaces():
    assert paragraphs("One\n \t \nTwo\n\n\n\nThree") == ["One", "Two", "Three"]


@pytest.mark.parametrize("width", [60, 72, 99])
def test_hard_wrapped_lines_are_one_paragraph(width):
    wrapped = textwrap.fill(PROSE, width)
    assert "\n" in wrapped
    assert paragraphs(f"{wrapped}\n\n{wrapped}") == [wrapped, wrapped]


def test_lines_that_end_sentences_are_paragraphs():
    lines = [f"Sentence number {number} is about the chips that nobody may sell." for number in range(5)]
    assert paragraphs("\n".join(lines)) == lines


def test_bullets_in_wrapped_text_are_paragraphs():
    items = [textwrap.fill(f"{mark} {PROSE}", 72) for mark in ("-", "2.", "•", "(a)")]
    assert paragraphs("\n".join(items)) == items


def test_speakers_in_wrapped_text_begin_paragraphs():
    said = textwrap.fill(f"MR. BREMMER: {PROSE}", 60)
    answered = textwrap.fill(f"THE VICE PRESIDENT: {PROSE}", 60)
    asked = textwrap.fill(f"Q: {PROSE}", 60)
    assert paragraphs(f"{said}\n{answered}\n{asked}") == [said, answered, asked]
    goes_on = "The report that was published last week is on the safety of\nAI: it names three risks nobody has met."
    assert paragraphs(goes_on) == [goes_on]


def test_short_lines_are_paragraphs():
    assert paragraphs("China\nUnited States\nEurope") == ["China", "United States", "Europe"]


def test_no_sentence_runs_across_a_paragraph_break():
    doc = cutter()("A heading without a full stop\n\n  and a text that goes on. It ends here\n\nagain")
    assert [sentence.text.strip() for sentence in doc.sents] == [
        "A heading without a full stop",
        "and a text that goes on.",
        "It ends here",
        "again",
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\n"])
def test_there_are_no_paragraphs_in_space(text):
    assert split_paragraphs(text) == []
    assert len(list(cutter()(text).spans["passage"])) == 0


@pytest.mark.parametrize(
    "piece", ["\n", "\n ", " ", "a", "word ", ". ", '."', ".\n", "- \n", "- a\n", "a\n\n", "( ", "1.\n", "\u00a0\n"]
)
def test_time_is_linear_in_hostile_text(piece):
    assert cpu_seconds(split_paragraphs, piece * (200_000 // len(piece))) < 3


@pytest.mark.parametrize("piece", ["Go on\n\n", "\n a ", "a "])
def test_time_is_linear_in_tokens(piece):
    doc = cutter().make_doc(piece * (100_000 // len(piece)))
    assert cpu_seconds(mark_paragraphs, doc) < 3


def test_sentence_starts_that_are_set_stay():
    doc = cutter().make_doc("One two three\n\nfour five")
    doc[1].is_sent_start = True
    doc[2].is_sent_start = False
    mark_paragraphs(doc)
    assert [token.is_sent_start for token in doc] == [True, True, False, False, True, None]
    doc = cutter().make_doc("The commerce of the United States\nGovernment is read. See No. 5.")
    starts = [token.i for token in doc if token.text in ("Government", "5")]
    for at in starts:
        doc[at].is_sent_start = True
    assert all(mark_paragraphs(doc)[at].is_sent_start for at in starts)


def test_paragraphs_must_be_marked_before_the_parse():
    doc = Doc(cutter().vocab, words=["Go", "on"], heads=[0, 0], deps=["ROOT", "prt"])
    with pytest.raises(ValueError, match="before the parser"):
        mark_paragraphs(doc)


def test_no_sentence_begins_at_the_number_of_a_figure():
    doc = mark_paragraphs(English()("See Fig. 3.\n\nNo. 5 is China. No. 12 said no. 5 left."))
    assert [token.text for token in doc if token.is_sent_start] == ["See", "No"]
    assert [token.text for token in doc if token.is_sent_start is False and token.like_num] == ["3", "5", "12"]


def test_no_sentence_begins_in_a_wrapped_line_that_goes_on():
    doc = mark_paragraphs(
        English()(
            "FINDINGS OF THE REPORT ON NEW AI\n"
            "It asks that the commerce of the United States\n"
            "  Government be read by all who lead it, and it\n"
            "says why. The rest is in the annex of this one.\n"
            "It has no date."
        )
    )
    assert [token.text for token in doc if token.is_sent_start] == ["FINDINGS"]
    barred = [token.text for token in doc if token.is_sent_start is False and token.is_alpha]
    assert barred == ["Government", "says"]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ('It said so. "We lead the race." The crowd left.', ["It said so.", '"We lead the race."', "The crowd left."]),
        ("It said so. 'We lead.' Then it left.", ["It said so.", "'We lead.'", "Then it left."]),
        ("It said so. “We lead.” Then it left.", ["It said so.", "“We lead.”", "Then it left."]),
        ("They lead. (Laughter.) We follow.", ["They lead.", "(Laughter.)", "We follow."]),
        ('The "high fence." It is a wall.', ['The "high fence."', "It is a wall."]),
        ("It ends here.Next comes this.", ["It ends here.", "Next comes this."]),
        ('He cites "A race?" (Lee 2023). It ends.', ['He cites "A race?" (Lee 2023).', "It ends."]),
        ('The U.S. "Chips Act" is law.', ['The U.S. "Chips Act" is law.']),
    ],
)
def test_quotation_marks_stay_with_the_sentence_that_they_belong_to(text, sentences):
    assert [sentence.text for sentence in cutter()(text).sents] == sentences


@pytest.mark.parametrize(
    ("text", "barred"),
    [
        ("WIN-WIN CO-OPERATION", {"-", "WIN", "OPERATION"}),
        ('"Go," he said.', {"Go", ",", '"', "."}),
        ("He waits…Then he goes.", {"…", "."}),
        ("We\nlead", {"\n"}),
    ],
)
def test_no_sentence_begins_where_no_space_is_before(text, barred):
    doc = mark_paragraphs(English()(text))
    assert {token.text for token in doc if token.is_sent_start is False} == barred
