"""Prevalence corrected for the detectors' measured errors: the adjusted count.

A detector that finds a share ``sensitivity`` of the passages with a frame, and leaves alone a share ``specificity`` of
those without, marks ``sensitivity * true + (1 - specificity) * (1 - true)`` of all. Solved for ``true`` that is the
estimator of Rogan and Gladen (1978, American Journal of Epidemiology 107) and the "adjusted count" of quantification
(Forman 2008, Data Mining and Knowledge Discovery 17). It holds as far as the detector errs in a text as often as in the
passages that it was measured on.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from rhetoric.errors import ModelError
from rhetoric.labels import FRAMES, Frame
from rhetoric.made_by import folder_parts, parts_that_differ, shipped_parts
from rhetoric.record import Pipeline
from rhetoric.resources import DETECTORS, SCORES
from rhetoric.scoring.percent import count, percent
from rhetoric.scoring.uncertainty import DRAWS, NOTHING, SEED, TAIL, Estimate, Numbers, rounded, unseen_share

LEAST_INFORMED: Final = 0.2  # sensitivity + specificity - 1: below this a correction mostly multiplies noise
FEWEST_CODED: Final = 5  # passages with, and without, the frame that its rates must rest on
_HALF: Final = 0.5  # Jeffreys' prior for a share
_FLOOR: Final = 0.01  # in a draw where the detector is no better than chance
UNMEASURED: Final = "the detectors' rates of error have not been measured"
OTHERS: Final = "the rates of error that were measured are those of other detectors"
OWN_LINES: Final = "the rates of error that were measured do not cover lines of your own"


@dataclass(frozen=True)
class Rate:
    """How often a detector is right on ``positives`` coded passages with the frame and ``negatives`` without."""

    sensitivity: float
    specificity: float
    positives: int
    negatives: int

    @property
    def informed(self) -> float:
        """Sensitivity + specificity - 1: 1 for a perfect detector, 0 for chance."""
        return self.sensitivity + self.specificity - 1


Rates = Mapping[Frame, Rate]


def read_rates(path: Path, every_passage: bool = False) -> dict[Frame, Rate]:
    """Read the rates that ship with detectors, measured over passages about the matter or over every passage; none
    where they have not been measured. Raises ModelError where the file is damaged.
    """
    kind = "real_every_passage" if every_passage else "real"
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8")).get("rates", {}).get(kind, {})
        return {frame: _rate(found[frame]) for frame in FRAMES if frame in found}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        advice = "Reinstall rhetoric-toolkit."
        raise ModelError(f"{path}: the detectors' rates of error cannot be read ({error!r}). {advice}") from error


def _rate(found: Mapping[str, float]) -> Rate:
    rate = Rate(
        float(found["sensitivity"]), float(found["specificity"]), int(found["positives"]), int(found["negatives"])
    )
    if not (0 <= rate.sensitivity <= 1 and 0 <= rate.specificity <= 1 and min(rate.positives, rate.negatives) >= 0):
        raise ValueError("a rate is no share, or a count is negative")
    return rate


@lru_cache(maxsize=2)
def shipped_rates(every_passage: bool = False) -> Rates:
    """Return the rates of the shipped detectors over passages about the matter, or over every passage."""
    return read_rates(DETECTORS / SCORES, every_passage)


def rates_for(made_by: Pipeline, every_passage: bool, detectors: Path | None = None) -> tuple[Rates, str | None]:
    """Return the rates for a record that was ``made_by`` the detectors in a folder, the shipped ones where None; or
    none, and in words why those that were measured are not its own.

    A record that does not name the parts of what made it counts as one of others, or of human coders. Lines of the
    user's own (``rhetoric train decisions``) have no rates, and take them from no other lines.
    """
    own = (detectors or DETECTORS) / SCORES
    if detectors is None or not own.is_file() or (detectors / "decisions").is_dir():
        parts, rates = shipped_parts(), shipped_rates(every_passage)
    else:
        parts, rates = folder_parts(detectors), read_rates(own, every_passage)
    differ = parts_that_differ(made_by.get("parts", {}), parts)
    if differ is None or "encoder" in differ:
        return {}, OTHERS
    if "frames" in differ or ("about" in differ and not every_passage):
        return {}, OWN_LINES
    return rates, None


def why_not(rate: Rate | None) -> str | None:
    """Say in words why nothing can be corrected with ``rate``; None where it can."""
    if rate is None:
        return UNMEASURED
    if min(rate.positives, rate.negatives) < FEWEST_CODED:
        which = "with" if rate.positives < rate.negatives else "without"
        few = min(rate.positives, rate.negatives)
        return f"its rates of error rest on only {count(few, 'passage')} {which} the frame"
    if rate.informed < LEAST_INFORMED:
        found, wrongly = percent(rate.sensitivity), percent(1 - rate.specificity)
        return f"its detector errs too often (it finds {found} of the passages with the frame and marks {wrongly} \
of those without)"
    return None


def correct(raw: Estimate, rate: Rate | None) -> Estimate:
    """Return ``raw``, a share of passages, corrected with ``rate`` and kept within 0 and 1.

    The 95 % interval carries the uncertainty of the rates as well as that of the share: each of 1,000 draws takes all
    three from the beta distributions that their counts give (Jeffreys' prior; that of the exact interval for a share
    of none or all, since ``raw`` has that one there). It holds the interval of ``raw`` as the rates alone would correct
    it; where text and rates fit so ill that the value lies beyond 0 or 1, also the largest share of passages that is
    likely not to have been met. There is none where ``raw`` has none, and an estimate of nothing where :func:`why_not`
    says why, or where ``raw`` is one.
    """
    if raw.value is None or raw.count is None or rate is None or why_not(rate):
        return NOTHING

    def adjusted(share: float) -> float:
        return min(1.0, max(0.0, (share + rate.specificity - 1) / rate.informed))

    value = adjusted(raw.value)
    if raw.low is None or raw.high is None:
        return Estimate(rounded(value), None, None, raw.passages)
    found, alone = _rate_draws(rate)
    chance = np.random.Generator(np.random.PCG64([SEED, raw.count, raw.passages]))
    others = raw.passages - raw.count
    prior = (_HALF, _HALF) if raw.count and others else (float(not raw.count), float(not others))
    marked = chance.beta(raw.count + prior[0], others + prior[1], DRAWS)
    drawn = np.clip((marked + alone - 1) / np.maximum(found + alone - 1, _FLOOR), 0, 1)
    low, high = map(float, np.quantile(drawn, [TAIL, 1 - TAIL]))
    low, high = min(low, adjusted(raw.low)), max(high, adjusted(raw.high))
    if value in (0, 1):  # where the draws may all be clipped to the same end
        unseen = unseen_share(raw.passages)
        low, high = min(low, max(0.0, value - unseen)), max(high, min(1.0, value + unseen))
    return Estimate(rounded(value), rounded(low), rounded(high), raw.passages)


@lru_cache(maxsize=64)
def _rate_draws(rate: Rate) -> tuple[Numbers, Numbers]:
    """Draw sensitivity and specificity as they could be, given how many passages they were measured on."""
    chance = np.random.Generator(np.random.PCG64([SEED, zlib.crc32(repr(rate).encode())]))
    shares = ((rate.sensitivity, rate.positives), (rate.specificity, rate.negatives))
    found, alone = (chance.beta(share * of + _HALF, (1 - share) * of + _HALF, DRAWS) for share, of in shares)
    return found, alone
