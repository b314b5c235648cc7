"""Texts kept in a folder, and nothing touched there that is not the history's."""

import json
from pathlib import Path
from typing import Any

import pytest

from rhetoric.errors import RhetoricError
from rhetoric.serve.history import History
from rhetoric.serve.tasks import dump

EMPTY: dict[str, Any] = {name: [] for name in ("passages", "framing", "contrasts", "metaphors")}
EMPTY |= {"id": "a", "meta": {}, "pipeline": {"name": "rhetoric", "version": "1", "sha256": "0"}}
PASSAGE = {"start": 0, "end": 4, "about": 0.9, "framing": "none", "framing_score": 0.9, "frames": {}, "portrayal": {}}
RECORDS = [dump({"text": f"text {n}\u2028", **EMPTY, "passages": [PASSAGE]}) for n in range(2)]


def test_keep_list_read_delete(tmp_path: Path) -> None:
    history = History(tmp_path / "new" / "folder")
    first = history.keep("First <b>", RECORDS[:1])
    second = history.keep("Second", RECORDS, compare=True)
    assert {kept.title: (kept.documents, kept.compare) for kept in history.all()} == {
        "First <b>": (1, False),
        "Second": (2, True),
    }
    found = [json.loads(each) for each in history.records(second.name)]
    assert [each["text"] for each in found] == ["text 0\n", "text 1\n"]
    assert found[0] == {**json.loads(RECORDS[0]), "text": "text 0\n"}
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


def test_what_is_not_its_own_is_left_alone_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    history = History(tmp_path)
    kept = [history.keep(title, RECORDS).name for title in ("A", "B", "C")]
    finder = tmp_path / kept[1] / ".DS_Store"  # which a Mac leaves in a folder that was looked into
    finder.write_text("mine")
    history.delete_all()
    assert history.names() == []
    assert sorted(tmp_path.iterdir()) == sorted((finder.parent, tmp_path / "notes.txt"))
    assert list(finder.parent.iterdir()) == [finder]


@pytest.mark.parametrize("lost", ["records.jsonl", "about.json"])
def test_what_lost_a_file_can_still_be_deleted(tmp_path: Path, lost: str) -> None:
    history = History(tmp_path)
    kept = history.keep("A", RECORDS)
    (tmp_path / kept.name / lost).unlink()
    assert history.names() == [kept.name]
    history.delete_all()
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_deleted_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = History(tmp_path)
    kept = history.keep("A", RECORDS)

    def refused(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refused)
    with pytest.raises(RhetoricError, match=r"cannot be deleted \(Permission denied"):
        history.delete(kept.name)
    assert history.names() == [kept.name]


def test_what_a_killed_server_left_half_written_goes_with_the_next_start(tmp_path: Path) -> None:
    history = History(tmp_path)
    kept = [history.keep(title, RECORDS).name for title in ("A", "B")]
    part = (tmp_path / kept[0]).rename(tmp_path / f"{kept[0]}.part")
    other = tmp_path / "download.part"
    other.mkdir()
    (other / "records.jsonl").write_text("mine")
    assert History(tmp_path).names() == [kept[1]]
    assert not part.exists()
    assert (other / "records.jsonl").read_text() == "mine"


@pytest.mark.parametrize(
    "damage",
    [
        {"passages": "x"},
        {"passages": [{**PASSAGE, "end": 99}]},
        {"passages": [{**PASSAGE, "frames": {"race": "much"}}]},
        {"pipeline": {}},
        {"text": ""},
    ],
)
def test_a_record_that_no_report_can_show_is_damage(tmp_path: Path, damage: dict[str, Any]) -> None:
    history = History(tmp_path)
    kept = history.keep("A", [dump({**json.loads(RECORDS[0]), **damage})])
    with pytest.raises(RhetoricError, match=r"records\.jsonl: the history cannot be read"):
        history.records(kept.name)


def test_a_comparison_that_lost_a_text_is_damage(tmp_path: Path) -> None:
    history = History(tmp_path)
    kept = history.keep("A and B", RECORDS[:1], compare=True)
    with pytest.raises(RhetoricError, match="holds 1 record"):
        history.records(kept.name)


def test_the_folder_is_named_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert History(Path("kept")).folder == tmp_path.resolve() / "kept"


def test_damage_is_said(tmp_path: Path) -> None:
    history = History(tmp_path)
    kept = history.keep("A", RECORDS)
    (tmp_path / kept.name / "records.jsonl").write_text("{")
    with pytest.raises(RhetoricError, match="cannot be read"):
        history.records(kept.name)
    for about in ("[]", "[" * 100_000, '{"title": "A", "made": "", "documents": 1e999, "compare": false}'):
        (tmp_path / kept.name / "about.json").write_text(about)
        assert history.all() == []
    assert history.names() == [kept.name]
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
