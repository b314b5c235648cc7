import gzip
import json

import pytest

from rhetoric.training.data.discourse import read_discourse

from .. import gum
from ..makers import shared

FIRST = ["It", "is", "not", "a", "race", ",", "but", "a", "relay", "."]
SECOND = ["Although", "it", "rained", ",", "they", "ran", "."]
SPACES = [True, True, True, True, False, True, True, True, False, True]


def relation(label, a, b, cue=(), scheme="pdtb", kind="explicit"):
    return gum.relation(scheme, label, [list(a)], [list(b)], cue, kind)


def document(*relations, **other):
    tokens = FIRST + SECOND
    spaces = ([*SPACES, True] + [True] * len(tokens))[: len(tokens)]
    base = {"doc": "d", "split": "train", "text_licence": "free", "tokens": tokens, "space_after": spaces}
    return {**base, "sentence_starts": [0, len(FIRST)], "relations": list(relations), **other}


@pytest.fixture
def read(tmp_path):
    def write_and_read(*documents, split="train"):
        path = tmp_path / "contrasts.jsonl.gz"
        path.write_bytes(gzip.compress("\n".join(map(json.dumps, documents)).encode()))
        return list(read_discourse(path, split))

    return write_and_read


def said(row, span):
    return row["text"][slice(*span)]


def test_a_marked_relation_is_a_contrast_in_text_order(read):
    # Of "Although A, B" the scheme names the main clause first; the text has it second.
    (row,) = read(document(relation("comparison.concession.arg1-as-denier", (14, 16), (11, 13), [(10, 11)])))
    (found,) = row["contrasts"]
    assert found["label"] == "concession"
    assert [said(row, found["a"]), said(row, found["b"])] == ["it rained", "they ran"]
    assert [said(row, span) for span in found["cue"]] == ["Although"]
    assert row["unclear"] == []


def test_stops_do_not_belong_to_a_side(read):
    (row,) = read(document(relation("expansion.substitution.arg2-as-subst", (3, 6), (6, 9), [(6, 7)])))
    (found,) = row["contrasts"]
    assert (found["label"], said(row, found["a"]), said(row, found["b"])) == ("correction", "a race", "but a relay")


def test_no_label_is_invented_where_the_scheme_does_not_tell(read):
    (row,) = read(document(relation("comparison.contrast", (3, 5), (7, 8))))
    assert row["contrasts"][0]["label"] is None


@pytest.mark.parametrize(
    "unmarked",
    [
        relation("comparison.contrast", (3, 5), (7, 8), kind="implicit"),
        relation("adversative-contrast", (3, 5), (7, 8), scheme="erst", kind=None),
    ],
)
def test_what_no_word_marks_is_unclear(read, unmarked):
    (row,) = read(document(unmarked))
    assert row["contrasts"] == []
    assert [said(row, span) for span in row["unclear"]] == ["a race", "a"]


def test_passages_are_whole_sentences_and_hold_their_contrasts_whole(read):
    long = [*(["word"] * 88), "."]
    tokens = long + SECOND
    crossing = relation("comparison.contrast", (80, 88), (89, 93))
    (first, second) = read(
        document(crossing, tokens=tokens, space_after=[True] * len(tokens), sentence_starts=[0, len(long)])
    )
    assert first["text"].endswith("word . ") and second["text"].startswith("Although")
    assert first["contrasts"] == second["contrasts"] == []
    assert first["unclear"] and second["unclear"]


def test_only_the_split_and_licence_asked_for_are_read(read):
    assert read(document(split="test"), document(text_licence="nc")) == []


def test_the_real_file_gives_passages_with_their_own_words():
    rows = list(read_discourse(shared("data/discourse/contrast_gum.jsonl.gz"), "train"))
    found = [(row, contrast) for row in rows for contrast in row["contrasts"]]
    assert len(rows) > 1000 and len(found) > 500
    for row, contrast in found:
        a, b = contrast["a"], contrast["b"]
        assert 0 <= a[0] < a[1] <= b[0] < b[1] <= len(row["text"])
        assert said(row, a)[0].isalnum() or not said(row, a)[0].isspace()
    assert len({row["id"] for row in rows}) == len(rows)
