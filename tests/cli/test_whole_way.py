"""End to end with the models that ship: what the README promises."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORPORA = ROOT / "corpora"


def rhetoric(*arguments: str, cwd: Path, input: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "100", "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    command = [sys.executable, "-m", "rhetoric.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, input=input, env=environment, check=False)


@pytest.fixture(scope="module")
def essay() -> str:
    return (CORPORA / "essay.txt").read_text(encoding="utf-8")


def test_score_prints_the_essays_scorecard(tmp_path: Path) -> None:
    result = rhetoric("score", "corpora/essay.txt", cwd=tmp_path)  # not where it lies: it ships
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    for heading in ("IN SHORT", "STRONGEST FRAMES", "WHOSE ACCOUNT IS UNMASKED", "LIVE METAPHORS", "CONTRASTS"):
        assert heading in result.stdout
    assert "no verdict on honesty or truth" in result.stdout
    assert "race" in result.stdout
    assert "\x1b" not in result.stdout


def test_json_from_standard_input_and_from_a_file_agree(tmp_path: Path, essay: str) -> None:
    piped = rhetoric("score", "-", "--json", cwd=tmp_path, input=essay)
    named = rhetoric("score", "corpora/essay.txt", "--json", cwd=tmp_path)
    one, other = json.loads(piped.stdout), json.loads(named.stdout)
    assert one["source"] == "-"
    assert {**one, "source": None} == {**other, "source": None}
    assert one["frames"]["race"]["prevalence"]["count"] > 0
    assert one["metaphor"]["count"] > 0


def test_annotate_writes_records_failures_and_the_same_bytes_twice(tmp_path: Path, essay: str) -> None:
    (tmp_path / "a.jsonl").write_text(
        "\n".join(
            json.dumps(row) for row in ({"id": "one", "body": essay}, {"id": "two"}, {"id": "three", "body": "Peace."})
        )
    )
    for name in ("out.jsonl", "again.jsonl"):
        result = rhetoric("annotate", "a.jsonl", "--text-field", "body", "-o", name, cwd=tmp_path)
        assert result.returncode == 1, result.stderr
        assert "two" in result.stderr or "2" in result.stderr
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "again.jsonl").read_bytes()
    first, second, third = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert (first["id"], third["id"]) == ("one", "three")
    assert second["error"]
    assert len(first["passages"]) >= 8  # paragraphs of the essay; a long one is cut
    for passage in first["passages"]:
        assert first["text"][passage["start"] : passage["end"]].strip()
    for metaphor in first["metaphors"]:
        start, end = metaphor["span"]
        assert 0 <= start < end <= len(first["text"])


def test_python_gives_what_the_command_line_gives(tmp_path: Path, essay: str) -> None:
    import rhetoric as toolkit

    printed = json.loads(rhetoric("score", "-", "--json", cwd=tmp_path, input=essay).stdout)
    card = json.loads(json.dumps(toolkit.score(essay).to_dict()))
    assert {**card, "source": "-"} == {key: printed[key] for key in card}
    frame = toolkit.score_dataframe([toolkit.annotate(essay)])
    assert frame["frame_race"][0] == card["frames"]["race"]["prevalence"]["value"]


def test_an_unknown_spacy_pipeline_is_a_clear_error(tmp_path: Path) -> None:
    result = rhetoric("score", "corpora/essay.txt", "--spacy-model", "en_does_not_exist", cwd=tmp_path)
    assert result.returncode == 2
    assert result.stderr.startswith("error: ")
    assert "en_does_not_exist" in result.stderr
    assert "Traceback" not in result.stderr
