from typing import Any

import pytest
from scoring.records import gold, make_record

from rhetoric.errors import SourceError
from rhetoric.scoring.correction import Rate, correct
from rhetoric.scoring.uncertainty import Estimate
from rhetoric.training.card.rates import measured_rates

ROWS = gold()[:120]


def records(flips: int = 0) -> list[dict]:
    """What a perfect detector says of each passage, the frame "race" turned round in the first ``flips`` on topic."""
    found = [make_record([row], row["id"]) for row in ROWS]
    on_topic = [at for at, row in enumerate(ROWS) if row["about"]]
    for at in on_topic[:flips]:
        frames = found[at]["passages"][0]["frames"]
        frames["race"] = 1 - frames["race"]
    return found


def test_a_perfect_detector() -> None:
    rates = measured_rates(ROWS, records())
    counted = [row for row in ROWS if row["about"]]
    for frame, rate in rates.items():
        with_it = sum(row["frames"][frame] for row in counted)
        assert rate == {
            "sensitivity": 1.0,
            "specificity": 1.0,
            "positives": with_it,
            "negatives": len(counted) - with_it,
        }


def test_errors_are_counted_on_their_side() -> None:
    rate = measured_rates(ROWS, records(flips=20))["race"]
    turned = [row["frames"]["race"] for row in ROWS if row["about"]][:20]
    assert rate["sensitivity"] == pytest.approx(1 - sum(turned) / rate["positives"], abs=1e-4)
    assert rate["specificity"] == pytest.approx(1 - (20 - sum(turned)) / rate["negatives"], abs=1e-4)


def test_correcting_with_them_gives_back_the_coded_share() -> None:
    read = records(flips=20)
    rate = measured_rates(ROWS, read)["race"]
    counted = [(row, record) for row, record in zip(ROWS, read, strict=True) if row["about"]]
    marked = sum(record["passages"][0]["frames"]["race"] >= 0.5 for _, record in counted)
    raw = Estimate(marked / len(counted), None, None, len(counted), marked)
    true = sum(row["frames"]["race"] for row, _ in counted) / len(counted)
    measured = Rate(rate["sensitivity"], rate["specificity"], int(rate["positives"]), int(rate["negatives"]))
    assert correct(raw, measured).value == pytest.approx(true, abs=1e-3)


def test_each_frame_is_counted_where_it_was_coded() -> None:
    partly: list[dict[str, Any]] = [{"id": row["id"], "text": row["text"]} for row in ROWS]
    for row, whole in list(zip(partly, ROWS, strict=True))[::2]:
        row["frames"] = {"race": whole["frames"]["race"]}
    assert measured_rates(partly, records(9)) == {"race": measured_rates(ROWS[::2], records(9))["race"]}


def test_off_topic_passages_count_only_where_asked() -> None:
    every = measured_rates(ROWS, records(), every_passage=True)["race"]
    assert every["positives"] + every["negatives"] == len(ROWS)


def test_a_frame_without_passages_is_left_out_and_a_missing_record_is_an_error() -> None:
    without = [row for row in ROWS if row["about"] and not row["frames"]["hazard"]]
    assert "hazard" not in measured_rates(without, records())
    with pytest.raises(SourceError, match="no record"):
        measured_rates(ROWS, records()[1:])
