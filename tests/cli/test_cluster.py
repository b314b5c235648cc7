import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("sklearn", reason="the extra cluster is not installed")

from clustering.makers import documents
from report.makers import words

from .conftest import Invoke, analysis, lines, refused, write

FILES = {"clusters.json", "assignments.csv", "assignments.parquet", "map.html"}


@pytest.fixture
def records(invoke: Invoke) -> list[dict[str, Any]]:
    """Write records.jsonl into the empty folder that ``invoke`` has gone to."""
    made = documents(5)
    write("records.jsonl", made)
    return made


def test_it_writes_assignments_description_and_map_that_agree(invoke: Invoke, records: list[dict[str, Any]]) -> None:
    result = invoke("cluster", "records.jsonl", "-o", "out/here", "--json")
    assert result.exit_code == 0
    folder = Path("out/here")
    assert {path.name for path in folder.iterdir()} == FILES
    described = json.loads(result.stdout)
    assert json.loads((folder / "clusters.json").read_text(encoding="utf-8")) == described
    columns = pd.read_parquet(folder / "assignments.parquet")
    table = pd.read_csv(folder / "assignments.csv")
    assert set(table["id"]) == {record["id"] for record in records}
    assert table["cluster"].tolist() == columns["cluster"].tolist()
    assert list(table) == list(columns)
    sizes = table["cluster"].value_counts().to_dict()
    assert sizes == {each["number"]: each["size"] for each in described["clusters"]}
    assert all(each["name"] in (folder / "map.html").read_text(encoding="utf-8") for each in described["clusters"])


def test_it_prints_a_summary_and_takes_options(invoke: Invoke, records: list[dict[str, Any]]) -> None:
    Path("meta.csv").write_text("id,title\n" + "".join(f"{each['id']},Told {each['id']}\n" for each in records))
    told = ("--passages", "--clusters", "4", "--seed", "3", "--meta", "meta.csv")
    result = invoke("cluster", "records.jsonl", "-o", "out", *told)
    assert result.exit_code == 0
    flat = words(result.stdout)
    assert "75 passages in 4 clusters, by how they frame." in flat
    assert "The number of clusters is the one asked for." in flat
    assert "\x1b" not in result.stdout
    assert pd.read_csv("out/assignments.csv")["title"].str.startswith("Told ").all()
    assert json.loads(Path("out/clusters.json").read_text(encoding="utf-8"))["seed"] == 3


def test_no_cell_of_the_assignments_is_a_formula(invoke: Invoke, records: list[dict[str, Any]]) -> None:
    Path("meta.csv").write_text("id,title\n" + "".join(f"{each['id']},=1+{each['id']}\n" for each in records))
    assert invoke("cluster", "records.jsonl", "-o", "out", "--meta", "meta.csv").exit_code == 0
    table, columns = pd.read_csv("out/assignments.csv"), pd.read_parquet("out/assignments.parquet")
    assert columns["title"].str.startswith("=1+").all()
    assert (table["title"] == "'" + columns["title"]).all()
    assert np.allclose(table[["fit", "distance", "x", "y"]], columns[["fit", "distance", "x", "y"]])


def test_nothing_is_lost(invoke: Invoke, records: list[dict[str, Any]]) -> None:
    Path("out").mkdir()
    Path("out/map.html").write_text("mine")
    refused(invoke("cluster", "records.jsonl", "-o", "out"), "--overwrite")
    assert Path("out/map.html").read_text() == "mine"
    assert invoke("cluster", "records.jsonl", "-o", "out", "--overwrite").exit_code == 0
    assert {path.name for path in Path("out").iterdir()} == FILES
    assert Path("out/map.html").read_text(encoding="utf-8") != "mine"


def test_where_results_cannot_be_replaced_it_says_so(invoke: Invoke, records: list[dict[str, Any]]) -> None:
    Path("out/map.html").mkdir(parents=True)
    result = invoke("cluster", "records.jsonl", "-o", "out", "--overwrite")
    assert (result.exit_code, words(result.stderr)) == (2, "error: out: cannot be written (Is a directory).")
    assert not list(Path("out").glob("*.part"))


@pytest.mark.parametrize("output", ["records.jsonl", "records.jsonl/below"])
def test_a_folder_that_cannot_be_is_refused_before_anything_is_read(
    invoke: Invoke, output: str, records: list[dict[str, Any]]
) -> None:
    result = invoke("cluster", "records.jsonl", "-o", output)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: records.jsonl")


def test_what_failed_before_is_told_and_the_rest_is_grouped(invoke: Invoke, records: list[dict[str, Any]]) -> None:
    with Path("records.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": None, "source": "a.pdf", "error": "it is encrypted."}) + "\n")
    result = invoke("cluster", "records.jsonl", "-o", "out")
    assert result.exit_code == 0
    assert "warning: records.jsonl: 1 of " in result.stderr
    assert len(pd.read_csv("out/assignments.csv")) == len(records)


def test_too_little_says_what_to_do(invoke: Invoke, analysed: list[str]) -> None:
    Path("a.txt").write_text("The race is on.\n\nA second race.")
    result = invoke("cluster", "a.txt", "-o", "out")
    assert result.exit_code == 2
    assert "at least 4 are needed" in result.stderr
    assert "--passages" in result.stderr
    assert not Path("out").exists()
    Path("mine").mkdir()
    assert invoke("cluster", "a.txt", "-o", "mine").exit_code == 2
    assert Path("mine").is_dir()


def test_of_what_is_not_there_nothing_else_is_said(invoke: Invoke) -> None:
    missing = invoke("cluster", "missing.jsonl", "-o", "out")
    refused(missing, "missing.jsonl: there is no such file")
    assert missing.stderr.count("error: ") == 1
    assert not Path("out").exists()


def test_embeddings_are_asked_for(invoke: Invoke, monkeypatch: pytest.MonkeyPatch, analysed: list[str]) -> None:
    asked: list[bool] = []
    plain = analysis.analyse

    def analyse(*given: Any, embedding: bool = False, sentences: bool = False) -> Any:
        asked.append(embedding)
        return plain(*given)

    monkeypatch.setattr(analysis, "analyse", analyse)
    Path("a.txt").write_text("The race is on.")
    assert len(lines(invoke("annotate", "a.txt").stdout)) == 1
    invoke("annotate", "a.txt", "--embedding")
    invoke("cluster", "a.txt", "-o", "out")
    assert asked == [False, True, True]
