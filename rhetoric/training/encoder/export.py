"""From PyTorch weights to what ships: one ONNX graph with int8 weights, its tokenizer, its settings and checksums."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from rhetoric.pipeline.contrast.judge import JUDGE
from rhetoric.pipeline.encoder import GRAPH, TOKENIZER
from rhetoric.pipeline.graph import import_onnxruntime
from rhetoric.pipeline.layout import VECTOR
from rhetoric.training.encoder.network import Network
from rhetoric.training.vectors import base_encoder
from rhetoric.training.weights import full_graph

_SMALL = 40_000  # weights; the heads stay as they are, since decisions are made there
_MOST, _MIDDLE = 127, 128  # of the levels
Weights = NDArray[np.float32]
_DOMAIN = "com.microsoft"  # of the operators that ONNX Runtime has beside the standard's


def export(network: Network, output: Path) -> None:
    """Write ``encoder.onnx``, ``judge.onnx`` and ``tokenizer.json`` to the folder ``output``, and beside that folder
    the graph with fp32 weights (``full_graph``).

    Large matrices are int8 and multiplied as such: a quarter of the size, and nearly twice as fast as fp32. Each row is
    brought to its own levels (per-token dynamic quantisation, as in https://arxiv.org/abs/2206.01861), so that a record
    does not depend on what was analysed beside it. What that costs is measured (``measure_ablations``).
    """
    import_onnxruntime()
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


def shrink(graph: Path, output: Path) -> None:
    """Store the large matrices of an ONNX graph as int8: embeddings, with one scale a row, are unfolded when loaded;
    weights, with one scale a column, are multiplied as they are (see ``_multiplied``).
    """
    import onnx
    from onnx.numpy_helper import from_array

    model = onnx.load(str(graph))
    large = {stored.name: stored for stored in model.graph.initializer if _is_large(stored)}
    nodes: list[Any] = []
    levelled: set[str] = set()  # what was brought to levels: several matrices may be multiplied by it
    for node in model.graph.node:
        stored = next((large[name] for name in node.input if name in large), None)
        if stored is None or node.op_type not in ("Gather", "MatMul"):
            nodes.append(node)
            continue
        weights = onnx.numpy_helper.to_array(stored)
        looked_up = node.op_type == "Gather"
        whole, scale = _rows_whole(weights) if looked_up else columns_whole(weights)
        model.graph.initializer.remove(stored)
        names = [f"{stored.name}.int8", f"{stored.name}.scale"]
        model.graph.initializer.extend([from_array(whole, names[0]), from_array(scale, names[1])])
        if looked_up:
            nodes += [onnx.helper.make_node("DequantizeLinear", names, [stored.name], axis=0), node]
            continue
        seen = node.input[0]
        if seen not in levelled:
            levelled.add(seen)
            nodes += _levelled(seen)
        nodes += _multiplied(seen, names, node.output[0])
    numbers = {"one": 1, "most": _MOST, "least": 1e-8, "middle": _MIDDLE + 1 / 2}
    model.graph.initializer.extend(from_array(np.array(value, np.float32), name) for name, value in numbers.items())
    model.graph.initializer.append(from_array(np.array(_MIDDLE, np.uint8), "zero"))
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    model.opset_import.append(onnx.helper.make_opsetid(_DOMAIN, 1))
    onnx.checker.check_model(model)
    onnx.save(model, str(output))


def _is_large(stored: Any) -> bool:  # noqa: ANN401 - onnx.TensorProto
    return len(stored.dims) == 2 and int(np.prod(stored.dims)) >= _SMALL


def _rows_whole(weights: Weights) -> tuple[NDArray[np.int8], Weights]:
    scale = np.maximum(np.abs(weights).max(axis=1), 1e-12) / _MOST
    return np.round(weights / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def columns_whole(weights: Weights) -> tuple[NDArray[np.int8], Weights]:
    """Leave room for the sum of two neighbours: processors without VNNI add the products of each two in 16 bits, and
    would cut off what runs over.
    """
    size = np.abs(weights)
    both = size[::2] + size[1::2]
    scale = np.maximum(np.maximum(size.max(axis=0) / _MOST, both.max(axis=0) / (_MIDDLE - 1)), 1e-12)
    return np.round(weights / scale).astype(np.int8), scale.astype(np.float32)


def _levelled(name: str) -> list[Any]:
    """Bring ``name`` (... × width) to levels from 1 to 255, each row by its own largest: what stands beside a row in a
    batch never moves it.
    """
    from onnx import TensorProto
    from onnx.helper import make_node

    return [
        make_node("Abs", [name], [f"{name}.size"]),
        make_node("ReduceMax", [f"{name}.size"], [f"{name}.largest"], axes=[-1], keepdims=1),
        make_node("Div", [f"{name}.largest", "most"], [f"{name}.step"]),
        make_node("Max", [f"{name}.step", "least"], [f"{name}.scale"]),
        make_node("Div", [name, f"{name}.scale"], [f"{name}.steps"]),
        make_node("Add", [f"{name}.steps", "middle"], [f"{name}.above"]),
        make_node("Cast", [f"{name}.above"], [f"{name}.levels"], to=TensorProto.UINT8),  # the half makes it round
    ]


def _multiplied(name: str, weights: list[str], output: str) -> list[Any]:
    """Multiply the levels of ``name`` by int8 ``weights`` in whole numbers, which round alike on every processor."""
    from onnx.helper import make_node

    factors = [f"{name}.levels", weights[0], "one", weights[1], "zero"]
    return [
        make_node("MatMulIntegerToFloat", factors, [f"{output}.whole"], domain=_DOMAIN),
        make_node("Mul", [f"{output}.whole", f"{name}.scale"], [output]),
    ]
