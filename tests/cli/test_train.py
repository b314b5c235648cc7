import json
import sys
from pathlib import Path
from typing import Any

import pytest
from training.test_own import Fake, makes

from rhetoric.annotation.store import Entry, create_review
from rhetoric.training import own

from .conftest import Invoke


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn", reason="needs scikit-learn (the extra cluster)")
    monkeypatch.setattr(own, "_encode", Fake())


def write(name: str, rows: list[Any]) -> str:
    Path(name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return name


def test_frames_are_fitted_measured_and_explained(invoke: Invoke) -> None:
    rows = makes()
    for row in rows:
        row["frames"]["rare"] = 0
    done = invoke("train", "frames", write("gold.jsonl", rows), "-o", "mine/detectors")
    told = " ".join(done.stdout.split())
    assert done.exit_code == 0
    assert "24 of 48" in told and "Calling it present everywhere has F1 0.67" in told
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
    done = invoke("train", "frames", gold, "-o", "d")
    assert done.exit_code == 2 and "--overwrite" in done.stderr
    assert invoke("train", "frames", gold, "-o", "d", "--overwrite").exit_code == 0
    Path("thesis").mkdir()
    Path("thesis/chapter.txt").write_text("All of it.", encoding="utf-8")
    done = invoke("train", "frames", gold, "-o", "thesis", "--overwrite")
    assert done.exit_code == 2 and Path("thesis/chapter.txt").is_file()
    Path("empty").mkdir()
    assert invoke("train", "frames", gold, "-o", "empty").exit_code == 0


def test_errors_say_what_to_do(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    few = write("few.jsonl", makes(documents=1))
    done = invoke("train", "frames", few, "-o", "d")
    assert done.exit_code == 2 and "10 are needed at least" in done.stderr
    done = invoke("train", "frames", write("bad.jsonl", [{"id": "x"}]), "-o", "d")
    assert done.exit_code == 2 and "bad.jsonl:1" in done.stderr and '"frames": {"LABEL": 0 or 1}' in done.stderr
    monkeypatch.setitem(sys.modules, "sklearn", None)
    done = invoke("train", "frames", few, "-o", "d")
    assert done.exit_code == 2 and "pip install 'rhetoric-toolkit[cluster]'" in done.stderr
    assert not Path("d").exists()


def test_a_review_database_gives_its_gold(invoke: Invoke) -> None:
    rows = makes()
    entries = [Entry(row["id"], row["text"], {"slug": row["id"].split("#")[0]}) for row in rows]
    frames = ("harbour", "coin")
    coding = {"anna": [{**row, "frames": {name: row["frames"][name] for name in frames}} for row in rows]}
    create_review(Path("review.sqlite"), entries, made_from="a test", codings=coding, frames=frames)
    done = invoke("train", "frames", "review.sqlite", "-o", "d", "--json")
    assert done.exit_code == 0, done.stderr
    assert [frame["passages"] for frame in json.loads(done.stdout)["frames"]] == [48, 48]
