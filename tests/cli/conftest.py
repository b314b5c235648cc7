import json
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from report.makers import words, write_scores
from scoring.records import PIPELINE, gold, make_record
from typer.testing import CliRunner, Result

from rhetoric.cli import app
from rhetoric.ingest import Document, Failure
from rhetoric.labels import FRAMES
from rhetoric.report import trust

Invoke = Callable[..., Result]
analysis = import_module("rhetoric.analysis")  # the package's attribute of this name may be the function


def plain_record(document: Document, sentences: bool = False) -> dict[str, Any]:
    """A record with one passage a paragraph, by rules a test can foresee: "race" is a frame and a metaphor.

    ``sentences`` says that the frame is carried by what stands before the first full stop.
    """
    record: dict[str, Any] = {"id": document.id, "text": document.text, "meta": document.meta, "passages": []}
    record |= {"framing": [], "contrasts": [], "metaphors": [], "pipeline": PIPELINE}
    at = 0
    for paragraph in document.text.split("\n\n"):
        race = paragraph.find("race")
        frames = {frame: 0.0 for frame in FRAMES} | {"race": 0.9 if race >= 0 else 0.1}
        passage = {"start": at, "end": at + len(paragraph), "about": 0.9, "framing": "none", "framing_score": 0.9}
        record["passages"].append({**passage, "frames": frames, "portrayal": {}})
        if race >= 0 and sentences:
            carrying = {"start": at, "end": at + paragraph.find(".") + 1, "without": 0.2}
            record["passages"][-1]["sentences"] = {"race": carrying}
        if race >= 0:
            span = [at + race, at + race + 4]
            record["metaphors"].append({"span": span, "live": True, "score": 0.9, "source": "race", "target": "ai"})
        at += len(paragraph) + 2
    return record


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Put rules in the place of the models; gives the list of texts analysed so far."""
    seen: list[str] = []

    def analyse(
        documents: Iterable[Document | Failure], nlp: object, *, embedding: bool = False, sentences: bool = False
    ) -> Iterator[dict[str, Any]]:
        assert nlp == "a pipeline"
        for document in documents:
            if isinstance(document, Failure):
                yield document
            else:
                seen.append(document.text)
                yield plain_record(document, sentences)

    monkeypatch.setattr(analysis, "load", lambda spacy_model, detectors=None: "a pipeline")
    monkeypatch.setattr(analysis, "analyse", analyse)
    scores = trust.read_trust(write_scores(tmp_path))
    monkeypatch.setattr(trust, "read_trust", lambda: scores)
    return seen


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run a command in an empty folder; what it raises is a failed test."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str, input: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, arguments, input=input, catch_exceptions=False)

    return run


@pytest.fixture
def corpus(invoke: Invoke) -> str:
    """Twelve documents of one folder, half of which speak of a race, with the country in the metadata."""
    rows = [row for row in gold() if row["about"]]
    race = [row for row in rows if row["frames"]["race"]]
    other = [row for row in rows if not row["frames"]["race"]]
    documents = []
    for at in range(12):
        kind = race if at % 2 else other
        meta = {"title": f"Text {at}", "country": "US" if at % 2 else "CN", "date": f"20{20 + at // 4}-01-01"}
        documents.append(make_record(kind[at * 5 : at * 5 + 5], f"doc-{at}", **meta))
    return write("r.jsonl", documents)


def refused(result: Result, *said: str) -> None:
    """Check that a command has done nothing, and says on standard error what is wrong."""
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert all(each in words(result.stderr) for each in said), result.stderr


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def write(name: str, rows: list[Any]) -> str:
    """Write rows as JSON lines; gives the name of the file."""
    Path(name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return name
