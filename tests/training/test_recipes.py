import json

from rhetoric.training.recipes import learnable, write_json

from .makers import coded


def test_live_metaphors_are_not_learned_where_they_were_coded_thinly():
    for id, learned in (("yc-0001", False), ("z-0001", False), ("yb-0001", True), ("za-001", True)):
        row = coded(id)
        found = learnable(row)
        assert ("live_metaphors" in found) == learned and row.items() >= found.items() and "contrasts" in found
        assert "live_metaphors" in row  # which is measured


def test_scores_keep_the_order_of_the_card(tmp_path):
    write_json(tmp_path / "scores.json", {"b": {"d": 1, "c": 2}, "a": 3})
    found = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))
    assert list(found) == ["b", "a"] and list(found["b"]) == ["d", "c"]
