"""The network that is trained: MiniLM with linear heads on its tokens and on its pooled passage (PyTorch).

Beside them stands the judge of contrasts, which sees two stretches of a passage at a time.
"""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from rhetoric.labels import CONTRASTS
from rhetoric.pipeline.layout import EMBEDDING, PASSAGE, TOKEN, VECTOR, width

_NEAR = 3  # tokens around the opening of a side in which its cue is looked for


class Network(nn.Module):
    """``(batch × pieces)`` ids and mask in; token logits and vectors ``(batch × pieces × TOKEN + VECTOR)``, passage
    logits ``(batch × PASSAGE)`` and a unit embedding ``(batch × EMBEDDING)`` out. A passage is pooled by mean and by
    maximum over its pieces. ``judge`` takes the vectors of one passage.
    """

    def __init__(self, base: Path) -> None:
        super().__init__()
        from transformers import AutoModel

        # Dropout on attention took a sixth of the time of a step on a CPU; the one on states is enough.
        self.encoder: Any = AutoModel.from_pretrained(
            str(base), add_pooling_layer=False, attn_implementation="eager", attention_probs_dropout_prob=0.0
        )
        hidden = int(self.encoder.config.hidden_size)
        self.dropout = nn.Dropout(0.1)
        self.token = nn.Linear(hidden, width(TOKEN))
        self.passage = nn.Linear(2 * hidden, width(PASSAGE))
        self.vector = nn.Linear(hidden, VECTOR)
        self.embedding = nn.Linear(hidden, EMBEDDING)
        self.judge = Judge()

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
        heard = self.dropout(states)
        return (
            torch.cat([self.token(heard), self.vector(heard)], -1),
            self.passage(self.dropout(pooled)),
            nn.functional.normalize(self.embedding(mean), dim=-1),
        )


class Judge(nn.Module):
    """``(tokens × VECTOR)`` vectors and ``(candidates × 4)`` token ranges of both sides in; logits ``(candidates × 1 +
    contrasts)`` out: no contrast, or which.
    """

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(9 * VECTOR, VECTOR), nn.GELU(), nn.Dropout(0.1), nn.Linear(VECTOR, 1 + len(CONTRASTS))
        )

    def forward(self, vectors: Tensor, sides: Tensor) -> Tensor:
        """See the class."""
        at = torch.arange(vectors.shape[0], device=vectors.device).unsqueeze(0)
        a, a_end, b, b_end = sides.unsqueeze(-1).unbind(1)

        def mean(first: Tensor, end: Tensor) -> Tensor:
            inside = ((at >= first) & (at < end)).to(vectors.dtype)
            return (inside @ vectors) / inside.sum(1, keepdim=True).clamp(min=1)

        def top(first: Tensor, end: Tensor) -> Tensor:  # of nothing, the floor
            inside = ((at >= first) & (at < end)).to(vectors.dtype).unsqueeze(-1)
            return (vectors * inside - 8 * (1 - inside)).max(1).values

        one, other = mean(a, a_end), mean(b, b_end)
        seen = [one, other, one * other, (one - other).abs(), mean(a, a + 1), mean(b, b + 1)]
        cues = [top(a - _NEAR, a + 1), top(a_end, b + 1), mean(a_end, b)]
        logits: Tensor = self.layers(torch.cat([*seen, *cues], -1))
        return logits


def freeze(network: Network, layers: int) -> None:
    """Keep the word embeddings and the lowest ``layers`` layers as they were pretrained."""
    for part in [network.encoder.embeddings, *network.encoder.encoder.layer[:layers]]:
        for weight in part.parameters():
            weight.requires_grad = False
