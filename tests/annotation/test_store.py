import random
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training.makers import coded
from typer.testing import CliRunner

from annotation.makers import HARD, authored, make_review
from rhetoric.annotation.adjudication import normal
from rhetoric.annotation.coding import blank
from rhetoric.annotation.codings import read_codings
from rhetoric.annotation.log import Changed
from rhetoric.annotation.store import Entry, Review, basis, create_review
from rhetoric.cli import app
from rhetoric.errors import RhetoricError

WRITER = """
import sys
from pathlib import Path
from rhetoric.annotation.adjudication import normal
from rhetoric.annotation.coding import blank
from rhetoric.annotation.store import Review

log = Review(Path(sys.argv[1])).join("ada")
for number in range(100_000):
    log.decide(number % 3, f"decision {number}", {**blank(), "note": str(number)})
    print(number, flush=True)
"""


@pytest.fixture
def review(tmp_path: Path):
    with Review(make_review(tmp_path / "work.sqlite", ["One.", "Two.", HARD])) as opened:
        yield opened


def done(**fields) -> dict:
    return {**blank(), "framing": "none", "about": 0, "done": True, **fields}


def test_passages_come_back_as_they_were(tmp_path: Path) -> None:
    texts = [HARD, "nul \x00 inside", "line\nbreak\r\n", "𝔸🏳️‍🌈"]
    suggested = {"framing": "none", "frames": {"race": 1}}
    entries = [Entry(f"e{at}", text, {"slug": "doc"}, suggested, 0.5) for at, text in enumerate(texts)]
    assert create_review(tmp_path / "a.sqlite", entries, "the texts") == 4
    with Review(tmp_path / "a.sqlite") as opened:
        assert list(opened.entries()) == entries
        assert opened.made_from == "the texts" and opened.doubts() == [0.5] * 4


def test_passages_that_are_there_twice_are_taken_once_and_other_texts_told_apart(tmp_path: Path) -> None:
    entries = [Entry("p", "One."), Entry("p", "Two."), Entry("p", "One."), Entry("p", "Three."), Entry("p", "Two.")]
    assert create_review(tmp_path / "a.sqlite", entries, "") == 3
    with Review(tmp_path / "a.sqlite") as opened:
        assert [(entry.id, entry.text) for entry in opened.entries()] == [
            ("p", "One."),
            ("p+2", "Two."),
            ("p+3", "Three."),
        ]


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    make_review(tmp_path / "a.sqlite", ["One."])
    before = (tmp_path / "a.sqlite").read_bytes()
    with pytest.raises(RhetoricError, match="this file exists"):
        make_review(tmp_path / "a.sqlite", ["Two."])
    assert (tmp_path / "a.sqlite").read_bytes() == before
    with pytest.raises(RhetoricError, match="there is no passage"):
        make_review(tmp_path / "b.sqlite", [])
    assert [path.name for path in tmp_path.iterdir()] == ["a.sqlite"]


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("text", encoding="utf-8")
    with sqlite3.connect(tmp_path / "other.sqlite") as base:
        base.execute("CREATE TABLE other (x)")
    make_review(tmp_path / "later.sqlite", ["One."])
    with sqlite3.connect(tmp_path / "later.sqlite") as base:
        base.execute("PRAGMA user_version = 99")
    for name, said in [
        ("text", "cannot do this"),
        ("other.sqlite", "no review database"),
        ("later.sqlite", "format 99"),
    ]:
        with pytest.raises(RhetoricError, match=said):
            Review(tmp_path / name)
    with pytest.raises(RhetoricError, match="no such file"):
        Review(tmp_path / "none.sqlite")


def test_a_decision_stands_until_it_is_undone(review: Review) -> None:
    log = review.join("ada")
    assert log.coding(0) is None and log.undo() is None and log.redo() is None
    log.decide(0, "first", done(note="a"))
    log.decide(1, "second", done(note="b"))
    log.decide(0, "third", done(note="c"))
    assert log.coding(0)["note"] == "c" and log.counts() == (2, 0)
    assert log.undo().what == "third" and log.coding(0)["note"] == "a"
    assert log.undo().what == "second" and log.coding(1) is None
    assert log.redo().what == "second" and log.coding(1)["note"] == "b"
    log.decide(1, "fourth", {**done(), "done": False})
    assert log.redo() is None, "a new decision leaves nothing to do again"
    assert log.counts() == (1, 1) and not log.is_done(1)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 2), st.sampled_from(["undo", "redo"])), max_size=25))
def test_the_log_follows_what_an_editor_would_do(tmp_path_factory: pytest.TempPathFactory, steps: list) -> None:
    with Review(make_review(tmp_path_factory.mktemp("log") / "a.sqlite", ["One.", "Two.", "Three."])) as review:
        log = review.join("ada")
        stands: list[tuple[int, str]] = []
        undone: list[tuple[int, str]] = []
        for at, step in enumerate(steps):
            if step == "undo":
                log.undo()
                undone += [stands.pop()] if stands else []
            elif step == "redo":
                log.redo()
                stands += [undone.pop()] if undone else []
            else:
                log.decide(step, "", done(note=str(at)))
                stands.append((step, str(at)))
                undone = []
        for opened in (log, review.log("ada")):
            for passage in range(3):
                last = next((note for number, note in reversed(stands) if number == passage), None)
                coding = opened.coding(passage)
                assert (coding and coding["note"]) == last


def test_nothing_that_was_decided_can_be_changed_or_deleted(review: Review) -> None:
    log = review.join("ada")
    log.decide(0, "first", done())
    log.undo()
    with sqlite3.connect(review.path) as base:
        kinds = base.execute("SELECT kind, what, of FROM decisions ORDER BY number").fetchall()
        assert kinds == [("do", "first", None), ("undo", "first", 1)]
        for change in ("UPDATE decisions SET what = ''", "DELETE FROM decisions"):
            with pytest.raises(sqlite3.IntegrityError, match="only added"):
                base.execute(change)


def test_another_window_of_the_same_coder_loses_nothing(review: Review) -> None:
    first, second = review.join("ada"), review.join("ada")
    first.decide(0, "here", done(note="here"))
    with pytest.raises(Changed, match="another window"):
        second.decide(0, "there", done(note="there"))
    assert second.coding(0)["note"] == "here", "it shows what stands"
    second.decide(0, "there", done(note="there"))
    with pytest.raises(Changed):
        first.undo()
    assert first.coding(0)["note"] == "there"


def test_two_coders_work_on_one_file_at_the_same_time(tmp_path: Path) -> None:
    path = make_review(tmp_path / "a.sqlite", [f"Passage {at}." for at in range(20)])
    failed: list[BaseException] = []

    def work(coder: str) -> None:
        try:
            with Review(path) as review:
                log = review.join(coder)
                for number in range(20):
                    log.decide(number, "", done(note=f"{coder} {number}"))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(coder,)) for coder in ("ada", "ben", "cy")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    notes = {coder: [row["note"] for row in rows] for coder, rows in read_codings(path).items()}
    assert notes == {coder: [f"{coder} {number}" for number in range(20)] for coder in notes} and len(notes) == 3


def test_a_killed_writer_loses_nothing_that_it_had_decided(tmp_path: Path) -> None:
    path = make_review(tmp_path / "a.sqlite", ["One.", "Two.", "Three."])
    chance = random.Random(5)
    stood = 0
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
            told = [writer.stdout.readline() for _ in range(chance.randint(5, 60))]
            writer.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
            told += writer.stdout.readlines()
        said = int([line for line in told if line.endswith("\n")][-1])
        with Review(path) as review:
            log = review.log("ada")
            with sqlite3.connect(path) as base:
                count = base.execute("SELECT count(*) FROM decisions").fetchone()[0] - stood
            assert said < count <= said + 2, "each that was told, and at most the one under way"
            assert log.coding((count - 1) % 3)["note"] == str(count - 1)
            stood += count


def test_who_began_blind_stays_so_and_who_has_seen_cannot_be(review: Review) -> None:
    review.join("ada", blind=True)
    review.join("ada")
    review.join("ben")
    assert review.coders() == {"ada": True, "ben": False}
    with pytest.raises(RhetoricError, match="ben has begun here seeing what the machine says"):
        review.join("ben", blind=True)


def test_only_passages_that_are_done_are_codings(review: Review) -> None:
    log = review.join("ada")
    log.decide(2, "", done(note="mind the é"))
    log.decide(0, "", {**done(), "done": False})
    assert review.codings() == {"ada": [coded("p2", HARD, coder="ada", note="mind the é")]}


def test_only_the_fields_that_are_coded_are_in_it(tmp_path: Path) -> None:
    path = make_review(tmp_path / "a.sqlite", ["One."], fields=["frames"], frames=["moral"])
    with Review(path) as review:
        review.join("ada").decide(0, "", {**blank(["moral"], ["frames"]), "done": True})
        assert review.codings()["ada"] == [{"id": "p0", "text": "One.", "frames": {"moral": 0}, "coder": "ada"}]


def test_codings_made_elsewhere_come_back(tmp_path: Path) -> None:
    rows = authored(12)
    entries = [Entry(row["id"], row["text"], {"register": row["register"]}) for row in rows]
    create_review(tmp_path / "a.sqlite", entries, "", codings={"ada": rows, "ben": rows[:3]})
    found = read_codings(tmp_path / "a.sqlite")
    assert [normal(row) for row in found["ada"]] == [normal(row) for row in rows]
    assert [row["register"] for row in found["ben"]] == [row["register"] for row in rows[:3]]


def test_gold_is_what_was_adjudicated_or_coded_alike(tmp_path: Path) -> None:
    texts = ["Alike.", "Differ.", "Once.", "Open.", "Nobody."]
    ada = [coded(f"p{at}", texts[at], about=1) for at in range(4)]
    ben = [coded("p0", "Alike.", about=1), coded("p1", "Differ."), coded("p3", "Open.")]
    path = make_review(tmp_path / "a.sqlite", texts, codings={"ada": ada, "ben": ben})
    with Review(path) as review:
        logs = [review.log("ada"), review.log("ben")]
        eve = review.join("eve", "adjudicate")
        eve.decide(1, "", {**done(note="hard"), "basis": basis(1, logs)})
        found = review.gold()
        assert (found.adjudicated, found.alike, found.once, found.waiting) == (1, 1, 1, ["p3"])
        assert found.rows == [
            coded("p0", "Alike.", about=1, coders=["ada", "ben"]),
            coded("p1", "Differ.", note="hard", adjudicated="eve", coders=["ada", "ben"]),
            coded("p2", "Once.", about=1, coders=["ada"]),
        ]
        review.join("ben").decide(1, "thinks again", done(about=0, frames=dict.fromkeys(blank()["frames"], 1)))
        assert review.gold().waiting == ["p1", "p3"], "it rests on a coding that has changed"


def test_gold_has_the_frames_that_only_some_coders_coded(tmp_path: Path) -> None:
    ada = coded("p0", "Alike.", frames={"race": 1, "own": 1})
    ben = coded("p0", "Alike.", frames={"threat": 0, "race": 1})
    path = make_review(
        tmp_path / "a.sqlite", ["Alike."], frames=["race", "threat", "own"], codings={"a": [ada], "b": [ben]}
    )
    with Review(path) as review:
        found = review.gold()
    assert (found.alike, found.waiting) == (1, [])
    assert found.rows == [{**ada, "frames": {"race": 1, "own": 1, "threat": 0}, "coders": ["a", "b"]}]


def test_the_place_is_kept_with_a_decision_and_without(review: Review) -> None:
    log = review.join("ada")
    assert log.place() == {}
    log.keep({"passage": "p1"})
    log.decide(0, "", done(), {"passage": "p0", "caret": 3})
    assert review.join("ada").place() == {"passage": "p0", "caret": 3}


def test_what_cannot_be_stored_is_told_and_changes_nothing(review: Review) -> None:
    log = review.join("ada")
    log.decide(0, "", done(note="kept"))
    with sqlite3.connect(review.path) as other:
        other.execute("CREATE TRIGGER full BEFORE INSERT ON decisions BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    with pytest.raises(RhetoricError, match=r"disk full.*What was decided before is kept"):
        log.decide(0, "", done(note="lost"))
    assert log.coding(0)["note"] == review.log("ada").coding(0)["note"] == "kept"


DAMAGE = {
    "what it says of itself": [
        "DELETE FROM info",
        "UPDATE info SET value = '{' WHERE name = 'frames'",
        "UPDATE info SET value = '[\"mood\"]' WHERE name = 'fields'",
        "DELETE FROM passages WHERE number = 0",
    ],
    "passage p0": ["UPDATE passages SET extra = '{'", "UPDATE passages SET suggested = '3'"],
    "the list of what ada decided": ["UPDATE decisions SET kind = 'redo' WHERE number = 1"],
    "decision 1": [
        "UPDATE decisions SET coding = '{'",
        "UPDATE decisions SET coding = '{}'",
        "UPDATE decisions SET coding = json_set(coding, '$.portrayal', json('{\"us\": 3}'))",
        "UPDATE decisions SET coding = json_set(coding, '$.framing', 'mood')",
    ],
    "the list of coders": ["UPDATE coders SET name = x'00ff'"],
}


@pytest.mark.parametrize(("what", "change"), [(what, each) for what, changes in DAMAGE.items() for each in changes])
def test_what_was_damaged_is_named(what: str, change: str, tmp_path: Path) -> None:
    rows = [coded("p0", "One."), coded("p1", "Two.")]
    path = make_review(tmp_path / "a.sqlite", ["One.", "Two."], codings={"ada": rows})
    with sqlite3.connect(path) as base:
        base.executescript(f"DROP TRIGGER no_update; {change};")
    for command in (["review", "--json"], ["agreement"]):
        ran = CliRunner().invoke(app, [command[0], str(path), *command[1:]])
        assert ran.exit_code == 2 and ran.stderr.startswith(f"error: {path}: {what}"), ran.stderr
        assert "is damaged, or was changed by hand" in ran.stderr


def test_what_is_decided_on_a_file_that_is_gone_is_told_and_all_before_saved(review: Review) -> None:
    log = review.join("ada")
    log.decide(0, "", done(note="kept"))
    review.check()
    for path in review.path.parent.glob("work.sqlite*"):
        path.unlink()
    review.path.with_name("work.sqlite.saved").touch()  # of another time
    for _ in range(2):
        with pytest.raises(RhetoricError, match=r"deleted or moved.*work\.sqlite\.saved1"):
            log.decide(1, "", done(note="not stored"))
    with pytest.raises(RhetoricError, match="deleted or moved"):
        review.check()
    with Review(review.path.with_name("work.sqlite.saved1")) as saved:
        assert [row["note"] for row in saved.codings()["ada"]] == ["kept"]
    make_review(review.path, ["Another."])
    with pytest.raises(RhetoricError, match="deleted or moved"):
        log.undo()
