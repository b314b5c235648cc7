"""Fit the head that tells metaphor-related words, last and by itself, to what an exported graph makes of them."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import onnx
import torch
from onnx.numpy_helper import from_array
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from rhetoric.pipeline.encoder import GRAPH, make_batches
from rhetoric.pipeline.graph import open_graph, threads
from rhetoric.pipeline.layout import TOKEN
from rhetoric.training.data.metaphors import Sentence, join_passages, text_of
from rhetoric.training.data.targets import Case, metaphor_case
from rhetoric.training.encoder.export import columns_whole
from rhetoric.training.encoder.network import HEAD, Related
from rhetoric.training.encoder.train import MAX_PIECES, load_tokenizer
from rhetoric.training.weights import full_graph
from rhetoric.writing import replacing

_EPOCHS: Final = 15
_RATE: Final = 1e-3  # the highest
_PIECES: Final = 512  # a batch
_MARK: Final = next(head for head in TOKEN if head.name == "marks").labels.index("metaphor")
_WORDS: Final = (1, 40, 80, 120, 200)  # a passage; of one word: each sentence by itself


def fit_related(folder: Path, sentences: Sequence[Sentence], progress: Callable[[str], None], seed: int = 0) -> None:
    """Fit the head of metaphor-related words of the graph in ``folder`` to coded ``sentences`` (see ``read_vua``), and
    put it into that graph, and into the one in fp32 where there is one.

    Each epoch cuts the texts into other passages: a word that is told of among ever other neighbours is not learned by
    heart, and the head hears passages, as it will when it is asked.
    """
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311 - the order of training data is no secret
    graph = onnx.load(str(folder / GRAPH))
    lower = _Lower(folder, graph)
    head = Related(lower.width)
    optimizer = torch.optim.AdamW(head.parameters(), lr=_RATE, weight_decay=0.05)
    order: Any = None
    head.train()
    for epoch in range(_EPOCHS):
        progress(f"metaphor-related words: {epoch + 1} of {_EPOCHS}")
        states, should = lower.read(_cut(sentences, chance))
        batches = torch.randperm(len(states)).split(_PIECES)
        if order is None:  # passages too long are cut off, so that an epoch may have a little more than the first
            order = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=_EPOCHS * (len(batches) + 1) + 1)
        for chosen in batches:
            said = head(states[chosen].float())[:, 0]
            nn.functional.binary_cross_entropy_with_logits(said, should[chosen]).backward()
            optimizer.step()
            order.step()
            optimizer.zero_grad()
    for path in (folder / GRAPH, full_graph(folder)):
        if path.is_file():
            _put(head, path)


def _cut(sentences: Sequence[Sentence], chance: random.Random) -> Iterator[Sentence]:
    """Yield passages; each text is cut into such as are of about one length."""
    about = {text: chance.choice(_WORDS) for text in dict.fromkeys(map(text_of, sentences))}
    return join_passages(sentences, lambda text: round(about[text] * chance.uniform(0.5, 1.5)))


class _Lower:
    """What an exported graph gives to its head of metaphor-related words: ``width`` numbers a piece."""

    def __init__(self, folder: Path, graph: onnx.ModelProto) -> None:
        # Where its weights are int8, what it is given is brought to levels before (see ``shrink``).
        given = {weights: node.input[0] for node in graph.graph.node for weights in node.input[1:2]}
        self._states = given.get(f"{HEAD}.wide") or given[f"{HEAD}.wide.int8"].removesuffix(".levels")
        names = (f"{HEAD}.wide", f"{HEAD}.wide.int8")
        self.width = next(int(each.dims[0]) for each in graph.graph.initializer if each.name in names)
        graph.graph.output.append(onnx.ValueInfoProto(name=self._states))
        self._session = open_graph(folder, graph.SerializeToString())
        self._tokenizer = load_tokenizer()

    def read(self, passages: Iterable[Sentence]) -> tuple[Tensor, Tensor]:
        """Return the states of all coded pieces (pieces × layers · hidden; halved, since they are many) and whether
        they are metaphor-related.
        """
        cases = [metaphor_case(each["tokens"], each["labels"], self._tokenizer, MAX_PIECES) for each in passages]
        batches = [[cases[at] for at in batch] for batch in make_batches([len(case.ids) for case in cases])]
        states, should = zip(*threads().map(self._run, batches), strict=True)
        return torch.cat(states), torch.cat(should)

    def _run(self, cases: list[Case]) -> tuple[Tensor, Tensor]:
        ids = pad_sequence([torch.tensor(case.ids) for case in cases], batch_first=True, padding_value=0)
        told = pad_sequence([case.token["marks"][:, _MARK] for case in cases], batch_first=True, padding_value=-1)
        mask = pad_sequence([torch.ones(len(case.ids), dtype=torch.long) for case in cases], batch_first=True)
        (states,) = self._session.run([self._states], {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})
        return torch.from_numpy(states)[told >= 0].half(), told[told >= 0].float()


def _put(head: Related, path: Path) -> None:
    """Put the weights of a fitted ``head`` in the place of those in the graph at ``path``."""
    graph = onnx.load(str(path))
    stored = {each.name: each for each in graph.graph.initializer}
    for name, tensor in head.state_dict().items():
        weights = tensor.numpy()
        new = {f"{HEAD}.{name}": weights}
        if f"{HEAD}.{name}.int8" in stored:
            whole, scale = columns_whole(weights)
            new = {f"{HEAD}.{name}.int8": whole, f"{HEAD}.{name}.scale": scale}
        for called, values in new.items():
            stored[called].CopyFrom(from_array(values, called))
    with replacing(path) as file:
        file.write(graph.SerializeToString())
