"""One loss for all heads: each averages over what was coded for it, so that no head drowns another."""

from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional

from rhetoric.labels import FRAMINGS
from rhetoric.pipeline.layout import PASSAGE, TOKEN, Head, columns
from rhetoric.training.network import Judge

Weights = Mapping[str, Any]  # a number for each head, or one for each of its labels where they are independent
FIRST: Final[Weights] = {
    "sides": 1.0, "contrast": 0.3, "parts": (0.33, 0.33, 0.33), "marks": (0.5, 0.5, 1.0), "source": 0.5, "target": 0.3,
    "about": (0.5,), "frames": (0.2,) * 10, "framing": 1.0, "actor": 0.3, "spoken": (0.15, 0.15),
    "role_us": 0.2, "role_china": 0.2, "stance_us": 0.2, "stance_china": 0.2, "judge": 1.0, "likeness": 0.1,
}  # fmt: skip
# Passages are soon learned by heart, words are not: a mean over all words says little of the few that are marked.
THEN: Final[Weights] = {
    "sides": 5.0, "contrast": 1.0, "parts": (8.0, 8.0, 45.0), "marks": (20.0, 16.0, 4.0), "source": 1.5, "target": 1.5,
    "about": (0.5,), "frames": (1.2,) * 10, "framing": 0.7, "actor": 0.5, "spoken": (0.3, 0.3),
    "role_us": 0.7, "role_china": 0.7, "stance_us": 0.7, "stance_china": 0.7, "judge": 3.0, "likeness": 0.1,
}  # fmt: skip
_RARE: Final = 3.0  # how much more a positive counts than a negative, where one word in twenty is positive
_SHARPNESS: Final = 20.0  # of CoSENT, as sentence-transformers has it
_EVEN: Final = ("metaphor",)  # of the independent labels, those that are common enough to count as they come


def total_loss(logits: Tensor, targets: dict[str, Tensor], heads: tuple[Head, ...], weights: Weights) -> Tensor:
    """Return the weighted sum over ``heads``; ``logits`` end in their columns, ``targets`` hold -1 where not coded."""
    loss = logits.new_zeros(())
    for name, where in columns(heads).items():
        head = next(head for head in heads if head.name == name)
        said, should = logits[..., where], targets[name]
        coded = should >= 0
        if not coded.any():
            continue
        if head.independent:
            each = functional.binary_cross_entropy_with_logits(
                said, should.clamp(min=0).to(said.dtype), reduction="none", pos_weight=_rarity(head, heads)
            )
            axes = tuple(range(each.dim() - 1))
            part = (each * coded).sum(axes) / coded.sum(axes).clamp(min=1)
        else:
            part = functional.cross_entropy(said[coded], should[coded])
        loss = loss + (part * part.new_tensor(weights[name])).sum()
    return loss


def _rarity(head: Head, heads: tuple[Head, ...]) -> Tensor | None:
    if heads is not TOKEN:
        return None
    return torch.tensor([1.0 if label in _EVEN else _RARE for label in head.labels])


def judge_loss(judge: Judge, vectors: Tensor, sides: list[Tensor], verdicts: list[Tensor]) -> Tensor:
    """Return the mean cross-entropy over all candidates of a batch; ``vectors`` are (batch × pieces × VECTOR)."""
    said = [judge(seen, shown) for seen, shown in zip(vectors, sides, strict=True) if len(shown)]
    should = torch.cat(verdicts)
    if not (should >= 0).any():
        return vectors.new_zeros(())
    return functional.cross_entropy(torch.cat(said), should, ignore_index=-1)


def likeness_loss(embedding: Tensor, passage: dict[str, Tensor]) -> Tensor:
    """Return the loss that makes passages that frame alike lie closer than those that do not, whatever their topic.

    CoSENT (sentence-transformers' ``CoSENTLoss``) over all pairs of a batch, ordered by the cosine of what was coded:
    frames, and framing, which counts twice.
    """
    framing = functional.one_hot(passage["framing"].clamp(min=0), len(FRAMINGS))[:, :-1]
    told = torch.cat([passage["frames"], 2 * framing], 1)[(passage["framing"] >= 0)].float()
    if len(told) < 3:
        return embedding.new_zeros(())
    told = functional.normalize(torch.cat([told, (told.sum(1, keepdim=True) == 0).float()], 1))
    first, second = torch.triu_indices(len(told), len(told), 1)
    kept = embedding[passage["framing"] >= 0]
    should, found = (told @ told.T)[first, second], (kept @ kept.T)[first, second] * _SHARPNESS
    wrong = found.unsqueeze(0) - found.unsqueeze(1)  # [i, j]: how much closer pair j is than pair i
    ordered = should.unsqueeze(1) > should.unsqueeze(0) + 0.1
    return torch.logsumexp(torch.cat([wrong[ordered], wrong.new_zeros(1)]), 0)


def batch_loss(
    token_logits: Tensor,
    passage_logits: Tensor,
    token: dict[str, Tensor],
    passage: dict[str, Tensor],
    weights: Weights,
) -> Tensor:
    """Return the loss of the heads over one batch."""
    return total_loss(token_logits, token, TOKEN, weights) + total_loss(passage_logits, passage, PASSAGE, weights)
