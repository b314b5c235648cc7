from dataclasses import replace

import numpy as np
import pytest

from rhetoric.scoring.columns import fields
from rhetoric.scoring.means import document_means
from rhetoric.scoring.summary import Summary, summarise
from rhetoric.scoring.uncertainty import TAIL, unseen_share

from .records import essay

COLUMNS = {name: fields()[name] for name in ("metaphor", "us_stance", "frame_race")}


def documents(*values: tuple[float, float, float]) -> list[Summary]:
    """Documents of one passage of a hundred words, with these values of the three fields."""
    base = summarise(essay(), COLUMNS)
    bottoms = np.array([[10_000, 1000, 1000]])
    return [
        replace(base, tops=np.array([[round(a * 10), round(b * 1000), round(c * 1000)]]), bottoms=bottoms)
        for a, b, c in values
    ]


def test_an_interval_over_few_documents_is_widened_and_stays_within_what_there_can_be() -> None:
    values = [(5.0, -0.9, 0.1), (60.0, -0.2, 0.9), (20.0, 0.1, 0.2)]
    density, stance, share = document_means(documents(*values), list(COLUMNS.values()))
    assert density.value == pytest.approx(85 / 3) and stance.value == pytest.approx(-1 / 3)
    assert (density.low, stance.low, share.low) == (0.0, -1.0, 0.0)  # percentiles cannot leave the values drawn from
    assert density.high is not None and density.high > 60 and stance.high is not None and 0.1 < stance.high <= 1
    assert share.high == 1.0


def test_many_documents_are_hardly_widened() -> None:
    values = [(1.0, -0.5, 0.2), (3.0, 0.5, 0.4)] * 100
    for found in document_means(documents(*values), list(COLUMNS.values())):
        spread = {2.0: 1.0, 0.0: 0.5, 0.3: 0.1}[found.value or 0.0]
        assert found.low is not None and found.high is not None
        assert found.high - found.low == pytest.approx(2 * 1.97 * spread / np.sqrt(200), rel=0.1)


def test_what_no_document_has_could_still_be_in_as_many_passages_or_words_as_were_not_met() -> None:
    names = ("frame_race", "frame_race_probability", "metaphor")
    chosen = {name: fields()[name] for name in names}
    base = summarise(essay(), chosen)
    nothing = [replace(base, tops=np.zeros_like(base.tops))] * 5
    share, probability, density = document_means(nothing, list(chosen.values()))
    assert (
        (share.low, share.high) == (probability.low, probability.high) == (0, pytest.approx(unseen_share(40), abs=1e-6))
    )
    assert density.high == pytest.approx(-np.log(TAIL) / (5 * base.words) * 1000, abs=1e-6)


def test_intervals_over_documents_hold_the_true_mean_of_what_few_documents_have_much_of() -> None:
    chance = np.random.default_rng(1)
    values = 30 * chance.gamma(1.0, size=300), chance.uniform(-1, 1, 300), chance.beta(0.6, 2.4, 300)
    everyone = documents(*zip(*values, strict=True))
    truth = np.mean([each.values(list(COLUMNS.values())) for each in everyone], axis=0)
    held = []
    for many in np.repeat([3, 5, 8, 15, 30], 200):
        means = document_means([everyone[at] for at in chance.integers(0, 300, many)], list(COLUMNS.values()))
        held.append([each.low <= true <= each.high for each, true in zip(means, truth, strict=True)])  # type: ignore[operator]
    density, stance, share = np.mean(held, axis=0)
    assert 0.905 < density < 0.97 and 0.93 < stance < 0.97 and 0.905 < share < 0.97
