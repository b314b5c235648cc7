"""Figures of one scorecard, or of two beside each other: frames, source domains, portrayal of the two countries."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from rhetoric.errors import RhetoricError
from rhetoric.labels import COUNTRIES, FRAMES, ROLES, SOURCES, Frame
from rhetoric.report.figures.panels import Band, Panel, Row, Value, draw_panels
from rhetoric.report.figures.svg import Figure
from rhetoric.report.numbers import say_estimate, say_value
from rhetoric.report.words import COUNTRIES as COUNTRY_NAMES
from rhetoric.report.words import count
from rhetoric.scoring import Estimate, Profile, Scorecard

_SHARES: Final = ((0.0, "0%"), (0.25, ""), (0.5, "50%"), (0.75, ""), (1.0, "100%"))
_STANCES: Final = ((-1.0, "ill"), (0.0, "0"), (1.0, "well"))
_STEPS: Final = (1, 2, 5)


def draw_frames(*scorecards: Scorecard, profile: Profile | None = None, names: Sequence[str] = ()) -> Figure:
    """Draw the share of passages in which each frame is present: a dot with its 95 % interval, the commonest on top.

    With a ``profile`` a grey band shows where the middle eight tenths of its texts lie. ``names`` are what to call the
    texts; by default their titles. Raises RhetoricError for none or more than two scorecards.
    """
    _check(scorecards)
    frames = sorted(FRAMES, key=lambda frame: max(_rank(card, frame) for card in scorecards), reverse=True)
    rows = _rows({frame: f"frame_{frame}" for frame in frames}, "share", scorecards, profile)
    panels = [Panel(rows, 0.0, 1.0, _SHARES)]
    return _draw("In what share of its passages each frame is present", panels, scorecards, profile, names)


def draw_sources(*scorecards: Scorecard, profile: Profile | None = None, names: Sequence[str] = ()) -> Figure:
    """Draw the live metaphors of each source domain per 1,000 words: a bar with its 95 % interval, the longest on top.

    Domains that no text draws on are left out. As :func:`draw_frames` else.
    """
    _check(scorecards)
    there = [source for source in SOURCES if any(card.metaphors[source].count for card in scorecards)]
    there.sort(key=lambda source: -max(card.metaphors[source].value or 0.0 for card in scorecards))
    rows = _rows({source: f"metaphor_{source}" for source in there}, "per 1,000 words", scorecards, profile)
    ends = [value.high or value.value or 0.0 for row in rows for value in row.values]
    ends += [row.band.high for row in rows if row.band]
    ticks = _ticks(max(ends, default=0.0) or 1.0)  # of a text off topic none has a value
    panels = [Panel(rows, 0.0, ticks[-1][0], ticks, "Live metaphors per 1,000 words", bars=True)]
    return _draw("Which source domains its live metaphors come from", panels, scorecards, profile, names)


def draw_portrayal(*scorecards: Scorecard, profile: Profile | None = None, names: Sequence[str] = ()) -> Figure:
    """Draw how the passages that speak of the US and of China do so: mean stance, then the share of each role.

    As :func:`draw_frames` else; roles that no text gives a country are left out.
    """
    _check(scorecards)
    stances = {COUNTRY_NAMES[country]: f"{country}_stance" for country in COUNTRIES}
    panels = [Panel(_rows(stances, "stance", scorecards, profile), -1.0, 1.0, _STANCES, "Spoken of ill or well")]
    for country in COUNTRIES:
        cast = [role for role in ROLES if any(card.portrayal[country].roles[role].count for card in scorecards)]
        roles = {"no role" if role == "none" else role: f"{country}_role_{role}" for role in cast}
        if roles:
            rows = _rows(roles, "share", scorecards, profile)
            panels.append(Panel(rows, 0.0, 1.0, _SHARES, f"Role of {COUNTRY_NAMES[country]}, share of passages"))
    return _draw("How the US and China are portrayed", panels, scorecards, profile, names)


def _draw(
    title: str, panels: Sequence[Panel], scorecards: Sequence[Scorecard], profile: Profile | None, names: Sequence[str]
) -> Figure:
    return draw_panels(title, panels, list(names) or _names(scorecards), _reference(profile, panels))


def _rows(
    fields: Mapping[str, str], unit: str, scorecards: Sequence[Scorecard], profile: Profile | None
) -> tuple[Row, ...]:
    """Return a row for each field of a scorecard, ``fields`` by what to call them."""
    found = [card.estimates() for card in scorecards]
    return tuple(
        Row(label, tuple(_value(each[field], unit) for each in found), _band(profile, field, scorecards))
        for label, field in fields.items()
    )


def _rank(scorecard: Scorecard, frame: Frame) -> tuple[float, float]:
    """Return what frames are ordered by: of two as prevalent the more probable comes first, as in the headline."""
    found = scorecard.frames[frame]
    return found.prevalence.value or 0.0, found.probability.value or 0.0


def _check(scorecards: Sequence[Scorecard]) -> None:
    if len(scorecards) not in (1, 2):
        raise RhetoricError(f"A figure shows one text or two, and here are {len(scorecards)}.")


def _value(found: Estimate, unit: str) -> Value:
    if found.value is None:
        none = "none" if unit == "stance" else "-"
        return Value(None, None, None, none, none)
    return Value(found.value, found.low, found.high, say_value(found.value, unit), say_estimate(found, unit))


def _band(profile: Profile | None, field: str, scorecards: Sequence[Scorecard]) -> Band | None:
    known = profile.fields.get(field) if profile else None
    if profile is None or known is None or any(card.every_passage != profile.every_passage for card in scorecards):
        return None
    return Band(known.quantile(0.1), known.quantile(0.5), known.quantile(0.9), known.documents)


def _reference(profile: Profile | None, panels: Sequence[Panel]) -> str | None:
    """Say how many texts of a profile the bands are of; not all speak of a country, so it may be a range."""
    many = sorted({row.band.documents for panel in panels for row in panel.rows if row.band})
    if profile is None or not many:
        return None
    said = count(many[-1], f"{profile.name} text")
    return said if len(many) == 1 else f"{many[0]:,} to {said}"


def _names(scorecards: Sequence[Scorecard]) -> list[str]:
    titles = [card.title or card.source or card.id for card in scorecards]
    if len(titles) == 1:
        return ["this text"]
    return titles if len(set(titles)) > 1 else [card.id for card in scorecards]  # two rows of one table


def _ticks(highest: float) -> tuple[tuple[float, str], ...]:
    """Return from three to six round values from 0 to the first that is not below ``highest``."""
    power = 10.0 ** math.floor(math.log10(max(highest, 1e-6) / 2))
    step = next(s * power for s in (*_STEPS, 10) if math.ceil(highest / (s * power)) <= 5)
    return tuple((at * step, f"{at * step:g}") for at in range(max(2, math.ceil(highest / step)) + 1))
