"""The card says of weights what their run did, and what happened to others only where somebody has written it down."""

import json
from typing import Any

import pytest

from rhetoric.resources import DETECTORS
from rhetoric.training.card.cards import detectors_card
from rhetoric.training.weights import read_settings

PLAIN = {"teachers": 0, "windows": 0, "rounds": 2, "machines": ["a CPU"], "denials": 0, "thin": 0, "baselines": "all"}
TAUGHT = {**PLAIN, "teachers": 3, "windows": 61_234, "rounds": 4, "machines": ["one H100 GPU in bfloat16"]}
HISTORY = {"version": "0.9", "weak": ["Irony is missed."], "made": ["It was made\n  in two sittings."]}
OTHERS = ("version 0.1", "63,000", "H200", "three sittings", "0.35)", "half of the time", "Long reflective")


@pytest.fixture(scope="module")
def scores() -> Any:
    found = json.loads((DETECTORS / "scores.json").read_text(encoding="utf-8"))
    return {name: each for name, each in found.items() if name != "history"}


def card(scores: Any, trained: Any, **more: Any) -> str:
    settings = read_settings(DETECTORS)
    settings["thresholds"] = {**settings["thresholds"], "metaphor.any": 0.4}
    return detectors_card({**scores, "trained": trained, **more}, settings)


def test_a_run_on_a_cpu_without_teachers(scores: Any) -> None:
    made = card(scores, PLAIN)
    assert not [
        each for each in (*OTHERS, "mpnet", "windows", "MPNET", "Teacher", "heard", "ships in version") if each in made
    ]
    assert "What a run of the command below made" in made and "`rhetoric train detectors` trains" in made
    assert "All was trained on\n  a CPU, step by step, so that a rerun of the recipe gives the same bytes" in made
    assert "(0.4) follows from theory" in made and "They learned from the same passages as the detectors." in made
    recipe = made.partition("Recipe: `")[2].partition("`")[0]
    assert "teacher" not in recipe and "epochs 16" not in recipe and recipe.count(") then (") == 1


def test_a_run_with_teachers_that_learned_denials(scores: Any) -> None:
    passages = {**scores["passages"], "pairs": 1647}
    made = card(scores, {**TAUGHT, "denials": 720, "thin": 2395}, passages=passages)
    assert not [each for each in OTHERS if each in made]
    assert "starting weights of three teachers" in made and "some 61,000 windows" in made and "--teacher MPNET" in made
    assert "Teachers and student were trained on\n  one H100 GPU in bfloat16, step by step" in made
    assert "| 1647 passages written in pairs" in made and "live metaphors of all but 2,395" in made
    assert "learned such passages of the other writers" in made
    assert "written in pairs" not in card(scores, TAUGHT) and "of the other writers" not in card(scores, TAUGHT)


def test_what_no_run_can_tell_is_added_by_hand(scores: Any) -> None:
    made = card(scores, TAUGHT, history=HISTORY)
    assert "What `rhetoric` ships in version 0.9" in made and "The weights that ship, trained on" in made
    assert "- Irony is missed.\n" in made and "- It was made\n  in two sittings.\n- How much" in made


def test_figures_that_are_stored_with_an_interval_of_no_width_are_told_without(scores: Any) -> None:
    fresh = scores["fresh"] | {"about": {"value": 1.0, "low": 1.0, "high": 1.0}}
    made = card({**scores, "fresh": fresh}, TAUGHT)
    assert "| about | 1.000 | 0.915 |" in made and "+0.000 [+0.000, +0.000]" not in made


def test_the_card_that_ships_is_made_from_its_scores() -> None:
    found = json.loads((DETECTORS / "scores.json").read_text(encoding="utf-8"))
    assert detectors_card(found, read_settings(DETECTORS)) == (DETECTORS / "README.md").read_text(encoding="utf-8")
