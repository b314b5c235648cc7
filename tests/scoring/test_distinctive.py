from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from rhetoric.scoring.distinctive import find_metaphors, find_passages
from rhetoric.scoring.summary import TRAITS, Summary, summarise

from .records import essay


def document(*races: float, **metaphors: int) -> Summary:
    """A document of passages that speak of a race with these probabilities, and of nothing else."""
    base, traits = summarise(essay(), {}), np.zeros((len(races), len(TRAITS)))
    traits[:, TRAITS.index("race")] = races
    images = Counter({(source, source): many for source, many in metaphors.items()})
    return replace(base, traits=traits, places=base.places[: len(races)], metaphors=images)


def test_a_passage_is_told_by_what_is_commoner_here() -> None:
    # Rates with half a passage more on either side: (1 + .5) / 3 here and (.5 + .5) / 3 there.
    (found,) = find_passages([document(1, 0)], [document(0.25, 0.25)])
    assert (found.passage, found.traits) == (1, ("race",))


def test_the_likeliest_passage_comes_first() -> None:
    found = find_passages([document(0.6, 1, 0.8)], [document(0, 0, 0)])
    assert [each.passage for each in found] == [2, 3, 1]


def test_what_a_passage_lacks_makes_it_no_example() -> None:
    assert find_passages([document(0.25, 0.25)], [document(1, 0)]) == ()


@pytest.mark.parametrize(
    ("here", "found"),
    [
        ([{"race": 40}, {"war": 40}], ["race", "war"]),
        ([{"race": 20}, {"race": 20}, {"war": 40}], ["race"]),
    ],
)
def test_from_three_documents_on_a_metaphor_is_in_two_of_them(here: list[dict[str, int]], found: list[str]) -> None:
    metaphors = find_metaphors([document(**each) for each in here], [document(journey=80)])
    assert [each.words for each in metaphors] == found
