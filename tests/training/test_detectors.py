"""Two teachers tell the mean of what they say, of every kind of lesson; an epoch sees the share it should."""

import random

import pytest

from rhetoric.pipeline.layout import PASSAGE, TOKEN, VECTOR, width

torch = pytest.importorskip("torch", reason="needs the training extra")

from rhetoric.training.batches import Cases  # noqa: E402
from rhetoric.training.detectors import Lessons, Recipe, Schedule, _epoch, learn_in_rounds, teach  # noqa: E402

from .test_batches import CPU, make_case  # noqa: E402


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
    teach([Sure(1.0), Sure(4.0)], told)
    for cases in told.all():
        assert cases.taught is not None and len(cases.taught.judged) > 0
        for said in (cases.taught.token, cases.taught.passage, cases.taught.judged):
            assert (said == 2.5).all()


def test_an_epoch_sees_all_that_is_coded_and_a_share_of_the_rest():
    told = lessons()
    recipe = Recipe(metaphor_share=0.25, window_share=0.6)
    seen = {id(cases): [] for cases in told.all()}
    for cases, chosen in _epoch(told, Schedule(1, 1e-4, 1e-3, pieces=60), recipe, random.Random(0)):
        seen[id(cases)] += chosen
    sizes = [len(seen[id(cases)]) for cases in (told.coded, told.general, told.metaphors, told.windows)]
    assert sizes == [40, 40, 10, 24]
    assert all(len(set(chosen)) == len(chosen) for chosen in seen.values())


def test_of_a_round_as_much_is_kept_as_it_says():
    network = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.zeros_(network.weight)
    seen = []

    def learn(at, schedule):
        seen.append((at, network.weight.item()))
        with torch.no_grad():
            network.weight += schedule.epochs

    rounds = [Schedule(epochs, 1e-4, 1e-3, kept=kept) for epochs, kept in ((10, 1.0), (5, 0.5), (5, 1.0), (16, 0.25))]
    learn_in_rounds(network, rounds, learn)
    assert seen == [(0, 0.0), (1, 10.0), (2, 12.5), (3, 17.5)]
    assert network.weight.item() == 21.5
