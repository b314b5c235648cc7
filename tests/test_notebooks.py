"""The notebooks: executed here on little data, whole in git, every plot with its axes labelled."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scoring.records import gold, make_record

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks"
SMALL = {
    "1-reading-the-essay": [],
    "2-the-corpus": ['SIDES = ("US officials", "Chinese officials")', "DOCUMENTS, PASSAGES = 4, 4"],
    "3-exploring-clusters": ["PASSAGES = 40"],
    "4-coding-your-own": ["PASSAGES = 16"],
    "5-how-far-to-trust-it": ["PASSAGES, SWAPPED = 24, 12"],
}
# What each notebook needs besides the core, and the extra that brings it.
NEEDS = {"matplotlib": "plots", "sklearn": "cluster", "krippendorff": "agreement"}
AGREEMENT = "4-coding-your-own"
CLUSTER = "3-exploring-clusters"
# Okabe and Ito (2008), black and a grey.
PALETTE = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#e69f00", "#56b4e9", "#999999"}
MAPS = {"cividis", "PuOr_r", "Blues"}  # perceptually even, or of two hues that the colour-blind tell apart
PREPARE = "%matplotlib inline\n%config InlineBackend.close_figures = False"
LOOK = """
import json as _json, sys as _sys
from matplotlib import colors as _colors, pyplot as _plt

def _look(axes):
    bar = axes.get_label() == "<colorbar>"
    used = [each.get_color() for each in axes.lines] + [each.get_facecolor() for each in axes.patches]
    used += [colour for each in axes.collections for colour in each.get_facecolor()]
    colours = [] if bar else [_colors.to_hex(each) for each in used]
    maps = [each.get_cmap().name for each in axes.images]
    return {"x": axes.get_xlabel(), "y": axes.get_ylabel(), "bar": bar, "colours": colours, "maps": maps}

_found = [[_look(axes) for axes in _plt.figure(number).axes] for number in _plt.get_fignums()]
print(_json.dumps({"python": _sys.executable, "figures": _found}))
"""

MOST = 700_000  # bytes of a notebook

Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a function that executes a notebook with some parameters set, and returns what its cells put out."""
    why = "notebooks are executed with it; it is not installed"
    nbclient = pytest.importorskip("nbclient", reason=why)
    nbformat = pytest.importorskip("nbformat", reason=why)
    pytest.importorskip("ipykernel", reason=why)
    for name in ("TMPDIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path))  # what a notebook writes goes away with the test
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def execute(name: str, parameters: list[str]) -> tuple[list[Any], dict[str, Any]]:
        for module, extra in NEEDS.items():
            if module == "matplotlib" or (module, name) in (("sklearn", CLUSTER), ("krippendorff", AGREEMENT)):
                pytest.importorskip(module, reason=f'the extra "{extra}" is not installed')
        book = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
        at = next(at for at, cell in enumerate(book.cells) if "parameters" in cell.metadata.get("tags", []))
        new = nbformat.v4.new_code_cell
        book.cells = [
            new(PREPARE),
            *book.cells[: at + 1],
            new("\n".join(parameters)),
            *book.cells[at + 1 :],
            new(LOOK.strip()),
        ]
        kernel = {"kernel_name": "python3", "timeout": 600, "resources": {"metadata": {"path": str(FOLDER)}}}
        nbclient.NotebookClient(book, **kernel).execute()
        *outputs, last = [output for cell in book.cells for output in cell.get("outputs", [])]
        return outputs, json.loads(last["text"])

    return execute


def check(outputs: list[Any], looked: dict[str, Any], figures: int) -> None:
    """Hold that nothing was complained of, and that there are so many figures whose axes say what they show."""
    assert Path(looked["python"]).resolve() == Path(sys.executable).resolve()
    assert [output["text"] for output in outputs if output.get("name") == "stderr"] == []
    assert len(looked["figures"]) == figures
    for figure in looked["figures"]:
        for axes in figure:
            assert axes["x"] or axes["y"]
            assert axes["bar"] or (axes["x"] and axes["y"]), axes
            assert set(axes["colours"]) <= PALETTE
            assert set(axes["maps"]) <= MAPS


def pictures(outputs: list[Any]) -> list[str]:
    """Return the words of each SVG that the cells put out."""
    found = [
        "".join(output["data"]["image/svg+xml"]) for output in outputs if "image/svg+xml" in output.get("data", {})
    ]
    return [" ".join(re.findall(r">([^<>]+)</text>", svg)) for svg in found]


def texts(outputs: list[Any]) -> str:
    """Return all Markdown that the cells put out."""
    return "\n".join("".join(output["data"].get("text/markdown", "")) for output in outputs if "data" in output)


@pytest.mark.parametrize("name", SMALL)
def test_git_keeps_what_a_whole_execution_put_out(name: str) -> None:
    path = FOLDER / f"{name}.ipynb"
    book = json.loads(path.read_text(encoding="utf-8"))
    assert path.stat().st_size < MOST
    assert book["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    cells = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1)), "python notebooks/execute.py"
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert {output["output_type"] for output in outputs} <= {"display_data", "execute_result"}, "nothing complained"
    assert sum("image/png" in output["data"] or "image/svg+xml" in output["data"] for output in outputs) >= 3
    assert not re.search(r"/(?:home|root|Users|work)/", json.dumps(outputs)), "nobody's folders"
    assert all(cell["metadata"].keys() <= {"tags"} for cell in book["cells"])


@pytest.mark.parametrize("name", SMALL)
def test_cells_are_told_apart_and_links_lead_somewhere(name: str) -> None:
    book = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])
    assert sum("parameters" in cell["metadata"].get("tags", []) for cell in book["cells"]) == 1
    for cell in book["cells"]:
        assert "attachments" not in cell
        if cell["cell_type"] == "markdown":
            for link in re.findall(r"\]\((?!https:)([^)#]+)", "".join(cell["source"])):
                assert (FOLDER / link).exists(), link


def test_the_readme_names_every_notebook() -> None:
    said = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == sorted(SMALL)
    assert all(f"({name}.ipynb)" in said for name in SMALL)


def test_the_essay(run: Run) -> None:
    outputs, looked = run("1-reading-the-essay", SMALL["1-reading-the-essay"])
    check(outputs, looked, 5)
    (strip,) = pictures(outputs)
    assert "start of the text" in strip and "its end" in strip
    assert re.search(r"\d words in \d+ passages", texts(outputs))


def test_a_short_text_on_another_matter(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(
        "The council will mend the bridge over the river before the winter, the mayor said."
    )
    outputs, looked = run("1-reading-the-essay", [f"TEXT = {str(tmp_path / 'one.txt')!r}"])
    check(outputs, looked, 5)
    assert "Off topic" in texts(outputs)


def test_the_corpus(run: Run) -> None:
    outputs, looked = run("2-the-corpus", SMALL["2-the-corpus"])
    check(outputs, looked, 2)
    (comparison,) = pictures(outputs)
    assert "share of passages" in comparison and "Chinese officials" in comparison
    assert "12 documents could be read, 0 could not" in texts(outputs)


def test_a_group_called_as_a_column_is_and_more_passages_asked_for_than_there_are(run: Run) -> None:
    outputs, looked = run("2-the-corpus", ["DOCUMENTS, PASSAGES = 1, 150", 'GROUP = "date"'])
    check(outputs, looked, 1)
    assert "3 documents could be read, 0 could not" in texts(outputs)


@pytest.mark.parametrize("sides", ['("US", "CN")', '("US officials",)'])
def test_sides_that_are_not_two_groups_are_named(run: Run, sides: str) -> None:
    with pytest.raises(Exception, match=r"SIDES must be two groups .*\['US officials', 'Chinese officials'"):
        run("2-the-corpus", ["DOCUMENTS, PASSAGES = 2, 3", f"SIDES = {sides}"])


def test_a_corpus_of_one_s_own(run: Run, tmp_path: Path) -> None:
    rows = [row for row in gold() if row["about"]]
    records = [
        make_record(rows[at * 4 : at * 4 + 4], f"d{at}", country="AB"[at % 2], date=f"20{20 + at // 3}", title=f"T{at}")
        for at in range(12)
    ]
    lines = [*records, {"id": None, "source": "lost.pdf", "error": "it is encrypted."}]
    (tmp_path / "records.jsonl").write_text("\n".join(map(json.dumps, lines)))
    outputs, looked = run("2-the-corpus", [f"TEXTS = {str(tmp_path / 'records.jsonl')!r}", 'GROUP = "country"'])
    check(outputs, looked, 2)
    comparison, trend = pictures(outputs)
    assert "A (6 documents)" in comparison
    assert "2020" in trend and "year (12 documents)" in trend
    assert "12 documents could be read, 1 could not" in texts(outputs)


def test_a_corpus_without_two_groups_to_compare(run: Run, tmp_path: Path) -> None:
    rows = [row for row in gold() if row["about"]]
    lines = [json.dumps(make_record(rows[at * 4 : at * 4 + 4], f"d{at}")) for at in range(6)]
    (tmp_path / "records.jsonl").write_text("\n".join(lines))
    outputs, looked = run("2-the-corpus", [f"TEXTS = {str(tmp_path / 'records.jsonl')!r}"])
    check(outputs, looked, 1)
    said = texts(outputs)
    assert "No group by voice has 3 documents" in said
    assert "not two groups by voice" in said and "0 of 6 documents have a voice in their metadata" in said


def test_the_clusters(run: Run) -> None:
    outputs, looked = run("3-exploring-clusters", SMALL["3-exploring-clusters"])
    check(outputs, looked, 4)
    said = texts(outputs)
    assert "Identical assignments after shuffling: **True**" in said
    assert "Mean Jaccard over clusters" in said


def test_more_clusters_than_shapes_and_colours(run: Run) -> None:
    outputs, looked = run("3-exploring-clusters", [*SMALL["3-exploring-clusters"], "CLUSTERS = 20"])
    check(outputs, looked, 4)
    assert "40 passages in 20 clusters" in texts(outputs)
    (overview,) = [
        html for each in outputs if "verdict" in (html := "".join(each.get("data", {}).get("text/html", "")))
    ]
    alone = overview.count("<td>of one alone, so no group</td>")
    assert overview.count("<td>NaN</td>") == alone > 0, "what is no group has no Jaccard"


@pytest.mark.parametrize("by_chance", [False, True])
def test_clusters_of_one_s_own_documents(run: Run, tmp_path: Path, by_chance: bool) -> None:
    from clustering.makers import documents, draws

    made = draws(18, embedding=True) if by_chance else documents(6, embedding=True)
    (tmp_path / "records.jsonl").write_text("\n".join(json.dumps(record) for record in made))
    set_to = [f"TEXTS = {str(tmp_path / 'records.jsonl')!r}", 'LEVEL, GROUP = "document", "title"']
    outputs, looked = run("3-exploring-clusters", set_to)
    check(outputs, looked, 4)
    said = texts(outputs)
    assert ("18 documents in 3 clusters, by how they frame." in said) == (not by_chance)
    assert ("by how they frame: no finding." in said) == by_chance
    assert ("which tells nothing here" in said) == by_chance


def test_coding(run: Run) -> None:
    outputs, looked = run(AGREEMENT, SMALL[AGREEMENT])
    check(outputs, looked, 4)
    assert "At least two coders share 16" in texts(outputs)


def test_codings_of_one_s_own_in_a_review_database(run: Run, tmp_path: Path) -> None:
    from rhetoric.annotation.store import Entry, create_review

    rows = gold()[:12]
    other = [{**row, "about": 1 - row["about"]} if at == 3 else row for at, row in enumerate(rows)]
    entries = (Entry(row["id"], row["text"]) for row in rows)
    create_review(tmp_path / "mine.sqlite", entries, "a test", codings={"anna": rows, "ben": other})
    parameters = [*SMALL[AGREEMENT], f"CODINGS = [{str(tmp_path / 'mine.sqlite')!r}]"]
    outputs, looked = run(AGREEMENT, parameters)
    check(outputs, looked, 4)
    assert "Passages coded: anna 12, ben 12. At least two coders share 12" in texts(outputs)
    assert "1 disagreement, written" in texts(outputs)


def test_codings_of_a_frame_of_one_s_own_alone(run: Run, tmp_path: Path) -> None:
    for coder in range(2):
        rows = [
            {"id": row["id"], "text": row["text"], "frames": {"mine": int(at % 3 == coder)}}
            for at, row in enumerate(gold()[:12])
        ]
        (tmp_path / f"coder{coder}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    files = [str(tmp_path / f"coder{coder}.jsonl") for coder in range(2)]
    outputs, looked = run(AGREEMENT, [*SMALL[AGREEMENT], f"CODINGS = {files!r}"])
    check(outputs, looked, 2)
    assert "8 disagreements, written" in texts(outputs)
    assert "No spans were coded by two." in texts(outputs)
    assert "No frame was coded both present and absent" in texts(outputs)


@pytest.mark.parametrize("text", [True, False])
def test_codings_of_one_frame_and_without_text(run: Run, tmp_path: Path, text: bool) -> None:
    rows = [{**row, "frames": {"race": row["frames"]["race"]}} for row in gold() if row["about"]][:24]
    kept = [{name: row[name] for name in ("id", "frames", *["text"] * text)} for row in rows]
    for coder in range(2):
        (tmp_path / f"coder{coder}.jsonl").write_text("\n".join(map(json.dumps, kept)))
    files = [str(tmp_path / f"coder{coder}.jsonl") for coder in range(2)]
    outputs, looked = run(AGREEMENT, [*SMALL[AGREEMENT], f"CODINGS = {files!r}"])
    check(outputs, looked, 2 + text)
    assert ("No passage of coder0 could be read" in texts(outputs)) is not text
    assert ("No frame was coded both present and absent" in texts(outputs)) is not text
    assert any("sensitivity" in str(each) for each in outputs) is text


def test_trust(run: Run) -> None:
    outputs, looked = run("5-how-far-to-trust-it", SMALL["5-how-far-to-trust-it"])
    check(outputs, looked, 4)


@pytest.mark.parametrize("coded", [("framing", "instances", "frames", "about"), ("framing", "instances"), ("frames",)])
def test_trust_on_one_s_own_gold(run: Run, tmp_path: Path, coded: tuple[str, ...]) -> None:
    rows = [{name: row[name] for name in ("id", "text", *coded)} for row in gold()[:12]]
    if len(coded) < 4:
        rows = [row | ({"frames": {"race": row["frames"]["race"]}} if "frames" in row else {}) for row in rows]
        del rows[0]["text"]
    (tmp_path / "mine.jsonl").write_text("\n".join(map(json.dumps, rows)))
    outputs, looked = run("5-how-far-to-trust-it", [f"GOLD = {str(tmp_path / 'mine.jsonl')!r}", "SWAPPED = 4"])
    check(outputs, looked, 4)
    assert ("1 of 12 passages" in texts(outputs)) == ("text" not in rows[0])
