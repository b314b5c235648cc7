"""One text, and what coders drew in it, whatever tool they used."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from annotation.makers import span

from .makers import read

TEXT = "🙂 They call it a partnership.\r\nIt is a sale, not a gift: a race."


CLEAN = TEXT.replace("\r\n", "\n")


def units(text: str, words: str) -> list[int]:
    """Where ``words`` stand, in UTF-16 code units."""
    return [len(text[:at].encode("utf-16-le")) // 2 for at in span(text, words)]


def said(record: Any) -> dict[str, Any]:
    """What a record found, as words."""
    text = record["text"]
    return {
        "account": [text[a:b] for each in record["framing"] for a, b in each["account"]],
        "machinery": [text[a:b] for each in record["framing"] for a, b in each["machinery"]],
        "contrasts": [(text[slice(*each["a"])], text[slice(*each["b"])]) for each in record["contrasts"]],
        "cues": [text[a:b] for each in record["contrasts"] for a, b in each["cue"]],
        "metaphors": [text[slice(*each["span"])] for each in record["metaphors"]],
    }


MARKED = [
    ("account", "a partnership"),
    ("machinery", "a sale"),
    ("correction", "a sale"),
    ("correction", "a gift"),
    ("contrast_cue", "not"),
    ("live", "race"),
]


FOUND = {
    "account": ["a partnership"],
    "machinery": ["a sale"],
    "contrasts": [("a sale", "a gift")],
    "cues": ["not"],
    "metaphors": ["race"],
}


def check_found(records: list[Any], one_place: bool = True) -> None:
    """Check what was drawn without links: framing is joined in one place, else two paragraphs keep it apart."""
    (record,) = records
    assert "error" not in record, record
    assert record["text"] == CLEAN
    assert said(record) == FOUND
    assert len(record["framing"]) == (1 if one_place else 2)
    assert record["contrasts"][0]["score"] == 1.0
    assert record["pipeline"]["name"] == "imported"


def region(id: str, label: str, start: int, end: int, **value: Any) -> dict[str, Any]:
    place = {"start": start, "end": end, "labels": [label], **value}
    return {"id": id, "from_name": "label", "to_name": "text", "type": "labels", "value": place}


def annotated(tmp_path: Path, *annotations: Any, taken: Counter[str] | None = None, **task: Any) -> list[Any]:
    """Read a project of Label Studio's, of one task."""
    path = tmp_path / "project-1.json"
    path.write_text(json.dumps([{"id": 1, "data": {"text": TEXT}, **task, "annotations": list(annotations)}]))
    return read("label-studio", path, taken)
