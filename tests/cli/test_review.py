import json
from pathlib import Path
from typing import Any

import pytest
from annotation.makers import authored
from scoring.records import gold, make_record
from training.makers import coded

from rhetoric.annotation import review as application
from rhetoric.annotation.adjudication import normal
from rhetoric.annotation.codings import read_codings, write_codings
from rhetoric.annotation.review.session import Session
from rhetoric.annotation.store import Review
from rhetoric.labels import FRAMES

from .conftest import Invoke, lines


@pytest.fixture
def at_work(monkeypatch: pytest.MonkeyPatch) -> list[Session]:
    """Put somebody at the keyboard who says of every passage that is shown that it is done; gives their sessions."""
    seen: list[Session] = []

    def start(review: Review, coder: str, **named: Any) -> None:
        seen.append(Session(review, coder, **named))
        for number in seen[-1].queue:
            seen[-1].open(number)
            if not seen[-1].blind:
                seen[-1].finish()

    monkeypatch.setattr(application, "check_terminal", lambda: None)
    monkeypatch.setattr(application, "start", start)
    return seen


def test_a_sample_is_coded_and_becomes_gold(invoke: Invoke, at_work: list[Session]) -> None:
    rows = gold()[:8]
    Path("records.jsonl").write_text(json.dumps(make_record(rows, id="doc")), encoding="utf-8")
    invoke("sample", "records.jsonl", "-o", "sample.jsonl", "-n", "5")
    result = invoke("review", "sample.jsonl", "--coder", "ada")
    assert result.exit_code == 0, result.output
    assert result.stderr == "sample.sqlite: 5 passages.\n" and "ada: 5 done, 0 begun" in result.stdout
    again = invoke("review", "sample.jsonl", "--coder", "ben", "--blind")
    assert again.stderr == "" and "ben (blind): 0 done" in again.stdout, "it goes on with the same file"

    result = invoke("review", "sample.sqlite", "--gold", "gold.jsonl", "--codings", "codings.jsonl")
    assert result.exit_code == 0, result.output
    assert "gold.jsonl: 5 passages (5 coded by one only)." in result.stderr
    by_text = {row["text"]: row for row in rows}
    found = lines(Path("gold.jsonl").read_text(encoding="utf-8"))
    for row in found:
        assert normal(row) == normal(by_text[row["text"]])
        assert row["slug"] == "doc" and row["sample"]["by"] == "random" and row["coders"] == ["ada"]
    assert [row["id"] for row in read_codings(Path("codings.jsonl"))["ada"]] == [row["id"] for row in found]

    (told,) = lines(invoke("review", "sample.sqlite", "--json").stdout)
    assert told["passages"] == 5 and told["waiting"] == [] and told["made_from"] == "sample.jsonl"
    assert told["work"][0] == {"coder": "ada", "task": "code", "blind": False, "done": 5, "begun": 0}


def test_a_file_that_has_changed_since_is_not_taken_for_what_it_was(invoke: Invoke, at_work: list[Session]) -> None:
    source = Path("a.jsonl")
    write_codings([coded("p", "One.")], source)
    invoke("review", "a.jsonl", "--coder", "ada")
    for named in ("a.jsonl", "./a.jsonl", str(source.resolve())):
        assert invoke("review", named, "--coder", "ada").exit_code == 0
    write_codings([coded("p", "Two.")], source)
    for rest in (["--coder", "ada"], ["--gold", "gold.jsonl"], []):
        result = invoke("review", "a.jsonl", *rest)
        assert result.exit_code == 2, result.output
        told = "a.sqlite: a.jsonl changed after this database was made. Name another with -o, or go on with it"
        assert told in result.stderr.replace("\n", " ")
    assert len(at_work) == 4 and not Path("gold.jsonl").exists()
    assert invoke("review", "a.sqlite", "--gold", "gold.jsonl").exit_code == 0
    assert invoke("review", "a.jsonl", "-o", "b.sqlite").exit_code == 0
    source.unlink()
    assert invoke("review", "a.jsonl").exit_code == 0


def test_a_run_is_opened_as_its_passages(invoke: Invoke, analysed: list[str], at_work: list[Session]) -> None:
    Path("a.txt").write_text("A race here.\n\nNothing there.", encoding="utf-8")
    result = invoke(
        "review", "a.txt", "--coder", "ada", "-o", "work.sqlite", "--only", "metaphor,frames", "--frame", "moral"
    )
    assert result.exit_code == 0, result.output
    rows = read_codings(Path("work.sqlite"))["ada"]
    assert [row["text"] for row in rows] == ["A race here.", "Nothing there."]
    assert set(rows[0]) == {"id", "text", "slug", "start", "end", "live_metaphors", "frames", "coder"}
    assert list(rows[0]["frames"]) == [*FRAMES, "moral"]
    invoke("review", "a.txt", "--coder", "ada", "-o", "one.sqlite", "--only", "moral", "--frame", "moral")
    assert [row["frames"] for row in read_codings(Path("one.sqlite"))["ada"]] == [{"moral": 0}, {"moral": 0}]


@pytest.mark.parametrize(
    ("made", "asked", "said"),
    [
        (
            [],
            ["--frame", "moral"],
            "a.sqlite: this database is there already, and was made without --frame moral. Make "
            "another with -o FILE.sqlite, or go on with it: rhetoric review a.sqlite",
        ),
        ([], ["--frame", "moral", "--only", "moral"], "made without --frame moral, --only moral. Make another with -o"),
        ([], ["--only", "frames"], "made without --only frames"),
        (["--only", "frames"], ["--only", "frames,about"], "made without --only frames,about"),
        (["--only", "race"], ["--only", "threat"], "made without --only threat"),
        ([], ["--only", "verbs"], "--only verbs: choose among"),
        ([], [], ""),
        (["--frame", "moral"], [], ""),
        (["--frame", "moral"], ["--frame", "moral"], ""),
        (["--frame", "moral", "--frame", "x", "--only", "moral"], ["--frame", "x", "--only", "moral"], ""),
        (["--only", "about,frames"], ["--only", "frames,about"], ""),
        (["--only", "frames"], ["--only", "frames,race"], ""),
    ],
)
def test_a_database_is_gone_on_with_as_it_was_made(
    made: list[str], asked: list[str], said: str, invoke: Invoke, at_work: list[Session]
) -> None:
    write_codings([coded("p", "One.")], Path("a.jsonl"))
    assert invoke("review", "a.jsonl", "--coder", "ada", *made).exit_code == 0
    for source in ("a.jsonl", "a.sqlite"):
        result = invoke("review", source, "--coder", "ada", *asked)
        assert result.exit_code == (2 if said else 0) and said in result.stderr.replace("\n", " "), result.output
        assert len(at_work) == (1 if said else 2 + (source == "a.sqlite"))


def test_gold_is_opened_with_what_it_says(invoke: Invoke, at_work: list[Session]) -> None:
    rows = authored(6)
    rows[0]["frames"]["moral"] = 1
    write_codings(rows, Path("gold.jsonl"))
    result = invoke("review", "gold.jsonl", "--coder", "ada")
    assert result.exit_code == 0, result.output
    found = read_codings(Path("gold.sqlite"))["ada"]
    assert [row["register"] for row in found] == [row["register"] for row in rows]
    assert found[0]["frames"]["moral"] == 1 and found[1]["frames"]["moral"] == 0
    assert [row["live_metaphors"] for row in map(normal, found)] == [row["live_metaphors"] for row in map(normal, rows)]


def test_files_of_codings_are_adjudicated(invoke: Invoke, at_work: list[Session]) -> None:
    texts = ["They agree.", "They do not.", "One saw it."]
    write_codings([coded(f"p{at}", text, about=1) for at, text in enumerate(texts)], Path("ada.jsonl"))
    write_codings([coded("p0", texts[0], about=1), coded("p1", texts[1])], Path("ben.jsonl"))
    result = invoke("review", "ada.jsonl", "ben.jsonl", "--adjudicate", "-o", "both.sqlite")
    assert result.exit_code == 2 and "--coder NAME" in result.stderr
    made = invoke("review", "ada.jsonl", "ben.jsonl", "--adjudicate", "-o", "both.sqlite", "--gold", "gold.jsonl")
    assert made.exit_code == 0, made.output
    assert "2 passages (1 coded alike, 1 coded by one only)" in made.stderr
    assert (
        "warning: gold.jsonl: coders differ on 1 passage, left out until adjudicated: rhetoric review both.sqlite"
        in made.stderr
    )

    with Review(Path("both.sqlite")) as review:
        session = Session(review, "eve", adjudicate=True)
        assert session.queue == [1]
        from rhetoric.annotation.review import edits

        session.edit(edits.set_field, "about", 0)
        ada = review.join("ada")
        ada.decide(1, "", {**(ada.coding(1) or {}), "note": "again"})
        session.choose(session.filter)  # which looks at the coders anew
        assert session.outdated and session.coding["about"] == 0
        session.finish()
    invoke("review", "both.sqlite", "--gold", "gold.jsonl", "--overwrite")
    found = lines(Path("gold.jsonl").read_text(encoding="utf-8"))
    assert [(row["id"], row["about"], row.get("adjudicated")) for row in found] == [
        ("p0", 1, None),
        ("p1", 0, "eve"),
        ("p2", 1, None),
    ]


def test_where_coders_differ_on_all_the_codings_are_written_and_the_gold_is_asked_for(invoke: Invoke) -> None:
    write_codings([coded("p", "One.", about=1)], Path("ada.jsonl"))
    write_codings([coded("p", "One.", about=0)], Path("ben.jsonl"))
    made = invoke("review", "ada.jsonl", "ben.jsonl", "--adjudicate", "-o", "both.sqlite", "--json")
    assert made.exit_code == 0, made.output
    result = invoke("review", "both.sqlite", "--codings", "all.jsonl", "--gold", "gold.jsonl")
    assert result.exit_code == 2
    assert "gold.jsonl: nothing to write; no passage is coded alike or adjudicated yet." in result.stderr
    assert "gold.jsonl: 0 passages" not in result.stderr
    assert [*read_codings(Path("all.jsonl"))] == ["ada", "ben"] and not Path("gold.jsonl").exists()
    told = invoke("evaluate", "both.sqlite")
    settle = "no passage in it is gold yet. Settle what coders differ on: rhetoric review both.sqlite --adjudicate"
    assert told.exit_code == 2 and settle in told.stderr, told.output


def test_only_fields_that_all_have_coded_are_adjudicated(invoke: Invoke) -> None:
    write_codings([coded("p", "One.", about=1)], Path("ada.jsonl"))
    silver = coded("p", "One.")
    del silver["contrasts"], silver["live_metaphors"]
    write_codings([silver], Path("ben.jsonl"))
    result = invoke("review", "ada.jsonl", "ben.jsonl", "--adjudicate", "-o", "both.sqlite", "--json")
    assert result.exit_code == 0, result.output
    assert "since some codings lack it: contrasts and live_metaphors." in result.stderr
    with Review(Path("both.sqlite")) as review:
        assert review.fields == ("framing", "instances", "frames", "about", "portrayal")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.jsonl", "--blind"], "Say who you are: --coder NAME"),
        (["a.jsonl", "--coder", "ada", "--json"], "Leave --coder away"),
        (["a.jsonl", "--coder", "ada", "--blind", "--adjudicate"], "do not go together"),
        (["a.jsonl", "--coder", " "], "use a plain name"),
        (["a.jsonl", "--coder", "machine"], "this name stands for what no coder said"),
        (["a.jsonl", "--coder", "a\x1bb"], "use a plain name"),
        (["a.jsonl", "b.jsonl", "--coder", "ada"], "Name the new database: -o FILE.sqlite"),
        (["a.sqlite", "b.jsonl"], "Name one review database"),
        (["none.sqlite"], "there is no such file"),
        (["a.jsonl", "--only", "verbs"], "--only verbs: choose among framing, contrast"),
        (["a.jsonl", "--frame", "a,b"], "--frame 'a,b': use a plain name, without commas"),
        (["a.jsonl", "--frame", " race"], "--frame ' race': use a plain name"),
        (["a.jsonl", "--frame", ""], "--frame '': use a plain name"),
        (["a.jsonl", "--frame", "framing"], "none of framing, contrast"),
        (["a.jsonl", *(word for at in range(32) for word in ("--frame", f"f{at}"))], "42 frames, and there are keys"),
        (["a.jsonl", "-o", "no/where.sqlite"], "there is no folder no"),
        (["a.sqlite", "-o", "b.sqlite", "--texts", "."], "a.sqlite: -o, --texts would do nothing"),
        (["a.sqlite", "--pipeline", "."], "a.sqlite: --pipeline would do nothing"),
        (["b.jsonl", "-o", "a.sqlite"], "was made of a.jsonl, not of b.jsonl"),
        (["a.sqlite", "--gold", "gold.jsonl"], "nothing to write; no passage is done"),
        (["text.txt", "--adjudicate", "--json"], "name a review database, or files of coded passages"),
        (["a.jsonl", "--gold", "gold.jsonl"], "a.sqlite: there is no such review database yet, so nobody has coded"),
        (["a.sqlite", "--gold", "one.jsonl", "--codings", "one.jsonl"], "--gold and --codings are two files"),
        (["a.jsonl", "--json"], "Code first: rhetoric review a.jsonl --coder NAME"),
        (["silver.jsonl"], "1 passage without a text. Name the folder of their texts: --texts"),
        (["a.jsonl", "b.jsonl", "--adjudicate", "--json", "-o", "c.sqlite"], "has another text here"),
    ],
)
def test_what_is_wrong_is_told(arguments: list[str], said: str, invoke: Invoke, at_work: list[Session]) -> None:
    write_codings([coded("p", "One.")], Path("a.jsonl"))
    write_codings([coded("p", "Two.")], Path("b.jsonl"))
    write_codings([{"id": "s", "framing": "none"}], Path("silver.jsonl"))
    Path("text.txt").write_text("A text.", encoding="utf-8")
    if any(argument.endswith(".sqlite") for argument in arguments):
        invoke("review", "a.jsonl")
    result = invoke("review", *arguments)
    assert result.exit_code == 2 and said in result.stderr.replace("\n", " "), result.output
    assert Path("a.sqlite").exists() == any(argument.endswith(".sqlite") for argument in arguments)


@pytest.mark.parametrize("option", ["--gold", "--codings"])
def test_a_file_that_is_there_is_told_before_anything_else(option: str, invoke: Invoke, at_work: list[Session]) -> None:
    write_codings([coded("p", "One.")], Path("a.jsonl"))
    invoke("review", "a.jsonl", "--coder", "ada")
    for target, said in (
        ("a.jsonl", "this file exists"),
        ("-", "standard output already"),
        ("a.csv", "ends in .jsonl"),
    ):
        result = invoke("review", "a.sqlite", option, target)
        assert result.exit_code == 2 and said in result.stderr
        assert result.stderr.startswith("error: ") and len(result.stderr.splitlines()) == 1


def test_it_needs_a_terminal(invoke: Invoke) -> None:
    pytest.importorskip("textual", reason="needs the extra review")
    write_codings([coded("p", "One.")], Path("a.jsonl"))
    result = invoke("review", "a.jsonl", "--coder", "ada")
    assert result.exit_code == 2 and "needs a terminal" in result.stderr
    assert not Path("a.sqlite").exists(), "nothing is made before that is known"


def test_without_its_extra_it_says_what_to_install(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "textual", None)
    write_codings([coded("p", "One.")], Path("a.jsonl"))
    result = invoke("review", "a.jsonl", "--coder", "ada")
    assert result.exit_code == 2 and "pip install 'rhetoric-toolkit[review]'" in result.stderr


def test_frames_alone_go_from_two_coders_to_gold_and_to_their_agreement(invoke: Invoke, at_work: list[Session]) -> None:
    pytest.importorskip("krippendorff", reason="needs the extra agreement")
    rows = [{"id": f"p{at}", "text": f"Passage {at}.", "frames": {"mine": at % 2}} for at in range(6)]
    other = [{**rows[0], "frames": {"mine": 1}}, *rows[1:]]
    write_codings(rows, Path("ada.jsonl"))
    write_codings(other, Path("ben.jsonl"))
    result = invoke("agreement", "ada.jsonl", "ben.jsonl")
    assert result.exit_code == 0, result.output
    assert "frames.mine" in result.stdout and "framing.account" not in result.stdout
    missing = "framing, about, frames of the codebook, portrayal, contrast and metaphor"
    assert f"Not coded by two of them: {missing}." in " ".join(result.stdout.split())
    result = invoke("review", "ada.jsonl", "ben.jsonl", "--adjudicate", "-o", "both.sqlite", "--gold", "gold.jsonl")
    assert result.exit_code == 0, result.output
    assert "coders differ on 1 passage," in result.stderr
    found = lines(Path("gold.jsonl").read_text(encoding="utf-8"))
    assert [row["frames"] for row in found] == [{"mine": at % 2} for at in range(1, 6)], "nobody coded the others"
