"""Windows are what stands in the texts, of a readable length, and the same for the same seed."""

import random

from rhetoric.datasets import load
from rhetoric.resources import CORPORA
from rhetoric.training.data.windows import cut_windows, join_windows, make_windows

ESSAY = {"slug": "essay", "text": (CORPORA / "essay.txt").read_text(encoding="utf-8")}


def authored():
    frame = load("authored").iloc[:40]
    return [{"id": str(row["id"]), "text": str(row["text"])} for _, row in frame.iterrows()]


def test_a_window_is_a_stretch_of_its_text():
    windows = [row["text"] for row in cut_windows([ESSAY] * 3, random.Random(1))]
    assert len(windows) > 12
    assert all(window in ESSAY["text"] for window in windows)
    assert all(8 <= len(window.split()) <= 230 for window in windows)


def test_joined_passages_hold_a_whole_one_and_the_opening_of_another_by_the_same_hand():
    rows = authored()
    texts = [row["text"] for row in rows]
    for row in join_windows(rows, random.Random(1)):
        whole = next(text for text in texts if text in row["text"])
        rest = row["text"].replace(whole, "", 1).strip()
        assert any(text.startswith(rest) for text in texts)
        assert len(row["text"].split()) <= 230


def test_texts_and_written_passages_both_give_windows_and_real_ones_do_not_twice():
    real = {
        "id": "r-1",
        "slug": "essay",
        "text": "A passage of a text. It is cut with its text, and not again by itself.",
    }
    alone = list(make_windows([real], [], random.Random(1)))
    both = list(make_windows([real, *authored()], [ESSAY], random.Random(1)))
    assert alone == []
    assert both == list(make_windows([real, *authored()], [ESSAY], random.Random(1)))
    assert len(both) > 60
