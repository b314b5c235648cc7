"""What two pipelines differ in: the parts of detectors, whatever the detectors that ship are."""

from pathlib import Path
from typing import Any

import pytest

from rhetoric.made_by import LINES, compare_pipelines, folder_parts, parts_of, parts_that_differ
from rhetoric.resources import CUSTOM

SETTINGS: dict[str, Any] = {
    "columns": [139, 40],
    "sha256": {"encoder.onnx": "a"},
    "decisions": {"about": {"alone": 1.0}, "frames": {}, "framing.none": {}, "cue": {}, "live": {}, "contrast": {}},
    "thresholds": {"contrast.threshold": 1.0, "framing.part": 0.4, "metaphor.live": 0.4, "metaphor.any": 0.3},
}


def changed(kind: str, key: str, value: Any) -> dict[str, Any]:
    return {**SETTINGS, kind: {**SETTINGS[kind], key: value}}


@pytest.mark.parametrize(
    ("kind", "key", "part"),
    [
        ("decisions", "about", "about"),
        ("decisions", "frames", "frames"),
        ("decisions", "framing.none", "framing"),
        ("decisions", "cue", "framing"),
        ("decisions", "live", "metaphor"),
        ("decisions", "contrast", "contrast"),
        ("thresholds", "contrast.threshold", "contrast"),
        ("thresholds", "framing.part", "framing"),
        ("thresholds", "metaphor.any", "metaphor"),
        ("sha256", "encoder.onnx", "encoder"),
        ("decisions", "of a later version", "encoder"),
    ],
)
def test_each_setting_is_in_one_part(kind: str, key: str, part: str) -> None:
    assert parts_that_differ(parts_of(SETTINGS), parts_of(changed(kind, key, 0.123))) == (part,)


def test_frames_of_ones_own_are_a_part_where_there_are_any() -> None:
    plain, mine, other = (parts_of({**SETTINGS, **more}) for more in ({}, {CUSTOM: "1"}, {CUSTOM: "2"}))
    assert [*plain] == ["encoder", *LINES]
    assert parts_that_differ(plain, mine) == parts_that_differ(mine, other) == (CUSTOM,)


def test_what_cannot_be_told_is_not_told(tmp_path: Path) -> None:
    parts = parts_of(SETTINGS)
    one: Any = {"name": "a", "version": "1", "sha256": "1", "parts": parts}
    bare: Any = {"name": "a", "version": "1", "sha256": "2"}
    assert compare_pipelines(one, {**one, "sha256": "2"}) == ()
    assert compare_pipelines(one, {**bare, "sha256": "1"}) == ()
    assert compare_pipelines(one, bare) is compare_pipelines(bare, {**bare, "sha256": "3"}) is None
    assert parts_that_differ({**parts, "english": "1"}, parts) == ()  # a folder of detectors has no parser
    assert parts_that_differ({"english": "1", "of others": "2"}, parts) is None
    (tmp_path / "config.json").write_text("[]")
    assert folder_parts(tmp_path) == folder_parts(tmp_path / "none") == {}
