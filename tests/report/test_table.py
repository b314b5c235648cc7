from dataclasses import replace
from pathlib import Path

import pytest
from scoring.records import essay, gold, in_passing, make_record, off_topic

from rhetoric.report.table import print_table
from rhetoric.scoring import Scorecard, score_record

from .makers import shown, trust, unsafe, words
from .test_terminal import hostile_record


def cards() -> list[Scorecard]:
    long = make_record(gold()[:60], "long", source="speeches/long.txt")
    short = make_record(gold("essay.jsonl")[1:3], "short")
    return [score_record(record) for record in (essay(), long, off_topic(), short, hostile_record())]


@pytest.mark.parametrize("width", [80, 120])
def test_a_row_a_document(tmp_path: Path, width: int) -> None:
    text = shown(print_table, cards(), trust(tmp_path), width=width)
    rows = [line.split() for line in text.splitlines()]
    assert all(len(line.rstrip()) <= width for line in text.splitlines())
    essay_row = next(row for row in rows if row and row[0].startswith("corpora/"))
    assert essay_row[-7:] == ["834", "8/8", "7", "68.3", "31.2", "-0.6", "-0.6"]
    off_row = next(row for row in rows if row and row[0] == "off-topic")
    assert off_row[-7:] == ["584", "0/6", "-", "-", "-", "-", "-"]
    assert "Texts off topic are not scored." in text
    short = next(row for row in rows if row and row[0] == "short")
    assert short[-7:] == ["179", "2/2", "1", "(78.2)", "(16.8)", "(-0.5)", "(-0.5)"]
    assert "no verdict" in text
    assert not unsafe(text)


def test_what_is_said_below_the_table_fits_a_terminal_that_it_does_not(tmp_path: Path) -> None:
    table, _, below = shown(print_table, cards(), trust(tmp_path), width=50).partition("\n\nabout:")
    assert any(len(line) > 50 for line in table.splitlines()) and all(len(line) <= 50 for line in below.splitlines())


@pytest.mark.parametrize("every_passage", [False, True])
def test_of_a_text_off_topic_nothing_is_shown_but_that_unless_every_passage_is_asked_for(
    every_passage: bool, tmp_path: Path
) -> None:
    scored = [score_record(record, every_passage=every_passage) for record in (in_passing(), essay())]
    text = shown(print_table, scored, trust(tmp_path), width=120)
    row = next(line for line in text.splitlines() if line.startswith("in-passing"))
    assert ("off topic" in row and row.split()[-5:] == ["-"] * 5) is not every_passage
    assert ("are not scored" in text) is not every_passage


def test_documents_of_one_source_go_by_their_ids(tmp_path: Path) -> None:
    rows = gold("essay.jsonl")
    several = [score_record(make_record(rows[at : at + 3], f"row-{at}", source="a.jsonl")) for at in range(3)]
    text = shown(print_table, several, trust(tmp_path))
    assert all(f"row-{at}" in text for at in range(3))
    assert "a.jsonl" not in text


def test_documents_of_one_source_go_by_what_they_are_called_if_that_tells_them_apart(tmp_path: Path) -> None:
    several = [score_record(make_record(gold("essay.jsonl")[:3], f"id-{at}", source="a.csv")) for at in range(4)]
    text = shown(print_table, several, trust(tmp_path), called=["a.csv row 1", "a.csv row 2", "Remarks", "Remarks"])
    assert all(name in text for name in ("a.csv row 1", "a.csv row 2", "id-2", "id-3"))
    assert "id-0" not in text


@pytest.mark.parametrize("width", [80, 120])
def test_long_names_of_files_lose_their_middle_and_their_common_folder(tmp_path: Path, width: int) -> None:
    names = [f"2025-0{at}-01-remarks-by-the-same-person-on-the-same-matter-part-{at}.txt" for at in range(1, 4)]
    made = [make_record(gold("essay.jsonl")[:4], name, source=f"/a/long/way/to/{name}") for name in names]
    lines = shown(print_table, [score_record(record) for record in made], trust(tmp_path), width=width).splitlines()
    rows = [line for line in lines if line.startswith("2025-")]
    assert [(row[:10], row.split()[0][-10:]) for row in rows] == [
        (f"2025-0{at}-01", f"part-{at}.txt"[-10:]) for at in range(1, 4)
    ]
    assert all("…" in row and row.split()[1:][-7] == str(score_record(made[0]).words) for row in rows)
    assert "The files are in /a/long/way/to." in lines
    assert all(len(line) <= width for line in lines)


def test_a_stance_of_nearly_nothing_has_no_minus(tmp_path: Path) -> None:
    card = score_record(essay())
    us = card.portrayal["us"]
    portrayal = {**card.portrayal, "us": replace(us, stance=replace(us.stance, value=-0.04))}
    text = shown(print_table, [replace(card, portrayal=portrayal)], trust(tmp_path))
    assert "+0.0 " in text and "-0.0 " not in text


def test_names_are_whole_where_there_is_room(tmp_path: Path) -> None:
    names = ("us/a.txt", "cn/a.txt", "-")
    made = [make_record(gold("essay.jsonl")[:4], name, source=name) for name in names]
    text = shown(print_table, [score_record(record) for record in made], trust(tmp_path), width=80)
    assert all(name in text for name in ("us/a.txt", "cn/a.txt", "standard input"))
    assert "The files are in" not in text


def test_a_text_that_the_detectors_have_learned_from_is_marked_in_its_row(tmp_path: Path) -> None:
    known = replace(score_record(essay()), learned=7)
    text = shown(print_table, [known, *cards()[1:3]], trust(tmp_path), width=120)
    table, _, below = text.partition("about:")
    assert [line.split()[0] for line in table.splitlines() if "*" in line] == ["corpora/essay.txt"]
    assert " 8/8* " in table and "*: 7 of the " in below
    assert "*" not in shown(print_table, cards()[:3], trust(tmp_path), width=120)


def test_no_frame_is_left_out_that_is_as_common_as_one_that_is_named(tmp_path: Path) -> None:
    record = essay()
    for passage, on in zip(record["passages"], ("race", "race", "state", "market", "values"), strict=False):
        passage["frames"] = {frame: 0.9 if frame == on else 0.1 for frame in passage["frames"]}
    record["passages"] = record["passages"][:5]
    said = words(shown(print_table, [score_record(record)] * 2, trust(tmp_path), width=160))
    assert all(each in said for each in ("race 2", "state 1", "market 1", "values 1"))


def test_frames_that_are_hardly_found_are_named(tmp_path: Path) -> None:
    said = words(shown(print_table, cards(), trust(tmp_path, 0.4)))
    assert "The detectors of race, confidence, state" in said
    assert "are weak." in said
    assert "weak" not in shown(print_table, cards()[:1] * 2, trust(tmp_path))
