import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from training.makers import coded

from annotation.makers import HARD, authored, span
from rhetoric.annotation.adjudication import normal
from rhetoric.annotation.codings import is_database, read_codings, write_codings
from rhetoric.annotation.store import Entry, create_review
from rhetoric.errors import RhetoricError, SourceError


def test_rows_name_their_coders_and_else_the_file_does(tmp_path: Path) -> None:
    rows = [coded("p", "One.", coder="ben"), coded("p", "One."), coded("q", "Two.", coder="ben")]
    write_codings(rows, tmp_path / "both.jsonl")
    found = read_codings(tmp_path / "both.jsonl")
    assert found == {"ben": [rows[0], rows[2]], "both": [rows[1]]}


@pytest.mark.parametrize(
    "rows",
    [
        authored(30),
        [{"id": "s", "framing": "none"}],
        [coded("hard", HARD, live_metaphors=[{"span": span(HARD, "漢字"), "source": "war", "target": "ai"}])],
        [coded("half", "a \ud83d b")],
    ],
    ids=["gold", "of one field", "hard", "half a character"],
)
def test_what_is_written_comes_back(rows: list[dict], tmp_path: Path) -> None:
    write_codings(rows, tmp_path / "a.jsonl")
    assert read_codings(tmp_path / "a.jsonl") == {"a": rows}


def test_a_database_is_known_by_what_it_holds(tmp_path: Path) -> None:
    create_review(tmp_path / "work", [Entry("p", "One.")], "tests", codings={"ada": [coded("p", "One.", about=1)]})
    assert is_database(tmp_path / "work")
    assert read_codings(tmp_path / "work") == {"ada": [coded("p", "One.", about=1, coder="ada")]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"framing": "exposing"}, "framing is 'exposing'"),
        ({"id": [3]}, "no JSON object whose id is a text"),
        ({"about": True}, "about is True"),
        ({"frames": {"race": 0.7}}, "frame race is 0.7"),
        ({"portrayal": {"france": {"role": "leader", "stance": 0}}}, "portrayal is 'france'"),
        ({"portrayal": {"us": {"role": "leader", "stance": 2}}}, "stance is 2"),
        ({"live_metaphors": [{"span": [0, 9], "source": "war", "target": "ai"}]}, "ends beyond its text"),
        ({"live_metaphors": [{"span": [1, 1], "source": "war", "target": "ai"}]}, "is no span"),
        ({"live_metaphors": [{"span": [0, 1], "source": "wars", "target": "ai"}]}, "source is 'wars'"),
        ({"contrasts": [{"label": "but", "a": [0, 1], "b": [2, 3], "cue": []}]}, "label is 'but'"),
        ({"contrasts": [{"label": "correction", "a": [0, 1], "cue": []}]}, "there is no 'b'"),
        ({"instances": [{"account": [[0, 1]], "machinery": [], "cue": [], "actor": "she"}]}, "actor is 'she'"),
    ],
)
def test_a_wrong_line_is_named(change: dict, said: str, tmp_path: Path) -> None:
    write_codings([coded("p", "One."), coded("q", "Two.") | change], tmp_path / "a.jsonl")
    with pytest.raises(SourceError, match=rf"a\.jsonl:2: .*{re.escape(said)}"):
        read_codings(tmp_path / "a.jsonl")


def test_a_passage_coded_twice_by_one_coder_is_named(tmp_path: Path) -> None:
    write_codings([coded("p", "One."), coded("p", "One.")], tmp_path / "a.jsonl")
    with pytest.raises(SourceError, match=r"a\.jsonl:2: a has coded passage p above already"):
        read_codings(tmp_path / "a.jsonl")


def test_no_json_and_no_file_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n{", encoding="utf-8")
    with pytest.raises(SourceError, match=r"a\.jsonl:2: this is not JSON"):
        read_codings(tmp_path / "a.jsonl")
    with pytest.raises(RhetoricError, match="cannot be read"):
        read_codings(tmp_path / "b.jsonl")
    with pytest.raises(RhetoricError, match="cannot be written"):
        write_codings([coded("p", "One.")], tmp_path / "no" / "folder.jsonl")


def test_a_file_has_its_name_only_once_it_is_complete(tmp_path: Path) -> None:
    def rows():
        yield coded("p", "One.")
        raise KeyError("stopped")

    with pytest.raises(KeyError):
        write_codings(rows(), tmp_path / "a.jsonl")
    assert not (tmp_path / "a.jsonl").exists()


@given(st.permutations(range(4)), st.permutations(range(2)))
def test_codings_that_say_the_same_are_equal_in_whatever_order(order: list[int], parts: list[int]) -> None:
    spans = [[[0, 3], [5, 9]][at] for at in parts]
    items = [{"span": [at, at + 1], "source": "war", "target": "ai"} for at in range(4)]
    row = coded("p", "Ten letters", live_metaphors=[items[at] for at in order])
    row["instances"] = [{"account": spans, "machinery": [], "cue": [], "actor": "us", "explicit": False}]
    straight = coded("p", "Ten letters", live_metaphors=items, note="another")
    straight["instances"] = [
        {"account": [[0, 3], [5, 9]], "machinery": [], "cue": [], "actor": "us", "explicit": False}
    ]
    assert normal(row) == normal(straight)
    assert normal(row) != normal({**straight, "about": 1})
    assert json.dumps(normal(row)) == json.dumps(normal(straight))
