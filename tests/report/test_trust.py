import json
from pathlib import Path

import pytest

from rhetoric.errors import ModelError
from rhetoric.report.trust import read_trust, tenths

from .makers import trust, write_scores


@pytest.mark.parametrize(
    ("value", "f1", "share"),
    [
        (0.95, "very good, F1 0.95", "right in about 10 of 10"),
        (0.84, "good, F1 0.84", "right in about 8 of 10"),
        (0.7, "fair, F1 0.70", "right in about 7 of 10"),
        (0.55, "rough, F1 0.55", "right in about 6 of 10"),
        (0.1, "weak, F1 0.10", "right in about 1 of 10"),
        (0.0, "weak, F1 0.00", "right in about 0 of 10"),
    ],
)
def test_a_measure_in_words(tmp_path: Path, value: float, f1: str, share: str) -> None:
    found = trust(tmp_path, value)
    assert found.phrase("frames.race") == f1
    assert found.phrase("portrayal.role") == share
    assert found.phrase("frames.hazard") == "not measured"


def test_an_interval_as_wide_as_half_of_all_there_is_speaks_before_the_value(tmp_path: Path) -> None:
    wide = read_trust(write_scores(tmp_path, 0.6, around=0.3))
    assert wide.phrase("frames.race") == "hardly known, F1 0.30 to 0.90"
    assert wide.measured["frames.race"].value == 0.6


def test_it_holds_interval_ceiling_and_phrase(tmp_path: Path) -> None:
    said = trust(tmp_path).to_dict()["metaphor.live"]
    assert (said["value"], said["ceiling"], said["phrase"]) == (0.72, 0.96, "fair, F1 0.72")
    assert said["low"] < said["value"] < said["high"]
    json.dumps(said)


def test_tenths() -> None:
    assert [tenths(share) for share in (0.0, 0.04, 0.55, 1.0)] == ["0 of 10", "0 of 10", "6 of 10", "10 of 10"]


def test_missing_or_damaged_scores_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"(?s)none\.json.*missing.*Reinstall"):
        read_trust(tmp_path / "none.json")
    path = write_scores(tmp_path)
    for damaged in ("", "[]", "{}", '{"measured": {"real": {"about": 1}}}', '{"measured": {"real": {"about": {}}}}'):
        path.write_text(damaged)
        with pytest.raises(ModelError, match=r"cannot be read.*Reinstall"):
            read_trust(path)
