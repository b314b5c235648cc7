"""From PyTorch weights to what ships: one ONNX graph with int8 weights, its tokenizer, its settings and checksums."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch

from rhetoric.pipeline.encoder import GRAPH, TOKENIZER
from rhetoric.pipeline.judge import JUDGE
from rhetoric.pipeline.layout import VECTOR
from rhetoric.training.detectors import MAX_PIECES
from rhetoric.training.network import Network
from rhetoric.training.vectors import base_encoder
from rhetoric.training.weights import full_graph, write_settings

_SMALL = 40_000  # weights; the heads stay as they are, since decisions are made there


def export(network: Network, output: Path, settings: dict[str, Any]) -> None:
    """Write ``encoder.onnx``, ``judge.onnx``, ``tokenizer.json`` and ``config.json`` to the folder ``output``, beside
    what ``fit_words`` and ``fit_phrases`` left there; the graph as it was before its weights became int8 beside the
    folder (``full_graph``).

    Matrices are stored as int8 and unfolded to fp32 when loaded: a quarter of the size at next to no loss. Quantised
    arithmetic would be faster, but it moved the scores about four times as far, and it rounds differently on processors
    with and without VNNI, so that the same text would not give the same record everywhere.
    """
    from onnxruntime.quantization.preprocess import quant_pre_process

    output.mkdir(parents=True, exist_ok=True)
    network.eval()
    with TemporaryDirectory() as folder:
        full, prepared = Path(folder) / "full.onnx", Path(folder) / "prepared.onnx"
        example = torch.ones((2, 12), dtype=torch.long)
        names = ("input_ids", "attention_mask", "token", "passage", "embedding")
        torch.onnx.export(
            network,
            (example, example),
            str(full),
            input_names=list(names[:2]),
            output_names=list(names[2:]),
            dynamic_axes={
                name: {0: "batch", 1: "pieces"} if name not in ("passage", "embedding") else {0: "batch"}
                for name in names
            },
            opset_version=17,
            dynamo=False,
        )
        quant_pre_process(str(full), str(prepared), skip_symbolic_shape=True)
        shutil.copy(prepared, full_graph(output))
        shrink(prepared, output / GRAPH)
    torch.onnx.export(
        network.judge,
        (torch.zeros((7, VECTOR)), torch.tensor([[0, 2, 3, 5], [1, 3, 3, 7]])),
        str(output / JUDGE),
        input_names=["vectors", "sides"],
        output_names=["logits"],
        dynamic_axes={"vectors": {0: "tokens"}, "sides": {0: "candidates"}, "logits": {0: "candidates"}},
        opset_version=17,
        dynamo=False,
    )
    shutil.copy(base_encoder() / "tokenizer.json", output / TOKENIZER)
    write_settings(output, {"max_pieces": MAX_PIECES, **settings})


def shrink(graph: Path, output: Path) -> None:
    """Store the large matrices of an ONNX graph as int8 with one scale a row of embeddings, or a column of weights."""
    import onnx

    model = onnx.load(str(graph))
    nodes = model.graph.node
    unfold = []
    for stored in list(model.graph.initializer):
        weights = onnx.numpy_helper.to_array(stored)
        if weights.ndim != 2 or weights.size < _SMALL:
            continue
        looked_up = any(node.op_type == "Gather" and stored.name in node.input for node in nodes)
        axis = 0 if looked_up else 1
        scale = np.maximum(np.abs(weights).max(axis=1 - axis), 1e-12).astype(np.float32) / 127
        whole = np.round(weights / np.expand_dims(scale, 1 - axis)).astype(np.int8)
        model.graph.initializer.remove(stored)
        names = [f"{stored.name}.int8", f"{stored.name}.scale"]
        model.graph.initializer.extend(map(onnx.numpy_helper.from_array, (whole, scale), names))
        unfold.append(onnx.helper.make_node("DequantizeLinear", names, [stored.name], axis=axis))
    for node in reversed(unfold):
        nodes.insert(0, node)
    onnx.checker.check_model(model)
    onnx.save(model, str(output))
