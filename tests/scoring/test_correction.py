import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report.folders import made_by, make_folder

from rhetoric.errors import ModelError
from rhetoric.labels import FRAMES
from rhetoric.scoring import score_record
from rhetoric.scoring.correction import (
    OTHERS,
    OWN_LINES,
    UNMEASURED,
    Rate,
    correct,
    rates_for,
    read_rates,
    shipped_rates,
    why_not,
)
from rhetoric.scoring.uncertainty import Estimate, Ratio, estimate

from .records import SHIPPED, essay, off_topic

GOOD = Rate(0.8, 0.9, 40, 60)
PERFECT = Rate(1.0, 1.0, 100_000, 100_000)


def raw(count: int, passages: int) -> Estimate:
    top = np.array([1] * count + [0] * (passages - count))
    return estimate([Ratio(top, np.ones_like(top))])[0]


def test_the_adjusted_count_by_hand() -> None:
    found = correct(raw(38, 100), GOOD)
    assert found.value == pytest.approx((0.38 + 0.9 - 1) / (0.8 + 0.9 - 1))  # 0.4
    assert (found.passages, found.count) == (100, None)


def test_a_perfect_detector_is_not_corrected_much_and_its_interval_is_that_of_the_share() -> None:
    found = correct(raw(30, 100), PERFECT)
    assert found.value == 0.3
    assert found.low == pytest.approx(0.21, abs=0.02)
    assert found.high == pytest.approx(0.39, abs=0.02)


@pytest.mark.parametrize("passages", [3, 8, 40])
def test_it_is_never_surer_than_the_share_that_it_corrects(passages: int) -> None:
    """At none and at all, too, where that interval is the exact one."""
    for count in range(passages + 1):
        share = raw(count, passages)
        found = correct(share, PERFECT)
        assert found.low <= share.low + 1e-3
        assert found.high >= share.high - 1e-3
        low, high = (min(1, max(0, (bound - 0.1) / 0.7)) for bound in (share.low, share.high))
        assert correct(share, GOOD).low <= low + 1e-6
        assert correct(share, GOOD).high >= high - 1e-6


def test_nothing_found_leaves_as_much_open_as_the_exact_interval() -> None:
    """A detector that misses a tenth: what 8 passages without a frame allow for, and a tenth of that more."""
    share = raw(0, 8)
    assert share.high == pytest.approx(1 - 0.025 ** (1 / 8), abs=1e-6)
    assert correct(share, Rate(0.9, 1.0, 100_000, 100_000)).high == pytest.approx(share.high / 0.9, abs=0.03)


def test_it_finds_the_truth_that_the_detector_hides() -> None:
    """Simulate texts of a known prevalence, read by a detector of known rates that were measured on a sample."""
    chance = np.random.default_rng(7)
    held, raw_held, true = 0, 0, 0.3
    for _ in range(200):
        rate = Rate(chance.binomial(60, 0.75) / 60, chance.binomial(80, 0.85) / 80, 60, 80)
        there = chance.binomial(120, true)
        marked = int(chance.binomial(there, 0.75) + chance.binomial(120 - there, 0.15))
        found = correct(raw(marked, 120), rate)
        assert found.low is not None and found.high is not None
        held += found.low <= true <= found.high
        half = 1.96 * (marked / 120 * (1 - marked / 120) / 120) ** 0.5
        raw_held += abs(marked / 120 - true) <= half
    assert held >= 180
    assert held >= raw_held


def test_the_interval_carries_the_uncertainty_of_the_rates() -> None:
    sure, unsure = (correct(raw(40, 100), Rate(0.8, 0.9, n, n)) for n in (10_000, 15))
    assert unsure.high - unsure.low > 1.3 * (sure.high - sure.low)
    assert sure.value == unsure.value


@given(
    *(st.floats(0, 1) for _ in range(2)),
    *(st.integers(0, 50) for _ in range(2)),
    st.tuples(st.integers(1, 60), st.integers(0, 60)).filter(lambda pair: pair[1] <= pair[0]),
)
def test_it_is_a_share_with_an_interval_around_it_or_says_why_not(
    sensitivity: float, specificity: float, positives: int, negatives: int, seen: tuple[int, int]
) -> None:
    passages, count = seen
    rate = Rate(sensitivity, specificity, positives, negatives)
    found = correct(raw(count, passages), rate)
    if why_not(rate):
        assert found == Estimate(None, None, None, 0)
        return
    assert found.value is not None and 0 <= found.value <= 1
    assert (found.low is None) == (passages < 3)
    if found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.value <= found.high <= 1
    assert found == correct(raw(count, passages), rate)


@pytest.mark.parametrize(("passages", "unseen"), [(15, 0.218), (40, 0.088), (129, 0.028)])
def test_a_text_that_its_rates_do_not_fit_leaves_open_what_so_few_passages_do(passages: int, unseen: float) -> None:
    """Where the detector marks more than a text full of the frame would give, or less than one without it."""
    ill = Rate(0.6, 0.7, 10_000, 10_000)
    none, full = correct(raw(0, passages), ill), correct(raw(passages, passages), ill)
    assert (none.value, none.low, none.high) == (0, 0, pytest.approx(unseen, abs=1e-3))
    assert (full.value, full.low, full.high) == (1, pytest.approx(1 - unseen, abs=1e-3), 1)


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (None, UNMEASURED),
        (Rate(0.4, 0.7, 40, 60), "finds 40% of the passages with the frame and marks 30% of those without"),
        (Rate(1.0, 1.0, 4, 60), "rest on only 4 passages with the frame"),
        (Rate(1.0, 1.0, 60, 4), "rest on only 4 passages without the frame"),
        (Rate(1.0, 1.0, 1, 60), "rest on only 1 passage with the frame"),
    ],
)
def test_it_says_why_nothing_is_corrected(rate: Rate | None, said: str) -> None:
    assert said in (why_not(rate) or "")
    assert correct(raw(3, 10), rate).value is None


def test_scorecards_have_corrected_shares_or_the_reason() -> None:
    card = score_record(essay(), rates={"race": GOOD, "state": Rate(0.3, 0.8, 40, 60)}, profile=None)
    race = card.frames["race"]
    assert (race.prevalence.value, race.not_corrected) == (0.625, None)
    assert race.corrected.value == pytest.approx((0.625 - 0.1) / 0.7, abs=1e-6)
    assert "errs too often" in (card.frames["state"].not_corrected or "")
    assert card.frames["market"].not_corrected == UNMEASURED
    assert all((card.frames[f].corrected.value is None) == bool(card.frames[f].not_corrected) for f in FRAMES)
    empty = score_record(off_topic(), rates={"race": GOOD}, profile=None).frames["race"]
    assert (empty.corrected.value, empty.not_corrected) == (None, None)


def test_reading_rates(tmp_path: Path) -> None:
    path = tmp_path / "scores.json"
    assert read_rates(path) == {}
    path.write_text('{"measured": {}}')
    assert read_rates(path) == {}
    rates = {"race": asdict(GOOD)}
    path.write_text(json.dumps({"rates": {"real": rates}}))
    assert read_rates(path) == {"race": GOOD}
    assert read_rates(path, every_passage=True) == {}
    wrong = [{**rates["race"], **each} for each in ({"sensitivity": 1.2}, {"positives": -1}, {"negatives": -1})]
    for damaged in ({"race": {}}, *({"race": each} for each in wrong), [], {"race": 3}):
        path.write_text(json.dumps({"rates": {"real": damaged}}) if damaged else "[")
        with pytest.raises(ModelError, match="rates of error cannot be read"):
            read_rates(path)


@pytest.mark.parametrize(
    ("lines", "why"), [({"contrast__threshold": 0.9}, None), ({"frames": True}, None), ({"encoder": "1" * 64}, OTHERS)]
)
def test_rates_are_those_of_the_detectors_that_made_the_record(
    tmp_path: Path, lines: dict[str, Any], why: str | None
) -> None:
    folder = make_folder(tmp_path / "mine", **lines)
    expected = ({}, why) if why else (shipped_rates(), None)
    assert rates_for(made_by(folder), False) == expected
    write_rates(folder)
    assert rates_for(made_by(folder), False, folder)[0]["race"] == GOOD
    (folder / "scores.json").unlink()
    assert rates_for(made_by(folder), False, folder) == expected


@pytest.mark.parametrize(("moved", "every_passage"), [("frames", False), ("frames", True), ("about", False)])
def test_lines_of_ones_own_are_not_corrected_and_say_so(tmp_path: Path, moved: str, every_passage: bool) -> None:
    folder = make_folder(tmp_path / "mine", own={"about": 0.9})
    settings = json.loads((folder / "config.json").read_text())
    settings["decisions"][moved]["alone"] += 1
    (folder / "config.json").write_text(json.dumps(settings))
    for detectors in (None, folder):
        assert rates_for(made_by(folder), every_passage, detectors) == ({}, OWN_LINES)
        record = {**essay(), "pipeline": made_by(folder)}
        card = score_record(record, every_passage=every_passage, detectors=detectors and str(detectors))
        assert {each.not_corrected for each in card.frames.values()} == {OWN_LINES}
        assert all(each.corrected.value is None for each in card.frames.values())
    assert rates_for(made_by(folder), True)[1] == (None if moved == "about" else OWN_LINES)


def test_a_record_of_other_detectors_than_those_of_the_folder_is_not_corrected_with_its_rates(tmp_path: Path) -> None:
    folder, other = (make_folder(tmp_path / name, encoder=name * 64) for name in "12")
    write_rates(folder)
    assert rates_for(made_by(folder), False, folder)[1] is None
    assert rates_for(made_by(other), False, folder) == ({}, OTHERS)


@pytest.mark.parametrize("parts", [{}, {"parts": {}}, {"parts": {"english": "same", "of their own": "1"}}])
def test_a_record_that_names_no_parts_of_the_detectors_is_not_corrected_and_says_so(
    tmp_path: Path, parts: dict[str, Any]
) -> None:
    coders: Any = {"name": "human-coders", "version": "1", "sha256": "f" * 64, **parts}
    for detectors in (None, make_folder(tmp_path / "mine", encoder="1" * 64)):
        assert rates_for(coders, False, detectors) == ({}, OTHERS)
    card = score_record({**essay(), "pipeline": coders})
    assert {each.not_corrected for each in card.frames.values()} == {OTHERS}
    assert score_record({**essay(), "pipeline": SHIPPED}).frames["race"].not_corrected is None


def write_rates(folder: Path) -> None:
    rates = dict.fromkeys(FRAMES, asdict(GOOD))
    (folder / "scores.json").write_text(json.dumps({"rates": {"real": rates, "real_every_passage": rates}}))
