from hypothesis import given
from hypothesis import strategies as st

from rhetoric.training.card.disturb import (
    DISTURBANCES,
    american,
    british,
    misread,
    plain_quotes,
)

from ..makers import authored, steady


def test_spelling_goes_there_and_back():
    text = "The Center for Defense programs realized nothing: they organize labor."
    assert british(text) == "The Centre for Defence programmes realized nothing: they organise labour."
    assert american(british(text)) == text


def test_quotes_and_dashes_become_those_of_a_typewriter():
    assert plain_quotes("“It’s a race” – ‘so-called’ …") == "\"It's a race\" - 'so-called' ..."


def test_a_scan_reads_some_letters_wrongly_and_always_the_same():
    text = " ".join(row["text"] for row in authored()[:20])
    spoiled = misread(text)
    wrong = sum(a != b for a, b in zip(text.split(), spoiled.split(), strict=True)) / len(text.split())
    assert 0.02 < wrong < 0.15
    assert misread(text) == spoiled


@steady
@given(st.text(max_size=80))
def test_any_text_can_be_disturbed(text):
    for disturb in DISTURBANCES.values():
        assert disturb(text) == disturb(text)
