"""Prodigy: tasks as JSON lines, with spans, relations between them and the tokens both rest on.

Offsets are code points: Prodigy counts tokens, and makes their offsets with spaCy (prodi.gy/docs/api-interfaces, the
interfaces ``spans_manual`` and ``relations``). A relation names the last token of each of its two spans
(explosion/projects, tutorials/rel_component/scripts/parse_data.py). Prodigy keeps keys that it does not know, so each
span has a number that its relations name it by, and what no interface shows is under ``rhetoric``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from rhetoric.annotation.exchange.files import read_lines, write_lines
from rhetoric.annotation.exchange.finish import Fields, finish_all, pick
from rhetoric.annotation.exchange.marks import ITEM, Mark, Related, mark_passages, put_together, take_apart
from rhetoric.annotation.exchange.tokens import Tokens, cut
from rhetoric.ingest.document import Found
from rhetoric.record import Record

_FIELDS: Final = sorted({name for names in ITEM.values() for name in names})


def write(records: Iterable[Record], path: Path, lost: Counter[str]) -> None:
    """Write one task a document."""
    write_lines(path, (_task(record, lost) for record in records))


def _task(record: Record, lost: Counter[str]) -> Fields:
    marks, links = take_apart({**record, "passages": []}, lost)
    tokens = cut(record["text"], [mark.cover for mark in marks])
    spans = [_span(mark, number, tokens) for number, mark in enumerate(marks)]
    for link in links:  # whose account it is, is known as long as one span of it is left
        spans[link.target] |= pick(spans[link.source], "actor", "explicit")
    shown = {name: record["meta"][name] for name in ("title", "date", "author") if name in record["meta"]}
    return {
        "text": record["text"],
        "meta": {"id": record["id"], **shown},
        "tokens": [
            {"text": record["text"][start:end], "start": start, "end": end, "id": at, "ws": space}
            for at, ((start, end), space) in enumerate(zip(tokens.ranges, tokens.spaces, strict=True))
        ],
        "spans": spans,
        "relations": [
            {
                "head": spans[link.source]["token_end"],
                "child": spans[link.target]["token_end"],
                "label": link.label,
                "head_span": spans[link.source],
                "child_span": spans[link.target],
            }
            for link in links
        ],
        "rhetoric": {name: record[name] for name in ("id", "meta", "pipeline", "passages")},
    }


def _span(mark: Mark, number: int, tokens: Tokens) -> Fields:
    start, end = mark.cover
    first, after = tokens.of(start, end)
    place = {"start": start, "end": end, "token_start": first, "token_end": after - 1, "label": mark.label}
    return {**place, "number": number, **mark.fields}


def read(path: Path, most: int, lost: Counter[str]) -> Iterator[Found]:
    """Yield the record of each task; tasks that were rejected or ignored are left out and counted in ``lost``."""
    return finish_all(read_lines(path, most), _take, lost, "prodigy")


def _take(task: Any, lost: Counter[str]) -> Iterator[Fields]:  # noqa: ANN401 - JSON is of any type
    if task.get("answer", "accept") != "accept":
        lost["tasks that were rejected or ignored"] += 1
        return
    own, text = task.get("rhetoric") or {}, task["text"]
    spans = task.get("spans") or []
    marks = [Mark(s["label"], [[s["start"], s["end"]]], pick(s, *_FIELDS)) for s in spans]
    related = _related(task.get("relations") or [], spans)
    made = put_together(text, [*marks, *mark_passages(own.get("passages", []))], related, lost)
    made |= {"text": text, "passages": [], **pick(own, "passages", "pipeline")}
    shown = task["meta"] if isinstance(task.get("meta"), dict) else {}
    if known := own.get("id") or shown.get("id"):
        made["id"] = str(known)
    made["meta"] = {**(own.get("meta") or {name: value for name, value in shown.items() if name != "id"})}
    if (coder := task.get("_annotator_id")) is not None:
        made["meta"]["coder"] = str(coder)
    if "answer" in task:  # a coder gave
        made.pop("pipeline", None)
    yield made


def _related(relations: Iterable[Fields], spans: list[Fields]) -> Iterator[Related]:
    """Find the spans of each relation: by number, else by place and label, else by their last token."""
    numbers = {span["number"]: at for at, span in enumerate(spans) if "number" in span}
    places = {_place(span): at for at, span in reversed(list(enumerate(spans)))}
    lasts = {span["token_end"]: at for at, span in reversed(list(enumerate(spans))) if "token_end" in span}
    for relation in relations:
        ends = []
        for which in ("head", "child"):
            named = relation.get(f"{which}_span") or {}
            at = numbers.get(named.get("number"))
            if at is None or _place(spans[at]) != _place(named):
                at = places.get(_place(named), lasts.get(relation.get(which)))
            ends.append(at)
        yield ends[0], ends[1]


def _place(span: Fields) -> tuple[Any, Any, Any]:
    return span.get("start"), span.get("end"), span.get("label")
