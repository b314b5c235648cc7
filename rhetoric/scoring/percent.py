"""Numbers as a reader is told them: shares in hundredths, halves rounded away from nothing, in every view the same.

Python's own formats round 12.5 to 12 and 13.5 to 14, the even numbers; a reader who divides 1 by 8 expects 13.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_DUST: Final = 9  # decimals beyond which a float holds nothing but how it was computed: 1 - 0.895 is 0.105


def round_half_up(value: float, digits: int = 0) -> Decimal:
    """Return ``value`` rounded to so many decimals, a half away from nothing; never a negative zero."""
    found = Decimal(repr(round(float(value), _DUST))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return abs(found) if found.is_zero() else found


def hundredths(share: float, digits: int = 0) -> str:
    """Say a share in hundredths, without the sign of per cent: 1 of 8 is 13."""
    return f"{round_half_up(share * 100, digits):f}"


def percent(share: float, digits: int = 0) -> str:
    """Say a share in per cent: 1 of 8 is 13%."""
    return f"{hundredths(share, digits)}%"


def points(difference: float) -> str:
    """Say a difference of two shares in percentage points, with its sign: 0.12 less 1 is -88 points."""
    found = round_half_up(difference * 100)
    sign = "+" if found > 0 else ""
    return f"{sign}{found:f} {'point' if abs(found) == 1 else 'points'}"


def count(number: int, thing: str) -> str:
    """Say how many of a thing there are: 1 passage, 2 passages."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
