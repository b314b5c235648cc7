import gzip
import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from report.makers import words
from training.own.test_decisions import STRICT, as_coded, authored
from training.own.test_frames import Fake, makes

import rhetoric
from rhetoric.annotation.store import Entry, create_review
from rhetoric.resources import DETECTORS
from rhetoric.training.evaluation.metrics import Compared, Measure
from rhetoric.training.own.lines import LINES
from rhetoric.training.own.results import Decided

from .conftest import Invoke, refused, write


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn", reason="needs scikit-learn (the extra cluster)")
    monkeypatch.setattr("rhetoric.training.own.frames._encode", Fake())


def test_frames_are_fitted_measured_and_explained(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")  # no column is lost
    rows = makes()
    for row in rows:
        row["frames"]["rare"] = 0
    done = invoke("train", "frames", write("gold.jsonl", rows), "-o", "mine/detectors")
    told = words(done.stdout)
    assert done.exit_code == 0
    (row,) = (line.split() for line in done.stdout.splitlines() if line.startswith("harbour ") and " of " in line)
    assert row[1:4] == ["24", "of", "48"] and not any("…" in cell for cell in row) and len(row[-1]) == len("0.50")
    assert "Calling it present everywhere has F1 0.67" in told
    assert "rare not fitted: 0 passages are coded with it" in told
    assert "rhetoric annotate SOURCE --pipeline mine/detectors" in told
    assert Path("mine/detectors/custom/README.md").is_file()


def test_figures_as_json(invoke: Invoke) -> None:
    done = invoke("train", "frames", write("gold.jsonl", makes()), "-o", "d", "--label", "harbour", "--json")
    (frame,) = json.loads(done.stdout)["frames"]
    assert frame["label"] == "harbour" and set(frame["measured"]["f1"]) == {"value", "low", "high"}


def test_only_what_this_command_made_is_replaced(invoke: Invoke) -> None:
    gold = write("gold.jsonl", makes())
    assert invoke("train", "frames", gold, "-o", "d").exit_code == 0
    refused(invoke("train", "frames", gold, "-o", "d"), "--overwrite")
    assert invoke("train", "frames", gold, "-o", "d", "--overwrite").exit_code == 0
    Path("thesis").mkdir()
    Path("thesis/chapter.txt").write_text("All of it.", encoding="utf-8")
    refused(invoke("train", "frames", gold, "-o", "thesis", "--overwrite"), "no folder that `train frames` made")
    assert Path("thesis/chapter.txt").is_file()
    Path("empty").mkdir()
    assert invoke("train", "frames", gold, "-o", "empty").exit_code == 0
    Path("d/decisions").mkdir()
    refused(invoke("train", "frames", gold, "-o", "d", "--overwrite"), "Keep it with --pipeline d")
    assert invoke("train", "frames", gold, "-o", "d", "--overwrite", "--pipeline", "d").exit_code == 0
    assert Path("d/decisions").is_dir()
    refused(
        invoke("train", "frames", gold, "-o", "d/second", "--pipeline", "d"),
        "lies in the folder that it is to be built on",
    )


@pytest.mark.parametrize(("command", "library"), [("frames", "sklearn"), ("decisions", "scipy.optimize")])
def test_what_cannot_be_fitted_is_said(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, command: str, library: str
) -> None:
    few = write("few.jsonl", [{**row, "contrasts": []} for row in makes(documents=1)])
    refused(invoke("train", command, few, "-o", "d"), "10 are needed at least")
    monkeypatch.setitem(sys.modules, library, None)
    refused(invoke("train", command, few, "-o", "d"), "pip install 'rhetoric-toolkit[cluster]'")
    assert not Path("d").exists()


def test_a_line_that_is_no_coded_passage_says_how_it_is_written(invoke: Invoke) -> None:
    done = invoke("train", "frames", write("bad.jsonl", [{"id": "x"}]), "-o", "d")
    refused(done, "bad.jsonl:1", '"frames": {"LABEL": 0 or 1}')


NO_TORCH = pytest.mark.skipif(not find_spec("torch"), reason="needs PyTorch (the extra train)")


@pytest.mark.parametrize(
    ("what", "lacking"),
    [
        (("parser",), "data/ud/ewt_train.conllu.gz"),
        (("detectors", "--gold", "data"), "data/essay.jsonl"),
        pytest.param(("detectors",), "data/metaphor/vua20.jsonl.gz", marks=NO_TORCH),
    ],
)
def test_what_training_lacks_is_said_before_it_begins(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, what: tuple[str, ...], lacking: str
) -> None:
    for name in ("data", "texts"):
        Path(name).mkdir()
    command = ("train", *what, "--data", "data", "--texts", "texts", "--work", "work", "--output", "out")
    with monkeypatch.context() as patch:
        patch.setattr("rhetoric.training.recipes.need", lambda *_: None)
        done = invoke(*command)
    assert done.exit_code == 2 and done.stderr.startswith(f"error: {lacking}: there is no such file.")
    monkeypatch.setitem(sys.modules, "torch", None)
    refused(invoke(*command), "pip install 'rhetoric-toolkit[train]'")
    assert not Path("work").exists() and not Path("out").exists()


@NO_TORCH
def test_metaphor_words_are_fitted_anew_and_measured(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rhetoric.training.encoder.related._EPOCHS", 1)
    rows = [
        {"id": f"{split}_{at}", "split": split, "tokens": ["Prices", "climbed", "again"], "labels": [0, 1, 0]}
        for split in ("train", "test")
        for at in range(9)
    ]
    Path("data/metaphor").mkdir(parents=True)
    with gzip.open("data/metaphor/vua20.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(row)}\n" for row in rows)
    done = invoke("train", "metaphors", "--data", "data", "--output", "new")
    assert done.exit_code == 0, done.output
    old, new = (json.loads((folder / "scores.json").read_text("utf-8")) for folder in (DETECTORS, Path("new")))
    assert new["benchmarks"]["vua20"]["count"] == 27
    assert {**old["benchmarks"], "vua20": new["benchmarks"]["vua20"]} == new["benchmarks"]
    assert {name: old[name] for name in old if name != "benchmarks"} == {
        name: new[name] for name in new if name != "benchmarks"
    }
    assert "27 official content words" in Path("new/README.md").read_text("utf-8")
    assert invoke("score", "-", "--pipeline", "new", input="China and America race to build AI. " * 9).exit_code == 0


@NO_TORCH
def test_portrayal_is_fitted_anew_and_measured(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rhetoric.training.encoder.portrayal._EPOCHS", 1)
    for folder in ("texts", "gold"):
        Path(folder).mkdir()
    for name in ("authored", "real", "silver", "further", "rewritten", "written", "fresh", "pairs", "later"):
        text = f"China leads the {name} race, and the United States follows it."
        row = {"id": name, "text": text, "portrayal": {"china": {"role": "leader", "stance": 1}}}
        unread = {"id": "elsewhere", "slug": "not-there", "portrayal": {"us": {"role": "none", "stance": 0}}}
        write(f"gold/{name}.jsonl", [row, unread] if name in ("real", "further") else [row])
    write("gold/portrayed.jsonl", [{**row, "id": "unseen", "text": "America fears Beijing."}])
    write("gold/portrayed-both.jsonl", [{**row, "id": "both", "text": "Beijing outdoes Washington."}])
    done = invoke("train", "portrayal", "--texts", "texts", "--gold", "gold", "--output", "new")
    assert done.exit_code == 0, done.output
    old, new = (json.loads((folder / "scores.json").read_text("utf-8")) for folder in (DETECTORS, Path("new")))
    assert new["portrayal"]["learned"] == 8 and "pairs" in new["portrayal"]["gold"]
    found = {kind: new["portrayal"][kind] for kind in ("real", "both")}
    assert [(each["passages"], each["portrayals"]) for each in found.values()] == [(2, 2), (1, 1)]
    assert {**old, "portrayal": new["portrayal"]} == new
    card = Path("new/README.md").read_text("utf-8")
    assert "2 real passages that no weights have learned" in card and "1 passages that were written" in card
    assert invoke("score", "-", "--pipeline", "new", input="China and America race to build AI. " * 9).exit_code == 0


def test_where_no_frame_is_good_enough_that_is_said(invoke: Invoke) -> None:
    rows = [{**row, "id": f"a-{at}", "frames": {"coin": row["frames"]["coin"]}} for at, row in enumerate(makes())]
    done = invoke("train", "frames", write("gold.jsonl", [*rows, {**rows[0], "id": "copy"}]), "-o", "d")
    assert done.exit_code == 2 and not Path("d").exists()
    assert done.stderr.startswith("error: No frame is better for sure") and "nothing to read" not in done.stderr
    told = words(done.stdout)
    assert "No better, for sure" in told and "documents the passages are is not known" in told
    assert "another word for word: 1" in told


def test_a_review_database_gives_its_gold(invoke: Invoke) -> None:
    rows = makes()
    entries = [Entry(row["id"], row["text"], {"slug": row["id"].split("#")[0]}) for row in rows]
    frames = ("harbour", "coin")
    coding = {"anna": [{**row, "frames": {name: row["frames"][name] for name in frames}} for row in rows]}
    create_review(Path("review.sqlite"), entries, made_from="a test", codings=coding, frames=frames)
    done = invoke("train", "frames", "review.sqlite", "-o", "d", "--json")
    assert done.exit_code == 0, done.stderr
    assert [frame["passages"] for frame in json.loads(done.stdout)["frames"]] == [48, 48]


def test_lines_are_drawn_measured_and_explained(invoke: Invoke, nlp: Any) -> None:
    rows = [row for row in authored() if row["contrasts"]][:24]
    rows = [as_coded(rhetoric.annotate(row["text"], nlp=nlp), at, STRICT) for at, row in enumerate(rows)]
    gold = write("gold.jsonl", [{**row, "live_metaphors": [], "framing": "none"} for row in rows])
    done = invoke("train", "decisions", gold, "-o", "mine")
    told = words(done.stdout)
    assert done.exit_code == 0, done.stderr
    assert "contrast.any" in told and " better" in told and "as before: nobody coded it." in told
    assert "framing as before: 0 passages are coded with it, 10 are needed" in told
    assert "of 24 passages have it)" in told
    assert "rhetoric annotate SOURCE --pipeline mine" in told and Path("mine/decisions/README.md").is_file()
    refused(invoke("train", "decisions", gold, "-o", "mine"), "--overwrite")
    assert invoke("train", "frames", write("f.jsonl", makes()), "-o", "frames").exit_code == 0
    refused(invoke("train", "decisions", gold, "-o", "frames", "--overwrite"), "no folder that `train decisions` made")


def test_where_no_line_is_better_nothing_is_written(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    right, same, many = Measure(1.0, 0.9, 1.0), Measure(0.0, 0.0, 0.0), dict.fromkeys(LINES, 12)
    compared = {"contrast.any": Compared(right, right, same)}
    decided = Decided(many, many, 3, 3, {}, [*LINES], {}, compared, repeats=0, contradict=0, named=True, seen=0)
    monkeypatch.setattr("rhetoric.training.own.decisions.train_decisions", lambda *_, **__: decided)
    gold = write("gold.jsonl", makes())
    done = invoke("train", "decisions", gold, "-o", "mine", "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 2 and "nothing was written" in done.stderr
    assert not found["written"] and found["compared"]["contrast.any"]["reads"] == "the same"
    told = words(invoke("train", "decisions", gold, "-o", "mine").stdout)
    assert "none drawn anew was better for sure" in told and "Use it" not in told
