import re
from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.pipeline.connectives import Connectives
from rhetoric.training.benchmarks import contrasts
from rhetoric.training.data.discourse import explicit_connectives, join, read_discourse, read_documents

from ..gum import TEXT, WORDS, gum, pipeline, write
from ..makers import steady


def test_documents_come_back_whole_with_their_text(tmp_path):
    path = write(tmp_path / "gum.jsonl.gz", [gum(), gum("train"), gum("test", "free")])
    assert [each["text_licence"] for each in read_documents(path, "test", free=False)] == ["nc", "free"]
    text, ranges = join(WORDS, gum()["space_after"])
    assert text == TEXT
    assert [text[start:end] for start, end in ranges] == WORDS
    assert [each["text"] for each in read_discourse(path, "test")] == [TEXT]


def test_cue_words_are_those_of_explicit_contrasts():
    assert explicit_connectives(gum()["relations"]) == {5, 8, 9}


def test_units_of_adversative_relations():
    text, ranges = join(WORDS, gum()["space_after"])
    found = contrasts.adversative(gum()["relations"], ranges)
    said = [(text[slice(*each["a"])], text[slice(*each["b"])]) for each in found]
    assert [tuple(re.sub(r"\W+", " ", side).strip() for side in each) for each in said] == [
        ("He won t run", "but she will"),
        ("even though it is late", "However it snows"),
    ]


@steady
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), min_size=1, max_size=12), st.data())
def test_words_that_spans_touch(parts, data):
    words, at = [], 0
    for gap, length in parts:
        words.append((at + gap, at + gap + length))
        at += gap + length
    cuts = st.tuples(st.integers(0, at), st.integers(0, at)).map(sorted).filter(lambda cut: cut[0] < cut[1])
    spans = data.draw(st.lists(cuts, max_size=4))
    slow = {i for i, (a, b) in enumerate(words) for c, d in spans if max(a, c) < min(b, d)}
    assert contrasts.touched(words, spans) == slow


def test_a_contrast_finds_a_relation_where_each_side_overlaps_another_unit():
    units = [{"a": [0, 10], "b": [12, 20]}]
    for sides, right in [
        (([5, 9], [15, 16]), 1),
        (([19, 40], [9, 11]), 1),  # the other way round
        (([0, 3], [4, 10]), 0),  # both in one unit
        (([0, 20], [30, 40]), 0),  # one side over both
        (([10, 12], [12, 20]), 0),  # beside the first one
    ]:
        assert contrasts.count_relations(units, [sides]) == (right, 1, 1)


def test_a_contrast_finds_one_relation_and_a_relation_is_found_once():
    units = [{"a": [0, 10], "b": [12, 20]}, {"a": [0, 10], "b": [12, 30]}]
    one, far = ([0, 10], [12, 20]), ([50, 60], [70, 80])
    assert contrasts.count_relations(units, [one]) == (1, 1, 2)
    assert contrasts.count_relations(units[:1], [one, one]) == (1, 2, 1)
    for order in permutations([one, one, far]):
        assert contrasts.count_relations(units, list(order)) == (2, 3, 2)
    assert contrasts.count_relations([], [one]) == (0, 1, 0)


def test_gum_is_measured_on_both_licences(tmp_path):
    path = write(tmp_path / "gum.jsonl.gz", [gum(), gum("dev"), gum("test", "free")])
    found = contrasts.measure_contrasts(pipeline, path)
    cues, relations = found["gum_cues"], found["gum_relations"]
    letters = [word for word in WORDS if any(letter.isalnum() for letter in word)]
    assert (cues["count"], cues["positive"], cues["groups"]) == (2 * len(letters), 6, 2)
    values = {
        way: [cues["measured"][way][key]["value"] for key in ("precision", "recall")]
        for way in (contrasts.HEAD, contrasts.FOUND)
    }
    # The head: but, However (of a relation that is no contrast); a comma is no word. Contrasts: but, though, is.
    assert values == {contrasts.HEAD: [0.5, 0.3333], contrasts.FOUND: [0.6667, 0.6667]}
    assert (relations["count"], relations["positive"], relations["threshold"]) == (4, 4, None)
    # run/she is the first relation; of the second, "snows" lies in its second unit and "it is" in its first.
    assert relations["measured"][contrasts.FOUND]["f1"]["value"] == 1.0
    assert all(each["baselines"][contrasts.RULES]["recall"]["value"] > 0 for each in found.values())


def test_connectives_are_measured_where_there_is_what_finds_them(tmp_path):
    path = write(tmp_path / "gum.jsonl.gz", [gum()])
    finds = Connectives(np.array([0, 1, 0, 0, 0], dtype=np.float32), {"but": 2.0, "though": 2.0, "she": 2.0})
    found = contrasts.measure_contrasts(pipeline, path, finds)["gum_cues"]["measured"]
    assert [found[contrasts.CONNECTIVES][key]["value"] for key in ("precision", "recall")] == [0.6667, 0.6667]
    assert contrasts.CONNECTIVES not in contrasts.measure_contrasts(pipeline, path)["gum_cues"]["measured"]
