import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rhetoric.errors import RhetoricError
from rhetoric.scoring.summary import compared_fields
from rhetoric.scoring.trend import DEFAULT, trend

from .records import from_one_pool, make_record, off_topic, on_matter


def dated(years: int = 6, each: int = 4) -> list[dict[str, Any]]:
    """Documents of six passages, of which one more a year speaks of a race."""
    race = [row for row in on_matter() if row["frames"]["race"]]
    other = [row for row in on_matter() if not row["frames"]["race"]]
    found = []
    for year in range(years):
        for at in range(each):
            start = (year * each + at) * 6 % 150
            picked = race[start // 3 : start // 3 + year] + other[start : start + 6 - year]
            found.append(make_record(picked, f"{year}-{at}", date=f"{2018 + year}-{at % 2 + 1:02}-15"))
    return found


def test_a_rise_is_found() -> None:
    found = trend(dated(), ["frame_race", "contrast"])
    race, contrast = found.series
    assert found.periods == ("2018", "2019", "2020", "2021", "2022", "2023")
    assert found.documents == (4,) * 6
    assert [point.value for point in race.points] == pytest.approx([year / 6 for year in range(6)], abs=1e-5)
    assert race.rho == pytest.approx(1.0)
    assert race.p_corrected is not None and race.p_corrected < 0.001
    assert contrast.p_corrected is not None and contrast.p is not None
    assert all(point.low <= point.value <= point.high for point in contrast.points)  # type: ignore[operator]
    assert (race.points[0].low, race.points[1].low) == (0.0, None)  # none at all, and all alike
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert all(
        0 <= point["n"] <= many
        for series in told["series"]
        for point, many in zip(series["points"], told["documents"], strict=True)
    )


@pytest.mark.parametrize("longer", [6, -6])
def test_texts_that_grow_longer_or_shorter_are_no_rise_and_no_fall(longer: int) -> None:
    chance = np.random.default_rng(13)
    p = []
    for _ in range(4):
        lengths = [max(4, (4 if longer > 0 else 34) + longer * (at % 6)) for at in range(36)]
        records = [from_one_pool(chance, f"{at}", many, date=f"{2018 + at % 6}") for at, many in enumerate(lengths)]
        found = trend(records, [name for name in compared_fields() if name.startswith(("frame", "metaphor", "us_"))])
        assert not [each.field for each in found.series if each.p_corrected is not None and each.p_corrected < 0.05]
        p += [each.p for each in found.series if each.p is not None]
    assert np.mean(np.array(p) < 0.05) < 0.08


def test_the_order_of_documents_does_not_matter() -> None:
    assert trend(dated()) == trend(dated()[::-1])
    assert [each.field for each in trend(dated()).series] == list(DEFAULT)


def test_a_frame_of_records_can_be_followed_and_failures_are_passed_over() -> None:
    failure = {"id": None, "source": "x.pdf", "error": "it is encrypted."}
    assert trend(pd.DataFrame([*dated(3), failure])) == trend(dated(3))


def test_months() -> None:
    found = trend(dated(2), ["frame_race"], by="month")
    assert found.periods == ("2018-01", "2018-02", "2019-01", "2019-02")
    assert found.documents == (2,) * 4
    assert found.series[0].points[0].low is None  # two documents have no interval


def test_a_year_alone_is_a_date() -> None:
    years = [float(record["meta"]["date"][:4]) for record in dated(3)]
    metas: list[dict[str, Any]] = [{"year": year, **({"date": "n.d."} if year % 2 else {})} for year in years]
    records = [{**record, "meta": meta} for record, meta in zip(dated(3), metas, strict=True)]
    assert trend(records) == trend(dated(3))


def test_what_cannot_be_placed_is_counted() -> None:
    undated = make_record(on_matter()[:5])
    found = trend([*dated(2), undated, off_topic()])
    assert (found.undated, found.left_out) == (1, 1)
    only_year = [{**record, "meta": {"date": record["meta"]["date"][:4]}} for record in dated(2)]
    with pytest.raises(RhetoricError, match="a date with a month"):
        trend(only_year, by="month")
    with pytest.raises(RhetoricError, match="The one document does not have both 3 passages"):
        trend([undated])


def test_a_text_counts_once_in_the_earliest_of_its_periods() -> None:
    records = dated(3)
    again = [
        {**record, "id": f"a {record['id']}", "meta": {"date": date}} for record in records for date in ("2030", "")
    ]
    found = trend([*again, *records])
    assert found == replace(trend(records), copies=24)
    assert trend([*records, *again]) == found


@pytest.mark.parametrize(
    ("by", "dates", "places"),
    [
        ("year", ["2013", "2024", "2025", "2026"], [2013, 2024, 2025, 2026]),
        ("month", ["2023-12", "2024-01", "2024-03", "2025-03"], [-1, 0, 2, 14]),
    ],
)
def test_time_without_documents_takes_its_time(by: Any, dates: list[str], places: list[int]) -> None:
    records = [record | {"meta": {"date": date}} for record, date in zip(dated(4, 1), dates, strict=True)]
    (race,) = trend(records, ["frame_race"], by=by).series
    assert race.rho == pytest.approx(np.corrcoef(places, [point.value or 0.0 for point in race.points])[0, 1], abs=1e-5)


def test_one_period_has_no_direction() -> None:
    (race,) = trend(dated(1), ["frame_state"]).series
    assert race.rho is race.p is race.p_corrected is None
