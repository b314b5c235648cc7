"""Cases laid end to end on one device, so that a batch is a gather and no Python loop feeds the network."""

import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rhetoric.training.data.targets import Case

_MOST = 96  # passages a batch: all pairs of them, and pairs of pairs, are compared (see likeness_loss)


@dataclass
class Taught:
    """What a teacher said of a batch: logits of tokens, passages and candidates, as a network gives them."""

    token: Tensor
    passage: Tensor
    judged: Tensor


@dataclass
class Batch:
    """Passages of like length, padded; targets are -1 where nothing was coded."""

    ids: Tensor  # (batch × pieces)
    mask: Tensor  # (batch × pieces), 1 where there is a piece
    token: dict[str, Tensor]  # head -> (batch × pieces) or (batch × pieces × labels)
    passage: dict[str, Tensor]  # head -> (batch) or (batch × labels)
    rows: Tensor  # (candidates): the passage of each candidate
    sides: Tensor  # (candidates × 4)
    verdicts: Tensor  # (candidates)
    taught: Taught | None


class Cases:
    """Training passages on ``device``; ``taught`` (logits of every piece, passage and candidate) may be set later."""

    def __init__(self, cases: list[Case], device: torch.device) -> None:
        self.lengths = [len(case.ids) for case in cases]
        self._pieces = _Runs(self.lengths, device)
        self._candidates = _Runs([len(case.sides) for case in cases], device)
        self._ids = torch.tensor([at for case in cases for at in case.ids], device=device)
        self._token = {name: _joined(cases, "token", name, device) for name in cases[0].token}
        self._passage = {
            name: torch.stack([case.passage[name] for case in cases]).to(device) for name in cases[0].passage
        }
        self._sides = torch.cat([case.sides for case in cases]).to(device)
        self._verdicts = torch.cat([case.verdicts for case in cases]).to(device)
        self.taught: Taught | None = None

    def batch(self, chosen: list[int]) -> Batch:
        """Return the cases at ``chosen`` as one batch."""
        where = self._pieces.on_device(np.array(chosen))
        at, inside = self._pieces.padded(chosen)
        of, rows = self._candidates.listed(chosen)
        taught = None
        if self.taught:
            taught = Taught(self.taught.token[at].float(), self.taught.passage[where].float(), self.taught.judged[of])
        return Batch(
            ids=self._ids[at] * inside,
            mask=inside.long(),
            token={name: _blanked(values[at].long(), inside) for name, values in self._token.items()},
            passage={name: values[where] for name, values in self._passage.items()},
            rows=rows,
            sides=self._sides[of],
            verdicts=self._verdicts[of],
            taught=taught,
        )

    def learn(self, said: list[tuple[list[int], Taught]]) -> None:
        """Keep what a teacher said of each batch."""
        token = torch.zeros((len(self._ids), said[0][1].token.shape[-1]), dtype=torch.float16, device=self._ids.device)
        passage = torch.zeros((len(self.lengths), said[0][1].passage.shape[-1]), device=self._ids.device)
        judged = torch.zeros((len(self._sides), said[0][1].judged.shape[-1]), device=self._ids.device)
        for chosen, taught in said:
            at, inside = self._pieces.padded(chosen)
            token[at[inside]] = taught.token[inside].to(token.dtype)
            passage[self._pieces.on_device(np.array(chosen))] = taught.passage
            judged[self._candidates.listed(chosen)[0]] = taught.judged
        self.taught = Taught(token, passage, judged)


class _Runs:
    """Where the rows of each case lie in one long table; counted on the CPU, since asking a GPU would stall it."""

    def __init__(self, lengths: list[int], device: torch.device) -> None:
        self.lengths, self.device = np.array(lengths), device
        self.starts = np.cumsum(self.lengths) - self.lengths

    def on_device(self, values: NDArray[Any]) -> Tensor:
        """Return ``values`` where the table is."""
        return torch.from_numpy(values).to(self.device, non_blocking=True)

    def padded(self, chosen: list[int]) -> tuple[Tensor, Tensor]:
        """Return the rows of the cases at ``chosen`` (cases × longest), and which of them are not padding."""
        lengths = self.lengths[chosen][:, None]
        at = np.arange(lengths.max())[None, :]
        inside = at < lengths
        return self.on_device((self.starts[chosen][:, None] + at) * inside), self.on_device(inside)

    def listed(self, chosen: list[int]) -> tuple[Tensor, Tensor]:
        """Return the rows of the cases at ``chosen`` one after the other, and which case each belongs to."""
        rows = [np.arange(self.starts[at], self.starts[at] + self.lengths[at]) for at in chosen]
        belongs = np.repeat(np.arange(len(chosen)), self.lengths[chosen])
        return self.on_device(np.concatenate(rows)), self.on_device(belongs)


def _joined(cases: list[Case], of: str, name: str, device: torch.device) -> Tensor:
    return torch.cat([getattr(case, of)[name] for case in cases]).to(torch.int8).to(device)


def _blanked(values: Tensor, inside: Tensor) -> Tensor:
    return values.masked_fill(~inside.view(*inside.shape, *[1] * (values.dim() - 2)), -1)


def make_batches(lengths: list[int], chosen: list[int], pieces: int, chance: random.Random) -> list[list[int]]:
    """Group the cases at ``chosen`` by like length, at most ``pieces`` a batch when padded; batches come in random
    order.
    """
    batches: list[list[int]] = []
    for at in sorted(chosen, key=lambda at: lengths[at] + chance.random() * 8):
        # Sorted but for the jitter, so that the last is about the longest.
        full = not batches or (lengths[at] + 8) * (len(batches[-1]) + 1) > pieces
        if full or len(batches[-1]) >= _MOST:
            batches.append([])
        batches[-1].append(at)
    chance.shuffle(batches)
    return batches
