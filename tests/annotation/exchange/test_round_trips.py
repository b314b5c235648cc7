"""What goes out to a tool's files comes back from them: on the gold, and on whatever hypothesis thinks up."""

import copy
import csv
import json
import re
import tempfile
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas
import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from pipeline.makers import steady
from scoring.records import essay

from rhetoric.annotation.codings import read_codings
from rhetoric.annotation.exchange import gold
from rhetoric.annotation.exchange.finish import finish
from rhetoric.annotation.exchange.formats import FORMATS
from rhetoric.annotation.exchange.tables import OPTIONAL
from rhetoric.errors import SourceError
from rhetoric.gold import read_gold
from rhetoric.resources import CORPORA

from .makers import MOST, coded, read, records, write

WAYS = [
    (name, ending)
    for name, form in FORMATS.items()
    for ending in (form.suffixes[:1] if form.shape == "file" else ("", *form.suffixes))
]
NARROW = ("doccano", "gold")  # these lose what every record holds
each_way = pytest.mark.parametrize(("name", "ending"), WAYS)


def there_and_back(name: str, ending: str, found: list[Any], lost: Counter[str] | None = None) -> list[Any]:
    taken: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        back = read(name, write(name, Path(folder) / f"out{ending}", *found, lost=lost), taken)
    assert +taken == Counter()
    return back


@lru_cache
def coded_passages() -> list[Any]:
    return list(gold.read(CORPORA / "gold" / "authored.jsonl", MOST, Counter()))


def narrowed(name: str, record: Any) -> Any:
    """Return what a narrow format leaves of a record, with the defaults of what it loses."""
    made = copy.deepcopy(record)
    if name in NARROW:
        for item in (*made["framing"], *made["contrasts"], *made["metaphors"]):
            item["score"] = 1.0
    if name == "doccano":
        for instance in made["framing"]:
            instance["explicit"] = bool(instance["cue"])
    return made


@each_way
def test_the_gold_comes_back(name: str, ending: str) -> None:
    found = coded_passages()
    assert len(found) == 610
    some = found if name in ("jsonl", "parquet", "doccano") else found[::12]  # the slow ones read a part
    lost: Counter[str] = Counter()
    assert there_and_back(name, ending, some, lost) == [narrowed(name, record) for record in some]
    assert set(+lost) <= set(FORMATS[name].lost)


@given(records())
@steady
def test_any_record_comes_back(record: dict[str, Any]) -> None:
    for name, ending in WAYS:
        if name in ("gold", "inception"):  # one cuts records up, the other has a test of its own
            continue
        lost: Counter[str] = Counter()
        (back,) = there_and_back(name, ending, [record], lost)
        said = set(+lost) - set(FORMATS[name].lost)
        if not said:
            assert back == narrowed(name, record), name
        else:  # two items on one stretch of text, or two framing instances of one span in a passage
            assert name in ("docbin", "doccano")
            assert (back["id"], back["text"], back["meta"]) == (record["id"], record["text"], record["meta"])


@given(records())
@steady
def test_gold_of_any_record_can_be_read(record: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lost: Counter[str] = Counter()
        path = write("gold", Path(folder) / "gold.jsonl", record, lost=lost)
        ids = [row["id"] for row in read_gold(path)]
        assert [each["id"] for each in read("gold", path)] == ids
        assert len(ids) == len(record["passages"]) - lost["passages of space alone"]


@given(records())
@settings(steady, max_examples=20)
def test_any_record_comes_back_from_inception(record: dict[str, Any]) -> None:
    lost: Counter[str] = Counter()
    (back,) = there_and_back("inception", "", [record], lost)
    expected = copy.deepcopy(record) | {"text": record["text"].replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")}
    places, left_out = Counter((each["start"], each["end"]) for each in record["passages"]), 0
    for passage in expected["passages"]:
        own = passage.pop("custom", {})
        alone = places[passage["start"], passage["end"]] == 1
        kept = {label: said for label, said in own.items() if alone and not {"\ufffe", "\uffff"} & set(label)}
        left_out += len(own) - len(kept)
        passage |= {"custom": kept} if kept else {}
    assert back == expected
    assert sum(times for what, times in lost.items() if what.startswith("passages.custom")) == left_out


def test_accounts_in_two_paragraphs_come_back_from_doccano_apart() -> None:
    alone = {"machinery": [], "cue": [], "actor": "us", "explicit": False, "score": 1.0}
    framing = [{"account": [span], **alone} for span in ([0, 3], [6, 9])]
    record = coded("One.\n\nTwo.", passages=[], framing=framing)
    lost: Counter[str] = Counter()
    assert there_and_back("doccano", ".jsonl", [record], lost) == [record]
    assert set(+lost) <= {*FORMATS["doccano"].lost}


def test_what_spacy_has_no_place_for_is_counted() -> None:
    lost: Counter[str] = Counter()
    meta = {"post": 2**70, "tags": [1, 2**63 - 1, 0.5]}
    metaphors = [{"span": [8, 12], "live": False, "score": score} for score in (0.5, 0.25)]
    (back,) = there_and_back("docbin", ".spacy", [coded("It is a race.", meta=meta, metaphors=metaphors)], lost)
    assert (back["meta"], back["metaphors"]) == ({**meta, "post": str(2**70)}, metaphors[:1])
    assert +lost == {
        "numbers of more than 64 bits, written as text": 1,
        "metaphors that cover the same stretch as another": 1,
    }


@each_way
def test_what_not_every_record_holds_comes_back_or_is_counted(name: str, ending: str) -> None:
    record = coded("It is a race. It is not a relay.", note="mine")
    (passage,) = record["passages"]
    passage["custom"] = {"mine": {"score": 0.3, "present": True}, "not": {"score": 0.2, "present": False}}
    passage["sentences"] = {"race": {"start": 0, "end": 13, "without": 0.25}}
    passage |= {"embedding": [0.123, -0.5, 0.001], "mood": 0.5}
    record["pipeline"] = {**record["pipeline"], "parts": {"about": "1", "encoder": "2"}}
    lost: Counter[str] = Counter()
    (back,) = there_and_back(name, ending, [record], lost)
    (found,) = back["passages"]
    for field in ("sentences", "embedding"):
        left = f"passages.{field}" in FORMATS[name].lost
        assert (lost[f"passages.{field}"], field in found) == (left, not left)
        if left:
            del passage[field]
    whole = name in ("jsonl", "prodigy", "doccano")  # of the passages
    assert lost["further fields"] == (0 if name == "jsonl" else 1 if whole else 2)
    if name != "jsonl":
        del record["note"]
    if not whole:
        del passage["mood"]
    if name == "gold":
        assert lost["passages.custom (rounded to yes or no)"] == 2
        assert (found["frames"]["mine"], found["frames"]["not"]) == (1.0, 0.0)
    else:
        assert "passages.custom" not in +lost
        assert back == narrowed(name, record)


def test_a_table_that_a_spreadsheet_wrote_can_be_read(tmp_path: Path) -> None:
    record = finish(essay(), Counter())
    path = tmp_path / "long.csv"
    write("csv", path, record)
    path.write_text(re.sub(",(true|false)(?=,)", lambda found: found[0].upper(), path.read_text("utf-8")), "utf-8")
    assert ",TRUE," in path.read_text("utf-8") and ",FALSE," in path.read_text("utf-8")
    assert read("csv", path) == [record]


@pytest.mark.parametrize("missing", ["", "NA"])
@pytest.mark.parametrize("ending", ["", ".csv"])
def test_a_table_that_pandas_or_r_wrote_can_be_read(ending: str, missing: str, tmp_path: Path) -> None:
    found = [finish(essay(), Counter()), coded("It is a race.")]  # not every row fills every column of whole numbers
    for record in found:
        record["pipeline"] = {**record["pipeline"], "sha256": "abc"}  # which pandas takes for no number
    path = write("csv", tmp_path / f"out{ending}", *found)
    for file in [path] if ending else [*path.iterdir()]:
        pandas.read_csv(file).to_csv(file, index=False, na_rep=missing)
    assert any(",0.0" in file.read_text("utf-8") for file in ([path] if ending else path.iterdir()))
    assert read("csv", path) == found


@pytest.mark.parametrize(
    ("separator", "encoding", "comma"), [(";", "utf-8-sig", True), (";", "cp1252", True), ("\t", "utf-16", False)]
)
def test_a_table_as_excel_saves_it(separator: str, encoding: str, comma: bool, tmp_path: Path) -> None:
    record = coded("“It is a race”; isn't it, they say.")
    path = write("csv", tmp_path / "long.csv", record)
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    if comma:
        rows = [[re.sub(r"^0\.(\d+)$", r"0,\1", cell) for cell in row] for row in rows]
        assert any("0,9" in row for row in rows)
    with path.open("w", newline="", encoding=encoding) as lines:
        csv.writer(lines, delimiter=separator).writerows(rows)
    assert read("csv", path) == [record]


def test_whole_numbers_as_r_writes_them(tmp_path: Path) -> None:
    record = coded("It is a race. " + 9 * "On and on it goes. " * 585)
    assert record["passages"][0]["end"] == 100_049
    path = write("csv", tmp_path / "out", record) / "passages.csv"
    path.write_text(path.read_text().replace(",100049,", ",1.00049e+05,"))
    assert read("csv", tmp_path / "out") == [record]
    path.write_text(path.read_text().replace(",1.00049e+05,", ",1.5,"))
    with pytest.raises(SourceError, match=r"the column end holds '1\.5' \(it is not"):
        read("csv", tmp_path / "out")


def test_a_row_of_a_long_table_needs_no_more_than_the_columns_of_its_own(tmp_path: Path) -> None:
    path = write("csv", tmp_path / "long.csv", coded("It is a race."))
    head, document, *rest = csv.reader(path.read_text("utf-8").splitlines())
    document[head.index("score")] = "see p. 3"  # a note, in a column of spans
    with path.open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines).writerows([head, document, *rest])
    assert read("csv", path) == [coded("It is a race.")]


@pytest.mark.parametrize("ending", ["", ".long"])
@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_tables_without_the_columns_that_came_later_are_read(name: str, ending: str, tmp_path: Path) -> None:
    record = coded("It is a race.")
    path = write(name, tmp_path / f"out{ending and f'.{name}'}", record)
    for file in [path] if ending else [*path.iterdir()]:
        if name == "csv":
            cells = pandas.read_csv(file, dtype=str, keep_default_na=False)
            cells.drop(columns=[*OPTIONAL], errors="ignore").to_csv(file, index=False)
        else:
            table = parquet.read_table(file)
            parquet.write_table(table.drop_columns([each for each in OPTIONAL if each in table.column_names]), file)
    assert read(name, path) == [record]


@pytest.mark.parametrize("name", ["jsonl", "prodigy", "label-studio", "doccano", "csv", "gold"])
def test_nothing_comes_back_as_nothing(name: str) -> None:
    assert there_and_back(name, "".join(FORMATS[name].suffixes[:1]), []) == []


@each_way
def test_documents_come_back_in_their_order(name: str, ending: str) -> None:
    found = [coded(f"Text {n}.", id=id) for n, id in enumerate(["b", "a/../x", "B", "nul", "..", "b"])]
    back = there_and_back(name, ending, found)
    last = "b+2" if name == "gold" else "b"  # its readers want each id once
    ids = [*(each["id"] for each in found[:-1]), last]
    assert [(each["id"], each["text"]) for each in back] == [(i, f"Text {n}.") for n, i in enumerate(ids)]


def test_metaphors_that_are_not_live_are_counted_where_gold_leaves_them_out(tmp_path: Path) -> None:
    live = {"span": [8, 12], "live": True, "score": 0.9, "source": "race", "target": "ai"}
    record = coded("It is a race.", metaphors=[live, *[{"span": [3, 5], "live": False, "score": 0.6}] * 2])
    lost: Counter[str] = Counter()
    write("gold", tmp_path / "gold.jsonl", record, lost=lost)
    assert (lost["metaphors that are not live"], lost["metaphors.score"]) == (2, 1)


def test_gold_that_does_not_say_whether_framing_is_explicit_goes_by_its_cue(tmp_path: Path) -> None:
    text = "So-called aid."
    parts = {"account": [[10, 13]], "machinery": [], "actor": "other"}
    rows = [
        {"id": str(at), "text": text, "instances": [{**parts, "cue": cue}]} for at, cue in enumerate(([[0, 9]], []))
    ]
    (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, rows)))
    found = read("gold", tmp_path / "gold.jsonl")
    assert [each["framing"][0]["explicit"] for each in found] == [True, False]


def test_metadata_called_as_what_is_coded_are_counted_where_gold_leaves_them_out(tmp_path: Path) -> None:
    lost: Counter[str] = Counter()
    path = write("gold", tmp_path / "gold.jsonl", coded("It is a race.", meta={"about": "AI", "year": 2025}), lost=lost)
    (row,) = read_gold(path)
    assert (row["about"], row["year"]) == (1, 2025)
    assert lost["metadata with the name of a field of the gold"] == 1


def test_gold_has_each_passage_once_of_each_coder_under_an_id_of_its_own(tmp_path: Path) -> None:
    said = [("One.", "ada"), ("Two.", "ada"), ("Two.", "ben"), ("One.", "ada"), ("Three.", "ben")]
    lost: Counter[str] = Counter()
    write("gold", tmp_path / "gold.jsonl", *(coded(text, meta={"coder": coder}) for text, coder in said), lost=lost)
    found = read_codings(tmp_path / "gold.jsonl")
    assert {coder: [(row["id"], row["text"]) for row in rows] for coder, rows in found.items()} == {
        "ada": [("doc", "One."), ("doc+2", "Two.")],
        "ben": [("doc+2", "Two."), ("doc+3", "Three.")],
    }
    assert lost["ids that another text has too, told apart as ID+2"] == 3
    assert lost["passages that were there before, with the same id and text"] == 1
