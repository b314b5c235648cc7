"""The scorecard's numbers in their units, as every view shows them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from rhetoric.scoring.chance import SURE
from rhetoric.scoring.percent import hundredths, percent, points, round_half_up
from rhetoric.scoring.uncertainty import Estimate

if TYPE_CHECKING:
    from rhetoric.training.evaluation.metrics import Measure

_SHARES: Final = ("share", "probability")
_LEAST_P: Final = 0.001
_FINEST: Final = 9  # decimals: beyond them a number is what it is rounded to


def say_value(value: float, unit: str) -> str:
    """Say a value in its unit: shares in per cent, stances with their sign, all else with one decimal."""
    return percent(value) if unit in _SHARES else _bare(value, unit)


def say_difference(difference: float, unit: str) -> str:
    """Say how far two values are apart, with a sign; shares are so many percentage points apart."""
    if unit in _SHARES:
        return points(difference)
    return say_number(difference, 2 if unit == "stance" else 1, signed=True)


def say_number(value: float, digits: int, *, signed: bool = False) -> str:
    """Say a number with so many decimals, halves rounded away from nothing; never a negative zero."""
    return f"{round_half_up(value, digits):{'+' if signed else ''}f}"


def say_interval(found: Estimate, unit: str = "per 1,000 words") -> str:
    """Say an interval in brackets, as it follows its number; nothing where there is none."""
    if found.low is None or found.high is None:
        return ""
    return f" ({_bare(found.low, unit)} to {_bare(found.high, unit)})"


def say_estimate(found: Estimate, unit: str = "share", *, interval: bool = True) -> str:
    """Say a value with its interval, or without; a hyphen where there is no value."""
    if found.value is None:
        return "-"
    return say_value(found.value, unit) + (say_interval(found, unit) if interval else "")


def say_figure(
    found: "Estimate | Measure", digits: int = 2, *, signed: bool = False, bars: Iterable[float] = ()
) -> str:
    """Say a figure of quality with its interval in square brackets, where there is one; a hyphen where there is no
    value. None is rounded up to one of the ``bars`` that it is read by.
    """
    if found.value is None:
        return "-"
    ends = [found.value] if found.low is None or found.high is None else [found.value, found.low, found.high]
    value, *span = (say_below(end, bars, digits, signed=signed) for end in ends)
    return f"{value} [{', '.join(span)}]" if span else value


def say_p(p: float) -> str:
    """Say a p-value with three decimals, or with as many as it takes to stay below the bar when it is rounded; none is
    said to be nothing.
    """
    return "<0.001" if p < _LEAST_P else say_below(p, (SURE,), 3)


def say_below(value: float, bars: Iterable[float], digits: int = 2, *, signed: bool = False) -> str:
    """Say a value with so many decimals, or with as many as it takes to stay below ``bars`` when it is rounded; never a
    negative zero.
    """
    for bar in bars:
        while value < bar <= float(round_half_up(value, digits)) and digits < _FINEST:
            digits += 1
    return say_number(value, digits, signed=signed)


def _bare(value: float, unit: str) -> str:
    if unit in _SHARES:
        return hundredths(value)
    return say_number(value, 2, signed=True) if unit == "stance" else say_number(value, 1)
