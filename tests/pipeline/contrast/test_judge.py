"""The judge of contrasts with the weights that ship: where a candidate stands in a passage, and what is judged beside
it, changes nothing.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.labels import CONTRASTS
from rhetoric.pipeline.contrast.judge import Judge
from rhetoric.pipeline.layout import VECTOR
from rhetoric.resources import DETECTORS

from ..makers import seeds, steady


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(DETECTORS)


def drawn(seed: int, tokens: int, candidates: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw vectors, and sides that follow one another."""
    chance = np.random.default_rng(seed)
    cuts = np.sort(np.stack([chance.choice(tokens + 1, 4, replace=False) for _ in range(candidates)]), axis=1)
    return chance.normal(0, 1, (tokens, VECTOR)).astype(np.float32), cuts.astype(np.int64)


@steady
@given(seeds, st.integers(3, 120), st.integers(1, 60))
def test_candidates_are_judged_each_by_itself(judge, seed, tokens, candidates):
    vectors, sides = drawn(seed, tokens, candidates)
    found = judge(vectors, sides)
    assert found.shape == (candidates, 1 + len(CONTRASTS)) and found.dtype == np.float32
    alone = np.concatenate([judge(vectors, sides[at : at + 1]) for at in range(candidates)])
    assert np.allclose(found, alone, atol=1e-4)


@steady
@given(seeds, st.integers(0, 400), st.integers(0, 400))
def test_what_is_far_away_does_not_count(judge, seed, before, after):
    vectors, sides = drawn(seed, 60, 10)
    chance = np.random.default_rng(seed + 1)
    rest = [chance.normal(0, 3, (size, VECTOR)).astype(np.float32) for size in (before, after)]
    sides = sides[sides[:, 0] >= 8]  # what stands just before the first side does count
    among = judge(np.concatenate([rest[0], vectors, rest[1]]), sides + before)
    assert np.allclose(among, judge(vectors, sides), atol=1e-4)


def test_the_words_of_both_sides_count(judge):
    vectors, sides = drawn(0, 40, 1)
    said = judge(vectors, sides)
    for at in (sides[0, 0], sides[0, 3] - 1):
        other = vectors.copy()
        other[at] += 1
        assert np.abs(judge(other, sides) - said).max() > 1e-3


def test_without_candidates_nothing_is_said(judge):
    assert judge(np.zeros((5, VECTOR), dtype=np.float32), np.zeros((0, 4), dtype=np.int64)).shape == (0, 5)


def test_memory_does_not_grow_with_tokens_times_candidates(judge):
    tokens, candidates = 20_000, 4_000  # all at once they would take 30 GB
    starts = np.linspace(0, tokens - 20, candidates).astype(np.int64)
    sides = np.stack([starts, starts + 5, starts + 6, starts + 12], axis=1)
    vectors = np.random.default_rng(0).normal(0, 1, (tokens, VECTOR)).astype(np.float32)
    found = judge(vectors, sides)
    assert np.isfinite(found).all() and found.std() > 0
