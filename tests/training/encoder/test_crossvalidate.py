"""Each fold learns from the others, and from nothing that gives away what is measured in it."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the training extra")

from rhetoric.gold import fold_of
from rhetoric.training.data.passages import Gold
from rhetoric.training.encoder import crossvalidate
from rhetoric.training.encoder.train import Recipe

from ..makers import coded

QUOTED = "the committee met in March and found that nobody had read the report before it was published"
OTHER = "two ministers who had never agreed on anything signed the same letter to the same newspaper last week"
SLUGS = {fold: next(slug for slug in "abcdefgh" if fold_of(coded(slug=slug), 3) == fold) for fold in range(3)}


def test_what_repeats_a_measured_passage_is_not_learned_in_its_fold(monkeypatch):
    learned = []

    def make(kept, last, texts, *given, **more):
        learned.append([{row["id"] for row in rows} for rows in (kept, last)])

    monkeypatch.setattr(crossvalidate, "make_weights", make)
    rows = [coded("r-1", QUOTED, slug=SLUGS[0]), coded("r-2", f"So {QUOTED}.", slug=SLUGS[1]), coded("a-001", "Plain.")]
    silver = [coded("s-1", "What it says.", slug=SLUGS[2])]
    written = [coded("g-1", OTHER), coded("g-2", "Something else.")]
    fresh = [coded("yd-1", f"Then {OTHER}.", slug="of nothing else"), coded("yb-1", f"Yet {QUOTED}.", slug=SLUGS[2])]
    denials = [coded(f"n-{writer}-001-d", f"This {writer} is no race.") for writer in "abc"]
    passages = Gold(rows, silver, written, fresh, denials, essay=[], again=[])
    assert len(crossvalidate.train_folds(passages, [], Path(), Path(), Recipe())) == 3
    assert learned == [
        [{"s-1", "g-1", "g-2"}, {"yd-1", "n-b-001-d", "n-c-001-d"}],
        [{"a-001", "s-1", "g-1", "g-2"}, {"yd-1", "n-a-001-d", "n-c-001-d"}],
        [{"r-1", "r-2", "a-001", "g-2"}, {"n-a-001-d", "n-b-001-d"}],
    ]
