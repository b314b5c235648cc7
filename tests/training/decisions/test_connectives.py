"""Fitting connectives: counts of the training part, weights of the dev part."""

import math

import pytest

from rhetoric.pipeline.connectives import FEATURES
from rhetoric.training.decisions.connectives import connective_odds, fit_connectives

from ..gum import gum, pipeline, write


def test_words_are_counted_in_the_training_part_alone(tmp_path):
    path = write(tmp_path / "gum.jsonl.gz", [gum("train", "free"), gum("train", "free"), gum("test", "free")])
    assert connective_odds(path) == {word: round(math.log(2.5 / 0.5), 3) for word in ("but", "even", "though")}
    assert connective_odds(write(tmp_path / "one.jsonl.gz", [gum("train", "free")])) == {}  # once is chance


def test_nothing_is_learned_from_texts_without_a_free_licence(tmp_path):
    path = write(tmp_path / "gum.jsonl.gz", [gum("train", "nc"), gum("train", "nc"), gum("dev", "nc")])
    assert connective_odds(path) == {}
    with pytest.raises(ValueError, match="at least one array"):  # nothing to fit weights to
        fit_connectives(pipeline, path)


def test_what_is_fitted_has_a_weight_for_each_feature(tmp_path):
    path = write(tmp_path / "gum.jsonl.gz", [gum("train", "free"), gum("train", "free"), gum("dev", "free")])
    fitted = fit_connectives(pipeline, path)
    assert [*fitted["weights"]] == [*FEATURES, "alone"] and set(fitted["usual"]) == {"but", "even", "though"}
    assert fitted["weights"]["usual"] > 0
