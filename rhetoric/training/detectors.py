"""Fine-tune the encoder and its heads on coded passages: metaphor words first, then everything together."""

import gzip
import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from rhetoric.training.gold import Coded
from rhetoric.training.loss import batch_loss
from rhetoric.training.network import Network, freeze
from rhetoric.training.targets import Case, coded_case, metaphor_case
from rhetoric.training.vectors import base_encoder

MAX_PIECES = 384  # longer passages are cut in training; at run time they are read in overlapping windows


@dataclass(frozen=True)
class Recipe:
    """How to train; what was used is stored with the weights."""

    epochs: int = 5  # over all passages
    coded_epochs: int = 6  # then over those with spans, and a share of the silver ones so that no head forgets
    silver_share: float = 0.2
    metaphor_epochs: int = 2
    metaphor_every: int = 8  # one batch of metaphor sentences for so many batches of passages
    pieces: int = 1400  # word pieces a batch, padding included
    coded_pieces: int = 600  # smaller, for more steps: spans are learned late
    rate: float = 3e-4
    head_rate: float = 2e-3
    frozen_layers: int = 2
    seed: int = 0


def read_metaphors(path: Path) -> list[dict[str, Any]]:
    """Read the training sentences of VUA-20 without the 716 that nobody annotated (see the data's README)."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row for row in rows if row["split"] == "train" and not row.get("unannotated") and len(row["tokens"]) > 1]


def make_batches(cases: list[Case], pieces: int, chance: random.Random) -> list[list[Case]]:
    """Group cases of like length, at most ``pieces`` a batch when padded; batches come in random order."""
    batches: list[list[Case]] = []
    longest = 0
    for case in sorted(cases, key=lambda c: len(c.ids) + chance.random() * 8):
        longest = max(longest, len(case.ids))
        if not batches or longest * (len(batches[-1]) + 1) > pieces:
            batches.append([])
            longest = len(case.ids)
        batches[-1].append(case)
    chance.shuffle(batches)
    return batches


def collate(batch: list[Case]) -> tuple[Tensor, Tensor, dict[str, Tensor], dict[str, Tensor]]:
    """Pad a batch: ids, mask, token targets, passage targets."""
    pad = torch.nn.utils.rnn.pad_sequence
    ids = pad([torch.tensor(case.ids) for case in batch], batch_first=True)
    mask = pad([torch.ones(len(case.ids), dtype=torch.long) for case in batch], batch_first=True)
    token = {
        name: pad([case.token[name] for case in batch], batch_first=True, padding_value=-1) for name in batch[0].token
    }
    passage = {name: torch.stack([case.passage[name] for case in batch]) for name in batch[0].passage}
    return ids, mask, token, passage


def _fit(network: Network, epochs: list[list[list[Case]]], recipe: Recipe, note: str) -> None:
    steps = sum(map(len, epochs))
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    heads = [*network.token.parameters(), *network.passage.parameters()]
    optimizer = torch.optim.AdamW(
        [{"params": encoder, "lr": recipe.rate}, {"params": heads, "lr": recipe.head_rate}], weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [recipe.rate, recipe.head_rate], total_steps=steps + 1, pct_start=0.1, anneal_strategy="linear"
    )
    network.train()
    for number, batches in enumerate(epochs, 1):
        total = 0.0
        for batch in batches:
            ids, mask, token, passage = collate(batch)
            token_logits, passage_logits, _ = network(ids, mask)
            loss = batch_loss(token_logits, passage_logits, token, passage)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += float(loss.detach())
        print(f"{note}: epoch {number}/{len(epochs)}, loss {total / len(batches):.3f}", flush=True)  # noqa: T201


def train_metaphor(vua: Path, output: Path, recipe: Recipe) -> None:
    """First stage: the words of VUA-20. No gold in it: every fold starts from the same ``output`` (a state file)."""
    from safetensors.torch import save_file

    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)  # noqa: S311 - the order of training data is no secret
    network = Network(base_encoder())
    freeze(network, recipe.frozen_layers)
    cases = _metaphor_cases(vua)
    epochs = [make_batches(cases, recipe.pieces, chance) for _ in range(recipe.metaphor_epochs)]
    _fit(network, epochs, recipe, "metaphor words")
    save_file(network.state_dict(), output)


def train_detectors(rows: list[Coded], vua: Path, start: Path, recipe: Recipe, note: str = "detectors") -> Network:
    """Train all heads on coded passages ``rows``, from the state file that ``train_metaphor`` wrote.

    What the broad stage leaves is kept beside ``start``, named by ``note``, so that a stopped run need not repeat it.
    """
    from safetensors.torch import load_file, save_file

    network = Network(base_encoder())
    broad = start.with_name(f"{note}.broad.safetensors")
    if not broad.is_file():
        network.load_state_dict(load_file(start))
        _train_stage(network, rows, vua, recipe, f"{note}, all passages", broad=True)
        save_file(network.state_dict(), broad)
    network.load_state_dict(load_file(broad))
    chance = random.Random(recipe.seed)  # noqa: S311 - the order of training data is no secret
    kept = [row for row in rows if "contrasts" in row or chance.random() < recipe.silver_share]
    _train_stage(network, kept, vua, recipe, f"{note}, passages with spans", broad=False)
    network.eval()
    return network


def _train_stage(network: Network, rows: list[Coded], vua: Path, recipe: Recipe, note: str, *, broad: bool) -> None:
    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)  # noqa: S311
    freeze(network, recipe.frozen_layers)
    tokenizer = load_tokenizer()
    cases = [coded_case(row, tokenizer, MAX_PIECES) for row in rows]
    metaphors = _metaphor_cases(vua)
    pieces = recipe.pieces if broad else recipe.coded_pieces
    epochs = []
    for _ in range(recipe.epochs if broad else recipe.coded_epochs):
        batches = make_batches(cases, pieces, chance)
        extra = make_batches(metaphors, pieces, chance)[: len(batches) // recipe.metaphor_every]
        epochs.append(chance.sample(batches + extra, len(batches) + len(extra)))
    _fit(network, epochs, recipe, note)


def load_tokenizer() -> Any:  # noqa: ANN401 - transformers publishes no useful type
    """Return the tokenizer of the base encoder."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(str(base_encoder()))


def _metaphor_cases(vua: Path) -> list[Case]:
    tokenizer = load_tokenizer()
    return [metaphor_case(row["tokens"], row["labels"], tokenizer, MAX_PIECES) for row in read_metaphors(vua)]


def describe(recipe: Recipe) -> dict[str, Any]:
    """Return the recipe as it is stored with the weights."""
    return asdict(recipe)
