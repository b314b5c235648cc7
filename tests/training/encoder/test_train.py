"""Two teachers tell the mean of what they say, of every kind of lesson; an epoch sees the share it should."""

import random
from pathlib import Path

import pytest

from rhetoric.pipeline.layout import PASSAGE, TOKEN, VECTOR, width

torch = pytest.importorskip("torch", reason="needs the training extra")

from safetensors.torch import load_file  # noqa: E402

from rhetoric.training.data.batches import Cases  # noqa: E402
from rhetoric.training.encoder import train as training  # noqa: E402
from rhetoric.training.encoder.train import Lessons, Recipe, Schedule, _epoch, learn_in_rounds, teach  # noqa: E402

from ..data.test_batches import CPU, make_case  # noqa: E402
from ..makers import authored  # noqa: E402
from .test_related import SENTENCES  # noqa: E402


class Sure:
    """A teacher that answers everything with one number."""

    def __init__(self, answer):
        self.answer = answer

    def __call__(self, ids, mask):
        token = torch.full((*ids.shape, width(TOKEN) + VECTOR), self.answer)
        return token, torch.full((len(ids), width(PASSAGE)), self.answer), torch.zeros(len(ids), 2)

    def judge(self, vectors, sides):
        assert len(vectors) == len(sides)
        return torch.full((len(sides), 5), self.answer)


def lessons():
    kinds = ([make_case(3 + at % 7, at % 3, at) for at in range(40)] for _ in range(4))
    return Lessons(*(Cases(cases, CPU) for cases in kinds))


def test_two_teachers_tell_the_mean_of_what_they_say():
    told = lessons()
    teach([Sure(1.0), Sure(4.0)], told.all())
    for cases in told.all():
        assert cases.taught is not None and len(cases.taught.judged) > 0
        for said in (cases.taught.token, cases.taught.passage, cases.taught.judged):
            assert (said == 2.5).all()


def test_an_epoch_sees_all_that_is_coded_and_a_share_of_the_rest():
    told = lessons()
    recipe = Recipe(general_share=0.5, metaphor_share=0.25, window_share=0.6)
    seen = {id(cases): [] for cases in told.all()}
    for cases, chosen in _epoch(told, Schedule(1, 1e-4, 1e-3, pieces=60), recipe, random.Random(0)):
        seen[id(cases)] += chosen
    sizes = [len(seen[id(cases)]) for cases in (told.coded, told.general, told.metaphors, told.windows)]
    assert sizes == [40, 20, 10, 24]
    assert all(len(set(chosen)) == len(chosen) for chosen in seen.values())


def test_of_a_round_as_much_is_kept_as_it_says(monkeypatch):
    network = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.zeros_(network.weight)
    seen = []

    def learn(network, lessons, schedule, recipe, state):
        seen.append((recipe.seed, state.name, network.weight.item()))
        with torch.no_grad():
            network.weight += schedule.epochs
        return "a CPU" if schedule.kept == 1 else "a GPU"

    monkeypatch.setattr(training, "_train", learn)
    rounds = [Schedule(epochs, 1e-4, 1e-3, kept=kept) for epochs, kept in ((10, 1.0), (5, 0.5), (5, 1.0), (16, 0.25))]
    machines = learn_in_rounds(network, rounds, lessons(), Recipe(seed=7), Path("fold-0"), first=4)
    told = [(11, 4, 0.0), (12, 5, 10.0), (13, 6, 12.5), (14, 7, 17.5)]
    assert seen == [(seed, f"fold-0.round-{at}.safetensors", weight) for seed, at, weight in told]
    assert machines == {"a CPU", "a GPU"}
    assert network.weight.item() == 21.5


SHORT = Recipe(rounds=(Schedule(1, 1e-4, 1e-3),), fresh=Schedule(1, 1e-4, 1e-3, kept=0.5), fresh_shares=(0.5, 1.0, 0.5))


@pytest.fixture
def few(monkeypatch, small_base):
    """Train a small network on a few passages: (rows, fresh ones, folder) in, the network out."""
    monkeypatch.setattr(training, "base_encoder", lambda: small_base)
    sentences = SENTENCES
    documents = [{"text": "Slow but sure.", "contrasts": [], "unclear": []}]
    monkeypatch.setattr(training, "read_vua", lambda path, part: sentences)
    monkeypatch.setattr(training, "read_discourse", lambda path, split: documents)

    def train(rows, fresh, work):
        return training.train_detectors(rows, fresh, [], work, work, SHORT, "few").network

    return train


def test_fresh_passages_are_learned_last_and_by_half(few, tmp_path):
    rows = authored()
    network = few(rows[:8], rows[8:14], tmp_path)
    before, after = (load_file(tmp_path / f"few.round-{at}.safetensors") for at in (0, 1))
    kept = network.state_dict()
    moved = [name for name, values in before.items() if not torch.equal(values, after[name])]
    assert any(name.startswith("encoder.encoder.layer") for name in moved)
    assert not any(name.startswith("encoder.embeddings") for name in moved)
    for name in moved:
        assert torch.allclose(kept[name], (before[name] + after[name]) / 2, atol=1e-6)


def test_the_same_passages_give_the_same_weights_stopped_or_not(few, tmp_path, monkeypatch):
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    states = []
    for folder in (whole, stopped):
        folder.mkdir()
        torch.rand(len(states) + 1)  # whatever came before
        states.append(few(authored()[:8], authored()[8:14], folder).state_dict())
    (stopped / "few.round-1.safetensors").unlink()
    states.append(few(authored()[:8], authored()[8:14], stopped).state_dict())
    monkeypatch.setattr(training, "fit", lambda *given: pytest.fail("this was done before"))
    states.append(few(authored()[:8], authored()[8:14], whole).state_dict())
    assert all(torch.equal(values, other[name]) for other in states[1:] for name, values in states[0].items())


def test_a_teacher_begins_where_its_seed_says(few, tmp_path, monkeypatch):
    begun = []

    class Begun(training.Network):
        def __init__(self, teacher, base):
            super().__init__(base)
            begun.append(torch.rand(1).item())

    monkeypatch.setattr(training, "Teacher", Begun)
    monkeypatch.setattr(training, "_train", lambda *given: "a CPU")
    monkeypatch.setattr(training, "teach", lambda *given: None)
    monkeypatch.setattr(training, "read_texts", lambda path: [])
    texts = [{"text": "One thing. " * 9 + "Another thing. " * 9}]
    for _ in range(2):
        made = training.train_detectors(authored()[:8], [], texts, tmp_path, tmp_path, SHORT, "few", tmp_path)
    assert begun[:2] == begun[2:] and begun[0] != begun[1]
    told = made.told()
    assert told.pop("windows") > 8 and told == {"teachers": 2, "rounds": 1, "machines": ["a CPU"]}


def test_it_is_told_what_each_step_was_trained_on(few, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "machine", lambda: "one GPU")
    few(authored()[:8], [], tmp_path)
    monkeypatch.setattr(training, "machine", lambda: "a CPU")
    made = training.train_detectors(authored()[:8], authored()[8:14], [], tmp_path, tmp_path, SHORT, "few")
    assert made.told() == {"teachers": 0, "windows": 0, "rounds": 1, "machines": ["a CPU", "one GPU"]}


def test_what_was_being_written_when_it_was_stopped_does_no_harm(few, tmp_path, monkeypatch):
    def stop(file):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("os.fsync", stop)
        few(authored()[:8], [], tmp_path)
    assert not list(tmp_path.iterdir())
    few(authored()[:8], [], tmp_path)  # without fresh passages the rounds are all
    assert [path.name for path in tmp_path.iterdir()] == ["few.round-0.safetensors"]
