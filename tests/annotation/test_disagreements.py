"""What coders differ on, in words and in files, and whether they coded the same texts."""

import csv
import json
import time
from pathlib import Path

import pytest
from training.makers import coded

from rhetoric.annotation.agreement import (
    list_disagreements,
    share,
    write_disagreements,
)
from rhetoric.errors import RhetoricError
from rhetoric.gold import text_sum

from .codes import differing


def test_disagreements_are_told_in_words() -> None:
    found = list_disagreements(share(dict(zip(("anna", "ben"), differing(), strict=True))))
    assert list(dict.fromkeys(each.id for each in found)) == ["r", "p"]  # the passage with most comes first
    told = {(each.field, each.kind): each.said for each in found if each.id == "p"}
    assert told == {
        ("framing", "label"): {"anna": "unmasking", "ben": "none"},
        ("framing.account", "not everybody"): {"anna": "“engine”", "ben": "-"},
        ("framing.machinery", "not everybody"): {"anna": "“growth”", "ben": "-"},
        ("metaphor", "bounds"): {"anna": "“engine” (war, ai)", "ben": "“engine of growth” (machine, ai)"},
        ("metaphor", "label of span"): {"anna": "“engine room” (war, ai)", "ben": "“engine room” (machine, ai)"},
    }


def test_many_passages_of_other_texts_are_put_aside_at_once() -> None:
    coders = {name: [{"id": str(at), "text": name if at else "same"} for at in range(20_000)] for name in ("a", "b")}
    begun = time.perf_counter()
    found = share(coders)
    assert (len(found.rows), len(found.other_text)) == (1, 19_999)
    assert time.perf_counter() - begun < 2  # a fortieth of it where each is looked at once


def test_disagreements_are_written_for_a_spreadsheet_and_for_scripts(tmp_path: Path) -> None:
    shared = share(dict(zip(("=anna", "ben"), differing(), strict=True)))
    found = list_disagreements(shared)
    write_disagreements(found, shared.coders, tmp_path / "d.csv")
    raw = (tmp_path / "d.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    assert len(table) == len(found) and list(table[0]) == ["id", "field", "kind", "'=anna", "ben", "text"]
    assert table[0]["text"].startswith("'=The engine")
    write_disagreements(found, shared.coders, tmp_path / "d.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "d.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [each["said"] for each in lines] == [each.said for each in found]
    assert [line["text"][a:b] for line in lines for a, b in line["spans"].get("=anna", [])][:2] == ["=Th", "engine"]
    with pytest.raises(RhetoricError, match=r"\.jsonl or \.csv"):
        write_disagreements(found, shared.coders, tmp_path / "d.xlsx")


def test_half_a_character_in_a_text_leaves_readable_files(tmp_path: Path) -> None:
    one, other = ([coded("p", "\ud83d One.", framing=said, coder="a")] for said in ("none", "partial"))
    shared = share({"ada": one, "half \ud83d": other})
    for name in ("d.csv", "d.jsonl"):
        write_disagreements(list_disagreements(shared), shared.coders, tmp_path / name)
    (line,) = (tmp_path / "d.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["text"] == "\ud83d One."
    (row,) = csv.DictReader((tmp_path / "d.csv").read_text(encoding="utf-8-sig").splitlines())
    assert (row["text"], row["half ?"]) == ("? One.", "partial")


def test_every_column_for_a_spreadsheet_has_a_name_of_its_own(tmp_path: Path) -> None:
    coders = ("text", "coder text", "id", "ben")
    shared = share(dict(zip(coders, (*differing(), *differing()), strict=True)))
    write_disagreements(list_disagreements(shared), coders, tmp_path / "d.csv")
    (head, *_) = (tmp_path / "d.csv").read_text(encoding="utf-8-sig").splitlines()
    assert head == "id,field,kind,coder text,coder coder text,coder id,ben,text"


def test_a_text_is_the_same_where_one_coder_has_it_and_another_its_place() -> None:
    text = "It is a race."
    place = {"slug": "a", "start": 0, "end": 13}
    kept, other = ({**place, "sha": text_sum(said)} for said in (text, "It is no race."))
    for row, same in [(kept, True), (other, False)]:
        moved = {name: value for name, value in coded("p", text).items() if name != "text"} | row
        again = coded("q", text)
        found = share({"ada": [coded("p", text), again], "ben": [moved, again]})
        assert ("p" in found.rows, found.other_text) == (same, () if same else ("p",))
