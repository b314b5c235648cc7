from rhetoric.training.data.passages import Gold, learnable

from ..makers import coded


def test_live_metaphors_are_not_learned_where_they_were_coded_thinly():
    for id, learned in (("yc-0001", False), ("z-0001", False), ("yb-0001", True), ("za-001", True)):
        row = coded(id)
        found = learnable(row)
        assert ("live_metaphors" in found) == learned and row.items() >= found.items() and "contrasts" in found
        assert "live_metaphors" in row  # which is measured
    fresh, pair = Gold([], [], [], [coded("yc-0001")], [coded("n-a-001-d")], [], []).last
    assert "live_metaphors" not in fresh and pair == coded("n-a-001-d")
