"""Fine-tune the encoder and its heads on coded passages, metaphor words and contrasts first, then all together."""

import gzip
import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from rhetoric.pipeline.layout import TOKEN, width
from rhetoric.training.discourse import read_discourse
from rhetoric.training.gold import Coded
from rhetoric.training.loss import FIRST, THEN, Weights, batch_loss, judge_loss, likeness_loss
from rhetoric.training.network import Network, freeze
from rhetoric.training.targets import Case, coded_case, discourse_case, metaphor_case
from rhetoric.training.vectors import base_encoder

VUA = Path("metaphor/vua20.jsonl.gz")
MAX_PIECES = 384  # longer passages are cut in training; at run time they are read in overlapping windows


@dataclass(frozen=True)
class Recipe:
    """How to train; what was used is stored with the weights."""

    first_epochs: int = 3  # over metaphor words and the contrasts of GUM
    epochs: int = 3  # then over coded passages
    last_epochs: int = 1  # then once more, with more weight on words, and with passages written later, twice each
    metaphor_every: int = 8  # one batch of metaphor sentences for so many batches of passages
    first_pieces: int = 1400  # word pieces a batch, padding included
    pieces: int = 800  # fewer, for more steps: spans are learned late
    rate: float = 3e-4
    head_rate: float = 2e-3
    last_rate: float = 2e-4
    last_head_rate: float = 1.5e-3
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


def _fit(
    network: Network, epochs: list[list[list[Case]]], rates: tuple[float, float], weights: Weights, note: str
) -> None:
    """Train; ``rates`` are those of the encoder and of the heads."""
    steps = sum(map(len, epochs))
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    own = {id(p) for p in network.encoder.parameters()}
    heads = [p for p in network.parameters() if id(p) not in own]
    groups = [{"params": part, "lr": rate} for part, rate in zip((encoder, heads), rates, strict=True)]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, list(rates), total_steps=steps + 1, pct_start=0.1, anneal_strategy="linear"
    )
    network.train()
    for number, batches in enumerate(epochs, 1):
        total = 0.0
        for batch in batches:
            ids, mask, token, passage = collate(batch)
            token_logits, passage_logits, embedding = network(ids, mask)
            loss = batch_loss(token_logits, passage_logits, token, passage, weights)
            vectors = token_logits[..., width(TOKEN) :]
            shown, verdicts = [case.sides for case in batch], [case.verdicts for case in batch]
            loss += weights["judge"] * judge_loss(network.judge, vectors, shown, verdicts)
            loss += weights["likeness"] * likeness_loss(embedding, passage)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += float(loss.detach())
        print(f"{note}: epoch {number}/{len(epochs)}, loss {total / len(batches):.3f}", flush=True)  # noqa: T201


def train_start(data: Path, output: Path, recipe: Recipe) -> None:
    """First stage: the metaphor words of VUA-20 and the contrasts of GUM, read from ``data``. No gold in it: every fold
    starts from the same ``output`` (a state file).
    """
    from safetensors.torch import save_file

    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)  # noqa: S311 - the order of training data is no secret
    network = Network(base_encoder())
    freeze(network, recipe.frozen_layers)
    tokenizer = load_tokenizer()
    discourse = read_discourse(data / "discourse/contrast_gum.jsonl.gz", "train")
    contrasts = [discourse_case(row, tokenizer, MAX_PIECES) for row in discourse]
    metaphors = _metaphor_cases(data / VUA)
    epochs = []
    for _ in range(recipe.first_epochs):
        batches = [
            *make_batches(metaphors, recipe.first_pieces, chance),
            *make_batches(contrasts, recipe.first_pieces, chance),
        ]
        chance.shuffle(batches)
        epochs.append(batches)
    _fit(network, epochs, (recipe.rate, recipe.head_rate), FIRST, "metaphor words and contrasts")
    save_file(network.state_dict(), output)


def train_detectors(
    rows: list[Coded], later: list[Coded], vua: Path, start: Path, work: Path, recipe: Recipe, note: str
) -> Network:
    """Train all heads on coded passages: ``rows``, then ``rows`` and ``later`` (twice); from the state file that
    ``train_start`` wrote. ``work`` keeps the state between the two, so that a stopped training goes on there.
    """
    from safetensors.torch import load_file, save_file

    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)  # noqa: S311
    network = Network(base_encoder())
    freeze(network, recipe.frozen_layers)
    tokenizer = load_tokenizer()
    metaphors = _metaphor_cases(vua)

    def epoch(cases: list[Case], chance: random.Random) -> list[list[Case]]:
        batches = make_batches(cases, recipe.pieces, chance)
        extra = make_batches(metaphors, recipe.pieces, chance)[: len(batches) // recipe.metaphor_every]
        return chance.sample(batches + extra, len(batches) + len(extra))

    cases = [coded_case(row, tokenizer, MAX_PIECES) for row in rows]
    middle = work / f"{note.replace(' ', '-')}.first.safetensors"
    if not middle.is_file():
        network.load_state_dict(load_file(start))
        epochs = [epoch(cases, chance) for _ in range(recipe.epochs)]
        _fit(network, epochs, (recipe.rate, recipe.head_rate), FIRST, note)
        save_file(network.state_dict(), middle)
    network.load_state_dict(load_file(middle))
    torch.manual_seed(recipe.seed + 1)  # the same whether it was stopped in between or not
    chance = random.Random(recipe.seed + 1)  # noqa: S311
    cases += 2 * [coded_case(row, tokenizer, MAX_PIECES) for row in later]
    epochs = [epoch(cases, chance) for _ in range(recipe.last_epochs)]
    _fit(network, epochs, (recipe.last_rate, recipe.last_head_rate), THEN, f"{note}, once more")
    network.eval()
    return network


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
