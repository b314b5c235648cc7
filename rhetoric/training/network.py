"""The network that is trained: MiniLM with linear heads on its tokens and on its pooled passage (PyTorch)."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from rhetoric.pipeline.layout import PASSAGE, TOKEN, width


class Network(nn.Module):
    """``(batch × pieces)`` ids and mask in; token logits ``(batch × pieces × TOKEN)``, passage logits ``(batch ×
    PASSAGE)`` and a unit embedding ``(batch × hidden)`` out. A passage is pooled by mean and by maximum over its
    pieces.
    """

    def __init__(self, base: Path) -> None:
        super().__init__()
        from transformers import AutoModel

        self.encoder: Any = AutoModel.from_pretrained(str(base), add_pooling_layer=False, attn_implementation="eager")
        hidden = int(self.encoder.config.hidden_size)
        self.dropout = nn.Dropout(0.1)
        self.token = nn.Linear(hidden, width(TOKEN))
        self.passage = nn.Linear(2 * hidden, width(PASSAGE))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """See the class."""
        # Segments are given, since the tracer would fix the length of those that the encoder makes up.
        states = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=torch.zeros_like(input_ids)
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1)
        top = (states * mask + (mask - 1) * 1e4).max(1).values
        pooled = torch.cat([mean, top], -1)
        return (
            self.token(self.dropout(states)),
            self.passage(self.dropout(pooled)),
            nn.functional.normalize(mean, dim=-1),
        )


def freeze(network: Network, layers: int) -> None:
    """Keep the word embeddings and the lowest ``layers`` layers as they were pretrained."""
    for part in [network.encoder.embeddings, *network.encoder.encoder.layer[:layers]]:
        for weight in part.parameters():
            weight.requires_grad = False
