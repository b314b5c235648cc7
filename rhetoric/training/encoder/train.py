"""Fine-tune the encoder and its heads on all that is coded at once; a larger teacher tells of what nobody coded."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from rhetoric.gold import Coded
from rhetoric.pipeline.layout import TOKEN, width
from rhetoric.training.data.batches import Batch, Cases, Taught, make_batches
from rhetoric.training.data.discourse import GUM, read_discourse
from rhetoric.training.data.metaphors import VUA, read_vua
from rhetoric.training.data.targets import coded_case, discourse_case, metaphor_case, window_case
from rhetoric.training.data.treebank import TREEBANKS, read_texts, treebank_path
from rhetoric.training.data.windows import make_windows
from rhetoric.training.encoder.loss import batch_loss
from rhetoric.training.encoder.network import Network, Related, Teacher, freeze
from rhetoric.training.vectors import base_encoder
from rhetoric.writing import replacing

MAX_PIECES = 384  # longer passages are cut in training; at run time they are read in overlapping windows
_TOLD = 12_000  # word pieces a batch that teachers tell of, from which nothing is learned meanwhile


@dataclass(frozen=True)
class Schedule:
    """How long and how fast one network learns; rates are the highest, of the encoder and of the heads."""

    epochs: int
    rate: float
    head_rate: float
    pieces: int = 6000  # word pieces a batch, padding included
    kept: float = 1.0  # how much of the weights at its end is kept; the rest is of those it began with


@dataclass(frozen=True)
class Recipe:
    """How to train; what was used is stored with the weights."""

    teacher: Schedule = Schedule(epochs=8, rate=1e-4, head_rate=2e-3)
    # The student learns in rounds, each from a high rate anew; of some the mean of the weights at both ends is kept
    # (Izmailov and others 2018, https://arxiv.org/abs/1803.05407). What ships learned the first two before a quarter
    # of the passages was coded. The last one has learned much by heart: by itself it is worse on passages held out than
    # the one before, both together are better than either. Without a teacher the first two are all there is to learn.
    rounds: tuple[Schedule, ...] = (
        Schedule(epochs=10, rate=4e-4, head_rate=2e-3),
        Schedule(epochs=5, rate=4e-4, head_rate=2e-3, kept=1 / 2),
        Schedule(epochs=5, rate=4e-4, head_rate=2e-3, pieces=10_000),
        Schedule(epochs=16, rate=4e-4, head_rate=2e-3, pieces=10_000, kept=1 / 3),
    )
    # Then the fresh passages, on a CPU: all of them in each epoch, beside a share of what was learned before.
    fresh: Schedule = Schedule(epochs=2, rate=2e-4, head_rate=8e-4, pieces=3000, kept=1 / 3)
    fresh_shares: tuple[float, float, float] = (0.08, 0.23, 0.054)  # of coded passages, of GUM, of VUA-20
    teachers: int = 2  # which differ in their seeds; the mean of what they say is learned
    general_share: float = 1.0  # of the documents of GUM that an epoch sees
    metaphor_share: float = 0.25  # of the sentences of VUA-20 that an epoch sees: more, and they are learned by heart
    window_share: float = 0.4  # of the windows that an epoch sees
    seed: int = 0


@dataclass(frozen=True)
class Made:
    """A network, and how it came about: how many ``teachers`` told it of how many ``windows``, in how many ``rounds``
    it learned before the passages that are learned last, and on what machines all this was.
    """

    network: Network
    teachers: int
    windows: int
    rounds: int
    machines: list[str]

    def told(self) -> dict[str, Any]:
        """Return how it came about, as it is stored with the weights."""
        return {name: value for name, value in vars(self).items() if name != "network"}


@dataclass
class Lessons:
    """What one network learns from, by kind; batches are of one kind, since a head learns from what was coded for
    it.
    """

    coded: Cases
    general: Cases  # contrasts of GUM
    metaphors: Cases  # sentences of VUA-20
    windows: Cases | None = None  # what a teacher told of

    def all(self) -> list[Cases]:
        """Return every kind there is."""
        return [cases for cases in (self.coded, self.general, self.metaphors, self.windows) if cases]


def device() -> torch.device:
    """Return where to train: a GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def machine() -> str:
    """Return what the card calls the device that is trained on."""
    here = device()
    return f"one {torch.cuda.get_device_name(here)} GPU in bfloat16" if here.type == "cuda" else "a CPU"


def _read(network: Network, batch: Batch) -> tuple[Taught, torch.Tensor]:
    half = batch.ids.device.type == "cuda"
    with torch.autocast(batch.ids.device.type, torch.bfloat16, enabled=half):
        token, passage, embedding = network(batch.ids, batch.mask)
    token = token.float()
    vectors = token[..., width(TOKEN) :]
    judged = network.judge(vectors.index_select(0, batch.rows), batch.sides)
    return Taught(token[..., : width(TOKEN)], passage.float(), judged), embedding.float()


def _epoch(
    lessons: Lessons, schedule: Schedule, recipe: Recipe, chance: random.Random
) -> list[tuple[Cases, list[int]]]:
    batches = []
    shares = {
        id(lessons.general): recipe.general_share,
        id(lessons.metaphors): recipe.metaphor_share,
        id(lessons.windows): recipe.window_share,
    }
    for cases in lessons.all():
        chosen = list(range(len(cases.lengths)))
        if id(cases) in shares:
            chosen = chance.sample(chosen, int(len(chosen) * shares[id(cases)]))
        batches += [(cases, batch) for batch in make_batches(cases.lengths, chosen, schedule.pieces, chance)]
    chance.shuffle(batches)
    return batches


def train_detectors(
    rows: list[Coded],
    last: list[Coded],
    texts: list[Coded],
    data: Path,
    work: Path,
    recipe: Recipe,
    note: str,
    teacher: Path | None = None,
) -> Made:
    """Train all heads on coded passages, the metaphor words of VUA-20 and the contrasts of GUM (both from ``data``).

    With the folder of a ``teacher`` (all-mpnet-base-v2, Apache-2.0), larger networks learn the same first and tell the
    small one what they make of every piece, also of what nobody coded: ``texts``, the texts of treebanks (the general
    English that metaphors and connectives are measured on), and coded passages cut and joined (Hinton, Vinyals and Dean
    2015, https://arxiv.org/abs/1503.02531). Passages of ``last`` are learned after all this; meanwhile the network is
    held to what it said of some of the others before (Li and Hoiem 2016, https://arxiv.org/abs/1606.09282). ``work``
    keeps the state after each step, so that a stopped training goes on there.
    """
    states = work / note
    lessons = _lessons(rows, data)
    machines: set[str] = set()
    if teacher:
        teachers, machines = _train_teachers(teacher, lessons, recipe, states)
        banks = [treebank_path(data, name, "train") for name in TREEBANKS]
        texts = texts + [{"text": text} for path in banks for text in read_texts(path)]
        lessons.windows = _windows(rows, texts, recipe)
        teach(teachers, lessons.all())
    torch.manual_seed(recipe.seed)
    network = Network(base_encoder())
    network.to(device())
    rounds = recipe.rounds if teacher else recipe.rounds[:2]
    machines |= learn_in_rounds(network, rounds, lessons, recipe, states)
    if last:
        before = [lessons.general, lessons.metaphors, lessons.coded]
        teach([network], before)
        coded, general, metaphors = recipe.fresh_shares
        fewer = replace(recipe, window_share=coded, general_share=general, metaphor_share=metaphors)
        fresh = Lessons(_coded(last), *before)
        machines |= learn_in_rounds(network, [recipe.fresh], fresh, fewer, states, first=len(recipe.rounds))
    torch.manual_seed(recipe.seed)
    network.related = Related(network.lower * int(network.encoder.config.hidden_size))  # fitted to what is exported
    network.cpu()
    windows = len(lessons.windows.lengths) if lessons.windows else 0
    return Made(network, recipe.teachers if teacher else 0, windows, len(rounds), sorted(machines))


def _train_teachers(folder: Path, lessons: Lessons, recipe: Recipe, states: Path) -> tuple[list[Teacher], set[str]]:
    """Return the teachers, and on what machines they were trained."""
    teachers, machines = [], set()
    for seed in range(recipe.teachers):
        own = replace(recipe, seed=recipe.seed + seed)
        torch.manual_seed(own.seed)  # heads begin at random
        teachers.append(Teacher(folder, base_encoder()).to(device()))
        state = states.with_name(f"{states.name}.teacher-{seed}.safetensors")
        machines.add(_train(teachers[-1], lessons, recipe.teacher, own, state))
    return teachers, machines


def learn_in_rounds(
    network: Network, rounds: Sequence[Schedule], lessons: Lessons, recipe: Recipe, states: Path, first: int = 0
) -> set[str]:
    """Train ``network`` round by round, counted from ``first`` on, and return on what machines; after each it is left
    with as much of what it learned as is kept. The names of the states begin with that of ``states``.
    """
    machines = set()
    for at, schedule in enumerate(rounds, first):
        began = {name: values.clone() for name, values in network.state_dict().items()}
        own = replace(recipe, seed=recipe.seed + at)
        machines.add(_train(network, lessons, schedule, own, states.with_name(f"{states.name}.round-{at}.safetensors")))
        if schedule.kept < 1:
            ended = network.state_dict()
            mixed = {name: values + schedule.kept * (ended[name] - values) for name, values in began.items()}
            network.load_state_dict(mixed)
    return machines


def _lessons(rows: list[Coded], data: Path) -> Lessons:
    tokenizer, where = load_tokenizer(), device()
    metaphors = [
        metaphor_case(row["tokens"], row["labels"], tokenizer, MAX_PIECES)
        for row in read_vua(data / VUA, "train")
        if len(row["tokens"]) > 1  # not the 201 sentences of one word or of none
    ]
    return Lessons(
        coded=_coded(rows),
        general=Cases(
            [discourse_case(row, tokenizer, MAX_PIECES) for row in read_discourse(data / GUM, "train")], where
        ),
        metaphors=Cases(metaphors, where),
    )


def _windows(rows: list[Coded], texts: list[Coded], recipe: Recipe) -> Cases:
    tokenizer = load_tokenizer()
    cut = make_windows(rows, texts, random.Random(recipe.seed))  # noqa: S311
    return Cases([window_case(row, tokenizer, MAX_PIECES) for row in cut], device())


def _coded(rows: list[Coded]) -> Cases:
    tokenizer = load_tokenizer()
    return Cases([coded_case(row, tokenizer, MAX_PIECES) for row in rows], device())


def _train(network: Network, lessons: Lessons, schedule: Schedule, recipe: Recipe, state: Path) -> str:
    """Train ``network``, or load ``state`` where it was trained before; returns on what machine that was."""
    from safetensors import safe_open
    from safetensors.torch import load_file, save

    if state.is_file():
        network.load_state_dict(load_file(state))
        network.eval()
        with safe_open(state, "pt") as stored:
            return str((stored.metadata() or {}).get("machine", "a machine of which nothing is known"))
    fit(network, lessons, schedule, recipe, state.stem)
    with replacing(state) as file:
        file.write(save(network.state_dict(), {"machine": machine()}))
    return machine()


def fit(network: Network, lessons: Lessons, schedule: Schedule, recipe: Recipe, note: str) -> None:
    """Train ``network`` on ``lessons``; prints one line an epoch."""
    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)  # noqa: S311 - the order of training data is no secret
    freeze(network)
    epochs = [_epoch(lessons, schedule, recipe, chance) for _ in range(schedule.epochs)]
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    own = {id(p) for p in network.encoder.parameters()}
    heads = [p for p in network.parameters() if id(p) not in own]
    rates = [schedule.rate, schedule.head_rate]
    groups = [{"params": part, "lr": rate} for part, rate in zip((encoder, heads), rates, strict=True)]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    order = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rates, total_steps=sum(map(len, epochs)) + 1, pct_start=0.1, anneal_strategy="linear"
    )
    network.train()
    for number, batches in enumerate(epochs, 1):
        total = torch.zeros((), device=next(network.parameters()).device)
        for cases, chosen in batches:
            batch = cases.batch(chosen)
            loss = batch_loss(*_read(network, batch), batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            order.step()
            optimizer.zero_grad()
            total += loss.detach()
        print(f"{note}: epoch {number}/{schedule.epochs}, loss {float(total) / len(batches):.3f}", flush=True)  # noqa: T201
    network.eval()


def teach(teachers: Sequence[Network], kinds: Iterable[Cases]) -> None:
    """Let ``teachers`` tell of every case of all ``kinds``: the mean of their logits."""
    chance = random.Random(0)  # noqa: S311
    for cases in kinds:
        batches = make_batches(cases.lengths, list(range(len(cases.lengths))), _TOLD, chance)
        with torch.no_grad():
            cases.learn(
                [(chosen, _mean([_read(each, cases.batch(chosen))[0] for each in teachers])) for chosen in batches]
            )


def _mean(said: Sequence[Taught]) -> Taught:
    parts = ([getattr(each, name) for each in said] for name in ("token", "passage", "judged"))
    return Taught(*(torch.stack(part).mean(0) for part in parts))


def load_tokenizer() -> Any:  # noqa: ANN401 - transformers publishes no useful type
    """Return the tokenizer of the base encoder."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(str(base_encoder()))
