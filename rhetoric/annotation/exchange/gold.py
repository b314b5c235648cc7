"""Gold: coded passages, one a line, as ``corpora/gold/README.md`` describes them. Offsets are code points.

Records of several passages are cut into them. Codes are what probabilities of at least 0.5 say; live metaphors only.
Where the tool of a coder shows spans only, or no passage was marked in it, the codes of passages are not the coder's,
and are left out; in the latter case each paragraph is a passage.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from rhetoric.annotation.exchange.files import read_lines, write_lines
from rhetoric.annotation.exchange.finish import IMPORTED, Fields, finish_all, pick, shows_codes
from rhetoric.annotation.exchange.marks import PASSAGE, Mark, put_together
from rhetoric.annotation.passages import codes_of, cut, tell_apart
from rhetoric.gold import FIELDS, ITEMS, check_coded
from rhetoric.ingest.document import Found
from rhetoric.labels import FRAMES, FRAMING_PARTS
from rhetoric.record import Passage, Pipeline, Record

MADE_BY: Final[Pipeline] = {"name": "gold", "version": "", "sha256": ""}


def write(records: Iterable[Record], path: Path, lost: Counter[str]) -> None:
    """Write one coded passage a line; metadata become further fields.

    A coder has coded a passage once: one that is there twice is written once, one of the same id and another text has
    the id ID+2.
    """
    write_lines(path, _rows(records, lost))


def _rows(records: Iterable[Record], lost: Counter[str]) -> Iterator[Fields]:
    known: dict[str, str] = {}
    written: set[tuple[str, str]] = set()
    for record in records:
        seen = shows_codes(record) and bool(record["passages"])
        if not record["passages"]:
            coded = record["pipeline"]["name"] == IMPORTED
            lost[f"documents without a passage{', cut by paragraph' if coded else ''}"] += 1
            record = {**record, "passages": _paragraphs(record["text"])} if coded else record
        found = _items(record)
        for passage in cut(record):
            if not passage["text"].strip():
                lost["passages of space alone"] += 1
                continue
            found -= _items(passage)
            id = tell_apart(passage["id"], passage["text"], known)
            coding = (str(passage["meta"].get("coder")), id)
            if coding in written:
                lost["passages that were there before, with the same id and text"] += 1
                continue
            written.add(coding)
            lost["ids that another text has too, told apart as ID+2"] += id != passage["id"]
            idle = sum(not image["live"] for image in passage["metaphors"])
            lost["metaphors that are not live"] += idle
            lost["passages whose frames, about, framing and portrayal no coder saw"] += not seen
            lost["metaphors.score"] -= idle  # counted with what they are of
            lost["metadata with the name of a field of the gold"] += len({*passage["meta"]} & {*FIELDS, "id", "text"})
            yield _row({**passage, "id": id}, seen)
        lost["framing, contrasts and metaphors outside the passages, or without a character"] += found


def _paragraphs(text: str) -> list[Passage]:
    from rhetoric.pipeline.paragraphs import split_paragraphs

    marks = [Mark(PASSAGE, [[start, end]]) for start, end in split_paragraphs(text)]
    made: list[Passage] = put_together(text, marks, (), Counter())["passages"]
    return made


def _items(record: Record) -> int:
    return len(record["framing"]) + len(record["contrasts"]) + len(record["metaphors"])


def _row(record: Record, seen: bool) -> Fields:
    row: Fields = {"id": record["id"]}
    row |= {name: value for name, value in record["meta"].items() if name not in ("id", "text", *FIELDS)}
    codes = codes_of(record)
    for item in (item for name in ITEMS for item in codes[name]):
        del item["score"]
    return {**row, "text": record["text"], **pick(codes, *(FIELDS if seen else ITEMS))}


def read(path: Path, most: int, lost: Counter[str]) -> Iterator[Found]:
    """Yield a record of one passage for each coded passage: codes become probabilities of 1 and 0."""
    return finish_all(read_lines(path, most), _take, lost, "gold")


def _take(row: Any, lost: Counter[str]) -> Iterator[Fields]:  # noqa: ANN401 - JSON is of any type
    if "text" not in row:
        raise ValueError("this passage is kept as offsets: corpora/gold/README.md says how to bring back its text")
    row = {**row, "id": str(row["id"]) if type(row["id"]) is int else row["id"]}  # as `read_rows` takes it
    check_coded(row)
    for name in FIELDS:
        lost[f"{name} of passages that were not coded for it, taken for none"] += name not in row
    frames = row.get("frames", dict.fromkeys(FRAMES, 0))
    passage = {
        "start": 0,
        "end": len(row["text"]),
        "about": float(row.get("about", 0)),
        "framing": row.get("framing", "none"),
        "framing_score": 1.0,
        "frames": {frame: float(present) for frame, present in frames.items()},
        "portrayal": row.get("portrayal", {}),
    }
    yield {
        "id": row["id"],
        "text": row["text"],
        "meta": {name: value for name, value in row.items() if name not in ("id", "text", *FIELDS)},
        "passages": [passage],
        "framing": [
            {"explicit": bool(each["cue"]), **pick(each, "actor", "explicit", *FRAMING_PARTS), "score": 1.0}
            for each in row.get("instances", [])
        ],
        "contrasts": [{**pick(each, "label", "a", "b", "cue"), "score": 1.0} for each in row.get("contrasts", [])],
        "metaphors": [
            {**pick(each, "span", "source", "target"), "live": True, "score": 1.0}
            for each in row.get("live_metaphors", [])
        ],
        "pipeline": MADE_BY,
    }
