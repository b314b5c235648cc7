import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rhetoric
from rhetoric.errors import RhetoricError, SourceError
from rhetoric.resources import DETECTORS
from rhetoric.training.decisions.choice import choice_of, names_of, set_choice
from rhetoric.training.decisions.questions import ASKED
from rhetoric.training.evaluation.evaluate import evaluate_gold
from rhetoric.training.evaluation.metrics import Measure
from rhetoric.training.own.decisions import train_decisions
from rhetoric.training.own.decisions_card import decisions_card
from rhetoric.training.own.folder import add_pointer
from rhetoric.training.own.frames import train_frames
from rhetoric.training.own.lines import fit_towards, how_sure, score
from rhetoric.training.own.results import reading

from ..makers import authored
from .test_frames import Fake, makes

pytestmark = pytest.mark.usefixtures("extra")
Row = dict[str, Any]
PASSAGES = 36
STRICT = 0.8  # well above the lines that ship: from which score on a coder sees a contrast, or a live metaphor


def as_coded(record: Any, number: int, strict: float = 0.0) -> Row:
    """Return a passage coded as the detectors read it, but for contrasts and live metaphors less sure than that."""
    live = [each for each in record["metaphors"] if each["live"] and each["score"] >= strict]
    return {
        "id": f"doc{number % 6}#{number}",
        "text": record["text"],
        "contrasts": [
            {name: each[name] for name in ("label", "a", "b", "cue")}
            for each in record["contrasts"]
            if each["score"] >= strict
        ],
        "live_metaphors": [{name: each[name] for name in ("span", "source", "target")} for each in live],
    }


@pytest.fixture(scope="module")
def said(nlp: Any) -> list[Any]:
    """What the detectors say of some passages with contrasts and metaphors."""
    rows = [row for row in authored() if row["contrasts"] and row["live_metaphors"]][:PASSAGES]
    return [rhetoric.annotate(row["text"], nlp=nlp) for row in rows]


@pytest.fixture(scope="module")
def strict(said: list[Any], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Row], Any]:
    """Detectors that draw their lines as a stricter coder does, built on those with a frame of one's own."""
    pytest.importorskip("sklearn", reason="needs scikit-learn (the extra cluster)")
    rows = [as_coded(record, at, STRICT) for at, record in enumerate(said)]
    place = tmp_path_factory.mktemp("own")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rhetoric.training.own.frames._encode", Fake())
        train_frames(makes(), place / "frames")
    return place / "mine", rows, train_decisions(rows, place / "mine", base=place / "frames", source="a|b`c.jsonl")


def test_the_lines_of_a_stricter_coder_are_drawn(strict: Any) -> None:
    _, rows, decided = strict
    assert {"contrast", "live metaphor"} <= {*decided.redrawn}
    for metric in ("contrast.any", "metaphor.live"):
        found = decided.compared[metric]
        assert reading(metric, found.difference) == "better"
        assert found.difference.value == pytest.approx(found.ours.value - found.theirs.value)
    # What was coded is measured, the rest is left as it is, and that is said.
    assert {"about", "frames", "framing", "cue"} <= {*decided.left_out}
    assert not any(name.startswith(("about", "frames", "framing", "ece", "portrayal")) for name in decided.compared)
    assert decided.seen == len(rows) and decided.documents == 6


def test_the_folder_decides_by_them_everywhere(strict: Any, said: list[Any]) -> None:
    folder, rows, _ = strict
    mine, shipped = (json.loads((each / "config.json").read_text(encoding="utf-8")) for each in (folder, DETECTORS))
    changed = {name for name, weights in mine["decisions"].items() if weights != shipped["decisions"][name]}
    assert changed <= {"contrast", "live"}
    same = mine.keys() - {"decisions", "thresholds", "custom"}
    assert {name: mine[name] for name in same} == {name: shipped[name] for name in same}
    nlp = rhetoric.load(detectors=folder)
    ours = [{**rhetoric.annotate(row["text"], nlp=nlp), "id": row["id"]} for row in rows]
    theirs = [{**record, "id": row["id"]} for row, record in zip(rows, said, strict=True)]
    found, before = (evaluate_gold(rows, each, draws=0) for each in (ours, theirs))
    for metric in ("contrast.any", "metaphor.live"):
        assert found[metric].value > before[metric].value + 0.03
    assert ours[0]["pipeline"]["sha256"] != theirs[0]["pipeline"]["sha256"]
    passages = [{name: each for name, each in passage.items() if name != "custom"} for passage in ours[0]["passages"]]
    assert passages == theirs[0]["passages"]


def test_the_card_says_what_was_done_and_no_markup_of_others(strict: Any) -> None:
    folder, _, decided = strict
    card = (folder / "decisions" / "README.md").read_text(encoding="utf-8")
    assert str(decided.compared["contrast.any"].difference) in card and "|b`c" not in card
    assert "about | 0 | 0 | as before: nobody coded it" in card
    top = (folder / "README.md").read_text(encoding="utf-8")
    assert top.count("decisions/README.md") == 2 and top.startswith("> In this folder")
    scores = json.loads((folder / "decisions" / "scores.json").read_text(encoding="utf-8"))
    assert scores["compared"]["metaphor.live"]["reads"] == "better" and len(scores["shas"]) == PASSAGES
    assert "5 folds of whole documents, 6 documents): the lines" in card
    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    unnamed = decisions_card(replace(decided, named=False), settings, "")
    assert "whole documents" not in unnamed and "Of which documents the passages are is not known" in unnamed


def test_frames_and_lines_of_ones_own_go_together(strict: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rhetoric.training.own.frames._encode", Fake())
    folder, rows, _ = strict
    both = tmp_path / "both"
    train_frames(makes(), both, base=folder)
    lines = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    for made in (folder, both):
        its = json.loads((made / "config.json").read_text(encoding="utf-8"))
        assert (its["decisions"], its["thresholds"]) == (lines["decisions"], lines["thresholds"])
        passage = rhetoric.annotate(rows[0]["text"], nlp=rhetoric.load(detectors=made))["passages"][0]
        assert {*passage["custom"]} == {"harbour"}
        card = (made / "README.md").read_text(encoding="utf-8")
        assert "custom/README.md" in card and "decisions/README.md" in card


def test_nothing_is_written_where_nothing_is_better(said: list[Any], tmp_path: Path) -> None:
    rows = [as_coded(record, at) for at, record in enumerate(said)]
    for row in rows:
        del row["live_metaphors"]
    decided = train_decisions(rows, tmp_path / "d")
    assert not decided.redrawn and "contrast" in decided.as_before
    assert decided.compared["contrast.any"].ours.value == 1
    assert {reading(name, each.difference) for name, each in decided.compared.items()} == {"the same"}
    assert not (tmp_path / "d").exists()


def test_too_little_is_said_to_be(tmp_path: Path) -> None:
    def of(number: int, documents: int) -> list[Row]:
        contrast = {"label": "correction", "a": [0, 1], "b": [2, 3], "cue": []}
        rows = (
            {"id": f"d{at % documents}#{at}", "text": f"A b {at}.", "contrasts": [contrast]} for at in range(number)
        )
        return list(rows)

    for (passages, documents), said in {
        (1, 1): "1 passage is coded with it, 10 are needed",
        (9, 3): "9 passages are coded with it, 10 are needed",
        (12, 1): "are of one document; to measure it takes 3",
        (12, 2): "are of 2 documents; to measure it takes 3",
    }.items():
        with pytest.raises(RhetoricError, match=said):
            train_decisions(of(passages, documents), tmp_path / "d")
    with pytest.raises(SourceError, match="2 passages have this id"):
        train_decisions([*of(12, 3), {**of(1, 1)[0], "text": "Other."}], tmp_path / "d")
    with pytest.raises(SourceError, match="--texts"):
        train_decisions([{**of(1, 1)[0], "text": ""}], tmp_path / "d")
    with pytest.raises(SourceError, match="not one of"):
        train_decisions([{"id": "a", "text": "A.", "about": 2}], tmp_path / "d")
    with pytest.raises(RhetoricError, match="nobody coded it"):
        train_decisions([], tmp_path / "d")


def test_one_pointer_is_enough(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Detectors\n", encoding="utf-8")
    for lines, part in (("a", "decisions"), ("b", "custom"), ("c", "decisions"), ("d", "custom")):
        add_pointer(tmp_path, f"> Of {lines}:\n> [{part}/README.md]({part}/README.md).\n\n", part)
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert [line for line in card.splitlines() if line.startswith("> Of")] == ["> Of d:", "> Of c:"]
    assert card.endswith("# Detectors\n")


def test_what_the_detectors_decide_by_is_read_and_set(nlp: Any) -> None:
    stored = json.loads((DETECTORS / "config.json").read_text(encoding="utf-8"))
    choice = choice_of(nlp)
    told = {name: {each: weight for each, weight in row.items() if weight} for name, row in choice.decisions.items()}
    assert told == {
        name: {n: weight for n, weight in row.items() if weight} for name, row in stored["decisions"].items()
    }
    assert choice.thresholds == {name: each for name, each in stored["thresholds"].items() if name != "metaphor.any"}
    assert {name for decision in ASKED for name in names_of(decision)} == {*choice.decisions}
    contrast = nlp.get_pipe("rhetoric_contrast")
    choice.thresholds["contrast.threshold"] = 0.9
    try:
        set_choice(nlp, choice)
        assert contrast.threshold == 0.9 and choice_of(nlp) == choice
    finally:
        choice.thresholds["contrast.threshold"] = stored["thresholds"]["contrast.threshold"]
        set_choice(nlp, choice)


@pytest.mark.parametrize("labels", [2, 3])
def test_without_a_penalty_it_is_scikit_learn_s_logistic_regression(labels: int) -> None:
    from sklearn.linear_model import LogisticRegression

    draw = np.random.default_rng(labels)
    table = draw.normal(size=(300, 4)) * [0.2, 1, 3, 1]
    answers = np.argmax(table @ draw.normal(size=(4, labels)) + draw.gumbel(size=(300, labels)), axis=1)
    start = draw.normal(size=(1 if labels == 2 else labels, 5))
    found = fit_towards(table, answers, start, 1e-6)
    model = LogisticRegression(C=1e6, tol=1e-9, max_iter=5000).fit(table, answers)
    odds = table @ found[:, :-1].T + found[:, -1]
    odds = np.column_stack([np.zeros(300), odds]) if labels == 2 else odds
    expected = model.predict_log_proba(table)
    assert np.allclose(odds - np.log(np.exp(odds).sum(1, keepdims=True)), expected, atol=5e-3)


def test_few_answers_do_not_move_the_weights_far() -> None:
    start = np.array([[1.0, 2.0, -1.0]])
    table = np.array([[5.0, 0.0], [4.0, 0.0]])
    moved = fit_towards(table, np.array([0, 0]), start, 10.0)  # nothing but "no": weights of their own would run away
    assert np.all(np.abs(moved - start) < 0.6) and moved[0, 1] == start[0, 1]
    assert np.array_equal(fit_towards(np.zeros((0, 2)), np.zeros(0, dtype=np.int64), start, 10.0), start)
    assert np.allclose(fit_towards(table, np.array([0, 0]), start, 1e9), start, atol=1e-6)


def test_how_sure_a_difference_is() -> None:
    right, wrong = np.array([[[1, 1, 1]]] * 40, dtype=float), np.array([[[0, 1, 1]]] * 40, dtype=float)
    assert score(right) == 1 and score(wrong) == 0
    assert how_sure(right, wrong) == 1 and how_sure(right, right) == 0
    mixed = np.concatenate([right[:20], wrong[:20]])
    assert 0.2 < how_sure(mixed, np.concatenate([wrong[:20], right[:20]])) < 0.8


def test_words_for_a_difference() -> None:
    assert reading("about", Measure(0.1, 0.02, 0.2)) == "better"
    assert reading("about", Measure(-0.1, -0.2, -0.02)) == "worse"
    assert reading("ece.about", Measure(-0.1, -0.2, -0.02)) == "better"
    assert reading("ece.about", Measure(0.1, 0.02, 0.2)) == "worse"
    assert reading("about", Measure(0.1, -0.02, 0.2)) == "cannot be told"
    assert reading("about", Measure(0.0, 0.0, 0.0)) == "the same"
