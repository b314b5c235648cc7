import json

import pytest

from rhetoric.pipeline.contrast import FEATURES
from rhetoric.pipeline.thresholds import START, fitted, line


@pytest.fixture
def folder(tmp_path):
    settings = {"thresholds": {"contrast.threshold": 0.25}, "decisions": {"contrast": {"cue": 1.5, "alone": -2.0}}}
    (tmp_path / "config.json").write_text(json.dumps(settings), encoding="utf-8")
    return str(tmp_path)


def test_what_the_user_gives_comes_first(folder):
    assert line("contrast.threshold", 0.0, folder) == 0.0
    assert line("contrast.threshold", None, folder) == 0.25


def test_what_was_not_measured_starts_somewhere(folder, tmp_path):
    assert line("metaphor.live", None, folder) == START["metaphor.live"]
    assert line("contrast.threshold", None, str(tmp_path / "nowhere")) == START["contrast.threshold"]


def test_a_decision_is_read_by_name(folder, tmp_path):
    found = dict(zip((*FEATURES, "alone"), fitted("contrast", FEATURES, {}, folder), strict=True))
    assert (found.pop("cue"), found.pop("alone")) == (1.5, -2.0)
    assert set(found.values()) == {0.0}


def test_a_decision_that_is_not_fitted_starts_from_what_it_is_given(folder, tmp_path):
    for place in (folder, str(tmp_path / "nowhere")):
        assert list(fitted("framing.none", ("one", "two"), {"two": 3.0}, place)) == [0.0, 3.0, 0.0]
