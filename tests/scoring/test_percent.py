"""Shares are rounded as a reader rounds them, and in one way."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rhetoric
from rhetoric.scoring.percent import hundredths, percent, points, round_half_up


def test_halves_are_rounded_up() -> None:
    eighths = [percent(of / 8) for of in range(9)]
    assert eighths == ["0%", "13%", "25%", "38%", "50%", "63%", "75%", "88%", "100%"]
    assert [percent(share) for share in (0.145, 0.285, 0.005, 1 - 0.895)] == ["15%", "29%", "1%", "11%"]
    assert [percent(share, 1) for share in (0.0125, 0.00125, 0.0995)] == ["1.3%", "0.1%", "10.0%"]
    assert hundredths(0.625) == "63"


def test_a_difference_of_shares_is_in_points() -> None:
    said = [points(each) for each in (0.12 - 1, -0.875, 0.875, 0.01, -0.01, 0.004, -0.004, 0.0)]
    assert said == ["-88 points", "-88 points", "+88 points", "+1 point", "-1 point", *["0 points"] * 3]


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_a_share_is_rounded_to_the_nearest_and_a_half_up(count: int, of: int) -> None:
    count = min(count, of)
    assert percent(count / of) == f"{(200 * count + of) // (2 * of)}%"


@given(st.floats(-1, 1))
def test_the_way_there_is_as_far_as_the_way_back(difference: float) -> None:
    assert points(difference).lstrip("+-") == points(-difference).lstrip("+-")
    assert not round_half_up(difference).is_signed() or difference < 0


@pytest.mark.parametrize("package", ["report", "scoring", "cli", "clustering", "serve"])
def test_nothing_else_says_a_share_in_per_cent(package: str) -> None:
    files = [*(Path(rhetoric.__file__).parent / package).rglob("*")]
    for path in files:
        if path.suffix in (".py", ".html"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r":[-+, ]*(\.\{?\w+\}?)?%\}", text), path
            assert "%.0f%%" not in text, path
