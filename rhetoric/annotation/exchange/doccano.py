"""doccano: JSON lines of the project kind *Sequence Labeling* with relations ("JSONL (Relation)").

Offsets are UTF-16 code units: its annotator is JavaScript and counts as JavaScript does (doccano/v-annotator,
src/domain/models/Label/Text.ts; doccano issue 2290), unless the project counts grapheme clusters, which cannot be
read back. A span of doccano has a label and nothing else, so actor, source and target are written into the label:
``account/us``, ``live/race/ai``. Columns that it does not know it keeps, so what is no span is under ``rhetoric``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from rhetoric.annotation.exchange.files import read_lines, write_lines
from rhetoric.annotation.exchange.finish import Fields, finish_all, pick
from rhetoric.annotation.exchange.marks import (
    FRAMING,
    LIVE,
    Link,
    Mark,
    mark_passages,
    put_together,
    take_apart,
)
from rhetoric.annotation.exchange.offsets import from_utf16, to_utf16
from rhetoric.ingest.document import Found
from rhetoric.record import Record

_IN_LABEL: Final = {**dict.fromkeys(FRAMING, ("actor",)), LIVE: ("source", "target")}


def write(records: Iterable[Record], path: Path, lost: Counter[str]) -> None:
    """Write one example a document."""
    write_lines(path, (_example(record, lost) for record in records))


def _example(record: Record, lost: Counter[str]) -> Fields:
    marks, links = take_apart({**record, "passages": []}, lost)
    _count_joined(record, marks, links, lost)
    move = to_utf16(record["text"])
    owner = {at: at for at in range(len(marks))} | {link.target: link.source for link in links}
    return {
        "id": record["id"],
        "text": record["text"],
        "entities": [
            {
                "id": at,
                "start_offset": move(mark.cover[0]),
                "end_offset": move(mark.cover[1]),
                "label": "/".join([mark.label, *_told(mark.label, marks[owner[at]].fields)]),
            }
            for at, mark in enumerate(marks)
        ],
        "relations": [
            {"id": at, "from_id": link.source, "to_id": link.target, "type": link.label}
            for at, link in enumerate(links)
        ],
        "rhetoric": {name: record[name] for name in ("meta", "pipeline", "passages")},
    }


def _count_joined(record: Record, marks: list[Mark], links: list[Link], lost: Counter[str]) -> None:
    """Count framing instances of one span that come back in another: they look as if a coder had not linked them."""
    bare = [replace(mark, fields={}) for mark in marks]
    related = [(link.source, link.target) for link in links]
    back = put_together(record["text"], [*bare, *mark_passages(record["passages"])], related, Counter())["framing"]
    first = {*range(len(marks))} - {link.target for link in links}
    whole = sum(marks[at].label in FRAMING for at in first)
    lost["framing instances of one span, joined with another in their passage"] += whole - len(back)


def _told(label: str, fields: Fields) -> Iterator[str]:
    for name in _IN_LABEL.get(label, ()):
        if name not in fields:
            return
        yield fields[name]


def read(path: Path, most: int, lost: Counter[str]) -> Iterator[Found]:
    """Yield the record of each example, from the export "JSONL" or, of spans alone, the one with ``label``."""
    return finish_all(read_lines(path, most), _take, lost, "doccano")


def _take(example: Any, lost: Counter[str]) -> Iterator[Fields]:  # noqa: ANN401 - JSON is of any type
    own, text = example.get("rhetoric") or {}, example["text"]
    move = from_utf16(text)
    entities = example.get("entities", example.get("annotations"))  # the latter in older versions
    if entities is None:  # of a project without relations
        spans: list[Any] = example.get("label") or example.get("labels") or []
        entities = [
            {"id": at, "start_offset": start, "end_offset": end, "label": label}
            for at, (start, end, label) in enumerate(spans)
        ]
    marks, numbers = [], {}
    for at, entity in enumerate(entities):
        label, *told = str(entity["label"]).split("/")
        numbers[entity.get("id", at)] = at
        fields = dict(zip(_IN_LABEL.get(label, ()), told, strict=False))
        marks.append(Mark(label, [[move(entity["start_offset"]), move(entity["end_offset"])]], fields))
    # The ends may be another coder's, or deleted.
    relations = example.get("relations") or []
    related = [(numbers.get(each["from_id"]), numbers.get(each["to_id"])) for each in relations]
    lost["notes of coders"] += len(example.get("Comments") or [])
    made = put_together(text, [*marks, *mark_passages(own.get("passages", []))], related, lost)
    known = ("id", "text", "entities", "annotations", "relations", "label", "labels", "Comments", "rhetoric")
    meta = {name: value for name, value in example.items() if name not in known}
    made |= {"text": text, "passages": [], "meta": meta, **pick(own, "passages", "meta", "pipeline")}
    if "id" in example:
        made["id"] = str(example["id"])
    if "Comments" in example:  # as whatever doccano exports has; a file that has none has not been there yet
        made.pop("pipeline", None)
    yield made
