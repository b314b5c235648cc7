import pytest

from rhetoric.report.numbers import say_difference, say_estimate, say_number, say_p
from rhetoric.scoring.uncertainty import Estimate


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.001, "0.001"),
        (0.0494, "0.049"),
        (0.0498, "0.0498"),
        (0.049996, "0.049996"),
        (0.05, "0.050"),
        (0.0504, "0.050"),
        (0.0625, "0.063"),
        (1.0, "1.000"),
    ],
)
def test_a_p_value_is_never_rounded_over_the_bar(p: float, said: str) -> None:
    assert say_p(p) == said
    assert (float(say_p(p)) < 0.05) == (p < 0.05)


@pytest.mark.parametrize("p", [0.0, 0.0004, 0.00099])
def test_no_p_value_is_said_to_be_nothing(p: float) -> None:
    assert say_p(p) == "<0.001"


@pytest.mark.parametrize(
    ("unit", "value", "apart"),
    [
        ("stance", "+0.00 (+0.00 to +0.01)", "+0.00"),
        ("per 1,000 words", "0.0 (0.0 to 0.0)", "+0.0"),
        ("share", "0% (0 to 1)", "0 points"),
    ],
)
def test_nothing_has_no_minus_and_halves_go_away_from_nothing(unit: str, value: str, apart: str) -> None:
    assert say_estimate(Estimate(-0.004, -0.0049, 0.005, 3), unit) == value
    assert say_difference(-0.004, unit) == apart
    assert [say_number(each, 1, signed=True) for each in (-0.04, 0.25, -0.25)] == ["+0.0", "+0.3", "-0.3"]
