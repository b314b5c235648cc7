import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from report.makers import words
from scoring.records import off_topic

from rhetoric.scoring import profile as profiles

from .conftest import Invoke, lines, refused, write


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of shipped profiles, empty at first."""
    folder = tmp_path / "profiles"
    folder.mkdir()
    monkeypatch.setattr(profiles, "FOLDER", folder)
    profiles.shipped_profile.cache_clear()
    yield folder
    profiles.shipped_profile.cache_clear()


def test_build_list_and_show(invoke: Invoke, corpus: str, shipped: Path) -> None:
    built = invoke("profile", "build", corpus, "-o", "strategy.json", "--about", "Made of gold.")
    assert (built.exit_code, built.stderr) == (0, "")
    assert "12 documents with 5 or more passages about the matter.\n" in built.stdout
    assert "voices CN (6), US (6)" in words(built.stdout)
    shown = invoke("profile", "show", "strategy.json")
    assert "Text 11 (US, 2022-01-01)" in shown.stdout
    assert "frame_race 0% 50% 100%" in words(shown.stdout)
    assert invoke("profile", "show", "strategy.json", "--json").stdout == Path("strategy.json").read_text()
    Path("strategy.json").rename(shipped / "strategy.json")
    assert words(invoke("profile", "list").stdout) == "strategy 12 texts. Made of gold."
    assert invoke("profile", "show", "strategy").stdout == shown.stdout


def test_it_says_how_much_of_it_the_detectors_have_learned_from(invoke: Invoke, corpus: str) -> None:
    invoke("profile", "build", corpus, "-o", "made.json")
    assert "learned from" not in words(invoke("profile", "show", "made.json").stdout)
    found = json.loads(Path("made.json").read_text())
    found["fields"]["counted"]["mean"], found["fields"]["learned"]["mean"] = 21.833333, 15.583333
    Path("made.json").write_text(json.dumps(found))
    said = words(invoke("profile", "show", "made.json").stdout)
    assert "187 of the 262 passages counted here are among those that the detectors have learned from." in said
    del found["fields"]["learned"]  # of a version that did not count them
    Path("made.json").write_text(json.dumps(found))
    assert invoke("profile", "show", "made.json").exit_code == 0


def test_building_refuses_what_it_should(invoke: Invoke, corpus: str) -> None:
    assert invoke("profile", "build", corpus, "-o", "made.json").exit_code == 0
    assert "this file exists" in invoke("profile", "build", corpus, "-o", "made.json").stderr
    assert invoke("profile", "build", corpus, "-o", "made.json", "--overwrite").exit_code == 0
    assert "written as .json only" in invoke("profile", "build", corpus, "-o", "made.txt").stderr
    write("off.jsonl", [off_topic()])
    copied = invoke("profile", "build", corpus, corpus, "-o", "copied.json")
    assert "Left out: 12 documents that repeat the text of another" in copied.stderr
    few = invoke("profile", "build", "off.jsonl", "-o", "few.json")
    assert few.exit_code == 2
    assert "too few for a profile" in few.stderr
    assert not Path("few.json").exists()
    missing = invoke("profile", "build", "missing.jsonl", "-o", "few.json")
    refused(missing, "missing.jsonl: there is no such file")
    assert missing.stderr.count("error: ") == 1


def test_a_score_is_placed_in_a_profile(invoke: Invoke, corpus: str, shipped: Path, analysed: list[str]) -> None:
    text = "\n\n".join(f"The race number {at} is on." for at in range(6))
    Path("a.txt").write_text(text)
    invoke("profile", "build", corpus, "-o", "made.json")
    said = words(invoke("score", "a.txt", "--profile", "made.json").stdout)
    assert "profile show" not in said  # that takes the names of those that ship
    assert "Higher than all of 12 made texts. Detectors:" in said
    assert "Compared with the profile made of 12 texts" in said
    Path("made.json").rename(shipped / "strategy.json")
    profiles.shipped_profile.cache_clear()
    (placed,) = lines(invoke("score", "a.txt", "--json").stdout)
    assert placed["percentiles"]["metaphor"] == 100.0
    (none,) = lines(invoke("score", "a.txt", "--json", "--profile", "none").stdout)
    assert none["percentiles"] == {}
    refused(invoke("score", "a.txt", "--profile", "other"), "Those that ship: strategy")


def test_texts_make_a_profile_too(invoke: Invoke, analysed: list[str]) -> None:
    for at in range(5):
        Path(f"{at}.txt").write_text("\n\n".join(f"The race number {at} {n} is on." for n in range(5)))
    result = invoke("profile", "build", *(f"{at}.txt" for at in range(5)), "-o", "made.json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(Path("made.json").read_text())
    assert found["fields"]["frame_race"]["quantiles"] == [1.0] * 5
    assert "the metadata do not tell" in result.stdout
