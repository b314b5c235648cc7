import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rhetoric import resources
from rhetoric.corpus.store import Store
from rhetoric.corpus.tables import TABLES
from rhetoric.errors import SourceError
from rhetoric.ingest import Document, Failure, read
from rhetoric.ingest.sources import Input, check_sources, expand


def names(source: str | Path) -> list[str]:
    found = list(expand(source))
    assert all(isinstance(item, Input) for item in found), found
    return [item.name for item in found]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("b.txt", "a.md", "sub/c.html", "sub/d.exe", ".hidden/e.txt", "sub/.f.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    return tmp_path


def test_folders_are_walked_in_order_for_known_extensions(tree: Path) -> None:
    assert names(tree) == [str(tree / "a.md"), str(tree / "b.txt"), str(tree / "sub/c.html")]
    assert names("sub") == [str(Path("sub/c.html"))]


def test_a_run_among_the_texts_is_none_of_them(tree: Path) -> None:
    (tree / "sub" / "manifest.json").write_text("{}")  # of something else
    before = names(tree)
    store = Store(tree / "run")
    with store.locked():
        store.save()
        assert names(tree) == before
    (tree / "run" / ".lock").unlink(missing_ok=True)
    for table in TABLES:
        (tree / "run" / table).mkdir(exist_ok=True)
    (tree / "run" / "documents" / "part-00000.parquet").write_text("x")
    assert names(tree) == before
    assert names("run/documents") == ["run/documents/part-00000.parquet"]  # where it is named, it is read
    for source in ("run", "ru*"):
        (refused,) = expand(source)
        assert isinstance(refused, Failure) and "name its table of them: run/documents" in refused.reason
        assert list(expand(source, records=True)) == [Input("run", Path("run"))]
        check_sources([source], records=True)
        with pytest.raises(SourceError, match="this is a run"):
            check_sources([source])


def test_what_is_told_of_fetched_texts_is_no_text(tree: Path) -> None:
    fetched = tree / "fetched"
    (fetched / "texts").mkdir(parents=True)
    for name in ("provenance.jsonl", "texts.csv", "mine.txt", "texts/a.txt", "texts/texts.csv"):
        (fetched / name).write_text("x")
    kept = [str(Path("fetched") / name) for name in ("mine.txt", "texts/a.txt", "texts/texts.csv")]
    assert names("fetched") == kept
    assert [name for name in names(".") if "fetched" in name] == kept
    assert names("fetched/texts.csv") == ["fetched/texts.csv"]  # where it is named, it is read
    (fetched / "provenance.jsonl").unlink()
    assert str(Path("fetched/texts.csv")) in names("fetched")  # a folder of somebody's own


def test_globs_are_sorted_and_recursive(tree: Path) -> None:
    assert names("*.*") == ["a.md", "b.txt"]
    assert names("**/*.html") == [str(Path("sub/c.html"))]
    assert names(str(tree / "sub" / "*.exe")) == [str(tree / "sub/d.exe")]


def test_a_name_with_brackets_is_a_file_before_it_is_a_glob(tree: Path) -> None:
    (tree / "x[1].txt").write_text("x")
    assert names("x[1].txt") == ["x[1].txt"]


@pytest.mark.parametrize("source", ["nope.txt", "*.nope", "corpora/nope.txt", "", "a\0b", os.devnull])
def test_what_matches_no_file_is_a_failure(tree: Path, source: str) -> None:
    (found,) = expand(source)
    assert isinstance(found, Failure)


@pytest.mark.parametrize("source", ["x" * 5000, "A text in the place of its file.\nIt has two lines."])
def test_a_text_in_the_place_of_a_path_is_told_from_one(tree: Path, source: str) -> None:
    (found,) = expand(source)
    assert isinstance(found, Failure) and "this is a text, and no path" in found.reason
    assert len(found.source) < 70


def test_an_empty_folder_says_what_can_be_read(tree: Path) -> None:
    (tree / "empty").mkdir()
    (found,) = expand("empty")
    assert isinstance(found, Failure)
    assert ".parquet" in found.reason


def test_records_among_the_texts_are_for_who_asks_for_them(tree: Path) -> None:
    before = names(tree)
    record = '{"id": "a", "text": "x", "passages": [], "framing": [], "contrasts": [], "metaphors": []}\n'
    (tree / "records.jsonl").write_text("\n" + record)
    (tree / "sub" / "failed.ndjson").write_text('{"id": null, "source": "b.txt", "error": "empty"}\n')
    assert names(tree) == before
    assert names(tree / "records.jsonl") == [str(tree / "records.jsonl")]
    assert len(list(expand(tree, records=True))) == len(before) + 2
    (tree / "made").mkdir()
    (tree / "records.jsonl").rename(tree / "made" / "records.jsonl")
    (found,) = expand("made")
    assert isinstance(found, Failure) and "only records (records.jsonl)" in found.reason
    check_sources(["made"], records=True)
    with pytest.raises(SourceError):
        check_sources(["made"])


def test_links_in_a_circle_and_to_nowhere(tree: Path) -> None:
    (tree / "sub" / "circle").symlink_to(tree)
    (tree / "link.txt").symlink_to(tree / "gone")
    assert names(tree) == [str(tree / "a.md"), str(tree / "b.txt"), str(tree / "sub/c.html")]
    (found,) = expand("link.txt")
    assert isinstance(found, Failure)


def test_shipped_corpora_are_found_from_an_empty_folder(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path_factory.mktemp("package")
    (package / "corpora").mkdir()
    (package / "corpora" / "own.txt").write_text("A text of ours.")
    monkeypatch.setattr(resources, "CORPORA", package / "corpora")
    monkeypatch.chdir(tmp_path)
    for source in ("corpora/own.txt", "corpora/*.txt", "corpora"):
        (found,) = read([source])
        assert isinstance(found, Document)
        assert found.meta["source"] == str(Path("corpora/own.txt"))
    (escape,) = expand("corpora/../../etc")
    assert isinstance(escape, Failure)
    (tmp_path / "corpora").mkdir()
    (tmp_path / "corpora" / "own.txt").write_text("The user's own.")
    (found,) = read(["corpora/own.txt"])
    assert isinstance(found, Document)
    assert found.text == "The user's own."


def test_order_is_kept_and_nothing_is_read_before_it_is_asked_for(tree: Path) -> None:
    found = read(["b.txt", "nope", "a.md", "late.txt"])
    assert isinstance(next(found), Document)
    assert isinstance(next(found), Failure)
    (tree / "late.txt").write_text("late")
    assert [getattr(item, "text", None) for item in found] == ["x", "late"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tree: Path) -> None:
    (tree / "b.txt").chmod(0)
    (found,) = read(["b.txt"])
    assert isinstance(found, Failure)
    assert "denied" in found.reason.lower()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_opened_is_said(tree: Path) -> None:
    (tree / "closed").mkdir(mode=0)
    assert any(isinstance(item, Failure) and "closed" in item.source for item in expand("."))


def test_folders_that_cannot_be_walked_are_said(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def walk(folder: Path, onerror: Callable[[OSError], None]) -> Iterator[tuple[str, list[str], list[str]]]:
        yield str(folder), [], ["b.txt"]
        onerror(PermissionError(13, "Permission denied", str(Path(folder) / "closed")))

    monkeypatch.setattr(os, "walk", walk)
    kept, refused = expand(".")
    assert kept == Input("b.txt", Path("b.txt"))
    assert isinstance(refused, Failure) and refused.source == "closed" and "Permission denied" in refused.reason


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such names")
def test_a_name_of_bytes_that_are_no_text_can_be_told(tree: Path) -> None:
    (tree / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"")
    (failure,) = [item for item in read(["."]) if isinstance(item, Failure) and "caf" in item.source]
    assert failure.source.encode() == "caf\ufffd.txt".encode()


def test_misspelt_names_are_told_before_anything_is_read(tree: Path) -> None:
    check_sources(["nope.txt", "b.txt"])  # the other is recorded as a failure in its place
    check_sources(["-", "https://example.org/x"], each=True)
    with pytest.raises(SourceError, match=r"nope\.txt: there is no such file"):
        check_sources(["nope.txt", "*.nope"])
    with pytest.raises(SourceError, match="no file matches this glob"):
        check_sources(["sub", "*.nope"], each=True)
    (tree / "empty").mkdir()
    with pytest.raises(SourceError, match="Known extensions"):
        check_sources(["empty"])
