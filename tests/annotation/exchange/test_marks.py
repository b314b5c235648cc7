"""Marks that no link joins, and links that join nothing: what a record is made of, whatever the tool."""

import time
from collections import Counter
from typing import Any

import pytest

from annotation.makers import span
from rhetoric.annotation.exchange.marks import Mark, put_together, take_apart

from .makers import coded


def test_a_passage_joins_what_no_link_does() -> None:
    text = "One.\n\nTwo. Three."
    marks = [
        Mark("passage", [[6, 17]]),  # coders draw them in any order
        Mark("passage", [[0, 4]]),
        Mark("machinery", [[0, 3]]),
        Mark("account", [[6, 9]], {"actor": "us"}),
        Mark("framing_cue", [[11, 16]]),
        Mark("correction", [[0, 3]]),
        Mark("contrast_cue", [[3, 4]]),
        Mark("PERSON", [[0, 3]]),
    ]
    taken: Counter[str] = Counter()
    made = put_together(text, marks, [], taken)
    partial = {"account": [], "machinery": [[0, 3]], "cue": [], "actor": "other", "explicit": False, "score": 1.0}
    cued = {"account": [[6, 9]], "machinery": [], "cue": [[11, 16]], "actor": "us", "explicit": True, "score": 1.0}
    assert made["framing"] == [partial, cued]
    assert made["passages"][1] == {
        **{"start": 0, "end": 4, "about": 1.0, "framing": "none", "framing_score": 1.0},
        **{"frames": made["passages"][1]["frames"], "portrayal": {}},
    }
    assert +taken == {
        "sides of a contrast without the other side": 1,
        "cues of a contrast without a contrast": 1,
        "spans with other labels": 1,
    }


def test_a_cue_without_links_is_of_the_nearest_framing_where_all_else_is_linked() -> None:
    text = "The slogan is openness, the works are fees. Elsewhere, in truth, aid hides a debt.\n\nSo-called."
    said = ("account", "openness"), ("machinery", "fees"), ("account", "aid"), ("machinery", "a debt")
    marks = [Mark(label, [span(text, words)]) for label, words in said]
    marks += [Mark("framing_cue", [span(text, words)]) for words in ("in truth", "slogan", "So-called")]

    def cues(links: list[tuple[int | None, int | None]]) -> list[list[str]]:
        made = put_together(text, marks, links, Counter())
        return [[text[start:end] for start, end in each["cue"]] for each in made["framing"]]

    assert cues([(0, 1), (2, 3)]) == [["slogan"], ["in truth"], ["So-called"]]
    assert cues([(0, 1)]) == [[], ["in truth", "slogan"], ["So-called"]], "with what has no links either"


def test_sides_drawn_by_hand_are_paired_in_text_order_and_take_the_nearest_cue() -> None:
    text = "a not b, c rather than d"
    marks = [Mark("correction", [span(text, words)]) for words in ("d", "b", "c")] + [
        Mark("correction", [[0, 1]]),
        Mark("contrast_cue", [span(text, "not")]),
        Mark("contrast_cue", [span(text, "rather than")]),
    ]
    made = put_together(text, marks, [], Counter())
    words = [
        (text[slice(*each["a"])], text[slice(*each["b"])], [text[a:b] for a, b in each["cue"]])
        for each in made["contrasts"]
    ]
    assert sorted(words) == [("a", "b", ["not"]), ("c", "d", ["rather than"])]


def test_sides_stand_in_the_order_of_the_text_and_once_whichever_way_links_were_drawn() -> None:
    text = "not a relay but a race"
    marks = [Mark("correction", [span(text, "a race")]), Mark("correction", [[0, 3], [4, 11]])]
    taken: Counter[str] = Counter()
    made = put_together(text, marks, [(0, 1), (1, 0)], taken)
    assert [(text[slice(*each["a"])], text[slice(*each["b"])]) for each in made["contrasts"]] == [
        ("not a relay", "a race")
    ]
    assert +taken == {"gaps in passages, sides of contrasts and metaphors, which have none": 1}


def test_what_belongs_to_the_first_mark_of_an_item_is_linked_to_it() -> None:
    framing = {"account": [[0, 2], [3, 4]], "machinery": [[5, 7]], "cue": [[8, 9]], "actor": "us", "explicit": True}
    record: Any = coded("An a is a b.", framing=[{**framing, "score": 0.5}], passages=[])
    marks, links = take_apart(record, Counter())
    assert [(mark.label, mark.spans) for mark in marks] == [
        ("account", [[0, 2]]),
        ("account", [[3, 4]]),
        ("machinery", [[5, 7]]),
        ("framing_cue", [[8, 9]]),
    ]
    assert [tuple(link) for link in links] == [(0, 1, "same"), (0, 2, "against"), (0, 3, "cue")]
    assert [mark.fields for mark in marks] == [{"actor": "us", "explicit": True, "score": 0.5}, {}, {}, {}]


def test_ranges_without_a_character_are_counted() -> None:
    record: Any = coded("It is.", metaphors=[{"span": [2, 2], "live": False, "score": 0.5}])
    record["contrasts"] = [{"label": "correction", "a": [0, 0], "b": [1, 2], "cue": [], "score": 1.0}]
    lost: Counter[str] = Counter()
    marks, links = take_apart(record, lost)
    assert ([mark.label for mark in marks], links) == (["passage"], [])
    assert +lost == {"ranges without a character": 1, "contrasts with an empty side": 1}


def test_links_that_lead_nowhere_are_no_harm() -> None:
    made = put_together("ab", [Mark("account", [[0, 1]])], [(0, 0)], Counter())
    assert len(made["framing"]) == 1


@pytest.mark.parametrize("kind", ["notes without links", "cues beside links", "cues of contrasts"])
def test_very_many_marks_in_one_paragraph_take_reasonable_time(kind: str) -> None:
    number = 20_000
    head, rest = ("correction", "contrast_cue") if kind == "cues of contrasts" else ("account", "framing_cue")
    labels = [rest if at % 2 or kind == "notes without links" else head for at in range(number)]
    marks = [Mark(label, [[3 * at, 3 * at + 2]]) for at, label in enumerate(labels)]
    links = [(at, at + 2) for at in range(0, number - 2, 4)] if kind == "cues beside links" else []
    begun = time.process_time()
    put_together("ab " * number, marks, links, Counter())
    assert time.process_time() - begun < 3  # ten and far more of it where each is compared with each


def test_what_stands_after_a_passage_in_another_is_of_the_outer_one() -> None:
    text = "They say aid. (So they say.) It is debt."
    marks = [Mark("passage", [[0, len(text)]]), Mark("passage", [span(text, "(So they say.)")])]
    marks += [Mark("account", [span(text, "aid")]), Mark("machinery", [span(text, "debt")])]
    assert len(put_together(text, marks, [], Counter())["framing"]) == 1
