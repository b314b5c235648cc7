import json

from rhetoric.writing import write_json


def test_scores_keep_the_order_of_the_card(tmp_path):
    write_json(tmp_path / "scores.json", {"b": {"d": 1, "c": 2}, "a": 3})
    found = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))
    assert list(found) == ["b", "a"] and list(found["b"]) == ["d", "c"]
