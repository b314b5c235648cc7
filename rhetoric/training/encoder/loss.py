"""One loss for all heads: each averages over what was coded for it, so that no head drowns another."""

from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional

from rhetoric.labels import COUNTRIES, FRAMINGS
from rhetoric.pipeline.layout import PASSAGE, TOKEN, Head, columns
from rhetoric.training.data.batches import Batch, Taught

# A number for each head, or one for each of its labels where they are independent. Passages are soon learned by heart,
# words are not: a mean over all words says little of the few that are marked.
WEIGHTS: Final[Mapping[str, Any]] = {
    "sides": 5.0, "contrast": 1.0, "parts": (8.0, 8.0, 45.0), "marks": (20.0, 16.0, 8.0), "source": 3.0, "target": 3.0,
    "about": (1.0,), "frames": (2.4,) * 10, "framing": 1.4, "actor": 1.0, "spoken": (0.6, 0.6),
    "role_us": 1.4, "role_china": 1.4, "stance_us": 1.4, "stance_china": 1.4, "judge": 3.0, "likeness": 0.1,
}  # fmt: skip
_RARE: Final = 3.0  # how much more a positive counts than a negative, where one word in twenty is positive
_SHARPNESS: Final = 20.0  # of CoSENT, as sentence-transformers has it
_LIVE: Final = next(head for head in TOKEN if head.name == "marks").labels.index("live")
_EVEN: Final = ("metaphor",)  # of the independent labels, those that are common enough to count as they come


def total_loss(logits: Tensor, targets: dict[str, Tensor], heads: tuple[Head, ...]) -> Tensor:
    """Return the weighted sum over ``heads``; ``logits`` end in their columns, ``targets`` hold -1 where not coded."""
    where = columns(heads)
    loss = logits.new_zeros(())
    for head in heads:
        said, should = logits[..., where[head.name]], targets[head.name]
        coded = should >= 0
        if head.independent:
            rarity = _rarity(head, heads, logits.device)
            told = should.clamp(min=0).to(said.dtype)
            each = functional.binary_cross_entropy_with_logits(said, told, reduction="none", pos_weight=rarity)
            axes = tuple(range(each.dim() - 1))
            part = (each * coded).sum(axes) / coded.sum(axes).clamp(min=1)
        else:
            part = mean_cross_entropy(said, should)
        loss = loss + (part * part.new_tensor(WEIGHTS[head.name])).sum()
    return loss


def _rarity(head: Head, heads: tuple[Head, ...], device: torch.device) -> Tensor | None:
    if heads is not TOKEN:
        return None
    return torch.tensor([1.0 if label in _EVEN else _RARE for label in head.labels], device=device)


def mean_cross_entropy(said: Tensor, should: Tensor) -> Tensor:
    """Return the mean over what was coded, 0 where nothing was: asking first whether there is any would stall a GPU."""
    columns = said.shape[-1]
    total = functional.cross_entropy(said.reshape(-1, columns), should.reshape(-1), ignore_index=-1, reduction="sum")
    return total / (should >= 0).sum().clamp(min=1)


def taught_loss(said: Taught, taught: Taught, mask: Tensor) -> Tensor:
    """Return how far a network is from its teacher, head by head, with the weights of the heads."""
    pieces = mask.reshape(-1).to(said.token.dtype)
    loss = _heads_taught(said.token.flatten(0, 1), taught.token.flatten(0, 1), pieces, TOKEN)
    loss = loss + _heads_taught(said.passage, taught.passage, torch.ones_like(said.passage[:, 0]), PASSAGE)
    if len(taught.judged):
        loss = loss + WEIGHTS["judge"] * _cross(said.judged, taught.judged).mean()
    return loss


def _heads_taught(said: Tensor, taught: Tensor, real: Tensor, heads: tuple[Head, ...]) -> Tensor:
    where = columns(heads)
    loss = said.new_zeros(())
    for head in heads:
        own, told = said[:, where[head.name]], taught[:, where[head.name]]
        if head.independent:
            chance = told.sigmoid()
            each = functional.binary_cross_entropy_with_logits(own, chance, reduction="none")
            # What is rare counts more, without moving what is right to say.
            each = each * (1 + (_RARE - 1) * chance) if heads is TOKEN else each
            part = (each * real.unsqueeze(-1)).sum(0) / real.sum()
        else:
            asked = _asked(head.name, taught, where) * real
            part = (_cross(own, told) * asked).sum() / asked.sum().clamp(min=1)
        loss = loss + (part * part.new_tensor(WEIGHTS[head.name])).sum()
    return loss


def _asked(name: str, taught: Tensor, where: dict[str, slice]) -> Tensor:
    """How much the answer of a head means for each row: a source where there is no metaphor means nothing."""
    if name == "contrast":
        return 1 - taught[:, where["sides"]].softmax(-1)[:, 0]
    if name in ("source", "target"):
        return taught[:, where["marks"]][:, _LIVE].sigmoid()
    if name == "actor":
        return 1 - taught[:, where["framing"]].softmax(-1)[:, FRAMINGS.index("none")]
    if name.startswith(("role", "stance")):
        return taught[:, where["spoken"]][:, COUNTRIES.index(name.split("_")[1])].sigmoid()
    return taught.new_ones(len(taught))


def _cross(said: Tensor, taught: Tensor) -> Tensor:
    loss: Tensor = -(taught.softmax(-1) * said.log_softmax(-1)).sum(-1)
    return loss


def likeness_loss(embedding: Tensor, passage: dict[str, Tensor]) -> Tensor:
    """Return the loss that makes passages that frame alike lie closer than those that do not, whatever their topic.

    CoSENT (sentence-transformers' ``CoSENTLoss``) over all pairs of a batch, ordered by the cosine of what was coded:
    frames, and framing, which counts twice.
    """
    framing = functional.one_hot(passage["framing"].clamp(min=0), len(FRAMINGS))[:, :-1]
    told = torch.cat([passage["frames"].clamp(min=0), 2 * framing], 1).float()
    told = functional.normalize(torch.cat([told, (told.sum(1, keepdim=True) == 0).float()], 1))
    first, second = torch.triu_indices(len(told), len(told), 1, device=told.device)
    coded = (passage["framing"] >= 0)[first] & (passage["framing"] >= 0)[second]
    should, found = (told @ told.T)[first, second], (embedding @ embedding.T)[first, second] * _SHARPNESS
    wrong = found.unsqueeze(0) - found.unsqueeze(1)  # [i, j]: how much closer pair j is than pair i
    ordered = (should.unsqueeze(1) > should.unsqueeze(0) + 0.1) & coded.unsqueeze(1) & coded.unsqueeze(0)
    return torch.logsumexp(torch.cat([wrong.masked_fill(~ordered, -torch.inf).flatten(), wrong.new_zeros(1)]), 0)


def batch_loss(said: Taught, embedding: Tensor, batch: Batch) -> Tensor:
    """Return the loss of all heads over one batch: against what was coded, and against what a teacher said of it."""
    loss: Tensor = total_loss(said.token, batch.token, TOKEN)
    loss += total_loss(said.passage, batch.passage, PASSAGE)
    if len(said.judged):
        loss += WEIGHTS["judge"] * mean_cross_entropy(said.judged, batch.verdicts)
    loss += WEIGHTS["likeness"] * likeness_loss(embedding, batch.passage)
    if batch.taught:
        loss += taught_loss(said, batch.taught, batch.mask)
    return loss
