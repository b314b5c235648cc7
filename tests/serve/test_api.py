"""The JSON API."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from ingest.makers import page, serve

from .conftest import Client, files_in
from .makers import ARTICLE, GERMAN


def test_score_and_annotate(client: Client, desk: Any) -> None:
    answer = client.post("/api/score", json={"text": ARTICLE, "title": "Mine"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    found = answer.json()
    assert (found["title"], found["source"], found["counted"]) == ("Mine", "pasted text", 3)
    assert [each["text"] for each in found["evidence"]["metaphors"]] == ["race", "race"]
    assert found["trust"]["metaphor.live"]["phrase"] and found["trust_notes"] == found["warnings"] == []
    record = client.post("/api/annotate", json={"text": ARTICLE}).json()
    assert record["text"] == ARTICLE
    assert {"id", "meta", "passages", "framing", "contrasts", "metaphors", "pipeline"} <= set(record)
    assert files_in(desk.folder) == []


def test_a_file_of_several(client: Client) -> None:
    table = f"key,body\na,The race is on.\nb,\nc,Nothing here.\nd,{GERMAN}\n"
    files = {"file": ("texts.csv", io.BytesIO(table.encode()), "application/octet-stream")}
    form = {"text_field": "body", "id_field": "key"}
    for path in ("/api/score/file", "/api/annotate/file"):
        found = client.post(path, files=files, data=form).json()
        assert [each["id"] for each in found["documents"]] == ["a", "c"]
        assert [each["source"] for each in found["failures"]] == ["texts.csv row 2", "texts.csv row 4"]
        assert found["failures"][1]["error"].endswith("force it (force=true).")
        assert [
            each["id"] for each in client.post(path, files=files, data={**form, "force": "true"}).json()["documents"]
        ] == [*"acd"]
        assert found["more"] is False
        many = client.post(path, files={"file": ("many.csv", "text\n" + "The race is on.\n" * 21)}).json()
        assert (len(many["documents"]), many["failures"], many["more"]) == (20, [], True)
        none = client.post(path, files={"file": ("big.txt", b"x" * 1_100_000)})
        assert none.status_code == 422 and none.json()["title"] == "This file cannot be read"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 422, "Give either text or url"),
        ({"text": "a", "url": "https://example.org"}, 422, "Give either text or url"),
        ({"text": " \x00"}, 422, "Give either text or url"),
        ({"text": 3}, 422, "body.text"),
        ({"text": "a", "file": "b"}, 422, "body.file: Extra inputs"),
        ({"text": "a", "every_pasage": True}, 422, "body.every_pasage"),
        ({"text": GERMAN}, 422, '"force": true'),
        ({"text": "x" * 20_001}, 422, "over the limit of 20,000"),
        ({"text": "The race. FAIL"}, 422, "cannot be analysed"),
        ({"url": "http://127.0.0.1/"}, 422, "not a public address"),
        ({"url": "http://[::ffff:127.0.0.1]/"}, 422, "not a public address"),
        ({"url": "file:///etc/passwd"}, 422, "only http and https"),
        ({"url": "nonsense"}, 422, "not a web address"),
    ],
)
def test_what_is_wrong_is_said_as_problem_details(client: Client, body: Any, status: int, said: str) -> None:
    answer = client.post("/api/score", json=body)
    found = answer.json()
    assert answer.status_code == found["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in found["detail"]
    assert "--force" not in found["detail"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"text": "a"}', "text/plain"),  # what a form on another page could send
        (b"\xff\xfe", "application/json"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"", "application/json"),
    ],
)
def test_what_is_no_json_is_refused(client: Client, content: bytes, kind: str) -> None:
    answer = client.post("/api/score", content=content, headers={"Content-Type": kind})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert re.search("JSON|application/json", answer.json()["detail"]), "what to send instead"


@pytest.mark.parametrize("how", [{"data": {"file": "a.txt"}}, {"data": {"title": "a"}}, {"json": {"text": "a"}}])
def test_what_is_no_file_is_refused(client: Client, how: Any) -> None:
    assert client.post("/api/annotate/file", **how).json()["detail"].startswith("body.file: send a file")


def test_forcing_and_every_passage(client: Client) -> None:
    found = client.post("/api/score", json={"text": GERMAN, "force": True, "every_passage": True})
    assert found.status_code == 200
    assert found.json()["every_passage"] is True


@pytest.mark.parametrize("path", ["/api/score", "/api/score/file"])
def test_advice_names_what_the_api_takes(client: Client, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr("rhetoric.serve.desk.Desk.analyse", _off_topic)
    how: Any = {"files": {"file": ("a.txt", ARTICLE)}} if path.endswith("file") else {"json": {"text": ARTICLE}}
    found = client.post(path, **how).json()
    (note,) = (found["documents"][0] if "documents" in found else found)["notes"]
    assert note.endswith("count every passage.")


async def _off_topic(self: Any, document: Any) -> Any:
    from cli.conftest import plain_record

    record = plain_record(document)
    return {**record, "passages": [{**passage, "about": 0.1} for passage in record["passages"]]}


def test_a_table_is_not_one_text(client: Client, desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "settings", replace(desk.settings, allow_private=True))
    with serve({"/t.csv": page(b"text\nThe race.\nAnother race.\n", "text/csv")}) as url:
        answer = client.post("/api/score", json={"url": f"{url}/t.csv"})
    assert (answer.status_code, answer.json()["title"]) == (422, "This is not one text")


def test_a_record_at_an_address_is_read_from_the_column_that_is_asked_for(
    client: Client, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "settings", replace(desk.settings, allow_private=True))
    with serve({"/one.json": page(b'{"body": "The race is on.", "key": "k"}', "application/json")}) as url:
        asked = {"url": f"{url}/one.json", "title": "Mine"}
        assert (
            client.post("/api/annotate", json=asked)
            .json()["detail"]
            .endswith("Name the field of the text (text_field).")
        )
        found = client.post("/api/annotate", json={**asked, "text_field": "body", "id_field": "key"}).json()
    assert (found["text"], found["id"], found["meta"]["title"]) == ("The race is on.", "k", "Mine")


def test_a_program_at_a_wrong_address_is_not_sent_to_the_start_page(client: Client) -> None:
    for path, status in (("/api/nothing", 404), ("/api/score", 405)):
        answer = client.get(path)
        assert answer.status_code == status
        assert "/api" in answer.json()["detail"]
        assert answer.json()["status"] == status


def test_the_description_says_what_is_sent(client: Client) -> None:
    """The schema of each answer, which is made of the toolkit's own types, names the fields that an answer has."""
    jsonschema = pytest.importorskip("jsonschema", reason="needs jsonschema")
    described = client.get("/api/openapi.json").json()
    assert set(described["paths"]) == {"/api/score", "/api/annotate", "/api/score/file", "/api/annotate/file"}
    schemas = described["components"]["schemas"]
    for path in ("/api/score", "/api/annotate"):
        answers = described["paths"][path]["post"]["responses"]
        assert {"200", "413", "422", "503"} <= set(answers)
        name = answers["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        found = client.post(path, json={"text": ARTICLE}).json()
        assert set(found) == set(schemas[name]["properties"])
        jsonschema.validate(found, {**schemas[name], "components": described["components"]})


def test_nothing_of_it_is_loaded_from_elsewhere(client: Client) -> None:
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404
    said = client.get("/api").text
    assert "/api/openapi.json" in said and "http://127.0.0.1:8000" in said
