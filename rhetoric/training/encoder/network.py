"""The network that is trained: MiniLM with linear heads on its tokens and on its pooled passage (PyTorch).

Beside them stands the judge of contrasts, which sees two stretches of a passage at a time.
"""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from rhetoric.labels import CONTRASTS
from rhetoric.pipeline.layout import EMBEDDING, PASSAGE, TOKEN, VECTOR, column, width

HEAD = "related"  # what the graph calls the head of metaphor-related words
_RELATED = column(TOKEN, "marks", "metaphor")
_TRUST = 3 / 4  # how much of the answer is that of the head of its own
_WIDE = 256  # units between
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
        # Fitted to what is exported (see ``related.py``), it shares its answer with the linear head, which knows less
        # of the texts that VUA-20 is of, but more of other sentences.
        self.lower = int(self.encoder.config.num_hidden_layers) // 2 + 1  # layers, the embeddings among them
        self.related: Related | None = None

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """See the class."""
        layers = self.states(input_ids, attention_mask)
        states = layers[-1]
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1)
        top = (states * mask + (mask - 1) * 1e4).max(1).values
        pooled = torch.cat([mean, top], -1)
        heard = self.dropout(states)
        token = self.token(heard)
        if self.related is not None:
            own = token[..., _RELATED : _RELATED + 1]
            related = own + _TRUST * (self.related(torch.cat(layers[: self.lower], -1)) - own)
            token = torch.cat([token[..., :_RELATED], related, token[..., _RELATED + 1 :]], -1)
        return (
            torch.cat([token, self.vector(heard)], -1),
            self.passage(self.dropout(pooled)),
            nn.functional.normalize(self.embedding(mean), dim=-1),
        )

    def states(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        """Return what each layer of the encoder makes of each piece (batch × pieces × hidden), the embeddings first."""
        # Segments are given, since the tracer would fix the length of those that the encoder makes up.
        segments = torch.zeros_like(input_ids)
        told = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=segments, output_hidden_states=True
        )
        layers: tuple[Tensor, ...] = told.hidden_states
        return layers


class Teacher(Network):
    """The same heads on a larger encoder, which reads the pieces of the small one: all-mpnet-base-v2 cuts words alike
    but numbers the pieces otherwise.
    """

    def __init__(self, base: Path, small: Path) -> None:
        super().__init__(base)
        own, theirs = (_vocabulary(folder) for folder in (base, small))
        special = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>", "[UNK]": "<unk>"}
        numbers = torch.zeros(max(theirs.values()) + 1, dtype=torch.long)
        for piece, at in theirs.items():
            numbers[at] = own[special.get(piece, piece)] if special.get(piece, piece) in own else own["<unk>"]
        self.register_buffer("numbers", numbers)

    def states(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        """See ``Network``."""
        numbers = torch.where(attention_mask.bool(), self.get_buffer("numbers")[input_ids], 1)  # 1 is its padding
        layers: tuple[Tensor, ...] = self.encoder(
            input_ids=numbers, attention_mask=attention_mask, output_hidden_states=True
        ).hidden_states
        return layers


class Related(nn.Module):
    """The lower layers of an encoder in, side by side (``seen`` numbers); a logit of being metaphor-related out.

    A word is metaphorical where it means something else here than it does by itself (MIPVU, Steen et al. 2010): so it
    sees the word embedding beside what the lower half of the encoder makes of it, as MelBERT (Choi et al. 2021,
    https://aclanthology.org/2021.naacl-main.141) compares the two. Of the upper half, trained on some ten thousand
    sentences over and over, it would learn what has been learned by heart.
    """

    def __init__(self, seen: int) -> None:
        super().__init__()
        self.dropout = nn.Dropout(0.3)
        # Not nn.Linear: the exporter would turn its weights round and name them anew, and nobody would find them again.
        # And none alike: of those it would keep one.
        self.wide = nn.Parameter(_uniform(seen, seen, _WIDE))
        self.wide_bias = nn.Parameter(_uniform(seen, _WIDE))
        self.last = nn.Parameter(_uniform(_WIDE, _WIDE, 1))
        self.last_bias = nn.Parameter(_uniform(_WIDE, 1))

    def forward(self, states: Tensor) -> Tensor:
        """See the class."""
        wide = nn.functional.gelu(self.dropout(states) @ self.wide + self.wide_bias)
        logits: Tensor = self.dropout(wide) @ self.last + self.last_bias
        return logits


def _uniform(seen: int, *shape: int) -> Tensor:
    """Return weights as nn.Linear begins with them."""
    return torch.empty(shape).uniform_(-(seen**-0.5), seen**-0.5)


def _vocabulary(folder: Path) -> dict[str, int]:
    told = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    return dict(told["model"]["vocab"]) | {added["content"]: added["id"] for added in told["added_tokens"]}


class Judge(nn.Module):
    """``(tokens × VECTOR)`` vectors and ``(candidates × 4)`` token ranges of both sides in; logits ``(candidates × 1 +
    contrasts)`` out: no contrast, or which. In training each candidate brings the vectors of its own passage:
    ``(candidates × tokens × VECTOR)``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(9 * VECTOR, VECTOR), nn.GELU(), nn.Dropout(0.1), nn.Linear(VECTOR, 1 + len(CONTRASTS))
        )

    def forward(self, vectors: Tensor, sides: Tensor) -> Tensor:
        """See the class."""
        at = torch.arange(vectors.shape[-2], device=vectors.device).unsqueeze(0)
        a, a_end, b, b_end = sides.unsqueeze(-1).unbind(1)

        def mean(first: Tensor, end: Tensor) -> Tensor:
            inside = ((at >= first) & (at < end)).to(vectors.dtype)
            total = inside @ vectors if vectors.dim() == 2 else (inside.unsqueeze(1) @ vectors).squeeze(1)
            return total / inside.sum(1, keepdim=True).clamp(min=1)

        def top(first: Tensor, end: Tensor) -> Tensor:  # of nothing, the floor
            inside = ((at >= first) & (at < end)).to(vectors.dtype).unsqueeze(-1)
            return (vectors * inside - 8 * (1 - inside)).max(1).values

        one, other = mean(a, a_end), mean(b, b_end)
        seen = [one, other, one * other, (one - other).abs(), mean(a, a + 1), mean(b, b + 1)]
        cues = [top(a - _NEAR, a + 1), top(a_end, b + 1), mean(a_end, b)]
        logits: Tensor = self.layers(torch.cat([*seen, *cues], -1))
        return logits


def freeze(network: Network) -> None:
    """Keep the word embeddings (and what a teacher knows of distances) as they were pretrained."""
    distances = getattr(network.encoder.encoder, "relative_attention_bias", None)
    for part in [network.encoder.embeddings, *([distances] if distances else [])]:
        for weight in part.parameters():
            weight.requires_grad = False
