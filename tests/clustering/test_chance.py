from typing import Any

import pytest

from rhetoric.clustering import chance
from rhetoric.clustering.chance import SHUFFLES, Chance, measure_chance
from rhetoric.clustering.features import Level, make_features
from rhetoric.clustering.table import make_table

from .makers import documents, draws


def measured(records: Any, level: Level = "document", *, embedding: bool = True, seed: int = 0) -> Chance | None:
    return measure_chance(make_features(make_table(records), level, embedding=embedding), seed=seed)


@pytest.mark.parametrize("embedding", [False, True])
def test_draws_of_the_same_passages_differ_by_chance_and_documents_that_frame_differently_do_not(
    embedding: bool,
) -> None:
    found = [measured(draws(12 + at, 3 + at % 6, seed=at, embedding=embedding)) for at in range(20)]
    assert sum(each is not None and each.suffices for each in found) >= 17  # of 20 sets one is beyond chance by chance
    assert measured(documents(embedding=embedding)) == Chance(SHUFFLES, 0)


def test_an_embedding_that_is_left_out_tells_nothing() -> None:
    records = draws(embedding=True)
    for at, record in enumerate(records):
        for passage in record["passages"]:
            passage["embedding"] = [float(at % 2), float(at % 3)]
    assert measured(records) == Chance(SHUFFLES, 0)
    without = measured(records, embedding=False)
    assert without is not None and without.suffices


def test_the_order_of_records_changes_nothing_and_the_seed_does() -> None:
    found = [measured(draws(seed=2), seed=seed) for seed in range(6)]
    assert [measured(draws(seed=2)[::-1], seed=seed) for seed in range(6)] == found
    assert len(set(found)) > 1


def test_one_shuffle_that_differs_as_much_suffices() -> None:
    assert [Chance(SHUFFLES, reached).suffices for reached in (0, 1, 2)] == [False, True, True]


def test_single_passages_cannot_be_shuffled() -> None:
    assert measured(documents(), "passage") is None
    assert measured(documents(passages=1)) is None


def test_of_many_documents_some_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chance, "_LARGEST", 12)
    assert measured(documents()) == Chance(SHUFFLES, 0)
    found = measured(draws(seed=1))
    assert found is not None and found.suffices


def test_documents_that_are_all_alike_differ_as_much_as_any() -> None:
    records = [{**each, "text": f"{each['text']} {at}"} for at, each in enumerate(documents(1)[:1] * 5)]
    assert measured(records) == Chance(SHUFFLES, SHUFFLES)
