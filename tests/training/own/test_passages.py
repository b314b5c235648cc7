import random

from hypothesis import given
from hypothesis import strategies as st

from rhetoric.training.own.passages import FOLDS, split_documents


def test_folds_are_whole_documents_with_the_rarest_in_each() -> None:
    chance = random.Random(0)
    documents = [f"d{chance.randrange(17)}" for _ in range(200)]
    rare = {"d1", "d5", "d9"}
    folds = split_documents(documents, [name in rare for name in documents])
    assert len(folds) == 3 and sorted(at for fold in folds for at in fold.tolist()) == list(range(200))
    where = [{documents[at] for at in fold} for fold in folds]
    assert all(len(its & rare) == 1 for its in where)
    assert all(not one & other for at, one in enumerate(where) for other in where[:at])


def test_documents_without_it_do_not_all_go_into_the_fold_that_has_least_of_it() -> None:
    documents = [name for name, size in (("a", 9), ("b", 8), *((f"z{at}", 5) for at in range(10))) for _ in range(size)]
    one, two = split_documents(documents, [name in "ab" for name in documents])
    assert abs(len(one) - len(two)) <= 5


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=9))
def test_all_folds_but_any_one_hold_both_sides(sizes: list[tuple[int, int]]) -> None:
    coded = [(f"d{at}", yes) for at, both in enumerate(sizes) for yes in (True, False) for _ in range(both[not yes])]
    documents, present = [name for name, _ in coded], [yes for _, yes in coded]
    folds = split_documents(documents, present)
    rare, rest = ({name for name, yes in coded if yes == side} for side in (True, False))
    assert len(folds) == min(FOLDS, len(rare))
    if not folds:
        return
    assert sorted(at for fold in folds for at in fold.tolist()) == list(range(len(coded)))
    where = [{documents[at] for at in fold} for fold in folds]
    assert all(not one & other for at, one in enumerate(where) for other in where[:at])
    for held in folds if len(rare) > 1 and len(rest) > 1 else []:
        kept = {*range(len(coded))} - {*held.tolist()}
        assert {present[at] for at in kept} == {*present}
