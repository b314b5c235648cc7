"""Sentences joined to passages, as they are read."""

from hypothesis import given
from hypothesis import strategies as st

from rhetoric.training.data.metaphors import join_passages, text_of

from ..makers import steady

TEXTS = st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=8), min_size=1, max_size=4)


@steady
@given(TEXTS, st.integers(0, 30))
def test_passages_hold_all_words_of_a_text_in_their_order_and_no_more_than_asked(texts, most):
    sentences = [
        {
            "id": f"text{at}_{number}",
            "tokens": [f"{at}.{number}.{word}" for word in range(words)],
            "labels": [at] * words,
        }
        for at, text in enumerate(texts)
        for number, words in enumerate(text)
    ]
    passages = list(join_passages(sentences, lambda text: most))
    for key in ("tokens", "labels"):
        assert [word for each in passages for word in each[key]] == [word for each in sentences for word in each[key]]
    begins = {each["id"]: at for at, each in enumerate(sentences)}
    for each, after in zip(passages, [*passages[1:], None], strict=True):
        inside = sentences[begins[each["id"]] : begins[after["id"]] if after else None]
        assert len({text_of(one) for one in inside}) == 1
        assert len(each["tokens"]) <= most or len(inside) == 1
        if after and text_of(after) == text_of(each):  # the next sentence would have been too much
            assert len(each["tokens"]) + len(sentences[begins[after["id"]]]["tokens"]) > most


def test_how_long_a_passage_may_be_is_asked_once_a_passage():
    sentences = [{"id": f"a_{at}", "tokens": ["one", "two"], "labels": [0, 1]} for at in range(6)]
    lengths = iter([2, 4, 6])
    assert [len(each["tokens"]) for each in join_passages(sentences, lambda text: next(lengths))] == [2, 4, 6]
