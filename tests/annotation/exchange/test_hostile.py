"""Files made to harm, or broken: each ends in a message that names the place, and the rest is still read."""

import json
import os
import zlib
from pathlib import Path
from typing import Any

import pytest

from rhetoric.annotation.exchange.files import find_files, new_names, read_array
from rhetoric.annotation.exchange.formats import get_format
from rhetoric.errors import RhetoricError, SourceError
from rhetoric.gold import read_gold
from rhetoric.ingest.document import content_id

from .makers import GOOD, MOST, errors, read, write


def passage(**change: Any) -> dict[str, Any]:
    return {"passages": [GOOD["passages"][0] | change]}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (passage(end=99), "passages[0] is [0, 99], which lies outside a text of 13"),
        (passage(about=2), "passages[0].about is 2: it should be less than or equal to 1"),
        (passage(frames={"race": "x"}), "passages[0].frames.race is 'x': it should be a valid number"),
        (passage(portrayal={"us": {"role": "king", "stance": 0}}), "portrayal.us.role"),
        (passage(portrayal={"us": "king"}), "portrayal.us is 'king': it should be a valid dictionary"),
        (passage(about=float("nan")), "passages[0].about is nan: it should"),
        (passage(portrayal={"us": {"role": "none", "stance": True}}), "portrayal.us.stance is True: it should"),
        (passage(about=10**400), "passages[0].about is 1000"),
        (passage(sentences={"race": 7}), "passages[0].sentences.race is 7: it should"),
        (
            passage(sentences={"race": {"start": 0, "end": 99, "without": 0.1}}),
            "passages[0].sentences.race is [0, 99], which lies outside",
        ),
        (
            passage(sentences={"race": {"start": 0, "end": 5}}),
            "the field passages[0].sentences.race.without is missing",
        ),
        (passage(custom={"mine": 0.7}), "passages[0].custom.mine is 0.7: it should"),
        (
            passage(custom={"mine": {"score": 1.5, "present": True}}),
            "passages[0].custom.mine.score is 1.5: it should be less than",
        ),
        ({"metaphors": [{"span": [0, True], "live": True, "score": 1}]}, "metaphors[0].span"),
        (
            {"metaphors": [{"span": [0, 1], "live": 1, "score": 1}]},
            "metaphors[0].live is 1: it should be a valid boolean",
        ),
        ({"metaphors": [{"span": [0, 1], "live": True, "score": 1, "source": "sea"}]}, "metaphors[0].source is 'sea'"),
        (
            {"contrasts": [{"label": "pun", "a": [0, 1], "b": [1, 2], "cue": [], "score": 1}]},
            "contrasts[0].label is 'pun'",
        ),
        (
            {"contrasts": [{"label": "correction", "a": [0, 1], "cue": [], "score": 1}]},
            "the field contrasts[0].b is missing",
        ),
        ({"framing": [{"account": [[0, 1], [2]]}]}, "framing[0].account[1]"),
        ({"framing": ["x"]}, "framing[0] is 'x': it should be a valid dictionary"),
        ({"text": " \n "}, "there is no text here, only space"),
        ({"pipeline": {}}, "the field pipeline.name is missing"),
        ({"id": 7}, "id is 7: it should be a valid string"),
    ],
)
def test_errors_name_file_line_and_field(change: dict[str, Any], what: str, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(GOOD) + "\n\n" + json.dumps({**GOOD, **change}) + "\n" + json.dumps(GOOD) + "\n")
    found = read("jsonl", path)
    assert len(found) == 3
    (error,) = errors(found)
    assert error.startswith(f"{path}:3: ")
    assert what in error


@pytest.mark.parametrize("line", [b"{", b"[" * 100_000, b"\xff\xfe", b'{"id": ' + b"9" * 5_000 + b"}", b"null", b"[1]"])
@pytest.mark.parametrize("name", ["jsonl", "prodigy", "doccano", "gold"])
def test_lines_that_are_none(name: str, line: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    write(name, path, GOOD)
    path.write_bytes(line + b"\n" + path.read_bytes())
    found = read(name, path)
    assert len(errors(found)) == 1
    assert errors(found)[0].startswith(f"{path}:1: ")
    assert found[1]["text"] == GOOD["text"]


@pytest.mark.parametrize(
    "wrong",
    [{"about": 0.5}, {"frames": {"race": True}}, {"portrayal": {"eu": {"role": "leader", "stance": 0}}}, {"id": None}],
)
def test_gold_is_checked_as_every_command_checks_it(wrong: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    good = {"id": "a", "text": "It is a race.", "framing": "none"}
    path.write_text("\n".join(map(json.dumps, (good | wrong, good))))
    broken, found = read("gold", path)
    assert broken["source"] == f"{path}:1" and found["id"] == "a"
    with pytest.raises(SourceError, match="this is not a coded passage"):
        read_gold(path)


@pytest.mark.parametrize("name", ["jsonl", "docbin", "prodigy", "label-studio", "doccano", "brat", "parquet", "gold"])
def test_half_a_character_in_a_name_spoils_no_file(name: str, tmp_path: Path) -> None:
    half = "\ud83d"
    names = passage(frames={half: 0.7}, sentences={half: {"start": 0, "end": 3, "without": 0.1}})
    made_by = {"name": half, "version": half, "sha256": "", "parts": {half: half}}
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({**GOOD, **names, "pipeline": made_by}))
    (found,) = read("jsonl", path)
    assert [*found["passages"][0]["frames"], found["pipeline"]["name"]] == ["\ufffd"] * 2
    suffix = "".join(get_format(name).suffixes[:1])
    (back,) = read(name, write(name, tmp_path / f"out{suffix}", found))
    assert back["text"] == GOOD["text"]


def test_a_line_that_is_too_long_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({**GOOD, "text": "long " * 50_000}) + "\n" + json.dumps(GOOD) + "\n")
    found = read("jsonl", path, most=1_000)
    assert "longer than a text of 1,000 bytes" in errors(found)[0]
    assert found[1]["text"] == GOOD["text"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "not a JSON array"),
        ("{}", "not a JSON array"),
        ('[{"a": 1}, {"b": ', "item 2: cannot be read"),
        ('[{"a": 1} x]', "item 2: cannot be read"),
        ("[" + "[" * 100_000, "nested too deeply"),
        ('[{"a": "' + "x" * 200_000, "item 1: cannot be read"),
        ("\udcff", "not UTF-8"),
    ],
)
def test_arrays_that_are_broken(text: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SourceError, match=what):
        list(read_array(path, 1_000))


def test_arrays_are_read_item_by_item(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    items = [{"n": n, "text": "é🙂 " * 20_000} for n in range(5)]
    path.write_text("\ufeff " + json.dumps(items, indent=1, ensure_ascii=False))
    assert [item for _, item in read_array(path, MOST)] == items


def result(*items: Any) -> dict[str, Any]:
    return {"data": {"text": "A b."}, "annotations": [{"result": list(items)}]}


@pytest.mark.parametrize(
    "task",
    [
        {"data": {}},
        {"data": {"text": 7}, "annotations": [{"result": []}]},
        result({"type": "labels", "id": "x"}),
        result({"type": "labels", "id": "x", "value": {"start": "/p[1]", "end": "/p", "labels": ["live"]}}),
        {"data": {"text": "a"}, "annotations": 3},
        {"text": "a", "label": []},  # JSON-MIN
        "task",
    ],
)
def test_tasks_that_are_none(task: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps([task, result()]))
    found = read("label-studio", path)
    assert found[-1]["text"] == "A b."
    assert len(errors(found)) == (0 if task == {"data": {}} else 1)  # a task without annotations is none yet


def test_ids_never_become_paths(tmp_path: Path) -> None:
    ids = [
        "../../etc/passwd",
        "/etc/passwd",
        "..",
        ".hidden",
        "-rf",
        "a\\b",
        "CON",
        "con.txt",
        "INITIAL_CAS",
        "a" * 500,
        "é",
        "A",
        "a",
        "",
    ]
    with new_names(tmp_path) as name_of:
        made = [name_of({**GOOD, "id": id}) for id in ids]  # type: ignore[typeddict-item]
    assert len({name.lower() for name in made}) == len(ids)
    for name in made:
        assert (tmp_path / name).parent == tmp_path
        assert name[0] not in ".-_" and len(name) < 100
        assert not name.lower().startswith(("con.", "documents.")) and name.lower() != "con"
    for name in ("brat", "inception"):
        folder = write(name, tmp_path / name, *({**GOOD, "id": id or "x"} for id in ids))
        assert [each["id"] for each in read(name, folder)] == [id or "x" for id in ids]
        assert {path.name for path in tmp_path.iterdir()} >= {name}
        assert all(path.is_file() for path in folder.iterdir())


def test_files_whose_ids_are_made_of_the_text_are_named_by_title_or_source(tmp_path: Path) -> None:
    metas = [
        {"source": "speeches/Xi 2013.txt"},
        {"source": "other/xi 2013.txt"},
        {"title": "AI/ML: a race", "source": "a.pdf"},
        {"title": "人工智能"},
        {"source": "../..", "title": ""},
        {"source": "https://example.org/speech.html"},
        {"source": "x.csv", "row": 3},
    ]
    records = [{**GOOD, "id": content_id(GOOD["text"]), "meta": meta} for meta in metas]
    folder = write("brat", tmp_path / "brat", *records)
    assert {path.stem for path in folder.glob("*.ann")} == {
        *("Xi_2013", "xi_2013-2", "AI_ML_a_race", "https_example.org_speech", "x.csv_row_3"),
        *(records[0]["id"], f"{records[0]['id']}-2"),
    }
    assert [each["meta"] for each in read("brat", folder)] == metas


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Secret.")
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.ann").write_text("")
    (folder / "a.txt").symlink_to(secret)
    (folder / "b.ann").symlink_to(secret)
    (folder / "loop").symlink_to(folder)
    (folder / "c.ann").write_text("")
    (folder / "c.txt").write_text("Open.")
    (folder / "d.ann").write_text("")
    (folder / "documents.jsonl").write_text(json.dumps({"file": "../secret", "id": "x"}) + "\n")
    found = read("brat", folder)
    assert [each["text"] for each in found if "text" in each] == ["Open."]
    assert len(errors(found)) == 2
    assert "links are not followed" in errors(found)[0] and "no such file" in errors(found)[1]
    with pytest.raises(SourceError, match=r"no \.xmi file"):
        find_files(folder, ".xmi")


@pytest.mark.parametrize(
    "line",
    ["T1\tlive 0 99\tx", "T1\tlive 5 2\tx", "T1\tlive\tx", "T1", "T1\tlive 0 x\ty", "A1\tactor", "R1\tagainst Arg1:T1",
     "#1\tAnnotatorNotes T1\t{\"score\": 0.",
     "T1\tlive " + "9" * 5_000 + " 3\tx", "A1\tactor T1 king", "T1\tlive -1 2\tx"],
)  # fmt: skip
def test_brat_lines_that_are_broken(line: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It is a race.")
    (tmp_path / "a.ann").write_text(
        f"T7\tlive 8 12\trace\nT8\taccount 0 2\tIt\n{line.replace('actor T1', 'actor T8')}\n"
    )
    (error,) = errors(read("brat", tmp_path))
    assert str(tmp_path / "a.ann") in error
    if "king" not in line:
        assert error.startswith(f"{tmp_path / 'a.ann'}:3: this line cannot be read")
    assert len(error) < 400 + len(str(tmp_path))


BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmi:version="2.0">&b;</xmi:XMI>"""
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize("bad", [BOMB, OUTSIDE, OUTSIDE.encode("utf-16"), "", "text", "<x/>", "<x", b"\xff\xfe<"])
def test_xmi_that_is_none(bad: str | bytes, tmp_path: Path) -> None:
    folder = write("inception", tmp_path / "out", GOOD)
    (folder / "bad.xmi").write_bytes(bad if isinstance(bad, bytes) else bad.encode())
    good, broken = read("inception", folder)
    assert good["text"] == GOOD["text"]
    assert str(folder / "bad.xmi") in broken["source"]
    if "DOCTYPE" in str(bad):
        assert "document type" in broken["error"]
    (folder / "TypeSystem.xml").write_bytes(OUTSIDE.encode())
    assert "document type" in read("inception", folder / "doc.xmi")[0]["error"]


def test_xmi_offsets_beyond_the_text(tmp_path: Path) -> None:
    path = write("inception", tmp_path / "out", GOOD) / "doc.xmi"
    path.write_text(path.read_text().replace('end="13"', 'end="14"'))
    assert len(errors(read("inception", tmp_path / "out"))) == 1


@pytest.mark.parametrize(
    "data", [b"", b"not zlib", zlib.compress(b"no msgpack"), zlib.compress(b"\x80"), zlib.compress(b"\0" * 10**6)]
)
def test_docbins_that_are_none(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.spacy"
    path.write_bytes(data)
    (error,) = errors(read("docbin", path, most=10_000))
    large = "this file unpacks to more than 500,000 bytes. Raise the limit."
    assert error.startswith(f"{path}: {large if len(data) > 500 else 'cannot be read as a DocBin'}")


@pytest.mark.parametrize("name", ["docbin", "brat", "inception"])
def test_a_limit_takes_no_memory_that_a_file_does_not_need(name: str, tmp_path: Path) -> None:
    assert read(name, write(name, tmp_path / "out", GOOD), most=10**15) == [GOOD]
    (error,) = errors(read(name, tmp_path / "out", most=5))
    assert "over the limit of" in error


def test_pipes_and_folders_are_no_files(tmp_path: Path) -> None:
    pipe = tmp_path / "x.jsonl"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, tmp_path / "missing.jsonl"):
        with pytest.raises(SourceError, match=r"not a file|no such file"):
            read("jsonl", path)


def test_there_is_no_other_format() -> None:
    with pytest.raises(RhetoricError, match="no format 'conll'"):
        get_format("conll")
