from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.pipeline.contrast.sides import best_sides

from ..makers import cpu_seconds, seeds, steady

Sides = tuple[int, int, int, int]
OUTSIDE, BEGIN_A, INSIDE_A, BEGIN_B, INSIDE_B = range(5)
EAGERNESS = [-2.0, -0.5, 0.0, 0.25, 1.0, 4.0]


def drawn(seed: int, tokens: int) -> np.ndarray:
    """Draw log-probabilities (tokens × 5), far enough apart that every kind of sequence is the best one sometimes."""
    chance = np.random.default_rng(seed)
    scores = chance.normal(0, 3, (tokens, 5))
    return (scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))).astype(np.float32)


def every_way(start: int, tokens: int) -> Iterator[list[Sides]]:
    """Yield every list of contrasts that tokens from ``start`` on can hold: a side a, later its b, then the next."""
    yield []
    for a in range(start, tokens):
        for b in range(a + 1, tokens):
            for c in range(b, tokens):
                for d in range(c + 1, tokens + 1):
                    for rest in every_way(d, tokens):
                        yield [(a, b, c, d), *rest]


def worth(scores: np.ndarray, pairs: list[Sides], eagerness: float) -> float:
    """Return the score of one way to read the tokens."""
    columns = [OUTSIDE] * len(scores)
    for a, b, c, d in pairs:
        columns[a:b] = [BEGIN_A] + [INSIDE_A] * (b - a - 1)
        columns[c:d] = [BEGIN_B] + [INSIDE_B] * (d - c - 1)
    return sum(float(scores[at, column]) + eagerness * (column != OUTSIDE) for at, column in enumerate(columns))


@steady
@given(seeds, st.integers(1, 7), st.sampled_from(EAGERNESS))
def test_the_best_sides_are_those_that_trying_every_way_finds(seed, tokens, eagerness):
    scores = drawn(seed, tokens)
    best = max(worth(scores, pairs, eagerness) for pairs in every_way(0, tokens))
    assert worth(scores, best_sides(scores, eagerness), eagerness) == pytest.approx(best, abs=1e-4)


@steady
@given(seeds, st.integers(1, 60), st.sampled_from(EAGERNESS))
def test_sides_are_whole_and_in_order(seed, tokens, eagerness):
    found = best_sides(drawn(seed, tokens), eagerness)
    assert all(0 <= a < b <= c < d <= tokens for a, b, c, d in found)
    assert all(before[3] <= after[0] for before, after in pairwise(found))


@steady
@given(seeds, st.integers(1, 60))
def test_the_more_eager_the_more_tokens_are_in_sides(seed, tokens):
    scores = drawn(seed, tokens)
    counts = [sum(b - a + d - c for a, b, c, d in best_sides(scores, eagerness)) for eagerness in EAGERNESS]
    assert counts == sorted(counts)


def test_one_token_is_no_contrast():
    assert best_sides(drawn(0, 1), 100.0) == []


def test_time_is_linear_in_tokens():
    assert cpu_seconds(best_sides, drawn(0, 20_000)) < 5
