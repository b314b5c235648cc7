import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from training.makers import authored, coded, shared, steady

from rhetoric.errors import SourceError
from rhetoric.gold import fold_of, is_denial, read_gold, split, with_texts, without_repeats
from rhetoric.resources import CORPORA

ids = st.sampled_from([f"{prefix}-{number:03}" for prefix in "abcdef" for number in range(4)])
slugs = st.text("abcd-", min_size=1, max_size=4)
rows = st.lists(st.one_of(ids.map(coded), slugs.map(lambda slug: coded("r-001", slug=slug))), max_size=12)


@steady
@given(rows, st.integers(2, 6))
def test_folds_partition_the_rows(rows, folds):
    held = [split(rows, fold, folds)[1] for fold in range(folds)]
    assert sorted(id(row) for part in held for row in part) == sorted(map(id, rows))
    for fold in range(folds):
        kept, out = split(rows, fold, folds)
        assert len(kept) + len(out) == len(rows)
        assert all(fold_of(row, folds) == fold for row in out)


@steady
@given(rows, st.integers(2, 6))
def test_no_writer_and_no_document_is_on_both_sides(rows, folds):
    def origin(row):
        return ("document", row["slug"]) if "slug" in row else ("writer", row["id"][0])

    for fold in range(folds):
        kept, held = split(rows, fold, folds)
        assert not {origin(row) for row in kept} & {origin(row) for row in held}


def test_folds_are_those_of_writers_and_documents():
    assert [fold_of(coded(f"{prefix}-001"), 3) for prefix in "abcdef"] == [0, 0, 1, 1, 2, 2]
    # Known values: Python's own hash of a string differs from run to run, and folds must not.
    assert [fold_of(coded("r-001", slug=slug), 3) for slug in ("alpha", "beta", "delta", "kappa")] == [1, 1, 0, 2]


@pytest.mark.parametrize("ids", [("doc-{}",), ("p{}",), ("a-{}",), ("talk-{}#1", "talk-{}#2")])
def test_gold_of_a_user_is_split_by_document(ids):
    folds = [{fold_of(coded(id.format(at)), 3) for id in ids} for at in range(40)]
    assert all(len(each) == 1 for each in folds) and set.union(*folds) == {0, 1, 2}


def test_denials_are_held_out_by_their_writer():
    pairs = read_gold(CORPORA / "gold/pairs.jsonl")
    denials = {row["id"]: fold_of(row, 3) for row in pairs if is_denial(row)}
    assert len(denials) == 720 and {(id[2], fold) for id, fold in denials.items()} == {("a", 0), ("b", 1), ("c", 2)}
    assert not any(is_denial(row) for row in read_gold(CORPORA / "gold/written.jsonl"))


def test_folds_of_the_authored_gold_are_of_like_size():
    rows = authored()
    sizes = [len(split(rows, fold, 3)[1]) for fold in range(3)]
    assert sum(sizes) == len(rows) == 610
    assert min(sizes) > 150


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '"a"',
        "3",
        '{"id": "a-2", "text": "no label"}',
        '{"text": "no id", "framing": "none"}',
        '{"id": "a-2", "frames": 3}',
        '{"id": "a-2", "frames": {"mine": "yes"}}',
        '{"id": "a-2", "text": 5, "about": 1}',
        '{"id": "a-2", "text": null, "about": 1}',
    ],
)
def test_reading_names_the_line_that_is_wrong(tmp_path: Path, line: str):
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a-1", "text": "", "framing": "none"}\n' + line + "\n")
    with pytest.raises(SourceError, match=r"gold\.jsonl:2") as error:
        read_gold(path)
    assert "Error" not in str(error.value)  # the names of Python's errors say nothing to a coder


def test_any_one_field_will_do_and_ids_are_texts(tmp_path: Path):
    path = tmp_path / "gold.jsonl"
    path.write_text('\ufeff{"id": 1, "frames": {"mine": 1}}\n\n{"id": "b", "about": 0}\n', encoding="utf-8")
    assert read_gold(path) == [{"id": "1", "frames": {"mine": 1}}, {"id": "b", "about": 0}]
    with pytest.raises(SourceError, match="cannot be read"):
        read_gold(tmp_path / "nowhere.jsonl")


def test_texts_come_back_by_offset_and_are_checked(tmp_path: Path):
    (tmp_path / "letter.txt").write_text("Dear all,\nthe café is shut.\n", encoding="utf-8")
    sha = hashlib.sha256("the café is shut.".encode()).hexdigest()[:16]
    kept = {"id": "r-001", "slug": "letter", "start": 10, "end": 27, "sha": sha}
    rows = with_texts([dict(kept), coded(text="As it was.")], str(tmp_path))
    assert [row["text"] for row in rows] == ["the café is shut.", "As it was."]
    with pytest.raises(SourceError, match="r-001"):
        with_texts([{**kept, "start": 9}], tmp_path)
    (tmp_path / "letter.txt").write_text("A letter.\n\nDear all, the\n  café is shut. Bye.\n", encoding="utf-8")
    assert with_texts([dict(kept)], tmp_path)[0]["text"] == "the café is shut."  # extracted anew, spaced otherwise
    with pytest.raises(SourceError, match=r"other\.txt.*r-001 is not there.*corpus fetch"):
        with_texts([{**kept, "slug": "other"}], tmp_path)
    for wrong in ({"id": "r-001", "about": 1}, {**kept, "start": "10"}, {**kept, "sha": None}):
        with pytest.raises(SourceError, match=r"r-001: this passage has no text, and does not say where it stands"):
            with_texts([wrong], tmp_path)


def test_shipped_gold_keeps_no_text_of_others_and_gets_it_back():
    rows = read_gold(CORPORA / "gold/real.jsonl")
    assert not any("text" in row for row in rows)
    assert with_texts(rows, shared("corpora/texts")) == read_gold(shared("gold/real.jsonl"))


def test_silver_passages_keep_their_passage_labels_and_gain_spans():
    ours = {row["id"]: row for row in with_texts(read_gold(CORPORA / "gold/silver.jsonl"), shared("corpora/texts"))}
    theirs = read_gold(shared("gold/silver.jsonl"))
    assert {row["id"] for row in theirs} < ours.keys()
    for row in theirs:
        assert row.items() <= ours[row["id"]].items()
        assert {"contrasts", "live_metaphors"} <= ours[row["id"]].keys()


def test_what_is_written_for_training_comes_from_other_hands_than_what_is_measured():
    writers = {row["id"][0] for row in read_gold(CORPORA / "gold/written.jsonl")}
    assert writers == set("ghijklmnopqvrstuwxz")
    assert not writers & {row["id"][0] for row in authored()}


def test_what_would_give_a_measured_passage_away_is_left_out():
    quoted = "the committee met in March and found that nobody had read the report before it was published"
    measured = [coded("r-001", text=f"On Monday {quoted}.", slug="one")]
    other = coded("s-001", text=f"A newspaper wrote that {quoted}!", slug="two")
    same = coded("s-002", text=f"Again: {quoted}.", slug="one")  # of the document itself, which its fold keeps apart
    fresh = coded("s-003", text="The committee met in March and found that everybody had read it.", slug="two")
    assert without_repeats([other, same, fresh], measured) == [same, fresh]
