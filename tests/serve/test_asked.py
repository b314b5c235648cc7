"""What a form asks for."""

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.serve.asked import Asked, Wrong, ask, name_of, suffix_of

from .conftest import files_in
from .makers import settings


class Upload:
    def __init__(self, filename: str, data: bytes) -> None:
        self.filename, self.file, self.size = filename, io.BytesIO(data), len(data)


def asked(form: dict[str, Any], folder: Path, prefix: str = "") -> Asked | Wrong:
    return asyncio.run(ask(form, prefix, settings(), folder))


def test_a_pasted_text(tmp_path: Path) -> None:
    title = "A title that is long " * 9
    found = asked({"text": "The\0 race\r\nis\ud800 on.", "title": f"\u202e{title}", "force": "yes"}, tmp_path)
    assert isinstance(found, Asked)
    assert isinstance(found.what, Path)
    assert found.what.read_text(encoding="utf-8") == "The race\nis\ufffd on."
    assert (found.name, found.title, found.options.force) == ("pasted text", title.strip(), True)
    found.clear()
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://example.org/a", "https://example.org/a"),
        (" example.org/a ", "https://example.org/a"),
        ("localhost:8000/x", "https://localhost:8000/x"),
        ("HTTP://[2001:db8::1]/", "HTTP://[2001:db8::1]/"),
        ("file:///etc/passwd", "file:///etc/passwd"),  # refused by the reader, which knows only http and https
    ],
)
def test_a_web_address(tmp_path: Path, given: str, read: str) -> None:
    found = asked({"url": given}, tmp_path)
    assert isinstance(found, Asked)
    assert found.what == found.name == read


@pytest.mark.parametrize("url", ["two words.org", "nonsense", "https://", "https://a b.org", "../../etc/passwd x"])
def test_no_web_address(tmp_path: Path, url: str) -> None:
    found = asked({"b_url": url}, tmp_path, "b_")
    assert isinstance(found, Wrong)
    assert found.field == "b_url"


def test_a_file(tmp_path: Path) -> None:
    found = asked({"file": Upload("../../x/Report <1>.PDF", b"%PDF")}, tmp_path)
    assert isinstance(found, Asked)
    assert isinstance(found.what, Path)
    assert (found.what.parent, found.what.suffix) == (tmp_path, ".pdf")
    assert found.what.read_bytes() == b"%PDF"
    assert found.name == "Report <1>.PDF"


def test_nothing_two_things_or_too_much(tmp_path: Path) -> None:
    large = Upload("a.txt", b"x" * 1_000_001)
    for form, field in (
        ({}, "text"),
        ({"text": " \0\n", "url": "  ", "file": Upload("", b"")}, "text"),
        ({"text": "a", "url": "example.org"}, "text"),
        ({"url": "example.org", "file": Upload("a.txt", b"a")}, "url"),
        ({"text": Upload("a.txt", b"a")}, "text"),
        ({"file": large}, "file"),
    ):
        found = asked(form, tmp_path)
        assert isinstance(found, Wrong)
        assert found.field == field
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(("field", "form"), [("text", {"text": "A race."}), ("file", {"file": Upload("a.txt", b"a")})])
def test_a_disk_that_is_full_or_a_folder_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, field: str, form: dict[str, Any]
) -> None:
    def full(source: Any, target: Any) -> None:
        target.write(b"half of it")
        raise OSError(28, "No space left on device")

    gone = asked(form, tmp_path / "swept")
    monkeypatch.setattr("shutil.copyfileobj", full)
    for found, said in ((gone, "No such file or directory"), (asked(form, tmp_path), "No space left on device")):
        assert isinstance(found, Wrong)
        assert found.field == field
        assert f"({said})" in found.said
    assert files_in(tmp_path) == []


@given(st.text())
def test_no_file_name_leads_elsewhere(name: str) -> None:
    assert "/" not in suffix_of(name)
    assert "\0" not in suffix_of(name)
    shown = name_of(name)
    assert "/" not in shown
    assert "\\" not in shown
    assert shown.isprintable()
    assert 0 < len(shown) <= 120
