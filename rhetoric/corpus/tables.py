"""Records as rows of three tables, and back: documents, passages, spans. Nothing of a record is lost on the way.

``document`` numbers the documents of a run from 0 and joins the tables; an ``id`` may stand twice in a corpus.
``passage`` counts from 1, as it does wherever a passage is shown.
"""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from rhetoric.ingest.document import Failure, Found, is_analysed
from rhetoric.labels import COUNTRIES, FRAMES, FRAMING_PARTS
from rhetoric.record import Pipeline, Record

if TYPE_CHECKING:
    import pyarrow

TABLES: Final = ("documents", "passages", "spans")
Rows = dict[str, list[dict[str, Any]]]


class Place(NamedTuple):
    """Where a document was read: its source and, where that is a table, its row there."""

    source: str = ""
    row: int | None = None


class Done(NamedTuple):
    """A document that is done: its key, what became of it, and where it was read."""

    key: str
    item: Found
    place: Place = Place()


@lru_cache(maxsize=1)
def schemas() -> "dict[str, pyarrow.Schema]":
    """Return the schema of each table, as ``docs/runs.md`` describes its columns."""
    import pyarrow as pa

    text, whole, number, yes = pa.string(), pa.int32(), pa.float64(), pa.bool_()
    place = [("document", pa.int64()), ("id", text)]
    told = [("source", text), ("row", pa.int64()), ("words", whole), ("meta", text), ("text", text)]
    part = pa.struct([("part", text), ("start", whole), ("end", whole)])
    portrayal = [
        (f"{country}_{what}", kind) for country in COUNTRIES for what, kind in (("role", text), ("stance", whole))
    ]
    found = [("start", whole), ("end", whole)]
    return {
        "documents": pa.schema([*place, *told, ("error", text), ("key", text)]),
        "passages": pa.schema(
            [
                *place,
                ("passage", whole),
                *found,
                ("about", number),
                ("framing", text),
                ("framing_score", number),
                *((f"frame_{frame}", number) for frame in FRAMES),
                *portrayal,
                ("custom", pa.list_(pa.struct([("label", text), ("score", number), ("present", yes)]))),
                ("embedding", pa.list_(pa.float32())),
                ("sentences", pa.list_(pa.struct([("frame", text), *found, ("without", number)]))),
            ]
        ),
        "spans": pa.schema(
            [
                *place,
                ("kind", text),
                ("number", whole),
                ("label", text),
                *found,
                ("text", text),
                ("score", number),
                ("actor", text),
                ("explicit", yes),
                ("live", yes),
                ("source", text),
                ("target", text),
                ("parts", pa.list_(part)),
            ]
        ),
    }


def to_tables(done: Iterable[Done], first: int) -> "dict[str, pyarrow.Table]":
    """Return the tables of documents that are done; ``first`` is the number of the first one.

    A document without a place was read where its metadata say.
    """
    import pyarrow as pa

    rows: Rows = {name: [] for name in TABLES}
    for number, (key, item, at) in enumerate(done, first):
        place = {"document": number, "id": item["id"]}
        if not is_analysed(item):
            rows["documents"].append({**place, **item, "key": key})
            continue
        rows["documents"].append(
            {
                **place,
                "source": at.source or str(item["meta"].get("source", "")),
                "row": at.row,
                "words": len(item["text"].split()),
                "meta": json.dumps(item["meta"], ensure_ascii=False),
                "text": item["text"],
                "key": key,
            }
        )
        rows["passages"] += [{**place, **row} for row in _passage_rows(item)]
        rows["spans"] += [{**place, **row} for row in _span_rows(item)]
    return {name: pa.Table.from_pylist(rows[name], schema=schema) for name, schema in schemas().items()}


def _passage_rows(record: Record) -> list[dict[str, Any]]:
    rows = []
    for number, passage in enumerate(record["passages"], 1):
        row: dict[str, Any] = {"passage": number, **passage}
        row |= {f"frame_{frame}": passage["frames"].get(frame) for frame in FRAMES}
        if "custom" in passage:
            row["custom"] = [{"label": label, **said} for label, said in passage["custom"].items()]
        if "sentences" in passage:
            row["sentences"] = [{"frame": frame, **each} for frame, each in passage["sentences"].items()]
        for country, said in passage["portrayal"].items():
            row |= {f"{country}_role": said["role"], f"{country}_stance": said["stance"]}
        rows.append(row)
    return rows


def _span_rows(record: Record) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def add(kind: str, number: int, parts: Sequence[tuple[str, list[int]]], **rest: Any) -> None:  # noqa: ANN401
        start, end = min((s for _, (s, _) in parts), default=0), max((e for _, (_, e) in parts), default=0)
        told = [{"part": part, "start": s, "end": e} for part, (s, e) in parts]
        shown = {"kind": kind, "number": number, "start": start, "end": end, "text": record["text"][start:end]}
        rows.append({**shown, "parts": told, **rest})

    for number, instance in enumerate(record["framing"]):
        spans: dict[str, Any] = {**instance}
        parts = [(part, span) for part in FRAMING_PARTS for span in spans[part]]
        add("framing", number, parts, **{name: spans[name] for name in ("actor", "explicit", "score")})
    for number, pair in enumerate(record["contrasts"]):
        sides = [("a", pair["a"]), ("b", pair["b"]), *(("cue", span) for span in pair["cue"])]
        add("contrast", number, sides, label=pair["label"], score=pair["score"])
    for number, metaphor in enumerate(record["metaphors"]):
        told = {name: metaphor.get(name) for name in ("source", "target")}
        add("metaphor", number, [("span", metaphor["span"])], live=metaphor["live"], score=metaphor["score"], **told)
    return rows


def from_tables(tables: "dict[str, pyarrow.Table]", made_by: Pipeline) -> list[Done]:
    """Return the documents of a shard; ``made_by`` is the run's pipeline."""
    made_by = _in_order(made_by)
    passages, spans = (_by_document(tables[name]) for name in ("passages", "spans"))
    found: list[Done] = []
    for row in tables["documents"].to_pylist():
        item: Found
        if row["error"] is not None:
            item = Failure(row["id"], row["source"], row["error"])
        else:
            here = spans.get(row["document"], [])
            made: dict[str, Any] = {
                "id": row["id"],
                "text": row["text"],
                "meta": json.loads(row["meta"]),
                "passages": [_passage(each) for each in passages.get(row["document"], [])],
                "framing": [_framing(each) for each in here if each["kind"] == "framing"],
                "contrasts": [_contrast(each) for each in here if each["kind"] == "contrast"],
                "metaphors": [_metaphor(each) for each in here if each["kind"] == "metaphor"],
                "pipeline": made_by,
            }
            item = cast("Record", made)
        found.append(Done(row["key"], item, Place(row["source"], row.get("row"))))  # an export has no rows
    return found


def _in_order(made_by: Pipeline) -> Pipeline:
    """Return a pipeline with its fields as records have them in order, wherever they were kept meanwhile."""
    found: Pipeline = {"name": made_by["name"], "version": made_by["version"], "sha256": made_by["sha256"]}
    if "parts" in made_by:
        found["parts"] = dict(sorted(made_by["parts"].items()))
    return found


def _by_document(table: "pyarrow.Table") -> dict[int, list[dict[str, Any]]]:
    rows = groupby(table.to_pylist(), key=lambda row: cast("int", row["document"]))
    return {number: list(each) for number, each in rows}


def _passage(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: row[name] for name in ("start", "end", "about", "framing", "framing_score")}
    frames = {frame: row[f"frame_{frame}"] for frame in FRAMES if row[f"frame_{frame}"] is not None}
    portrayal = {
        country: {"role": row[f"{country}_role"], "stance": row[f"{country}_stance"]}
        for country in COUNTRIES
        if row[f"{country}_role"] is not None
    }
    found = {**told, "frames": frames, "portrayal": portrayal}
    if (own := row.get("custom")) is not None:
        found["custom"] = {each["label"]: {"score": each["score"], "present": each["present"]} for each in own}
    if row["embedding"] is not None:
        # Rounded as records round it: what Parquet keeps of it in 32 bits reads as 0.12300000339.
        found["embedding"] = [round(each, 3) for each in row["embedding"]]
    if (carrying := row.get("sentences")) is not None:
        found["sentences"] = {
            each["frame"]: {name: each[name] for name in ("start", "end", "without")} for each in carrying
        }
    return found


def _spans(row: dict[str, Any], part: str) -> list[list[int]]:
    return [[each["start"], each["end"]] for each in row["parts"] if each["part"] == part]


def _framing(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: row[name] for name in ("actor", "explicit", "score")}
    return {part: _spans(row, part) for part in FRAMING_PARTS} | told


def _contrast(row: dict[str, Any]) -> dict[str, Any]:
    (a,), (b,) = _spans(row, "a"), _spans(row, "b")
    return {"label": row["label"], "a": a, "b": b, "cue": _spans(row, "cue"), "score": row["score"]}


def _metaphor(row: dict[str, Any]) -> dict[str, Any]:
    found = {"span": _spans(row, "span")[0], "live": row["live"], "score": row["score"]}
    return found | {name: row[name] for name in ("source", "target") if row[name] is not None}
