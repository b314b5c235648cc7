"""Cases laid end to end come back as they were, padded; nothing is lost between batches."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric.labels import CONTRASTS
from rhetoric.pipeline.layout import PASSAGE, TOKEN, width

torch = pytest.importorskip("torch", reason="needs the training extra")

from rhetoric.training.data.batches import Cases, Taught, make_batches  # noqa: E402
from rhetoric.training.data.targets import Case  # noqa: E402

CPU = torch.device("cpu")


def make_case(length, candidates, seed):
    torch.manual_seed(seed)

    def targets(heads, size):
        return {
            head.name: torch.randint(-1, 2, (*size, len(head.labels)) if head.independent else size) for head in heads
        }

    sides = torch.randint(0, length, (candidates, 4))
    verdicts = torch.randint(-1, 1 + len(CONTRASTS), (candidates,))
    return Case(list(range(101, 101 + length)), sides, verdicts, targets(TOKEN, (length,)), targets(PASSAGE, ()))


shapes = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 4)), min_size=1, max_size=9)


@settings(max_examples=40, deadline=None)
@given(shapes, st.data())
def test_a_batch_holds_its_cases_padded(shape, data):
    cases = [make_case(*each, seed) for seed, each in enumerate(shape)]
    chosen = data.draw(st.lists(st.integers(0, len(cases) - 1), min_size=1, max_size=6, unique=True))
    batch = Cases(cases, CPU).batch(chosen)
    for at, case in enumerate(cases[each] for each in chosen):
        length = len(case.ids)
        assert batch.ids[at].tolist() == case.ids + [0] * (batch.ids.shape[1] - length)
        assert batch.mask[at].sum() == length
        for name, values in case.token.items():
            assert torch.equal(batch.token[name][at, :length], values.long())
            assert (batch.token[name][at, length:] == -1).all()
        for name, values in case.passage.items():
            assert torch.equal(batch.passage[name][at], values)
        assert torch.equal(batch.sides[batch.rows == at], case.sides)
        assert torch.equal(batch.verdicts[batch.rows == at], case.verdicts)


@settings(max_examples=40, deadline=None)
@given(shapes)
def test_what_a_teacher_said_stays_with_its_case(shape):
    cases = Cases([make_case(*each, seed) for seed, each in enumerate(shape)], CPU)
    said = {}
    for at, (length, candidates) in enumerate(shape):
        token = torch.randint(-8, 9, (1, length, width(TOKEN))).float()  # whole numbers, which half precision keeps
        said[at] = Taught(token, torch.randn(1, width(PASSAGE)), torch.randn(candidates, 5))
    cases.learn([([at], told) for at, told in said.items()])
    batch = cases.batch(list(said))
    assert batch.taught is not None
    for at, told in said.items():
        assert torch.equal(batch.taught.token[at, : shape[at][0]], told.token[0])
        assert torch.equal(batch.taught.passage[at], told.passage[0])
        assert torch.equal(batch.taught.judged[batch.rows == at], told.judged)


@given(st.lists(st.integers(1, 300), max_size=200), st.integers(400, 3000))
def test_every_case_is_in_one_batch_that_is_not_too_large(lengths, pieces):
    batches = make_batches(lengths, list(range(len(lengths))), pieces, random.Random(1))
    assert sorted(at for batch in batches for at in batch) == list(range(len(lengths)))
    assert all(len(batch) * max(lengths[at] for at in batch) <= pieces for batch in batches if len(batch) > 1)
