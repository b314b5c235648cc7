import json
from pathlib import Path

import pytest
from scoring.records import essay, gold

from rhetoric.annotation.exchange.formats import FORMATS
from rhetoric.cli.export import NAMES
from rhetoric.gold import FIELDS

from .conftest import Invoke, lines


@pytest.fixture
def records() -> str:
    other = {**essay(), "id": "other"}
    Path("records.jsonl").write_text("\n".join(json.dumps(each) for each in (essay(), other)) + "\n")
    return "records.jsonl"


def output(name: str) -> str:
    suffixes = FORMATS[name].suffixes
    return f"out{suffixes[0] if FORMATS[name].shape == 'file' else ''}"


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("gold", "doccano")])
def test_there_and_back(name: str, invoke: Invoke, records: str) -> None:
    if name == "inception":
        pytest.importorskip("cassis", reason="dkpro-cassis is not installed")
    there = invoke("export", records, "--to", name, "-o", output(name))
    assert (there.exit_code, there.stdout) == (0, "")
    assert there.stderr == f"{output(name)}: 2 documents for {FORMATS[name].tool}.\n"
    back = invoke("import", output(name), "--from", name, "-o", "back.jsonl")
    assert (back.exit_code, back.stderr) == (0, f"back.jsonl: 2 documents from {FORMATS[name].tool}.\n")
    assert lines(Path("back.jsonl").read_text()) == lines(Path(records).read_text())


def test_the_formats_that_are_named_are_those_there_are(invoke: Invoke) -> None:
    assert NAMES.split("|") == list(FORMATS)
    assert "no format 'conll'" in invoke("export", "x.jsonl", "--to", "conll", "-o", "x").stderr
    assert "no format 'conll'" in invoke("import", "x.jsonl", "--from", "conll").stderr


def test_what_is_not_carried_is_said_and_counted(invoke: Invoke, records: str) -> None:
    result = invoke("export", records, "--to", "doccano", "-o", "out.jsonl", "--json")
    told = json.loads(result.stdout)
    assert (told["documents"], told["failed"]) == (2, 0)
    assert told["not_carried"]["contrasts.score"] == 2 * len(essay()["contrasts"])
    assert result.stderr.startswith("out.jsonl: 2 documents for doccano.\nNot carried: contrasts.score (")


def test_gold_is_a_source_too(invoke: Invoke) -> None:
    rows = gold()[:3]
    Path("gold.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert invoke("export", "gold.jsonl", "--to", "brat", "-o", "out").exit_code == 0
    assert invoke("import", "out", "--from", "brat", "-o", "back.jsonl").exit_code == 0
    result = invoke("export", "back.jsonl", "--to", "gold", "-o", "again.jsonl")
    assert result.exit_code == 0
    assert lines(Path("again.jsonl").read_text()) == rows


@pytest.mark.parametrize("first", ["", "{\n"])
def test_gold_that_is_coded_for_some_fields_is_a_source_too(first: str, invoke: Invoke) -> None:
    row = {"id": 7, "text": "It is a race.", "frames": {"race": 1}}
    Path("gold.jsonl").write_text(first + json.dumps(row))
    result = invoke("export", "gold.jsonl", "--to", "jsonl", "-o", "out.jsonl")
    assert result.exit_code == bool(first)
    assert "out.jsonl: 1 document for records." in result.stderr
    assert all(f"{name} of passages that were not coded for it" in result.stderr for name in {*FIELDS} - {"frames"})
    (record,) = lines(Path("out.jsonl").read_text())
    assert (record["id"], record["passages"][0]["frames"]) == ("7", {"race": 1.0})


def test_a_run_is_a_source_too(invoke: Invoke) -> None:
    from rhetoric.corpus.run import annotate_run
    from rhetoric.ingest import Failure, make_document

    document = make_document("It is a race.", id="a")
    record = {**essay(), "id": "a", "text": document.text}
    record |= {"framing": [], "contrasts": [], "metaphors": [], "passages": []}
    sources = [document, Failure("b", "b.txt", "there is nothing in it.")]
    list(annotate_run(sources, lambda documents: iter([record]), Path("run"), record["pipeline"], {}))  # type: ignore[list-item]
    result = invoke("export", "run", "--to", "prodigy", "-o", "out.jsonl")
    assert result.exit_code == 0
    assert "documents that failed when they were annotated (1)" in result.stderr
    assert [each["text"] for each in lines(Path("out.jsonl").read_text())] == ["It is a race."]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--to", "prodigy", "-o", "out.json"], "prodigy is one file. Name it with the ending .jsonl"),
        (["--to", "brat", "-o", "full"], "brat needs a new folder, or an empty one"),
        (["--to", "brat", "-o", "no/out"], "there is no folder no to write to"),
        (["--to", "jsonl", "-o", "records.jsonl"], "this file exists"),
        (["--to", "csv", "-o", "records.jsonl"], "csv needs a new folder"),
        *((["--to", name, "-o", "-"], "Nothing is exported to standard output") for name in ("csv", "jsonl", "brat")),
    ],
)
def test_outputs_that_cannot_be(arguments: list[str], what: str, invoke: Invoke, records: str) -> None:
    Path("full").mkdir()
    Path("full/precious").write_text("precious")
    before = Path(records).read_text()
    result = invoke("export", records, *arguments)
    assert result.exit_code == 2
    assert what in result.stderr
    assert (Path("full/precious").read_text(), Path(records).read_text()) == ("precious", before)
    assert {path.name for path in Path().iterdir()} == {records, "full"}


def test_a_file_is_replaced_if_asked_and_an_empty_folder_is_filled(invoke: Invoke, records: str) -> None:
    Path("out.jsonl").write_text("old")
    assert invoke("export", records, "--to", "prodigy", "-o", "out.jsonl", "--overwrite").exit_code == 0
    assert len(lines(Path("out.jsonl").read_text())) == 2
    Path("out").mkdir()
    assert invoke("export", records, "--to", "brat", "-o", "out/").exit_code == 0
    assert Path("out/essay.txt").is_file()


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("a.txt", "It is a race.", "this file holds neither records nor coded passages"),
        ("a.jsonl", '{"text": "It is a race."}', "Make records of it first: rhetoric annotate"),
        ("a.jsonl", "", "neither records nor coded passages"),
        ("a.sqlite", "SQLite format 3\0", "Write what was coded first: rhetoric review a.sqlite --gold FILE.jsonl"),
        ("a.jsonl", '{"passages": []}', "the field text is missing"),
        ("a.jsonl", '{"id": "r-1", "framing": "none"}', "kept as offsets"),
        ("missing.jsonl", None, "there is no such file"),
        (".", None, "this folder is no run"),
    ],
)
def test_sources_that_are_none(name: str, text: str | None, what: str, invoke: Invoke) -> None:
    if text is not None:
        Path(name).write_text(text)
    result = invoke("export", name, "--to", "brat", "-o", "out")
    assert result.exit_code == 2
    assert what in result.stderr
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("form", "output"),
    [
        ("docbin", "out.spacy"),
        ("brat", "out"),
        ("parquet", "out.parquet"),
        ("prodigy", "out.jsonl"),
        ("label-studio", "out"),
    ],
)
def test_what_is_too_large_says_which_option_raises_the_limit(
    form: str, output: str, invoke: Invoke, records: str
) -> None:
    long = {**json.loads(Path(records).read_text().splitlines()[0]), "text": " ".join(map(str, range(100_000)))}
    Path(records).write_text(json.dumps(long))
    assert invoke("export", records, "--to", form, "-o", output).exit_code == 0
    source = "out/tasks.json" if form == "label-studio" else output
    result = invoke("import", source, "--from", form, "--max-bytes", "100")
    assert result.exit_code == 2
    assert result.stderr.endswith("Raise the limit (--max-bytes).\n")
    assert result.stderr.count("--max-bytes") == 1


def test_a_broken_document_does_not_stop_the_rest(invoke: Invoke, records: str) -> None:
    with Path(records).open("a") as stream:
        stream.write("{}\n")
    result = invoke("export", records, "--to", "csv", "-o", "out", "--json")
    assert (result.exit_code, json.loads(result.stdout)["failed"]) == (1, 1)
    assert result.stderr.startswith("error: records.jsonl:3: ")
    imported = invoke("import", records, "--from", "jsonl")
    assert (imported.exit_code, len(lines(imported.stdout))) == (1, 2)


def test_a_file_of_another_format_leaves_nothing_behind(invoke: Invoke, records: str) -> None:
    result = invoke("import", records, "--from", "label-studio", "-o", "back.jsonl")
    assert result.exit_code == 2
    assert "not a JSON array of tasks" in result.stderr
    assert [path.name for path in Path().iterdir()] == [records]


def test_imports_do_not_overwrite_and_count_in_json(invoke: Invoke, records: str) -> None:
    Path("back.jsonl").write_text("precious")
    assert invoke("import", records, "--from", "jsonl", "-o", "back.jsonl").exit_code == 2
    assert Path("back.jsonl").read_text() == "precious"
    result = invoke("import", records, "--from", "jsonl", "-o", "back.jsonl", "--overwrite", "--json")
    assert json.loads(result.stdout) == {"documents": 2, "failed": 0, "not_taken": {}}
    refused = invoke("import", records, "--from", "jsonl", "--json")
    assert (refused.exit_code, "The counts take standard output already" in refused.stderr) == (2, True)
    refused = invoke("import", records, "--from", "jsonl", "-o", "back.csv")
    assert (refused.exit_code, "Name a file that ends in .jsonl" in refused.stderr) == (2, True)


def test_what_was_not_taken_is_told_where_nothing_was(invoke: Invoke) -> None:
    Path("out.jsonl").write_text(json.dumps({"text": "It is a race.", "answer": "reject"}))
    result = invoke("import", "out.jsonl", "--from", "prodigy", "-o", "back.jsonl", "--json")
    assert (result.exit_code, Path("back.jsonl").exists()) == (2, False)
    told = ["Not taken: tasks that were rejected or ignored (1).", "error: There was no document to take"]
    assert [line.startswith(start) for line, start in zip(result.stderr.splitlines(), told, strict=True)] == [True] * 2
    assert json.loads(result.stdout)["not_taken"] == {"tasks that were rejected or ignored": 1}


def test_without_dkpro_cassis_it_says_what_to_install(
    invoke: Invoke, records: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cassis", None)
    for arguments in (["export", records, "--to", "inception", "-o", "out"], ["import", ".", "--from", "inception"]):
        result = invoke(*arguments)
        assert result.exit_code == 2
        assert "pip install 'rhetoric-toolkit[exchange]'" in result.stderr
