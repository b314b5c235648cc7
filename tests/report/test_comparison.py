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

from .makers import console, printed, trust, unsafe
from .test_terminal import HOSTILE, hostile_record, words


def documents(kind: str, many: int = 5, **meta: Any) -> list[dict[str, Any]]:
    rows = [row for row in gold() if row["about"] and row["frames"][kind]]
    return [make_record(rows[at * 5 : at * 5 + 5], f"{kind}-{at}", **meta) for at in range(many)]


@pytest.mark.parametrize("width", [90, 120])
def test_a_comparison_fits_and_says_what_is_what(width: int) -> None:
    to = console(width)
    print_comparison(compare(documents("race"), documents("cooperation"), names=("US", "PRC")), to)
    text, said = printed(to), words(printed(to))
    fields = re.compile(r"(frame|metaphor|contrast|unmasking|passages|us|china)\w* ")
    rows = [line for line in text.splitlines() if fields.match(line)]
    assert len(rows) > 5
    assert all(re.search(r" (\d\.\d{3}\*?|-)\s*$", row) and "…" not in row for row in rows)  # no digit is lost
    table = {line for line in text.splitlines() if line.startswith(("field ", "─")) or line in rows}
    assert all(len(line.rstrip()) <= width for line in text.splitlines() if line not in table)
    assert "US against PRC" in said
    assert "more that are not sure (--every-field)" in said
    assert "times as likely here, for race" in said
    assert "A - B may have the other sign where a few documents hold most of a thing" in said
    shares = [line for line in rows if line.startswith(("frame_", "us_role_"))]
    assert all(re.search(r" [+-]\d+ points? ", line) and not re.search(r"[+-]\d+%", line) for line in shares)
    every = console(width)
    print_comparison(compare(documents("race"), documents("cooperation")), every, every_field=True)
    assert "metaphor_kin" in printed(every)
    assert "(--every-field)" not in printed(every)


def test_hostile_text_is_printed_as_text() -> None:
    record = hostile_record()
    to = console(100)
    print_comparison(compare([record], documents("race", 1), names=(HOSTILE, HOSTILE)), to)
    dated = [{**each, "meta": {"date": "2025"}} for each in (*documents("race"), *documents("state"))]
    print_trend(trend(dated), to)
    hostile = {"title": HOSTILE, "country": HOSTILE, "type": HOSTILE, "date": HOSTILE, "author": HOSTILE}
    print_profile(build_profile(documents("race", **hostile), name=HOSTILE, about=HOSTILE), to)
    assert not unsafe(printed(to))
    assert "[red]not bold[/red]" in printed(to)


def test_a_sure_p_is_not_printed_as_one_at_the_bar() -> None:
    to = console(100)
    found = compare(documents("race"), documents("state"))
    print_comparison(replace(found, differences=(replace(found.differences[0], p_corrected=0.0498),)), to)
    dated = [{**each, "meta": {"date": f"202{at}"}} for at, each in enumerate(documents("race"))]
    rising = trend(dated, ["frame_race"])
    print_trend(replace(rising, series=(replace(rising.series[0], rho=0.9, p_corrected=0.0498),)), to)
    assert "0.0498*" in printed(to) and "rises (rho +0.90, p 0.0498)" in printed(to)


def test_long_names_keep_what_tells_them_apart() -> None:
    names = [f"speeches/of/many/years/{year}/the-same-long-name-of-a-speech-{year}.txt" for year in (2024, 2025)]
    to = console(80)
    titled = [{**each, "meta": {"title": None, "source": names[0]}} for each in documents("race", 1)]
    print_comparison(compare(titled, documents("state", 1), names=(names[0], names[1])), to)
    first = printed(to).splitlines()[0]
    assert first == "the-same-long-nam…a-speech-2024.txt against the-same-long-nam…a-speech-2025.txt"
    assert "  …/2024/the-same-long-name-of-a-speech-2024.txt, passage " in printed(to)


def test_stances_over_time_have_no_hyphen_beside_their_signs() -> None:
    to = console(100)
    dated = [{**each, "meta": {"date": "2025"}} for each in (*documents("race"), *documents("threat"))]
    print_trend(trend(dated, ["us_stance", "frame_race"]), to)
    assert re.search(r"[+-]\d\.\d\d \([+-]\d\.\d\d to [+-]\d\.\d\d\)", printed(to))
    assert re.search(r"\d+% \(\d+-\d+\)", printed(to))


def test_a_trend_says_where_there_is_too_little() -> None:
    to = console(100)
    print_trend(trend([{**each, "meta": {"date": "2025"}} for each in documents("race", 2)], ["us_stance"]), to)
    assert "There is one year here" in words(printed(to)) and "too little to tell" not in words(printed(to))
    assert "Fewer than 3 documents stand for 2025" in words(printed(to))
    to = console(100)
    print_trend(trend([{**each, "meta": {"date": "2025"}} for each in documents("race", 3)], ["us_stance"]), to)
    assert "stand for" not in printed(to)
    to = console(100)
    two = [{**each, "meta": {"date": year}} for each, year in zip(documents("race", 2), ("2024", "2025"), strict=True)]
    print_trend(trend(two, ["us_stance"]), to)
    assert "us_stance too little to tell" in words(printed(to))


@pytest.mark.parametrize("width", [40, 80, 100])
def test_a_trend_s_columns_keep_their_width(width: int) -> None:
    dated = [{**each, "meta": {"date": f"{2020 + at % 2}-01"}} for at, each in enumerate(documents("race", 8))]
    fields = ["us_stance", "china_stance", "frame_race", "metaphor", "metaphor_race"]
    to = console(width)
    print_trend(trend(dated, fields, by="month"), to)
    lines = [line for line in printed(to).splitlines() if line.startswith("202")]
    assert max(map(len, lines)) <= width and sum(line.count(")") + line.count("%") for line in lines) >= 2 * len(fields)


def test_a_trend_says_that_all_documents_are_alike() -> None:
    dated = [
        {**each, "metaphors": [], "meta": {"date": f"{2020 + at}"}} for at, each in enumerate(documents("race", 3))
    ]
    to = console(110)
    print_trend(trend(dated, ["metaphor"]), to)
    assert "metaphor the same in every document" in words(printed(to))


def test_values_of_fewer_documents_than_their_side_say_of_how_many() -> None:
    a, b = documents("race", 3), documents("cooperation", 3)
    for passage in a[0]["passages"]:
        passage["portrayal"] = {}
    to = console(120)
    print_comparison(compare(a, b), to, every_field=True)
    rows = {line.split()[0]: line for line in printed(to).splitlines() if line.strip()}
    assert " n 2 " in rows["us_stance"] and " n " not in rows["frame_race"]
    to = console(100)
    print_trend(trend([{**each, "meta": {"date": "2024"}} for each in a], ["us_stance", "frame_race"]), to)
    (row,) = (line for line in printed(to).splitlines() if line.startswith("2024"))
    assert row.count(" n ") == row.count(" n 2 ") == 1


def test_a_scorecard_shows_corrected_shares_and_its_place(tmp_path: Path) -> None:
    record = make_record(gold("essay.jsonl"), "essay")
    profile = build_profile(documents("race", 6), name="strategy")
    rates = {"race": Rate(0.8, 0.9, 40, 60), "state": Rate(0.2, 0.9, 40, 60)}
    to = console(100)
    print_scorecard(score_record(record, rates=rates, profile=profile), record, trust(tmp_path), to)
    said = words(printed(to))
    assert "corrected for the detector's errors 75% (" in said
    assert "; lower than all of 6 strategy texts" in said
    assert said.count(TIES) == 1
    assert "not corrected: its detector errs too often (it finds 20% of the passages" in said
    assert re.search(r"Higher than all of 6 strategy texts( \(\d to 10 in 10 by its interval\))?\. Metaphors:", said)
    assert "Compared with the profile strategy of 6 texts" in said
    assert "Another pipeline" not in said


def test_a_scorecard_says_once_that_nothing_is_corrected(tmp_path: Path) -> None:
    record = make_record(gold("essay.jsonl"), "essay")
    other = {**record, "pipeline": {**record["pipeline"], "sha256": "1" * 64}}
    to = console(100)
    scorecard = score_record(other, rates={}, profile=build_profile(documents("race", 6), name="strategy"))
    print_scorecard(scorecard, record, trust(tmp_path), to)
    said = words(printed(to))
    assert said.count("the detectors' rates of error have not been measured") == 1
    assert "Another pipeline built that profile" in said


def test_effects_in_words() -> None:
    assert [effect_words(each) for each in (0.1, -0.2, 0.4, -0.9)] == ["negligible", "small", "medium", "large"]
