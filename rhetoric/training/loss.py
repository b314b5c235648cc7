"""One loss for all heads: each averages over what was coded for it, so that no head drowns another."""

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from rhetoric.pipeline.layout import PASSAGE, TOKEN, Head, columns

# Weights follow what a head is for: passage framing and the spans carry the tool, the rest refines.
_WEIGHT: Final = {
    "sides": 1.0, "contrast": 0.3, "parts": 1.0, "marks": 1.0, "source": 0.5, "target": 0.3,
    "about": 0.5, "frames": 2.0, "framing": 1.0, "actor": 0.3, "spoken": 0.3,
    "role_us": 0.2, "role_china": 0.2, "stance_us": 0.2, "stance_china": 0.2,
}  # fmt: skip
_RARE: Final = 3.0  # how much more a positive counts than a negative, where one word in twenty is positive


def total_loss(logits: Tensor, targets: dict[str, Tensor], heads: tuple[Head, ...]) -> Tensor:
    """Return the weighted sum over ``heads``; ``logits`` end in their columns, ``targets`` hold -1 where not coded."""
    rare = torch.tensor(_RARE) if heads is TOKEN else None
    loss = logits.new_zeros(())
    for name, where in columns(heads).items():
        head = next(head for head in heads if head.name == name)
        said, should = logits[..., where], targets[name]
        coded = should >= 0
        if not coded.any():
            continue
        if head.independent:
            each = functional.binary_cross_entropy_with_logits(
                said, should.clamp(min=0).to(said.dtype), reduction="none", pos_weight=rare
            )
            part = (each * coded).sum() / coded.sum()
        else:
            part = functional.cross_entropy(said[coded], should[coded])
        loss = loss + _WEIGHT[name] * part
    return loss


def batch_loss(
    token_logits: Tensor, passage_logits: Tensor, token: dict[str, Tensor], passage: dict[str, Tensor]
) -> Tensor:
    """Return the loss of one batch over both outputs."""
    return total_loss(token_logits, token, TOKEN) + total_loss(passage_logits, passage, PASSAGE)
