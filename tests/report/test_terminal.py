import io
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from rich.console import Console
from scoring.records import PIPELINE, SHIPPED, essay, gold, in_passing, make_record, off_topic
from scoring.strategies import records

from rhetoric.labels import FRAMES
from rhetoric.report.page import make_console
from rhetoric.report.terminal import print_scorecard
from rhetoric.scoring import score_record

from .makers import console, printed, trust, unsafe, words
from .pages import hinting
from .test_evidence import carried

HOSTILE = "[red]not bold[/red] :smile: \x1b[31mESC\x1b]0;title\x07 \u202eRTL \x9b2J " + "w" * 300 + " [/] [link=x]\\["


def show(record: dict[str, Any], folder: Path, width: int = 80, every_passage: bool = False, **how: object) -> str:
    to = console(width, **how)
    print_scorecard(score_record(record, every_passage=every_passage), record, trust(folder), to)
    return printed(to)


def test_the_essay_is_shown_with_its_evidence(tmp_path: Path) -> None:
    text = show(essay(), tmp_path)
    said = words(text)
    for part in (
        "The machinery of belief corpora/essay.txt",
        "Its strongest frame is race, in 5 of 8 passages",
        "63% (25 to 100), 5 of 8 trust: fair, F1 0.72",
        "AI is a contest to be won or lost",
        ", quoted above",
        "passage 2, 95% sure: “The official account: that the United States",
        "WHOSE ACCOUNT IS UNMASKED 7, or 8.4 per 1,000 counted words",
        "On unseen texts, of the passages reported as unmasking 7 of 10 are right",
        "account 4, of the US, passage 4, 90% sure that an account is unmasked",
        "machinery “we can still build the engine, but we are still arguing over the steering wheel",
        "cue “says”, “what it means is”",
        "... and 2 more",
        "engines and their parts: machinery (2), engine, brakes",
        "contrast 3, passage 2: “hypocrisy” against “the very architecture",
        "the US In 5 passages, in no role in 3, 60% (",
        "unmasking passages there 0.72 (0.62 to 0.82) 7 of 10 are found",
        "no verdict on honesty or truth",
        "coded by machine, not by people",
        "Two machine coders working apart reach 0.96",
    ):
        assert part in said, part
    assert "not found threat, cooperation, restriction, hazard and prosperity" in said


@pytest.mark.parametrize("width", [40, 80, 120, 300])
def test_lines_fit_and_do_not_end_in_spaces(tmp_path: Path, width: int) -> None:
    for record in (essay(), make_record(gold()[:60]), off_topic()):
        for line in show(record, tmp_path, width).splitlines():
            assert len(line) <= min(width, 100)
            assert line == line.rstrip()


def test_no_colour_when_piped_and_colour_on_a_terminal(tmp_path: Path) -> None:
    assert "\x1b" not in show(essay(), tmp_path)
    assert "\x1b[1m" in show(essay(), tmp_path, force_terminal=True, color_system="standard")
    piped = make_console()
    assert not piped.is_terminal


def hostile_record() -> dict[str, Any]:
    start = len("A ")
    parts = [f"A {HOSTILE} race.", f"B {HOSTILE} too.", f"C {HOSTILE} again."]
    text = "\n\n".join(parts)
    span = [start, start + len(HOSTILE)]
    passage = {
        "about": 0.9,
        "framing": "unmasking",
        "framing_score": 0.9,
        "portrayal": {"us": {"role": "none", "stance": 0}},
    }
    frames = {frame: 0.9 for frame in FRAMES}
    return {
        "id": HOSTILE,
        "text": text,
        "meta": {"title": HOSTILE, "source": HOSTILE, "warnings": [HOSTILE]},
        "passages": [
            {"start": text.index(part), "end": text.index(part) + len(part), "frames": frames, **passage}
            for part in parts
        ],
        "framing": [
            {"account": [span], "machinery": [span], "cue": [span], "actor": "us", "explicit": True, "score": 0.9}
        ],
        "contrasts": [{"label": "correction", "a": span, "b": span, "cue": [span], "score": 0.9}],
        "metaphors": [{"span": span, "live": True, "source": "race", "target": "ai", "score": 0.9}],
        "pipeline": PIPELINE,
    }


@pytest.mark.parametrize("how", [{}, {"force_terminal": True, "color_system": None}])
def test_hostile_text_is_printed_as_text(tmp_path: Path, how: dict[str, Any]) -> None:
    text = show(hostile_record(), tmp_path, **how)
    assert not unsafe(text)
    assert "[red]not bold[/red] :smile: [31mESC" in words(text)
    assert max(len(line) for line in text.splitlines()) <= 80


def test_metadata_of_any_type_is_printed(tmp_path: Path) -> None:
    for meta in (
        {"warnings": 3},
        {"warnings": "abc"},
        {"title": ["a", {"b": 1}]},
        {"title": "", "source": None},
        {"title": 7},
    ):
        assert "IN SHORT" in show(make_record(gold("essay.jsonl"), **meta), tmp_path)
    warned = show(make_record(gold("essay.jsonl"), warnings=["looks like Dutch."]), tmp_path)
    assert "Warning: looks like Dutch." in warned


def test_a_row_of_a_table_goes_by_its_id(tmp_path: Path) -> None:
    said = show({**essay(), "id": "us-2021", "meta": {"source": "speeches.csv", "row": 2}}, tmp_path)
    assert said.split()[:2] == ["us-2021", "speeches.csv"]


def test_what_is_unmasked_off_the_matter_is_named_though_not_counted(tmp_path: Path) -> None:
    record = make_record(gold("essay.jsonl"))
    assert "Not counted" not in show(record, tmp_path)
    at = next(at for at, each in enumerate(record["passages"]) if each["framing"] == "unmasking")
    record["passages"][at]["about"] = 0.2
    assert f"an account seems to be unmasked there: passage {at + 1}." in words(show(record, tmp_path))


def test_hints_are_listed_too_with_how_well_they_are_found(tmp_path: Path) -> None:
    said = words(show(hinting(), tmp_path))
    known = f"90% sure that there is a hint (detector of hints: {trust(tmp_path).phrase('framing.partial')})"
    assert all(re.search(rf"hint {n}, of [\w ]+, passage {n}, {re.escape(known)}", said) for n in (1, 2, 3))
    assert said.count("not on the page") == 3
    assert "No account is set against what the text says drives it." in said
    mixed = words(show(essay(), tmp_path))
    assert (
        mixed.index("account 1, of")
        < mixed.index("hint 2, of")
        < mixed.index("hint 3, of")
        < mixed.index("account 4, of")
    )


def test_each_label_of_contrast_says_how_far_to_trust_it(tmp_path: Path) -> None:
    said = words(show(make_record(gold("essay.jsonl")), tmp_path))
    for label in ("correction", "antithesis"):
        phrase = re.escape(trust(tmp_path).phrase(f"contrast.{label}"))
        assert re.search(rf"{label} \d+ \([\d.]+/1,000\) trust: {phrase}", said)


def test_an_off_topic_text_shows_no_numbers_but_says_why(tmp_path: Path) -> None:
    text = show(off_topic(), tmp_path)
    assert "nothing is scored" in words(text)
    assert "STRONGEST FRAMES" not in text
    assert "no verdict" in text
    assert "STRONGEST FRAMES" in show(off_topic(), tmp_path, every_passage=True)


def test_what_a_text_off_topic_says_of_the_matter_is_listed_without_a_score(tmp_path: Path) -> None:
    said = words(show(in_passing(), tmp_path))
    assert "IN SHORT" not in said and "STRONGEST" not in said
    assert "FRAMES FOUND THERE" in said and "1 of 1 passage trust" in said
    assert "/1,000" not in said and "%" not in said.split("HOW FAR")[0].replace("95% sure", "").replace("90% sure", "")
    assert "In 1 passage, as" in said and "stance from" not in said and "Spoken of" not in said
    assert "STRONGEST FRAMES" in show(in_passing(), tmp_path, every_passage=True)


def test_a_short_text_has_no_intervals(tmp_path: Path) -> None:
    text = words(show({**make_record(gold("essay.jsonl")[1:3]), "pipeline": SHIPPED}, tmp_path))
    assert "Only 2 passages are about the matter" in text
    assert "share of passages" not in text
    assert "2 of 2 passages trust" in text and "100%, 2 of 2" not in text and "corrected for" not in text
    assert "/1,000" not in text


def test_ascii_output(tmp_path: Path) -> None:
    raw = io.BytesIO()
    to = Console(file=io.TextIOWrapper(raw, encoding="ascii", errors="replace"), width=80, markup=False)
    record = essay()
    print_scorecard(score_record(record), record, trust(tmp_path), to)
    to.file.flush()
    assert b"######.... 63%" in raw.getvalue()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records())
def test_every_record_can_be_shown(tmp_path: Path, record: dict[str, Any]) -> None:
    for every_passage in (False, True):
        assert "HOW FAR TO TRUST THIS" in show(record, tmp_path, every_passage=every_passage)


def test_a_frame_is_quoted_by_its_sentence(tmp_path: Path) -> None:
    said = words(show(carried(essay()), tmp_path))
    assert "passage 2, 95% sure, 20% without this sentence: “The official account:” " in said
    assert said.count("how sure it would be were this sentence left out") == 1
    assert "left out" not in words(show(essay(), tmp_path))
