"""Frames of a user's own from the command line: --pipeline where texts are analysed, records as they are."""

import json
from pathlib import Path
from typing import Any

import pytest
from report.folders import made_by, make_folder
from report.makers import words
from scoring.test_own import documents

from rhetoric.annotation.store import Review
from rhetoric.errors import ModelError
from rhetoric.ingest import Document
from rhetoric.pipeline.encoder import load_encoder

from .conftest import Invoke, analysis, lines, plain_record, refused, write

TEXT = "The race is on.\n\nA second race.\n\nNothing here.\n\nNor here."
FIELD = "custom_mine"


@pytest.fixture(autouse=True)
def _analysed(analysed: list[str], monkeypatch: pytest.MonkeyPatch, invoke: Invoke) -> None:
    """Let the pipeline of the folder "mine" find the frame "mine" wherever a race is; any other has none."""

    def load(spacy_model: str | None, *, detectors: Path | None = None) -> str:
        return str(detectors)

    def analyse(documents: Any, nlp: str, **_: Any) -> Any:
        for document in documents:
            record = plain_record(document)
            for passage in record["passages"] if nlp == "mine" else ():
                race = passage["frames"]["race"]
                passage["custom"] = {"mine": {"score": race / 2, "present": race > 0.5}}
            yield record

    monkeypatch.setattr(analysis, "load", load)
    monkeypatch.setattr(analysis, "analyse", analyse)
    Path("mine").mkdir()
    Path("a.txt").write_text(TEXT)
    Path("b.txt").write_text(TEXT.replace("race", "pace"))


def test_score(invoke: Invoke) -> None:
    result = invoke("score", "a.txt", "--pipeline", "mine")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "FRAMES OF YOUR OWN" in result.stdout and "2 of 4  mean probability 25%" in result.stdout
    (found,) = lines(invoke("score", "a.txt", "--pipeline", "mine", "--json").stdout)
    assert found["custom"]["mine"]["prevalence"]["value"] == 0.5
    assert [each["passage"] for each in found["evidence"]["custom"]["mine"]] == [1, 2]
    (plain,) = lines(invoke("score", "a.txt", "--json").stdout)
    assert plain["custom"] == plain["evidence"]["custom"] == {}
    assert "yours: mine 2" in words(invoke("score", "a.txt", "b.txt", "--pipeline", "mine").stdout)


@pytest.fixture
def strict() -> str:
    """A folder in which the line of contrasts was drawn by the user's coders."""
    return str(make_folder(Path("strict"), own={"contrast.any": 0.83}, contrast__threshold=0.99))


def test_how_far_to_trust_lines_of_ones_own(invoke: Invoke, strict: str) -> None:
    said = words(invoke("score", "a.txt", "--pipeline", strict).stdout)
    assert "contrasts 0.83 (0.78 to 1.00) good, by your coders" in said
    assert "contrasts with their label not measured" in said
    assert "Figures “by your coders” tell how good the detectors are with lines that you had drawn" in said
    (found,) = lines(invoke("score", "a.txt", "--pipeline", strict, "--json").stdout)
    assert found["trust"]["contrast.any"]["whose"] == "yours" and found["trust"]["about"]["whose"] == "shipped"
    assert "by your coders" in invoke("score", "a.txt", "b.txt", "--pipeline", strict).stdout
    for pipeline, told in ((strict, "by your coders"), ("mine", "custom/README.md")):
        for output in ("r.html", "r.md"):
            assert invoke("report", "a.txt", "--pipeline", pipeline, "-o", output, "--overwrite").exit_code == 0
            assert told in Path(output).read_text(encoding="utf-8")
    assert "by your coders" not in invoke("score", "a.txt", "--pipeline", "mine").stdout


def test_a_report_on_records_says_whose_figures_it_gives(invoke: Invoke, strict: str) -> None:
    record = {**documents("a", "mine", every=2)[0], "pipeline": made_by(Path(strict))}
    write("r.jsonl", [record])
    assert invoke("report", "r.jsonl", "-o", "without.md").exit_code == 0
    assert "but with other lines for contrasts. Name the folder" in Path("without.md").read_text(encoding="utf-8")
    assert invoke("report", "r.jsonl", "--pipeline", strict, "-o", "with.md").exit_code == 0
    said = Path("with.md").read_text(encoding="utf-8")
    assert "by your coders" in said and "Name the folder" not in said


@pytest.mark.parametrize(
    "command", ["profile build -o made.json", "cset", "sample --min-words 1", "cluster --passages -o out"]
)
def test_ones_own_detectors_where_texts_are_analysed(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    seen: list[str] = []
    plain = analysis.analyse

    def analyse(given: Any, nlp: str, **asked: Any) -> Any:
        seen.append(nlp)
        return plain(given, nlp, **asked)

    monkeypatch.setattr(analysis, "analyse", analyse)
    for at in range(5):
        Path(f"{at}.txt").write_text("\n\n".join(f"The race number {at} {n} is on." for n in range(5)))
    given = [f"{at}.txt" for at in range(5)]
    assert invoke(*command.split(), *given, "--pipeline", "mine").exit_code == 0
    assert {*seen} == {"mine"}


def test_review_offers_what_own_detectors_say(invoke: Invoke) -> None:
    assert invoke("review", "a.txt", "--frame", "mine", "--pipeline", "mine").exit_code == 0
    with Review(Path("a.txt.sqlite")) as made:
        said = [entry.suggested["frames"].get("mine", 0) for entry in made.entries() if entry.suggested]
    assert said == [1, 1, 0, 0]


def test_of_records_a_pipeline_gives_scores_their_figures_alone(invoke: Invoke) -> None:
    write("r.jsonl", [plain_record(Document("r", TEXT))])
    write("s.jsonl", [plain_record(Document("s", TEXT.replace("race", "pace")))])
    compared = invoke("compare", "r.jsonl", "s.jsonl", "--pipeline", "mine").stderr
    assert compared == "warning: --pipeline did nothing: nothing was annotated. Records are read as they are.\n"
    assert invoke("score", "r.jsonl", "--pipeline", "mine").stderr == ""


def test_a_folder_that_is_not_there(invoke: Invoke) -> None:
    refused(invoke("score", "a.txt", "--pipeline", "nowhere"), "nowhere")


def test_a_folder_within_the_detectors() -> None:
    with pytest.raises(ModelError, match="no folder of detectors: name the one that `rhetoric train` wrote"):
        load_encoder(Path("mine/custom"))


def test_compare(invoke: Invoke) -> None:
    found = json.loads(invoke("compare", "a.txt", "b.txt", "--pipeline", "mine", "--json").stdout)
    (mine,) = (each for each in found["differences"] if each["field"] == FIELD)
    assert (mine["a"]["value"], mine["b"]["value"]) == (0.5, 0.0)
    named = json.loads(invoke("compare", "a.txt", "b.txt", "--pipeline", "mine", "--field", FIELD, "--json").stdout)
    assert [each["field"] for each in named["differences"]] == [FIELD]
    refused(
        invoke("compare", "a.txt", "b.txt", "--field", FIELD),
        "error: custom_mine: the passages that count hold no such frame of your own",
    )


def test_trend(invoke: Invoke) -> None:
    write("r.jsonl", documents("a", "mine", every=2))
    found = json.loads(invoke("trend", "r.jsonl", FIELD, "--json").stdout)
    assert [(each["field"], each["points"][0]["value"]) for each in found["series"]] == [(FIELD, 0.5)]
    assert FIELD in [each["field"] for each in json.loads(invoke("trend", "r.jsonl", "--json").stdout)["series"]]


def test_a_record_whose_custom_is_none_is_told(invoke: Invoke) -> None:
    record = documents("a", "mine", every=2)[0]
    record["passages"][0]["custom"] = {"mine": 0.7}
    write("r.jsonl", [record])
    refused(invoke("report", "r.jsonl", "-o", "r.html"), "r.jsonl:1: this is not a record")
