"""What worker processes do, done here."""

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import plain_record
from ingest.makers import on_the_internet, page, serve

from rhetoric.cli.outcome import flag
from rhetoric.errors import RhetoricError, advise
from rhetoric.ingest import Document, Failure, ReadOptions
from rhetoric.serve.asked import Asked, ask, in_api, on_page
from rhetoric.serve.tasks import dump, make_export, make_report, read_asked, score

from .makers import ARTICLE, GERMAN, settings


def record(title: str = "A race", source: str = "here") -> bytes:
    return dump(plain_record(Document("d", ARTICLE, {"title": title, "source": source})))


def sent(folder: Path, name: str, data: str, **options: Any) -> Asked:
    path = folder / name
    path.write_bytes(data.encode())
    return Asked(path, "sent.csv", "Given", ReadOptions(**options), "file")


def test_documents_carry_the_names_that_their_sender_knows(tmp_path: Path) -> None:
    found = read_asked(sent(tmp_path, "0.csv", "id,text\na,The race is on.\nb,\n"), 20, 1000)
    good, bad = found.found
    assert isinstance(good, Document)
    assert (good.id, good.meta["source"], "title" in good.meta) == ("a", "sent.csv", False)
    assert good.place == "sent.csv row 1"
    assert isinstance(bad, Failure)
    assert bad.source == "sent.csv row 2"
    assert not found.more
    (plain,) = read_asked(sent(tmp_path, "0.md", "---\ntitle: Own\n---\nA race."), 20, 1000).found
    assert isinstance(plain, Document)
    assert plain.meta["title"] == "Given"


def test_only_the_first_and_only_those_not_too_long(tmp_path: Path) -> None:
    rows = "\n".join(json.dumps({"text": f"Text {n} on the race."}) for n in range(30))
    found = read_asked(sent(tmp_path, "0.jsonl", rows), 20, 1000)
    assert len(found.found) == 20
    assert found.more
    rows = "text,row\nIt is short.,7\n" + "The race. " * 200
    _, long = read_asked(sent(tmp_path, "1.csv", rows), 20, 1000).found
    assert isinstance(long, Failure)
    assert long.source == "sent.csv row 2"
    assert "2,000 characters are over the limit of 1,000" in long.reason


@pytest.mark.parametrize("host", ["127.0.0.1", "loopback.example", "[::ffff:127.0.0.1]", "2130706433"])
def test_no_redirect_leads_to_a_private_address(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    form = {"text": "", "title": "", "text_field": "", "id_field": "", "force": "", "allow_private": "1"}
    inside: list[str] = []
    answers = {"/in": lambda handler: inside.append(handler.path)}
    with serve(answers) as base:
        answers["/"] = page(b"", status=302, Location=f"http://{host}:{base.rpartition(':')[2]}/in")
        form["url"] = f"{on_the_internet(base, monkeypatch)}/"
        asked = asyncio.run(ask(form, "", settings(timeout=5.0), Path()))
        assert isinstance(asked, Asked)
        (found,) = read_asked(asked, 20, 1000).found
    assert isinstance(found, Failure) and found.reason.startswith(f"it leads to http://{host}")
    assert inside == []


def test_a_column_named_source_stays(tmp_path: Path) -> None:
    (found,) = read_asked(sent(tmp_path, "0.csv", "text,source\nThe race is on.,a paper\n"), 9, 99).found
    assert isinstance(found, Document)
    assert (found.meta["source"], found.place) == ("a paper", "sent.csv row 1")


def test_exports() -> None:
    assert make_export([record(), record("B")], "records.jsonl", False) == record() + b"\n" + record("B") + b"\n"
    page = make_export([record("<script>alert(1)</script>")], "report.html", False).decode()
    assert page.startswith("<!DOCTYPE html>")
    assert "<script>alert" not in page
    assert "A race" in make_export([record()], "report.md", False).decode()
    assert json.loads(make_export([record()], "scorecard.json", False))["evidence"]["metaphors"]
    assert len(json.loads(make_export([record(), record()], "scorecard.json", False))) == 2
    assert 'class="report' in make_report([record()], False)
    assert make_report([record()], False) != make_report([record(), record()], False)


@pytest.mark.parametrize("hostile", ["=HYPERLINK(1)", "+1", "-1+1", "@SUM(1)", "\t=1"])
def test_no_cell_of_a_table_is_a_formula(hostile: str) -> None:
    table = make_export([record(hostile, hostile)], "scorecard.csv", False).decode()
    (row,) = csv.DictReader(io.StringIO(table))
    assert row["title"] == row["source"] == f"'{hostile.strip()}"
    assert float(row["frame_race"]) == pytest.approx(2 / 3)


def test_every_passage_counts_if_asked() -> None:
    off = json.loads(record())
    for passage in off["passages"]:
        passage["about"] = 0.1
    assert score(dump(off), False)["counted"] == 0
    assert score(dump(off), True)["counted"] == 3


def test_what_json_cannot_hold_is_said() -> None:
    with pytest.raises(RhetoricError, match="JSON"):
        dump({"a": float("nan")})


def test_advice_names_each_option_as_its_reader_knows_it(tmp_path: Path) -> None:
    """What ingest says to do holds everywhere; command line, pages and API add what they call the option."""
    local = "http://127.0.0.1:1/"
    for asked, option in (
        (sent(tmp_path, "0.txt", GERMAN), "force"),
        (sent(tmp_path, "1.txt", "x" * 200, max_bytes=100), "max_bytes"),
        (sent(tmp_path, "2.jsonl", '{"body": "x"}'), "text_field"),
        (sent(tmp_path, "3.jsonl", '{"text": 3}'), "text_field"),
        (sent(tmp_path, "4.jsonl", '{"text": "x"}', id_field="key"), "id_field"),
        (sent(tmp_path, "5.jsonl", json.dumps({"text": "x" * 200}), max_bytes=100), "max_bytes"),
        (Asked(local, local, "", ReadOptions(), "url"), "allow_private"),
    ):
        (found,) = read_asked(asked, 9, 10_000).found
        assert isinstance(found, Failure)
        assert found.options == (option,) and "--" not in found.reason
        assert advise(found.reason, found.options, flag).endswith(f" (--{option.replace('_', '-')}).")
        page, api = on_page(found), in_api(found, form=False)
        if option in ("max_bytes", "allow_private"):
            assert page == api and "whoever started this server" in page
        else:
            assert "under Options" in page and option in api
            assert "--" not in page + api
