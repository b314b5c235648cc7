"""What docs/runs.md says of ids is so, and its Python runs."""

import re
from pathlib import Path
from typing import Any

import pandas
import pytest
from scoring.records import PIPELINE, essay, gold, make_record

from rhetoric.corpus.run import annotate_run
from rhetoric.corpus.tables import schemas
from rhetoric.ingest import Document, ReadOptions, read
from rhetoric.labels import ABOUT, FRAMES, PRESENT

PAGE = (Path(__file__).parents[2] / "docs" / "runs.md").read_text(encoding="utf-8")
BLOCKS = [block for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)]


def last_value(code: str) -> Any:
    """Run a piece of Python and return the value of its last expression, if it ends with one."""
    lines = code.strip().splitlines()
    scope: dict[str, Any] = {}
    begins = max((at for at, line in enumerate(lines) if not line.startswith((" ", ")", '"', "}"))), default=0)
    exec("\n".join(lines[:begins]), scope)  # noqa: S102 - our own page
    try:
        return eval("\n".join(lines[begins:]), scope)  # noqa: S307 - our own page
    except SyntaxError:
        exec("\n".join(lines[begins:]), scope)  # noqa: S102 - our own page


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run in run/, of two files."""
    monkeypatch.chdir(tmp_path)
    records = [essay(), make_record(gold()[:9], "other", source="speeches/other.txt")]
    documents = [Document(each["id"], each["text"], each["meta"]) for each in records]
    list(annotate_run(documents, lambda _: iter(records), tmp_path / "run", PIPELINE, {}))
    return tmp_path / "run"


@pytest.mark.parametrize("library", ["duckdb", "pandas", "polars"])
def test_the_tables_are_read_as_the_page_says(run: Path, library: str) -> None:
    pytest.importorskip(library)
    (code,) = [each for each in BLOCKS if f"import {library}" in each]
    found = last_value(code)
    assert len(found) > 0
    if library == "pandas":
        assert set(found.index) == {"corpora/essay.txt", "speeches/other.txt"}
        (code,) = [each for each in BLOCKS if "score_dataframe" in each]
        scores = last_value(code)
        assert scores.set_index("source").frame_race_probability.to_dict() == pytest.approx(found.to_dict(), abs=1e-4)
        passages = pandas.read_parquet(run / "passages")
        on = passages[passages.about >= ABOUT]
        shares = (on.frame_race >= PRESENT).groupby(on.id).mean()
        assert scores.set_index("id").frame_race.to_dict() == pytest.approx(shares.to_dict(), abs=1e-4)


def test_the_page_names_every_column() -> None:
    table = PAGE.partition("| table | columns |")[2].partition("\n\n")[0]
    named = {row.split("|")[1].strip(" `"): set(re.findall(r"`([a-z_]+)`", row)) for row in table.splitlines()[2:]}
    for name, schema in schemas().items():
        frames = {f"frame_{frame}" for frame in FRAMES}
        assert {*schema.names} - frames == (named["all three"] | named[name]) - {"frame_race", name}


def test_a_folder_of_files_gets_ids_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("speeches").mkdir()
    for name in ("one", "two"):
        text = f"This is speech number {name}, in which the nations are said to race each other."
        Path("speeches", f"{name}.txt").write_text(text, encoding="utf-8")
    (code,) = [each for each in BLOCKS if "speeches.jsonl" in each]
    last_value(code)
    assert [each.id for each in read(["speeches.jsonl"])] == ["one", "two"]
    hashes = [each.id for each in read(["speeches/"])]
    assert all(re.fullmatch("[0-9a-f]{16}", str(each)) for each in hashes)


def test_an_id_is_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = "The nations are said to race each other, and neither of them is said to win."
    for name in ("a", "b"):
        Path(f"{name}.txt").write_text(text, encoding="utf-8")
    Path("news.csv").write_text(f'url,body\nhttps://example.org/1,"{text}"\n', encoding="utf-8")
    first, second = read(["a.txt", "b.txt"])
    assert first.id == second.id
    (row,) = read(["news.csv"], options=ReadOptions(text_field="body", id_field="url"))
    assert row.id == "https://example.org/1"
    assert "the first digits of its SHA-256" in PAGE and "--id-field url" in PAGE
