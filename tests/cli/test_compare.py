import importlib.util
import json
import shutil
import sys
from pathlib import Path

import pytest
from report.makers import words
from scoring.records import gold, make_record, off_topic

from .conftest import Invoke, refused, write

HAS_PLOTS = importlib.util.find_spec("matplotlib") is not None


def test_groups_of_one_corpus(invoke: Invoke, corpus: str) -> None:
    result = invoke("compare", corpus, "--by", "country")
    assert (result.exit_code, result.stderr) == (0, "")
    said = words(result.stdout)
    assert said.startswith("CN against US A CN: 6 documents, 30 counted passages of")
    assert "frame_race 0% (0 to 12) 100% -100 points -1.00 0.0" in said
    assert "MOST DISTINCTIVE OF B US" in said
    assert ": has race" in said and ", commoner here “" in said
    assert max(map(len, result.stdout.splitlines())) <= 100
    assert "\x1b" not in result.stdout


def test_json_holds_all(invoke: Invoke, corpus: str) -> None:
    result = invoke("compare", corpus, "--by", "country", "--json", "--group", "US", "--group", "CN")
    found = json.loads(result.stdout)
    assert (found["a"]["name"], found["b"]["name"], found["units"]) == ("US", "CN", "documents")
    race = next(each for each in found["differences"] if each["field"] == "frame_race")
    assert (race["effect"], race["a"]["value"]) == (1.0, 1.0)
    assert found["passages"][0][0]["document"].startswith("doc-")
    sides = [side for each in found["differences"] for side in (each["a"], each["b"])]
    assert max(side["n"] for side in sides) == max(found["a"]["documents"], found["b"]["documents"])
    assert not any("passages" in side for side in sides)  # these are documents


def test_one_group_against_the_rest_and_two_sources(invoke: Invoke, corpus: str) -> None:
    rest = json.loads(invoke("compare", corpus, "--by", "year", "--group", "2021", "--json").stdout)
    assert (rest["a"]["documents"], rest["b"]["name"], rest["b"]["documents"]) == (4, "the rest", 8)
    write("one.jsonl", [make_record(gold()[:20], "one")])
    single = json.loads(invoke("compare", "one.jsonl", corpus, "--json", "--field", "contrast").stdout)
    assert (single["a"]["name"], single["b"]["documents"]) == ("one.jsonl", 12)
    assert [each["field"] for each in single["differences"]] == ["contrast"]


def test_texts_are_annotated(invoke: Invoke, analysed: list[str]) -> None:
    Path("a.txt").write_text("The race is on.\n\nA race.\n\nNothing.")
    Path("b.txt").write_text("Peace.\n\nQuiet.\n\nRest.")
    result = invoke("compare", "a.txt", "b.txt")
    assert result.exit_code == 0, result.stderr
    assert "frame_race 67%" in words(result.stdout)
    assert len(analysed) == 2


def test_metadata_from_a_file(invoke: Invoke, corpus: str) -> None:
    Path("m.csv").write_text("id,side\n" + "".join(f"doc-{at},{'x' if at < 6 else 'y'}\n" for at in range(11)))
    result = invoke("compare", corpus, "--by", "side", "--meta", "m.csv", "--json")
    assert json.loads(result.stdout)["a"]["documents"] == 6
    assert result.stderr == "warning: m.csv has no row for 1 of the documents: doc-11\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["r.jsonl"], "There is 1 source, where two are compared"),
        (["r.jsonl", "r.jsonl"], "no difference between this and itself"),
        (["r.jsonl", "--by", "party"], "No document has 'party' in its metadata; columns found: country, date, title"),
        (["r.jsonl", "--by", "year"], "Groups by year: 2020 (4), 2021 (4), 2022 (4). Name them with --group."),
        (["r.jsonl", "--by", "country", "--group", "UK"], "There is no group 'UK'. Groups by country: CN (6), US (6)."),
        (["r.jsonl", "--by", "year", "--group", "2021", "--group", "2021"], "cannot be compared with itself"),
        (["r.jsonl", "--by", "country", "--field", "races"], "races: a scorecard has no field of this name."),
        (["r.jsonl", "off.jsonl", "--group", "US"], "Say which column: --by COLUMN"),
        (["r.jsonl", "--by", "country", "--meta-id", "slug"], "Name that too: --meta FILE.csv"),
        (["r.jsonl", "off.jsonl"], "off.jsonl: this text has no passage that counts, or is off topic"),
        (["r.jsonl", "--by", "country", "--plot", "p.png"], "written as .svg only"),
        (["r.jsonl", "--by", "country", "--plot", "no/p.svg"], "there is no folder no"),
    ],
)
def test_what_cannot_be_compared_says_why(invoke: Invoke, corpus: str, arguments: list[str], said: str) -> None:
    write("off.jsonl", [off_topic()])
    refused(invoke("compare", *arguments), said)


@pytest.mark.skipif(not HAS_PLOTS, reason='the extra "plots" is not installed')
def test_a_plot_is_written_once(invoke: Invoke, corpus: str) -> None:
    drawn = invoke("compare", corpus, "--by", "country", "--plot", "p.svg")
    assert drawn.exit_code == 0 and drawn.stderr.endswith("Written: p.svg.\n")
    assert Path("p.svg").read_text().startswith("<?xml")
    assert "this file exists" in invoke("compare", corpus, "--by", "country", "--plot", "p.svg").stderr
    assert invoke("compare", corpus, "--by", "country", "--plot", "p.svg", "--overwrite").exit_code == 0


def test_without_matplotlib_it_says_what_to_install(
    invoke: Invoke, corpus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    refused(invoke("compare", corpus, "--by", "country", "--plot", "p.svg"), "pip install 'rhetoric-toolkit[plots]'")


def test_a_trend(invoke: Invoke, corpus: str) -> None:
    assert "Records (a run, or .jsonl), or a file, folder, glob, URL or -" in words(invoke("trend", "--help").stdout)
    result = invoke("trend", corpus, "frame_race", "contrast")
    assert (result.exit_code, result.stderr) == (0, "")
    said = words(result.stdout)
    assert "2020 4 50% (0-100)" in said
    assert "frame_race no sure rise or fall" in said
    found = json.loads(invoke("trend", corpus, "--json").stdout)
    assert (found["periods"], len(found["series"])) == (["2020", "2021", "2022"], 10)
    Path("twice").mkdir()
    for name in ("one", "two"):
        shutil.copy(corpus, f"twice/{name}.jsonl")
    assert "12 documents that repeat the text of another" in words(invoke("trend", "twice", "contrast").stdout)
    assert "by year or by month" in invoke("trend", corpus, "--by", "week").stderr
    assert "A trend has one source, before its fields." in words(invoke("trend", corpus, corpus).stderr)
    write("undated.jsonl", [make_record(gold()[:20])])
    refused(invoke("trend", "undated.jsonl"), "add them there (--meta).")


@pytest.mark.skipif(not HAS_PLOTS, reason='the extra "plots" is not installed')
def test_a_trend_s_plot(invoke: Invoke, corpus: str) -> None:
    assert invoke("trend", corpus, "us_stance", "--by", "month", "--plot", "t.svg").exit_code == 0
    assert "US stance" in Path("t.svg").read_text()
