import json

import pytest
import spacy

from rhetoric.analysis import PIPES
from rhetoric.errors import ModelError
from rhetoric.pipeline.contrast import FEATURES
from rhetoric.pipeline.thresholds import START, fitted, line


@pytest.fixture
def folder(tmp_path):
    settings = {"thresholds": {"contrast.threshold": 0.25}, "decisions": {"contrast": {"cue": 1.5, "alone": -2.0}}}
    (tmp_path / "config.json").write_text(json.dumps(settings), encoding="utf-8")
    return tmp_path


def test_what_the_user_gives_comes_first(folder):
    assert line("contrast.threshold", 0.0, folder) == 0.0
    assert line("contrast.threshold", None, folder) == 0.25


def test_what_was_not_measured_starts_somewhere(folder):
    assert line("metaphor.live", None, folder) == START["metaphor.live"]


def test_a_decision_is_read_by_name(folder):
    found = dict(zip((*FEATURES, "alone"), fitted("contrast", FEATURES, {}, folder), strict=True))
    assert (found.pop("cue"), found.pop("alone")) == (1.5, -2.0)
    assert set(found.values()) == {0.0}


def test_a_decision_that_is_not_fitted_starts_from_what_it_is_given(folder):
    assert list(fitted("framing.none", ("one", "two"), {"two": 3.0}, folder)) == [0.0, 3.0, 0.0]


@pytest.mark.parametrize("settings", [None, "{", "[]"])
@pytest.mark.parametrize("pipe", [f"rhetoric_{name}" for name, trained in PIPES.items() if trained])
def test_what_is_no_folder_of_weights_is_never_taken_for_one_that_is_not_fitted(pipe, settings, tmp_path):
    if settings:
        (tmp_path / "config.json").write_text(settings, encoding="utf-8")
    folder = str(tmp_path if settings else tmp_path / "nowhere")
    with pytest.raises(ModelError, match="cannot be loaded"):
        spacy.blank("en").add_pipe(pipe, config={"folder": folder})
