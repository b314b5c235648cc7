"""What is chosen after training, on a few gold passages: the shipped weights stand in for those of every fold."""

import shutil

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs the test or the training extra")

from rhetoric.gold import FOLDS, fold_of, read_gold
from rhetoric.pipeline.encoder import GRAPH
from rhetoric.resources import CORPORA, DETECTORS
from rhetoric.training.card import ablations
from rhetoric.training.card.ablations import ABLATIONS, EXACT, ablation_table, measure_ablations
from rhetoric.training.decisions import held_out
from rhetoric.training.decisions.held_out import FURTHER, HeldOut
from rhetoric.training.evaluation.metrics import evaluate

GOLD = CORPORA / "gold"
EVERY = 36  # passages: some of each writer, and so of each fold
FEW = 9
CHANCES = held_out._CHANCES


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    whole = tmp_path_factory.mktemp("folds")
    for fold in range(FOLDS):
        shutil.copytree(DETECTORS, whole / f"fold-{fold}")
        shutil.copy(DETECTORS / GRAPH, whole / f"fold-{fold}.fp32.onnx")
    return [whole / f"fold-{fold}" for fold in range(FOLDS)]


@pytest.fixture(scope="module")
def held(folders):
    # Those written after passages of real documents stand in for real ones, of which there is no text here.
    authored, rewritten = (read_gold(GOLD / f"{name}.jsonl") for name in ("authored", "rewritten"))
    return HeldOut(authored[::EVERY] + rewritten[:FEW], folders, rewritten[FEW::EVERY])


@pytest.fixture(scope="module")
def records(held):
    return held.nested()


def test_every_passage_has_a_record_by_what_was_chosen_without_its_fold(held, records):
    assert [record["id"] for record in records] == [row["id"] for row in held.rows]
    assert sorted(held.choices) == [0, 1, 2]
    assert held.apply(held.choices) == records
    assert evaluate(held.rows, records, draws=0)["framing.unmasking"].value > 0.6  # the weights have seen them


def test_other_passages_are_read_by_the_weights_of_their_fold(held, records):
    rows = [held.rows[at] for at in (-1, 0, -2, len(held.rows) // 2)]  # in an order of their own
    assert len({fold_of(row, FOLDS) for row in rows}) > 1
    assert held.read(rows) == [records[held.rows.index(row)] for row in rows]


def test_a_feature_that_is_left_out_weighs_nothing(held):
    (decision, feature) = ("frames", "words")
    whole, less = (held.choose([0, 1], without) for without in ((), {f"{decision}.{feature}"}))
    assert whole.decisions[decision][feature] != 0 == less.decisions[decision][feature]
    assert whole.decisions["about"] == less.decisions["about"]


def test_frames_are_moved_to_where_a_half_serves_best(held, monkeypatch):
    def macro(choice):
        records = held.records(choice, [0, 1, 2], ["rhetoric_frames"]).values()
        return evaluate(held.rows, records, draws=0)["frames.macro_f1"].value

    moved = held.choose([0, 1, 2])
    monkeypatch.setattr(held_out, "_CHANCES", (0.5,))
    fitted = held.choose([0, 1, 2])
    by = moved.decisions["frames"]["alone"] - fitted.decisions["frames"]["alone"]
    assert any(by == pytest.approx(np.log((1 - chance) / chance), abs=1e-3) for chance in CHANCES)
    assert macro(moved) >= macro(fitted)
    monkeypatch.setattr(held_out, "_CHANCES", (0.001, 0.5))
    assert held.choose([0, 1, 2]).decisions["frames"] == fitted.decisions["frames"]  # every frame everywhere is no use


def test_framing_alone_is_fitted_to_further_passages(held):
    whole, less = (held.choose([0, 1], without) for without in ((), {FURTHER}))
    moved = {name for name in whole.decisions if whole.decisions[name] != less.decisions[name]}
    assert moved == {"framing.none", "framing.partial", "framing.unmasking"}


def test_what_is_left_out_is_compared_on_the_same_passages(held, records, folders, monkeypatch):
    kept = "counts of words of the two levels"
    monkeypatch.setattr(ablations, "ABLATIONS", {kept: ABLATIONS[kept]})
    found = measure_ablations(held, records, folders)
    assert [*found] == [kept, EXACT]
    assert all({*each} == {"framing.unmasking", "framing.macro_f1"} for each in found[kept].values())
    whole = evaluate([row for row in held.rows if "slug" in row], records, draws=0)
    assert found[EXACT]["real"]["about"]["with"] == round(whole["about"].value, 4)
    same = all(each["with"] == each["without"] for kind in found[EXACT].values() for each in kind.values())
    assert same  # the graphs are the same here
    assert f"| {kept} | `framing.unmasking` |" in ablation_table(found)
    assert "at most +0.000" in ablation_table(found)
