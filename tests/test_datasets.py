import hashlib
import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from rhetoric import datasets
from rhetoric.errors import RhetoricError
from rhetoric.labels import FRAMES

TEXTS = Path(__file__).parents[1] / "../shared/corpora/texts"
CODES = {"framing": "none", "about": 1, "frames": dict.fromkeys(FRAMES, 0), "portrayal": {}, "instances": []}


def test_the_project_s_own_passages_come_with_their_text() -> None:
    frame = datasets.load("authored")
    assert len(frame) == 610
    assert frame["text"].str.len().min() > 20
    assert set(frame["group"]) == set("abcdef")
    assert (frame["framing"] == "unmasking").sum() == 214
    assert frame[[f"frame_{each}" for each in FRAMES]].isin([0, 1]).all(axis=None)
    row = frame[frame["id"] == "a-001"].iloc[0]
    assert (row["us_role"], row["us_stance"], row["china_stance"]) == ("none", -1, 0)
    start, end = row["instances"][0]["account"][0]
    assert 0 <= start < end <= len(row["text"])
    assert list(datasets.load("essay")["group"]) == ["essay"] * 8


def test_pairs_are_grouped_by_the_document_they_take_after_or_their_writer() -> None:
    frame = datasets.load("pairs")
    denials = frame["id"].str.startswith("n-")
    assert frame[denials]["group"].value_counts().to_dict() == {"n-a": 300, "n-c": 300, "n-b": 120}
    assert (frame[~denials]["group"] == frame[~denials]["slug"]).all()


def test_every_set_that_ships_can_be_loaded() -> None:
    assert {*datasets.NAMES} == {path.stem for path in (datasets.CORPORA / "gold").glob("*.jsonl")}


def test_others_passages_come_without_text() -> None:
    for name in ("real", "silver", "further", "later", "portrayed", "portrayed-again", "fresh"):
        frame = datasets.load(name)
        assert len(frame) == len((datasets.CORPORA / "gold" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
        assert frame["text"].isna().all()
        assert (frame["group"] == frame["slug"]).all()
        assert {"start", "end", "sha", "stratum"} <= set(frame)


def test_what_was_not_coded_is_missing() -> None:
    frame = datasets.load("portrayed")
    assert frame[["framing", "about", "frame_race", "instances"]].isna().all(axis=None)
    assert (frame["us_role"].notna() | frame["china_role"].notna()).all()


@pytest.mark.skipif(not TEXTS.is_dir(), reason="the texts of the catalogue are not beside the checkout")
def test_texts_bring_every_passage_back() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = datasets.load("real", TEXTS)
    assert (frame["text"].str.len() == frame["end"] - frame["start"]).all()
    for text, sha in zip(frame["text"], frame["sha"], strict=True):
        assert hashlib.sha256(text.encode()).hexdigest().startswith(sha)


@pytest.fixture
def coded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put two coded passages of one text in the place of the real ones; gives an empty folder for texts."""
    text = "One heading\n\nThe first passage is here.\n\nThe second one is there.\n"
    rows: list[dict[str, Any]] = []
    for number, said in enumerate(("The first passage is here.", "The second one is there.")):
        start = text.index(said)
        sha = hashlib.sha256(said.encode()).hexdigest()[:16]
        rows.append({"id": f"r-{number}", "slug": "doc", "start": start, "end": start + len(said), "sha": sha, **CODES})
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "real.jsonl").write_text("\n".join(map(json.dumps, rows)))
    monkeypatch.setattr(datasets, "CORPORA", tmp_path)
    folder = tmp_path / "texts"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    "text",
    [
        "One heading\n\nThe first passage is here.\n\nThe second one is there.\n",
        "A longer heading\nThe first  passage\nis here. The second one\n\tis there. And a footer.",
    ],
)
def test_passages_are_found_however_the_text_is_spaced(coded: Path, text: str) -> None:
    (coded / "doc.txt").write_text(text)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = datasets.load("real", texts=coded)
    assert list(frame["text"]) == ["The first passage is here.", "The second one is there."]


def test_a_passage_that_reads_otherwise_is_not_given_out(coded: Path) -> None:
    (coded / "doc.txt").write_text("The first passage was here.\n\nThe second one is there.")
    with pytest.warns(UserWarning, match="1 of 2 passages have no text: 0 of 1 documents are not in"):
        frame = datasets.load("real", coded)
    assert list(frame["text"].isna()) == [True, False]
    assert frame["text"][1] == "The second one is there."


def test_a_text_that_is_not_there(coded: Path) -> None:
    with pytest.warns(UserWarning, match="2 of 2 passages have no text: 1 of 1"):
        assert datasets.load("real", str(coded))["text"].isna().all()
    with pytest.raises(RhetoricError, match="rhetoric corpus fetch"):
        datasets.load("real", coded / "none")


@pytest.mark.parametrize("name", ["gold", "../real", ""])
def test_another_name_is_an_error(name: str) -> None:
    with pytest.raises(RhetoricError, match="authored, real, silver, further, later"):
        datasets.load(name)  # type: ignore[arg-type]


def test_loading_needs_no_training_extra() -> None:
    script = "import sys; from rhetoric import datasets; datasets.load('essay'); "
    script += "print(*(m for m in ('torch', 'sklearn', 'spacy', 'transformers') if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
