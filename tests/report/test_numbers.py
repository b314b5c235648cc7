import pytest

from rhetoric.report.numbers import say_p


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.001, "0.001"),
        (0.0494, "0.049"),
        (0.0498, "0.0498"),
        (0.049996, "0.049996"),
        (0.05, "0.050"),
        (0.0504, "0.050"),
        (1.0, "1.000"),
    ],
)
def test_a_p_value_is_never_rounded_over_the_bar(p: float, said: str) -> None:
    assert say_p(p) == said
    assert (float(say_p(p)) < 0.05) == (p < 0.05)


@pytest.mark.parametrize("p", [0.0, 0.0004, 0.00099])
def test_no_p_value_is_said_to_be_nothing(p: float) -> None:
    assert say_p(p) == "<0.001"
