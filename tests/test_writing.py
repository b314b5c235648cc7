import json

import pytest

from rhetoric.writing import json_line, write_json


def test_scores_keep_the_order_of_the_card(tmp_path):
    write_json(tmp_path / "scores.json", {"b": {"d": 1, "c": 2}, "a": 3})
    found = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))
    assert list(found) == ["b", "a"] and list(found["b"]) == ["d", "c"]


def test_a_line_of_json_is_one_line_and_json():
    assert json_line({"text": "é\n🙂", "n": 0.5}) == '{"text":"é\\n🙂","n":0.5}\n'.encode()
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_line({"n": float("nan")})
