"""Texts kept in a folder, and nothing touched there that is not the history's."""

import json
from pathlib import Path
from typing import Any

import pytest

from rhetoric.errors import RhetoricError
from rhetoric.serve.history import History

EMPTY: dict[str, Any] = {name: [] for name in ("passages", "framing", "contrasts", "metaphors")}
EMPTY |= {"id": "a", "meta": {}, "pipeline": {}}
RECORDS = [json.dumps({**EMPTY, "text": f"text {n}\u2028"}, ensure_ascii=False).encode() for n in range(2)]


def test_keep_list_read_delete(tmp_path: Path) -> None:
    history = History(tmp_path / "new" / "folder")
    first = history.keep("First <b>", RECORDS[:1])
    second = history.keep("Second", RECORDS, compare=True)
    assert {kept.title: (kept.documents, kept.compare) for kept in history.all()} == {
        "First <b>": (1, False),
        "Second": (2, True),
    }
    assert history.records(second.name) == RECORDS
    history.delete(first.name)
    assert [kept.name for kept in history.all()] == [second.name]
    history.delete_all()
    assert list(history.folder.iterdir()) == []


def test_it_can_be_read_by_others(tmp_path: Path) -> None:
    kept = History(tmp_path).keep("A", RECORDS)
    lines = (tmp_path / kept.name / "records.jsonl").read_text(encoding="utf-8").split("\n")
    assert [json.loads(line)["text"] for line in lines if line] == ["text 0\u2028", "text 1\u2028"]


@pytest.mark.parametrize("name", ["..", "../other", "/etc", "20260101-000000000000-00000000", "", "notes", "a\0b"])
def test_other_names_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes").mkdir()
    history = History(tmp_path)
    for action in (history.records, history.delete):
        with pytest.raises(RhetoricError, match="no such text"):
            action(name)


def test_what_is_not_its_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    history = History(tmp_path)
    kept = history.keep("A", RECORDS)
    (tmp_path / kept.name / "notes.txt").write_text("mine")
    with pytest.raises(RhetoricError, match="cannot be deleted"):
        history.delete_all()
    assert (tmp_path / kept.name / "notes.txt").read_text() == "mine"
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_damage_is_said(tmp_path: Path) -> None:
    history = History(tmp_path)
    kept = history.keep("A", RECORDS)
    (tmp_path / kept.name / "records.jsonl").write_text("{")
    with pytest.raises(RhetoricError, match="cannot be read"):
        history.records(kept.name)
    (tmp_path / kept.name / "about.json").write_text("[]")
    assert history.all() == []
    with pytest.raises(RhetoricError, match="cannot be written"):
        History(tmp_path / kept.name / "about.json")


def test_a_disk_that_is_full_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = History(tmp_path)

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(RhetoricError, match="No space left"):
        history.keep("A", RECORDS)
    assert list(tmp_path.iterdir()) == []
