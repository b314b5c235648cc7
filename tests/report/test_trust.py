import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scoring.records import SHIPPED, essay

from rhetoric.errors import ModelError
from rhetoric.report.article import make_markdown, make_page, say
from rhetoric.report.table import print_table
from rhetoric.report.terminal import print_scorecard
from rhetoric.report.trust import find_trust, read_trust, tenths
from rhetoric.report.words import BARS
from rhetoric.resources import DETECTORS, SCORES
from rhetoric.scoring import score_record

from .folders import made_by, make_folder
from .makers import console, printed, trust, write_scores


@pytest.mark.parametrize(
    ("value", "f1", "share"),
    [
        (0.95, "very good, F1 0.95", "right in about 10 of 10"),
        (0.84, "good, F1 0.84", "right in about 8 of 10"),
        (0.7, "fair, F1 0.70", "right in about 7 of 10"),
        (0.55, "rough, F1 0.55", "right in about 6 of 10"),
        (0.1, "weak, F1 0.10", "right in about 1 of 10"),
        (0.0, "weak, F1 0.00", "right in about 0 of 10"),
    ],
)
def test_a_measure_in_words(tmp_path: Path, value: float, f1: str, share: str) -> None:
    found = trust(tmp_path, value)
    assert found.phrase("frames.race") == f1
    assert found.phrase("portrayal.role") == share
    assert found.phrase("frames.hazard") == "not measured"


def test_an_interval_as_wide_as_half_of_all_there_is_speaks_before_the_value(tmp_path: Path) -> None:
    wide = read_trust(write_scores(tmp_path, 0.6, around=0.3))
    assert wide.phrase("frames.race") == "hardly known, F1 0.30 to 0.90"
    assert wide.measured["frames.race"].value == 0.6


def test_of_what_was_never_right_no_interval_is_told_but_that(tmp_path: Path) -> None:
    told = read_trust(write_scores(tmp_path, **{"framing.partial": 0.0}))
    assert told.say("framing.partial") == ("0.00", "weak: not one was right")
    assert told.phrase("framing.partial") == "weak: not one was right, F1 0.00"


def test_of_two_measurements_the_lower_is_told(tmp_path: Path) -> None:
    fresh = {"framing.unmasking.precision": 0.28, "frames.race": 0.91, "about": None, "frames.hazard": 0.4}
    told = read_trust(write_scores(tmp_path, **fresh))
    worse = told.measured["framing.unmasking.precision"]
    assert (worse.value, worse.low, worse.high, worse.ceiling) == (0.28, None, None, 0.8)  # stored with no width
    assert worse.phrase() == "right in about 3 of 10"
    assert replace(worse, metric="framing.unmasking.recall").phrase() == "about 3 of 10 are found"
    assert [told.measured[name].value for name in ("frames.race", "about")] == [0.72, 0.72]
    assert told.phrase("frames.hazard") == "not measured"  # with care, it was not


def test_of_two_errors_of_calibration_the_larger_is_told(tmp_path: Path) -> None:
    path = tmp_path / "scores.json"
    real, fresh = ({"ece.about": {"value": value, "low": None, "high": None}} for value in (0.02, 0.07))
    path.write_text(json.dumps({"measured": {"real": real}, "fresh": fresh}))
    assert read_trust(path).measured["ece.about"].value == 0.07
    assert read_trust(path).phrase("ece.about") == "probabilities are off by 7.0% on average"


def test_what_ships_is_told_by_the_lower_figure() -> None:
    scores = json.loads((DETECTORS / SCORES).read_text(encoding="utf-8"))
    metric = "framing.unmasking.precision"
    both = [scores["measured"]["real"][metric]["value"], scores["fresh"][metric]["value"]]
    assert read_trust().measured[metric].value == min(both)


def test_it_holds_interval_ceiling_and_phrase(tmp_path: Path) -> None:
    said = trust(tmp_path).to_dict()["metaphor.live"]
    assert (said["value"], said["ceiling"], said["phrase"]) == (0.72, 0.96, "fair, F1 0.72")
    assert said["low"] < said["value"] < said["high"]
    json.dumps(said)


def test_tenths() -> None:
    assert [tenths(share) for share in (0.0, 0.04, 0.55, 1.0)] == ["0 of 10", "0 of 10", "6 of 10", "10 of 10"]


def test_missing_or_damaged_scores_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"(?s)none\.json.*missing.*Reinstall"):
        read_trust(tmp_path / "none.json")
    path = write_scores(tmp_path)
    for damaged in ("", "[]", "{}", '{"measured": {"real": {"about": 1}}}', '{"measured": {"real": {"about": {}}}}'):
        path.write_text(damaged)
        with pytest.raises(ModelError, match=r"cannot be read.*Reinstall"):
            read_trust(path)


STRICT = {"contrast__threshold": 0.99}
OWN = {"contrast.any": 0.83, "contrast.labelled": None, "metaphor.live": 0.11}


def test_own_frames_change_no_figure(tmp_path: Path) -> None:
    assert find_trust(make_folder(tmp_path / "mine", frames=True)) == find_trust()
    assert find_trust() == replace(read_trust(), bars=find_trust().bars)


def test_the_method_says_each_bar_as_the_settings_of_the_weights_have_it(tmp_path: Path) -> None:
    lines = {"framing__unmasking": 0.11, "framing__partial": 0.12, "framing__part": 0.13, "framing__cue": 0.14}
    found = find_trust(make_folder(tmp_path / "mine", **lines, metaphor__live=0.15, contrast__threshold=0.16))
    said = say.method(found)[-1]
    for part in ("frame 50%", "unmasked 11%", "hint at one 12%", "machinery 13%", "cue 14%", "metaphor 15%", "st 16%"):
        assert part in said
    settings = json.loads((DETECTORS / "config.json").read_text(encoding="utf-8"))["thresholds"]
    unsaid = {"metaphor.any"}  # what no report shows
    assert settings.keys() - unsaid == {name for name, _ in BARS} and find_trust().bars == settings
    assert "where the detector is 11% sure or more." in say.trust_of_accounts(found)
    for shown in (make_page([essay()], detectors=tmp_path / "mine"), make_markdown([essay()])):
        assert "A thing is reported from these probabilities on: " in shown


def test_a_line_of_ones_own_has_its_own_figures_and_no_other_line_has(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "mine", own=OWN, **STRICT)
    found, shipped = find_trust(folder), read_trust()
    mine = found.measured["contrast.any"]
    assert (mine.value, mine.whose, mine.phrase()) == (0.83, "yours", "good, F1 0.83, by your coders")
    # What was not coded was not measured, and what did not move keeps its figure.
    assert found.phrase("contrast.labelled") == found.phrase("contrast.antithesis") == "not measured"
    others = {name: each for name, each in shipped.measured.items() if not name.startswith("contrast")}
    assert {name: each for name, each in found.measured.items() if name != "contrast.any"} == others
    assert "held out (6 documents in all; decisions/README.md" in found.notes[0] and "flatters" not in found.notes[0]
    assert "the detectors that ship" in found.notes[1]
    assert found.to_dict()["contrast.any"]["whose"] == "yours"


def test_what_flatters_figures_of_ones_own_is_said(tmp_path: Path) -> None:
    found = find_trust(make_folder(tmp_path / "mine", own=OWN, seen=30, **STRICT))
    assert found.notes[0].endswith(
        "30 of the passages are among those that the detectors have learned from, or that lines before were drawn by; "
        "that flatters them."
    )


def test_a_line_that_nobody_measured_is_not_measured(tmp_path: Path) -> None:
    found = find_trust(make_folder(tmp_path / "mine", **STRICT))
    assert found.phrase("contrast.any") == "not measured" != found.phrase("metaphor.live")
    assert found.notes == (
        "Your detectors have other lines for contrasts than those that ship, and these were not measured.",
    )


def test_another_encoder_without_figures_is_told(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "mine", encoder="1" * 64)
    for _ in range(2):  # those copied with it say no more of it than none
        found = find_trust(folder)
        assert found.measured == read_trust().measured
        (note,) = found.notes
        assert "measured for the detectors that ship. Yours have another encoder" in note and "evaluate GOLD" in note
        (folder / "scores.json").unlink(missing_ok=True)


def test_another_encoder_has_the_figures_of_its_folder(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "mine", encoder="1" * 64, own=OWN)
    write_scores(folder, 0.61)
    found = find_trust(folder)
    assert (found.measured["about"].value, found.measured["about"].whose) == (0.61, "folder")
    assert found.measured["metaphor.live"].whose == "yours"  # its lines cannot be told from those before
    assert found.phrase("metaphor.source") == "not measured"
    assert found.notes[-1].startswith("All other figures are those measured for the detectors in your folder")


def test_records_of_other_detectors_are_told(tmp_path: Path) -> None:
    strict, plain = make_folder(tmp_path / "mine", own=OWN, **STRICT), make_folder(tmp_path / "plain", frames=True)
    assert find_trust(None, [SHIPPED, made_by(plain)]).notes == ()
    assert find_trust(strict, [made_by(strict)]) == find_trust(strict)
    (note,) = find_trust(None, [made_by(strict)]).notes
    assert "not found by the detectors that these figures are of" in note
    assert "those that ship, but with other lines for contrasts. Name the folder" in note
    assert "those in the folder named" in find_trust(strict, [made_by(plain)]).notes[-1]
    assert find_trust(strict, [made_by(plain)]).notes[-1].endswith("--pipeline FOLDER, for figures of theirs.")
    assert "Leave out --pipeline" in find_trust(strict, [SHIPPED]).notes[-1]


def test_own_frames_that_records_cannot_have_are_told(tmp_path: Path) -> None:
    framed = make_folder(tmp_path / "mine", frames=True)
    assert find_trust(framed, [made_by(framed)]).notes == ()
    (note,) = find_trust(framed, [SHIPPED, made_by(framed)]).notes
    assert note.startswith("The frames of your own in the folder named were not looked for")


def test_records_that_do_not_say_what_made_them_are_told(tmp_path: Path) -> None:
    coders: list[Any] = [{"name": name, "version": "1", "sha256": "f" * 64} for name in ("ben", "ada\x1b[2J" * 20)]
    folder = make_folder(tmp_path / "mine", **STRICT)
    for detectors, which in ((None, "those that ship"), (folder, "those in the folder named")):
        note = find_trust(detectors, [SHIPPED, *coders]).notes[-1]
        assert f"{which}, but by ada[2Jada" in note and note.endswith(
            "… and ben 1: the figures say nothing of how good that is."
        )
    (note,) = find_trust(None, [{**coders[0], "name": name} for name in "abcdefg"]).notes
    assert "but by a 1, b 1, c 1 and others:" in note
    mixed = find_trust(None, [made_by(folder), coders[0]]).notes
    assert len(mixed) == 2 and "other lines for contrasts" in mixed[0] and "by ben 1" in mixed[1]


@pytest.mark.parametrize("damaged", ["", "[]", "{}", '{"compared": {"about": 1}}', '{"compared": {"a": {"ours": 1}}}'])
def test_damaged_figures_of_ones_own_say_what_to_do(tmp_path: Path, damaged: str) -> None:
    folder = make_folder(tmp_path / "mine", own=OWN, **STRICT)
    (folder / "decisions" / "scores.json").write_text(damaged)
    with pytest.raises(ModelError, match=r"decisions.*figures of your lines.*train decisions"):
        find_trust(folder)


def test_every_view_says_whose_coders_figures_are(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "mine", own={**OWN, "contrast.labelled": 0.7}, **STRICT)
    record = {**essay(), "pipeline": made_by(folder)}
    card = score_record(record, detectors=folder)
    to, table = console(200), console(200)
    print_scorecard(card, record, find_trust(folder), to)
    print_table([card, card], find_trust(folder), table)
    page = make_page([record], detectors=folder)
    text = make_markdown([record], detectors=folder)
    for said in (printed(to), printed(table), page, text):
        assert "good, by your coders" in said and "decisions/README.md" in said
    for said in (printed(to), page):
        assert "good, F1 0.83, by your coders" in said
    assert "by your coders" not in make_page([essay()]) + make_markdown([essay()])
