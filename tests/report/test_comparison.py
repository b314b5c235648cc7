import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scoring.records import gold, make_record

from rhetoric.report.comparison import print_comparison
from rhetoric.report.profiles import print_profile
from rhetoric.report.terminal import print_scorecard
from rhetoric.report.trends import print_trend
from rhetoric.report.words import TIES, effect_words
from rhetoric.scoring import build_profile, score_record
from rhetoric.scoring.compare import compare
from rhetoric.scoring.correction import Rate
from rhetoric.scoring.trend import trend

from .makers import shown, trust, unsafe, words
from .test_terminal import HOSTILE, hostile_record


def documents(kind: str, many: int = 5, **meta: Any) -> list[dict[str, Any]]:
    rows = [row for row in gold() if row["about"] and row["frames"][kind]]
    return [make_record(rows[at * 5 : at * 5 + 5], f"{kind}-{at}", **meta) for at in range(many)]


def dated(records: list[dict[str, Any]], *dates: str) -> list[dict[str, Any]]:
    """The records with one date after the other, from the first again where they are more."""
    return [{**each, "meta": {"date": dates[at % len(dates)]}} for at, each in enumerate(records)]


@pytest.mark.parametrize("width", [90, 120])
def test_a_comparison_fits_and_says_what_is_what(width: int) -> None:
    found = compare(documents("race"), documents("cooperation"), names=("US", "PRC"))
    text = shown(print_comparison, found, width=width)
    said = words(text)
    fields = re.compile(r"(frame|metaphor|contrast|unmasking|passages|us|china)\w* ")
    rows = [line for line in text.splitlines() if fields.match(line)]
    assert len(rows) > 5
    assert all(re.search(r" (\d\.\d{3}\*?|-)\s*$", row) and "…" not in row for row in rows)  # no digit is lost
    table = {line for line in text.splitlines() if line.startswith(("field ", "─")) or line in rows}
    assert all(len(line.rstrip()) <= width for line in text.splitlines() if line not in table)
    assert "US against PRC" in said
    assert "more that are not sure (--every-field)" in said
    assert ": has race" in said and ", commoner here “" in said and "times as likely" not in said
    assert "A - B may have the other sign where a few documents hold most of a thing" in said
    shares = [line for line in rows if line.startswith(("frame_", "us_role_"))]
    assert all(re.search(r" [+-]\d+ points? ", line) and not re.search(r"[+-]\d+%", line) for line in shares)
    every = shown(print_comparison, found, every_field=True, width=width)
    assert "metaphor_kin" in every and "(--every-field)" not in every


def test_hostile_text_is_printed_as_text() -> None:
    compared = compare([hostile_record()], documents("race", 1), names=(HOSTILE, HOSTILE))
    hostile = {"title": HOSTILE, "country": HOSTILE, "type": HOSTILE, "date": HOSTILE, "author": HOSTILE}
    profile = build_profile(documents("race", **hostile), name=HOSTILE, about=HOSTILE)
    for text in (shown(print_comparison, compared), shown(print_profile, profile)):
        assert not unsafe(text) and "[red]not bold[/red]" in text


def test_a_sure_p_is_not_printed_as_one_at_the_bar() -> None:
    found = compare(documents("race"), documents("state"))
    compared = replace(found, differences=(replace(found.differences[0], p_corrected=0.0498),))
    assert "0.0498*" in shown(print_comparison, compared)
    followed = trend(dated(documents("race"), *(f"202{at}" for at in range(5))), ["frame_race"])
    rising = replace(followed, series=(replace(followed.series[0], rho=0.9, p_corrected=0.0498),))
    assert "rises (rho +0.90, p 0.0498)" in shown(print_trend, rising)


def test_long_names_keep_what_tells_them_apart() -> None:
    names = [f"speeches/of/many/years/{year}/the-same-long-name-of-a-speech-{year}.txt" for year in (2024, 2025)]
    titled = [{**each, "meta": {"title": None, "source": names[0]}} for each in documents("race", 1)]
    text = shown(print_comparison, compare(titled, documents("state", 1), names=(names[0], names[1])), width=80)
    first = text.splitlines()[0]
    assert first == "the-same-long-nam…a-speech-2024.txt against the-same-long-nam…a-speech-2025.txt"
    assert "  …/2024/the-same-long-name-of-a-speech-2024.txt, passage " in text


def test_stances_over_time_have_no_hyphen_beside_their_signs() -> None:
    records = dated([*documents("race"), *documents("threat")], "2025")
    text = shown(print_trend, trend(records, ["us_stance", "frame_race"]))
    assert re.search(r"[+-]\d\.\d\d \([+-]\d\.\d\d to [+-]\d\.\d\d\)", text)
    assert re.search(r"\d+% \(\d+-\d+\)", text)


@pytest.mark.parametrize(
    ("many", "years", "said", "unsaid"),
    [
        (2, ["2025"], ["There is one year here", "Fewer than 3 documents stand for 2025"], "too little to tell"),
        (3, ["2025"], ["There is one year here"], "stand for"),
        (2, ["2024", "2025"], ["us_stance too little to tell"], "There is one year"),
    ],
)
def test_a_trend_says_where_there_is_too_little(many: int, years: list[str], said: list[str], unsaid: str) -> None:
    text = words(shown(print_trend, trend(dated(documents("race", many), *years), ["us_stance"])))
    assert all(each in text for each in said) and unsaid not in text


@pytest.mark.parametrize("width", [40, 80, 100])
def test_a_trend_s_columns_keep_their_width(width: int) -> None:
    fields = ["us_stance", "china_stance", "frame_race", "metaphor", "metaphor_race"]
    followed = trend(dated(documents("race", 8), "2020-01", "2021-01"), fields, by="month")
    lines = [line for line in shown(print_trend, followed, width=width).splitlines() if line.startswith("202")]
    assert max(map(len, lines)) <= width and sum(line.count(")") + line.count("%") for line in lines) >= 2 * len(fields)


def test_a_trend_says_that_all_documents_are_alike() -> None:
    records = [{**each, "metaphors": []} for each in dated(documents("race", 3), "2020", "2021", "2022")]
    text = shown(print_trend, trend(records, ["metaphor"]), width=110)
    assert "metaphor the same in every document" in words(text)


def test_values_of_fewer_documents_than_their_side_say_of_how_many() -> None:
    a, b = documents("race", 3), documents("cooperation", 3)
    for passage in a[0]["passages"]:
        passage["portrayal"] = {}
    text = shown(print_comparison, compare(a, b), every_field=True, width=120)
    rows = {line.split()[0]: line for line in text.splitlines() if line.strip()}
    assert " n 2 " in rows["us_stance"] and " n " not in rows["frame_race"]
    text = shown(print_trend, trend(dated(a, "2024"), ["us_stance", "frame_race"]))
    (row,) = (line for line in text.splitlines() if line.startswith("2024"))
    assert row.count(" n ") == row.count(" n 2 ") == 1


def test_a_scorecard_shows_corrected_shares_and_its_place(tmp_path: Path) -> None:
    record = make_record(gold("essay.jsonl"), "essay")
    profile = build_profile(documents("race", 6), name="strategy")
    rates = {"race": Rate(0.8, 0.9, 40, 60), "state": Rate(0.2, 0.9, 40, 60)}
    scorecard = score_record(record, rates=rates, profile=profile)
    said = words(shown(print_scorecard, scorecard, record, trust(tmp_path)))
    assert "corrected for the detector's errors 75% (" in said
    assert "; lower than all of 6 strategy texts" in said
    assert said.count(TIES) == 1
    assert "not corrected: its detector errs too often (it finds 20% of the passages" in said
    assert re.search(r"Higher than all of 6 strategy texts( \(\d to 10 in 10 by its interval\))?\. Detectors:", said)
    assert "Compared with the profile strategy of 6 texts" in said
    assert "Another pipeline" not in said


def test_a_scorecard_says_once_that_nothing_is_corrected(tmp_path: Path) -> None:
    record = make_record(gold("essay.jsonl"), "essay")
    other = {**record, "pipeline": {**record["pipeline"], "sha256": "1" * 64}}
    scorecard = score_record(other, rates={}, profile=build_profile(documents("race", 6), name="strategy"))
    said = words(shown(print_scorecard, scorecard, record, trust(tmp_path)))
    assert said.count("the detectors' rates of error have not been measured") == 1
    assert "Another pipeline built that profile" in said


def test_effects_in_words() -> None:
    assert [effect_words(each) for each in (0.1, -0.2, 0.4, -0.9)] == ["negligible", "small", "medium", "large"]
