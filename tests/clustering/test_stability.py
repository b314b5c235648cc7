import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the extra cluster is not installed")

from rhetoric.clustering.grouping import FramingClusters
from rhetoric.clustering.stability import Stability, measure_stability

from .test_grouping import blobs


def test_groups_that_are_there_come_again_and_groups_of_noise_do_not() -> None:
    rows, _ = blobs()
    there = measure_stability(rows, FramingClusters(4).fit_predict(rows), draws=10)
    assert there.agreement > 0.99
    assert min(there.jaccard) > 0.95
    noise = np.random.default_rng(0).normal(size=(120, 6))
    made_up = measure_stability(noise, FramingClusters(6).fit_predict(noise), draws=10)
    assert made_up.agreement < 0.6
    assert made_up.low <= made_up.agreement <= made_up.high
    assert min(made_up.jaccard) < 0.75


def test_it_does_not_depend_on_the_order_of_rows_but_on_the_seed() -> None:
    rows = np.random.default_rng(1).normal(size=(60, 4))
    labels = FramingClusters(3).fit_predict(rows)
    plain = measure_stability(rows, labels, draws=8)
    assert measure_stability(rows[::-1], labels[::-1], draws=8) == plain
    assert measure_stability(rows, labels, draws=8, seed=1) != plain


@pytest.mark.parametrize(("jaccard", "verdict"), [(0.75, "stable"), (0.6, "fairly stable"), (0.59, "unstable")])
def test_the_verdicts_are_hennig_s(jaccard: float, verdict: str) -> None:
    assert Stability(1, 1, 1, (jaccard,)).verdict(0) == verdict
