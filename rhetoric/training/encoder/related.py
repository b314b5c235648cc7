"""Fit the head that tells metaphor-related words, last and by itself, on an encoder that learns no more."""

import random
from typing import Final

import torch
from torch import Tensor, nn

from rhetoric.pipeline.layout import TOKEN
from rhetoric.training.data.batches import Cases, make_batches
from rhetoric.training.encoder.network import Network, Related

_EPOCHS: Final = 4
_RATE: Final = 2e-3  # the highest
_PIECES: Final = 512  # a batch
_MARK: Final = next(head for head in TOKEN if head.name == "marks").labels.index("metaphor")


def fit_related(network: Network, sentences: Cases, seed: int = 0) -> None:
    """Give ``network`` its head of metaphor-related words, fitted to the coded pieces of ``sentences``."""
    network.eval()
    torch.manual_seed(seed)
    head = Related(int(network.encoder.config.num_hidden_layers), int(network.encoder.config.hidden_size))
    states, should = _read(network, sentences, head.lower)
    head = head.to(states.device)
    steps = _EPOCHS * -(-len(states) // _PIECES)
    optimizer = torch.optim.AdamW(head.parameters(), lr=_RATE, weight_decay=0.05)
    order = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=steps + 1)
    head.train()
    for _ in range(_EPOCHS):
        for chosen in torch.randperm(len(states), device=states.device).split(_PIECES):
            said = head(states[chosen].float())[:, 0]
            nn.functional.binary_cross_entropy_with_logits(said, should[chosen]).backward()
            optimizer.step()
            order.step()
            optimizer.zero_grad()
    network.related = head.eval()


def _read(network: Network, sentences: Cases, lower: int) -> tuple[Tensor, Tensor]:
    """Return the states of all coded pieces in the ``lower`` layers (pieces × layers · hidden; halved, since they are
    many) and whether they are metaphor-related.
    """
    states, should = [], []
    everything = list(range(len(sentences.lengths)))
    for chosen in make_batches(sentences.lengths, everything, 6000, random.Random(0)):  # noqa: S311
        batch = sentences.batch(chosen)
        with torch.no_grad():
            layers = network.states(batch.ids, batch.mask)
        told = batch.token["marks"][..., _MARK]
        coded = told >= 0
        states.append(torch.cat([layer[coded].half() for layer in layers[:lower]], -1))
        should.append(told[coded].float())
    return torch.cat(states), torch.cat(should)
