"""The history, and comparing what is in it, as a browser without scripts sees them."""

from typing import Any

import pytest
from report.pages import Reader

from rhetoric.serve import history, history_pages

from .conftest import Client, Post, files_in, id_of
from .makers import ARTICLE, GERMAN


def test_two_are_compared(send: Post, client: Client) -> None:
    answer = send("/compare", files={"b_file": ("b.txt", b"Nothing.\n\nA race.")}, a_text=ARTICLE)
    assert answer.status_code == 200
    assert 'class="report two' in answer.text
    first = id_of(send(text=ARTICLE, title="The first").url.path)
    assert "The first" in client.get(f"/compare?with={first}").text
    beside = send("/compare", first=first, b_text="Nothing but a race.")
    assert 'class="report two' in beside.text
    assert len(client.get(f"{beside.url.path}/all/scorecard.csv").text.splitlines()) == 3
    assert client.get("/compare?with=gone").status_code == 404


def test_nothing_is_compared_with_a_text_that_has_no_report(
    send: Post, begin: Post, client: Client, token: str, desk: Any
) -> None:
    failed = id_of(send(text="FAIL").url.path)
    under_way = id_of(begin(text="A race. HANG"))
    before = len(desk.jobs)
    for id, said in ((under_way, "Wait until its report is there"), (failed, "could not be analysed")):
        answer = client.get(f"/compare?with={id}")
        assert (answer.status_code, said in answer.text) == (404, True)
        assert send("/compare", first=id, b_text="Nothing but a race.").status_code == 404
    assert len(desk.jobs) == before
    client.post(f"/texts/{under_way}/forget", data={"token": token})


def test_the_first_text_stays_when_the_second_cannot_be_read(send: Post, desk: Any) -> None:
    first = id_of(send(text=ARTICLE, title="The first").url.path)
    kept = desk.history.names()
    answer = send("/compare", first=f"{first}/1", b_text=GERMAN)
    assert answer.status_code == 422
    assert "First text: <strong><bdi>The first</bdi></strong>" in answer.text
    assert desk.history.names() == kept, "half a comparison is none"
    (found,) = [each["value"] for each in Reader(answer.text).of("input") if each.get("name") == "first"]
    beside = send("/compare", first=found, b_text="Nothing but a race.")
    assert 'class="report two' in beside.text
    assert "The first" in beside.text


def test_a_comparison_with_one_side_wrong(send: Post, desk: Any) -> None:
    answer = send("/compare", a_text=ARTICLE, b_text=GERMAN)
    assert answer.status_code == 422
    assert "looks like German" in answer.text
    assert "The race is on." in answer.text
    table = b"text\nThe race.\nAnother race.\n"
    many = send("/compare", files={"b_file": ("b.csv", table)}, a_text=ARTICLE)
    assert "one is compared with one" in many.text
    missing = send("/compare", files={"a_file": ("a.txt", b"The race.")})
    assert missing.status_code == 422
    assert files_in(desk.folder) == []


def test_two_pasted_texts_can_be_told_apart(send: Post) -> None:
    words = "A race that has many words in its first line, more than a title should have, so it is cut."
    answer = send("/compare", a_text=words, b_text=ARTICLE)
    assert "<bdi>A race that has many words in its first line, more than a…</bdi>" in answer.text
    assert "<bdi>The race is on.</bdi>" in answer.text
    assert "pasted text</bdi></h" not in answer.text


def test_history(send: Post, client: Client, token: str, desk: Any) -> None:
    send(text=ARTICLE, title="First & foremost")
    send(text=ARTICLE, title="Second")
    send(text="FAIL")
    assert desk.history
    second, first = desk.history.all()
    page = client.get("/history").text
    assert "First &amp; foremost" in page
    assert "Second" in client.get(f"/history/{second.name}").text
    names = {"name": [first.name, second.name], "token": token}
    assert 'class="report two' in client.post("/history/compare", data=names).text
    one = client.post("/history/compare", data={"name": first.name, "token": token})
    ticked = [each["value"] for each in Reader(one.text).of("input") if "checked" in each]
    assert (one.status_code, ticked) == (422, [first.name])
    none = client.post("/history/delete", data={"token": token})
    assert (none.status_code, "Choose what to delete." in none.text) == (422, True)
    client.post("/history/delete", data={"name": first.name, "token": token})
    assert [each.name for each in desk.history.all()] == [second.name]
    assert client.get(f"/history/{first.name}").status_code == 404
    send(text=ARTICLE, title="Third")
    third = desk.history.names()[0]
    gone_and_third = {"name": [first.name, "..", third], "token": token}
    assert client.post("/history/delete", data=gone_and_third).status_code == 200
    assert desk.history.names() == [second.name]
    assert client.get("/history/..%2f..").status_code == 404
    client.post("/history/delete", data={"all": "yes", "token": token})
    assert "Nothing is kept yet" in client.get("/history").text


def test_all_that_is_listed_can_be_chosen(send: Post, client: Client, token: str, desk: Any) -> None:
    send(text=ARTICLE)
    chosen = [*(f"20260101-000000000000-{number:08x}" for number in range(history.SHOWN - 1)), *desk.history.names()]
    answer = client.post("/history/compare", data={"name": chosen, "token": token})
    assert (answer.status_code, "Choose two texts" in answer.text) == (422, True)
    assert client.post("/history/delete", data={"name": chosen, "token": token}).status_code == 200
    assert desk.history.names() == []


def test_a_comparison_stays_one_however_many_came_after(
    send: Post, client: Client, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    send("/compare", a_text=ARTICLE, b_text="Nothing but a race.")
    (kept,) = desk.history.all()
    send(text=ARTICLE)
    for module in (history, history_pages):
        monkeypatch.setattr(module, "SHOWN", 1)
    page = client.get("/history").text
    assert kept.name not in page
    assert "The newest 1 of 2 are listed." in page and "All 2 entries of the history will be gone" in page
    assert 'class="report two' in client.get(f"/history/{kept.name}").text


@pytest.mark.parametrize("damaged", [b"", b'{"a": 1}\n', b"[]\n", b'{"text": "a", "meta": []}\n', b"[" * 100_000])
def test_a_damaged_history_is_said(send: Post, client: Client, token: str, desk: Any, damaged: bytes) -> None:
    for title in ("First", "Second"):
        send(text=ARTICLE, title=title)
    first, second = (each.name for each in desk.history.all())
    (desk.history.folder / first / "records.jsonl").write_bytes(damaged)
    opened = client.get(f"/history/{first}")
    compared = client.post("/history/compare", data={"name": [first, second], "token": token})
    for answer in (opened, compared):
        assert answer.status_code == 404
        assert "the history cannot be read" in answer.text


def test_a_history_that_cannot_be_written_is_a_note_and_no_failure(send: Post, desk: Any) -> None:
    assert desk.history
    moved = desk.history.folder.rename(desk.history.folder.with_name("elsewhere"))
    try:
        answer = send(text=ARTICLE)
    finally:
        moved.rename(desk.history.folder)
    assert answer.status_code == 200
    assert "the history cannot be written" in answer.text


def test_entries_of_several_texts_are_not_compared_in_part(send: Post, client: Client, token: str, desk: Any) -> None:
    send(text=ARTICLE, title="One")
    send(files={"file": ("t.csv", b"id,text\na,The race.\nb,Another race.\n")})
    send("/compare", a_text=ARTICLE, b_text="Nothing but a race.")
    compared, table, one = desk.history.names()
    for other, said in ((table, "“a” holds 2 texts. Open it, choose one"), (compared, "is a comparison. Choose")):
        answer = client.post("/history/compare", data={"name": [one, other], "token": token})
        assert answer.status_code == 422
        assert said in answer.text
        assert [each["value"] for each in Reader(answer.text).of("input") if "checked" in each] == [other, one]
