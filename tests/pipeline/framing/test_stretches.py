import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.pipeline.framing.stretches import (
    find_cues,
    find_likeliest,
    find_stretches,
    keep_cues_whole,
    keep_marks_paired,
    mark_tokens,
)  # fmt: skip

from ..makers import encoded, seeds, steady, texts

TEXT = "They say the contest is fair and open to all. Yet the state pays, as ever, for most of it."


def passage_of(text=TEXT):
    doc = encoded(text)
    return doc.spans["passage"][0]


def tokens(passage, *parts):
    """Return which tokens the ``parts`` of the text touch."""
    found = np.zeros(len(passage), dtype=bool)
    for part in parts:
        start = passage.text.index(part)
        found |= [
            start < token.idx + len(token) - passage.start_char and token.idx - passage.start_char < start + len(part)
            for token in passage
        ]
    return found


def find(text, words):
    return text.index(words), text.index(words) + len(words)


def marked(passage, chosen, taken=()):
    return [span.text for span in find_stretches(passage, tokens(passage, *chosen), tokens(passage, *taken))]


@pytest.mark.parametrize(
    ("chosen", "taken", "found"),
    [
        (["the contest is fair"], [], ["the contest is fair"]),  # too far from the end of its clause
        (["the contest is fair and open"], [], ["the contest is fair and open to all"]),
        (["the contest is fair and open"], ["to all"], ["the contest is fair and open"]),
        (["fair and open to all. Yet the state"], [], ["fair and open to all", "the state pays"]),
        (["the contest is", "open to all"], [], ["the contest is fair and open to all"]),
        (["the contest is", "open to all"], ["fair"], ["the contest is", "open to all"]),
        (["Yet the state pays", "for most of it"], [], ["the state pays", "for most of it"]),  # four tokens between
        (["Yet the state pays"], [], ["the state pays"]),  # what joins it to another sentence is no part of it
        (["They say the contest is fair and"], [], ["They say the contest is fair"]),
        (["contest"], [], []),
        (["the contest", "for most of it"], [], ["for most of it"]),  # a scrap
    ],
)
def test_stretches_keep_to_sentences_clauses_and_their_own_words(chosen, taken, found):
    assert marked(passage_of(), chosen, taken) == found


def test_a_stretch_begins_with_its_phrase_as_far_as_tags_tell():
    passage = passage_of()
    part = ["contest is fair and open"]
    assert marked(passage, part) == ["contest is fair and open to all"]
    for token in passage:
        token.pos_ = {"the": "DET", "fair": "ADJ"}.get(token.text, "VERB")
    assert marked(passage, part) == ["the contest is fair and open to all"]
    assert marked(passage, part, ["the "]) == ["contest is fair and open to all"]
    assert marked(passage, [". Yet the state pays"]) == ["the state pays"]


@pytest.mark.parametrize(
    ("chosen", "taken", "found"),
    [
        ("They seek to build exclusive small", "", "They seek to build exclusive small clubs"),
        ("They seek to build exclusive small", "clubs", "They seek to build exclusive small"),
        ("to build exclusive small clubs with", "", "to build exclusive small clubs"),
        ("to build exclusive small clubs with the", "", "to build exclusive small clubs"),
        ("exclusive small clubs with the help", "", "exclusive small clubs with the help"),
    ],
)
def test_a_stretch_ends_with_its_phrase_as_far_as_the_parse_tells(chosen, taken, found):
    passage = passage_of("They seek to build exclusive small clubs with the help of banks and of all who would join.")
    assert marked(passage, [chosen], [taken] if taken else []) == [chosen]  # without a parse
    heads = {
        "exclusive": ("amod", 2),
        "small": ("amod", 1),
        "with": ("case", 2),
        "the": ("det", 1),
        "help": ("nmod", -3),
    }
    for token in passage:
        if token.text in heads:
            token.dep_, distance = heads[token.text]
            token.head = token.nbor(distance)
    assert marked(passage, [chosen], [taken] if taken else []) == [found]


@pytest.mark.parametrize(
    ("joined", "found"), [(" - ", "a new phase of revival"), ("-", "a new phase of revival-state vision")]
)
def test_a_phrase_does_not_go_on_behind_a_dash(joined, found):
    passage = passage_of(f"They call it a new phase of revival{joined}state vision sets the horizon for all of them.")
    words = {token.text: token for token in passage}
    words["revival"].dep_, words["revival"].head = "compound", words["vision"]
    assert marked(passage, ["a new phase of revival"], []) == [found]


def test_where_no_word_is_sure_the_likeliest_are_marked_but_none_that_is_taken():
    passage = passage_of()
    chance = np.where(tokens(passage, "state pays"), 0.2, 0.01).astype(np.float32)
    nothing = np.zeros(len(passage), dtype=bool)
    assert [span.text for span in find_likeliest(passage, chance, nothing)] == ["the state pays, as ever"]
    assert [span.text for span in find_likeliest(passage, chance, tokens(passage, "Yet the"))] == [
        "state pays, as ever"
    ]
    assert [span.text for span in find_likeliest(passage, chance, ~nothing)] == [passage.text.removesuffix(".")]


def test_what_is_taken_lends_its_likelihood_to_nothing_beside_it():
    passage = passage_of("They always say the contest is fair, and it is. It is open, as they say. The state pays.")
    taken = tokens(passage, "It is open, as they say")
    chance = np.where(taken, 0.9, np.where(tokens(passage, "state pays"), 0.1, 0.05)).astype(np.float32)
    found = [span.text for span in find_likeliest(passage, chance, taken)]
    assert found and not any("open" in each for each in found)
    chance = np.where(taken, 0.9, 0.0).astype(np.float32)
    found = [span.text for span in find_likeliest(passage, chance, taken)]
    assert found and not any("open" in each for each in found)


@pytest.mark.parametrize(
    ("part", "other", "found"),
    [
        ("say the contest", "the state", "They say the contest"),
        ("the contest", "the state", "the contest"),
        ("say the contest", "They", "say the contest"),  # no room
    ],
)
def test_a_part_that_begins_in_a_cue_takes_in_all_of_it(part, other, found):
    passage = passage_of()
    (cue,), (one,), (two,) = (find_cues(passage, tokens(passage, each)) for each in ("They say", part, other))
    assert [span.text for span in keep_cues_whole([one], [two], [cue])] == [found]


def test_what_ends_and_what_begins_in_one_cue_are_one_stretch():
    passage = passage_of()
    (cue,), *ends = (
        find_cues(passage, tokens(passage, each)) for each in ("the contest is fair", "They say the", "fair and")
    )
    assert [span.text for span in keep_cues_whole([each for (each,) in ends], [], [cue])] == [
        "They say the contest is fair and"
    ]


def test_what_is_all_cue_is_left_out_where_there_is_more():
    passage = passage_of()
    cues = find_cues(passage, tokens(passage, "They say the"))
    inside, more = (find_cues(passage, tokens(passage, each))[0] for each in ("They say", "the state pays"))
    assert [span.text for span in keep_cues_whole([inside, more], [], cues)] == ["the state pays"]
    assert [span.text for span in keep_cues_whole([inside], [], cues)] == ["They say the"]


def test_a_stretch_has_both_of_two_marks_or_neither():
    doc = encoded("Beside it. They want “a fair race” (it says) and a “patent of the state” now.")
    passage = doc.spans["passage"][0]
    part = [doc.char_span(*find(doc.text, words)) for words in ("“a fair race", "says)", "a “patent")]
    assert [span.text for span in keep_marks_paired(passage, part)] == ["“a fair race”", "says", "a “patent"]


def test_a_cue_may_be_one_word_if_it_says_something():
    passage = passage_of()
    assert [span.text for span in find_cues(passage, tokens(passage, "say", "as ever,"))] == ["say", "as ever"]
    for token in passage:
        token.pos_ = "DET" if token.text == "the" else "VERB"
    assert [span.text for span in find_cues(passage, tokens(passage, "the contest", "pays"))] == ["the contest", "pays"]
    assert find_cues(passage, tokens(passage, "the ")) == []


@steady
@given(texts, seeds, st.floats(0.05, 0.9))
def test_a_stretch_lies_in_one_sentence_and_holds_nothing_that_is_taken(text, seed, share):
    rng = np.random.default_rng(seed)
    doc = encoded(text)
    for passage in doc.spans["passage"]:
        kind = rng.random(len(passage))
        chosen, taken = kind < share / 2, kind > 1 - share / 2
        sides = find_stretches(passage, chosen, taken), find_stretches(passage, taken, chosen)
        first, second = (mark_tokens(passage, spans) for spans in sides)
        assert not (first & second).any()
        assert first.sum() == sum(map(len, sides[0]))  # none twice
        assert not (first & taken).any()
        assert not any(token.is_sent_start for span in sides[0] for token in span[1:])
