"""Fit what the tokens that name a country say of how it is portrayed, last and by itself, to what an exported graph
makes of them.

Every passage is learned twice, the second time with the two countries exchanged, and their codes with them: a portrayal
lies in what is said, and who is named is no part of it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from onnx.helper import make_node
from onnx.numpy_helper import from_array
from torch import Tensor, nn

from rhetoric.gold import Coded
from rhetoric.labels import COUNTRIES, ROLES, STANCES
from rhetoric.pipeline.actors import find_actors
from rhetoric.pipeline.encoder import GRAPH, make_batches
from rhetoric.pipeline.graph import open_graph, threads
from rhetoric.pipeline.layout import NAMED, TOKEN_COLUMNS, width
from rhetoric.training.data.countries import swap_countries, swap_portrayal
from rhetoric.training.encoder.train import MAX_PIECES, load_tokenizer
from rhetoric.training.weights import full_graph
from rhetoric.writing import replacing

_EPOCHS: Final = 25
_RATE: Final = 1e-3  # the highest
_TOGETHER: Final = 256  # portrayals a batch
_WIDE: Final = 64  # units between
_LOWER: Final = 3  # of the outputs of layers, the embeddings among them, that are not looked at
_OURS: Final = "named/"  # how the names of what is put into a graph begin


def fit_portrayal(folder: Path, rows: Sequence[Coded], progress: Callable[[str], None], seed: int = 0) -> None:
    """Fit the heads of NAMED of the graph in ``folder`` to coded passages, and put them into that graph, and into the
    one in fp32 where there is one.
    """
    torch.manual_seed(seed)
    progress("portrayal: reading")
    cases = _read(folder, _both_ways(rows))
    head = _Head(len(cases.states[0]))
    optimizer = torch.optim.AdamW(head.parameters(), lr=_RATE, weight_decay=0.05)
    order = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=_EPOCHS)
    for epoch in range(_EPOCHS):
        progress(f"portrayal: {epoch + 1} of {_EPOCHS}")
        for chosen in torch.randperm(len(cases.coded)).split(_TOGETHER):
            _loss(head, cases, chosen).backward()
            optimizer.step()
            optimizer.zero_grad()
        order.step()
    for path in (folder / GRAPH, full_graph(folder)):
        if path.is_file():
            _put(head, path)


class _Head(nn.Module):
    """What the upper layers make of a piece in, side by side (``seen`` numbers); logits of NAMED out."""

    def __init__(self, seen: int) -> None:
        super().__init__()
        self.wide, self.last = nn.Linear(seen, _WIDE), nn.Linear(_WIDE, width(NAMED))
        self.dropout = nn.Dropout(0.3)

    def forward(self, states: Tensor) -> Tensor:
        """See the class."""
        logits: Tensor = self.last(self.dropout(torch.relu(self.wide(self.dropout(states)))))
        return logits


@dataclass(frozen=True)
class _Cases:
    """Portrayals of named countries: ``states`` (pieces × layers · hidden; halved, since they are many) of the pieces
    that name them, whose pieces from where to where are ``pieces``, and ``coded`` (portrayals × role and stance).
    """

    states: Tensor
    pieces: list[tuple[int, int]]
    coded: Tensor


def _loss(head: _Head, cases: _Cases, chosen: Tensor) -> Tensor:
    """Return the loss of some portrayals; what is said of one is the mean over its pieces."""
    ranges = [cases.pieces[at] for at in chosen.tolist()]
    lengths = torch.tensor([end - start for start, end in ranges])
    said = head(torch.cat([cases.states[start:end] for start, end in ranges]).float())
    mean = torch.segment_reduce(said, "mean", lengths=lengths, axis=0)
    role, stance = mean.split([len(each.labels) for each in NAMED], dim=-1)
    coded = cases.coded[chosen]
    return nn.functional.cross_entropy(role, coded[:, 0]) + nn.functional.cross_entropy(stance, coded[:, 1])


def _both_ways(rows: Iterable[Coded]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each text that portrays a country, with its portrayal, and the same with the countries exchanged."""
    for row in rows:
        if told := row.get("portrayal"):
            yield row["text"], told
            swapped = swap_countries(row["text"])
            if swapped != row["text"]:
                yield swapped, swap_portrayal(told)


def _read(folder: Path, texts: Iterable[tuple[str, dict[str, Any]]]) -> _Cases:
    """Return the portrayals of all countries that are named where they are portrayed."""
    graph = onnx.load(str(folder / GRAPH))
    names = _upper(graph)
    graph.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    session, tokenizer = open_graph(folder, graph.SerializeToString()), load_tokenizer()
    many = list(texts)
    read = [
        tokenizer(text, truncation=True, max_length=MAX_PIECES, return_offsets_mapping=True, return_tensors="np")
        for text, _ in many
    ]

    def run(batch: list[int]) -> list[tuple[Tensor, list[int]]]:
        longest = max(read[at]["input_ids"].shape[1] for at in batch)
        ids, mask = (np.zeros((len(batch), longest), dtype=np.int64) for _ in range(2))
        for row, at in enumerate(batch):
            pieces = read[at]["input_ids"][0]
            ids[row, : len(pieces)], mask[row, : len(pieces)] = pieces, 1
        states = np.concatenate(session.run(names, {"input_ids": ids, "attention_mask": mask}), axis=-1)
        found = []
        for row, at in enumerate(batch):
            text, told = many[at]
            ranges = read[at]["offset_mapping"][0]
            actors = find_actors(text)
            for country in COUNTRIES:
                if country in told and (named := _pieces(ranges, actors, country)):
                    codes = [ROLES.index(told[country]["role"]), STANCES.index(told[country]["stance"])]
                    found.append((torch.from_numpy(states[row, named]).half(), codes))
        return found

    batches = make_batches([each["input_ids"].shape[1] for each in read])
    found = [each for batch in threads().map(run, batches) for each in batch]
    ends = np.cumsum([len(states) for states, _ in found]).tolist()
    pieces = list(zip([0, *ends], ends, strict=False))
    return _Cases(torch.cat([states for states, _ in found]), pieces, torch.tensor([codes for _, codes in found]))


def _pieces(ranges: Any, actors: list[tuple[int, int, str]], country: str) -> list[int]:  # noqa: ANN401 - an array
    """Return the pieces that name a country."""
    spans = [(start, end) for start, end, actor in actors if actor == country]
    return [
        at
        for at, (first, last) in enumerate(ranges.tolist())
        if first < last and any(first < end and last > start for start, end in spans)
    ]


def _upper(graph: onnx.ModelProto) -> list[str]:
    """Return what the upper half of the layers give out: each has two norms, the embeddings one."""
    norms = [node.output[0] for node in graph.graph.node if node.op_type == "LayerNormalization"]
    return norms[::2][_LOWER:]


def _put(head: _Head, path: Path) -> None:
    """Put a fitted ``head`` into the graph at ``path``, in the place of one that is there: its columns are the last of
    ``token``.
    """
    model = onnx.load(str(path))
    graph, states = model.graph, _upper(model)
    kept = [node for node in graph.node if not node.name.startswith(_OURS)]
    for node in kept:
        node.output[:] = [f"{_OURS}others" if name == "token" else name for name in node.output]
    stored = [each for each in graph.initializer if not each.name.startswith(_OURS)]
    weights = {name: tensor.numpy() for name, tensor in head.state_dict().items()}
    stored += [from_array(w.T if w.ndim > 1 else w, _OURS + name) for name, w in weights.items()]
    steps: list[tuple[str, list[str], str, dict[str, Any]]] = [
        ("Concat", states, "states", {"axis": -1}),
        ("MatMul", ["states", "wide.weight"], "product", {}),
        ("Add", ["product", "wide.bias"], "sum", {}),
        ("Relu", ["sum"], "wide", {}),
        ("MatMul", ["wide", "last.weight"], "answer", {}),
        ("Add", ["answer", "last.bias"], "logits", {}),
        ("Concat", ["others", "logits"], "token", {"axis": -1}),
    ]
    for operator, given, made, options in steps:
        inputs = given if given is states else [_OURS + name for name in given]
        output = made if made == "token" else _OURS + made
        kept.append(make_node(operator, inputs, [output], name=_OURS + made, **options))
    token = next(each for each in graph.output if each.name == "token")
    token.type.tensor_type.shape.dim[-1].dim_value = TOKEN_COLUMNS
    for field, values in ((graph.node, kept), (graph.initializer, stored)):
        del field[:]
        field.extend(values)
    with replacing(path) as file:
        file.write(model.SerializeToString())
