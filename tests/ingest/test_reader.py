import io
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rhetoric.ingest import Document, Failure, ReadOptions, read

from .makers import PROSE, docx, html, pdf

KINDS = ["txt", "md", "html", "pdf", "docx", "jsonl", "json", "csv", "tsv", "parquet", "none"]
SEEDS = [pdf([["One line."]]), docx("One."), html(f"<p>{PROSE}</p>").encode(), b'{"text": "One."}', b"text\nOne.\n"]


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from(KINDS))
@example(b"\xff\xfe", "txt")
@example(b"\xff\xfe\0\0", "csv")
@example(b"PK\3\4", "txt")
@example(b"PAR1\0PAR1", "parquet")
@example(b"%PDF-", "txt")
@example(b"+/v8-", "txt")
@example(b'{"text":"\\ud800"}', "jsonl")
def test_arbitrary_bytes_never_raise(tmp_path: Path, data: bytes, kind: str) -> None:
    (tmp_path / f"a.{kind}").write_bytes(data)
    found = list(read([tmp_path / f"a.{kind}"]))
    assert found
    for item in found:
        assert isinstance(item, (Document, Failure))
        json.dumps(item.__dict__, allow_nan=False).encode()


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_files_never_raise(tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "a.txt").write_bytes(whole[: data.draw(st.integers(len(whole) // 2, len(whole)))])
    assert all(isinstance(item, (Document, Failure)) for item in read([tmp_path / "a.txt"]))


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="/"), max_size=40))
def test_arbitrary_sources_never_raise(tmp_path: Path, source: str) -> None:
    if source == "-":
        return
    assert all(isinstance(item, (Document, Failure)) for item in read([f"{tmp_path}/{source}"]))


def test_fifty_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as out:
        out.writelines([b"A rule. " * 125_000] * 50)
    start = time.monotonic()
    (found,) = read([path])
    assert isinstance(found, Failure)
    assert "this is 50 MB, over the limit of 20 MB" in found.reason
    assert "1,000,000 characters are the most" in found.reason and not found.options
    assert time.monotonic() - start < 0.5


def test_raising_a_limit_is_advised_where_it_helps(tmp_path: Path) -> None:
    lines = json.dumps({"text": PROSE})
    for name, data in (("a.txt", PROSE), ("a.md", PROSE), ("a.pdf", pdf([["One."]])), ("a.jsonl", lines)):
        (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
        (found,) = read([tmp_path / name], options=ReadOptions(max_bytes=100))
        assert isinstance(found, Failure) and found.options == ("max_bytes",), found
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "A rule. " * 1_250_000}))
    (found,) = read([tmp_path / "a.jsonl"], options=ReadOptions(max_bytes=9_000_000))
    assert isinstance(found, Failure) and not found.options, found


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> list[Document | Failure]:
    """A pipe, which cannot be wound back, unlike BytesIO."""
    out, into = os.pipe()

    def fill() -> None:
        with os.fdopen(into, "wb") as pipe:
            pipe.write(data)

    thread = threading.Thread(target=fill)
    thread.start()
    with os.fdopen(out, "rb") as pipe, io.TextIOWrapper(pipe) as text:
        monkeypatch.setattr(sys, "stdin", text)
        found = list(read(["-"]))
        assert not pipe.closed
    thread.join()
    return found


@pytest.mark.parametrize("most", [10**12, 10**18])
def test_a_limit_takes_no_memory_that_a_source_does_not_need(tmp_path: Path, most: int) -> None:
    texts = {"speech.txt": PROSE, "speech.json": json.dumps([{"text": PROSE}])}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        (found,) = read([tmp_path / name], options=ReadOptions(max_bytes=most))
        assert isinstance(found, Document) and found.text == PROSE.strip()


def test_standard_input_of_every_kind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import pandas as pd

    pd.DataFrame({"text": ["One.", "Two."]}).to_parquet(tmp_path / "a.parquet")
    for data, kind, number in [
        (f"{PROSE} " * 1000, "txt", 1),
        ('{"text": "One."}\n' * 9000, "jsonl", 9000),
        ('[\n {"text": "One."},\n {"text": "Two."}]', "json", 2),
        ("[Applause] One.", "txt", 1),
        (pdf([["One line."]]), "pdf", 1),
        (docx("One."), "docx", 1),
        (html(f"<article><p>{PROSE}</p><p>{PROSE[:99]}</p></article>"), "html", 1),
        ((tmp_path / "a.parquet").read_bytes(), "parquet", 2),
    ]:
        found = stdin(monkeypatch, data.encode() if isinstance(data, str) else data)
        assert len(found) == number
        assert all(isinstance(item, Document) and item.meta["format"] == kind for item in found), found[:1]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (f'\ufeffurl\tbody\r\nx\t"{PROSE}"\r\ny\tTwo.\r\n', "csv"),
        (f',url,body\n0,x,"{PROSE}"\n1,y,Two.\n', "csv"),
        (f'url\tbody\r\nx\t"{PROSE}"\r\ny\tTwo.\r\n'.encode("utf-16"), "csv"),  # Excel's "Unicode text"
        (
            f'{{"url": "x", "body": "{PROSE}"}}\n{{"url": "y", "body": "Two."}}\n'.encode("utf-16"),
            "jsonl",
        ),  # PowerShell
        (f'{json.dumps({"url": "x", "body": PROSE})}\n{{"url": "y", "body": "Two."}}\n', "jsonl"),
        (json.dumps([{"url": "x", "body": PROSE}, {"url": "y", "body": "Two."}], indent=1), "json"),
    ],
)
def test_tables_that_no_name_tells(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, read_bytes, data: str | bytes, kind: str
) -> None:
    options = ReadOptions("body", "url")
    data = data if isinstance(data, bytes) else data.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    (tmp_path / "a.txt").write_bytes(data)
    (tmp_path / "a").write_bytes(data)
    for source in ("-", tmp_path / "a.txt", tmp_path / "a"):
        found = list(read([source], options=options))
        assert [(each.id, each.text, each.meta["format"]) for each in found] == [
            ("x", PROSE, kind),
            ("y", "Two.", kind),
        ]


@pytest.mark.parametrize(
    "line", ["text", "text, sound and pictures", "body,url", "In the text,it says", "[Text] One.", ""]
)
def test_prose_is_no_table(document, line: str) -> None:
    assert document("a.txt", f"{line}\n{PROSE}").meta["format"] == "txt"


def test_standard_input_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = stdin(monkeypatch, b"")
    assert isinstance(found, Failure)
    assert found.source == "-"


def test_a_readers_own_fault_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rhetoric.ingest import reader

    def broken(*_: object) -> None:
        raise KeyError("a bug")

    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(PROSE)
    monkeypatch.setattr(reader, "foreign_language", broken)
    found = list(read([tmp_path]))
    assert [type(item) for item in found] == [Failure, Failure]
    assert "KeyError" in found[0].reason  # type: ignore[union-attr]


def test_one_source_need_not_be_in_a_list(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PROSE)
    (found,) = read(str(tmp_path / "a.txt"), options=ReadOptions())
    assert isinstance(found, Document)
    assert found.meta == {"source": str(tmp_path / "a.txt"), "format": "txt"}


def test_a_named_pipe_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    thread = threading.Thread(target=lambda: (tmp_path / "pipe").write_text(PROSE))
    thread.start()
    (found,) = read([tmp_path / "pipe"])
    thread.join()
    assert isinstance(found, Document)


def test_importing_brings_in_nothing_heavy() -> None:
    code = "import sys, rhetoric.ingest; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"trafilatura", "pypdf", "docx", "pyarrow", "py3langid", "numpy", "lxml", "urllib3", "markdown_it", "ssl"}
    assert heavy.isdisjoint(loaded)
    assert "rhetoric.ingest.reader" in loaded
