"""brat stand-off: a folder with NAME.txt and NAME.ann of each document, and ``annotation.conf`` for the tool.

Offsets are code points: its server is Python, and its client counts with ``Array.from`` (nlplab/brat,
client/src/util.js, ``unicodeString``). An ``.ann`` line cannot hold a line break, so a span across one is written in
pieces, as brat itself does; pieces parted by line breaks alone are read as one. Attributes and relations are brat's;
scores are notes, in JSON, beside which coders may write. Ids, metadata and pipeline are in ``documents.jsonl``.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

from rhetoric.annotation.exchange.files import find_files, new_folder, new_names, read_names, read_text, said
from rhetoric.annotation.exchange.finish import Fields, finish_all
from rhetoric.annotation.exchange.marks import (
    CHOICES,
    CONTRAST_CUE,
    FRAMING,
    LABELS,
    Mark,
    put_together,
    say_choices,
    take_apart,
    take_choice,
)
from rhetoric.errors import SourceError
from rhetoric.ingest.document import Found
from rhetoric.labels import CONTRASTS
from rhetoric.record import Range, Record

CONFIG: Final = "annotation.conf"
NOTE: Final = "AnnotatorNotes"
_BREAKS: Final = re.compile(r"(?<=[^\n])\n+(?=[^\n])")
_CODES: Final = re.compile(r'\{\s*"\w+"\s*:')  # how the codes in a note begin
_LINE: Final = str.maketrans("\n\t", "  ")  # what stands for them in the text that a line repeats


def write(records: Iterable[Record], path: Path, lost: Counter[str]) -> None:
    """Write two files a document, the configuration, and the list of documents."""
    with new_folder(path) as folder, new_names(folder) as name:
        (folder / CONFIG).write_text(configuration(), encoding="utf-8", newline="\n")
        for record in records:
            file = folder / name(record)
            lines = "".join(f"{line}\n" for line in _lines(record, lost))
            for ending, held in ((".txt", record["text"]), (".ann", lines)):
                file.with_name(f"{file.name}{ending}").write_text(held, encoding="utf-8", newline="\n")


def configuration() -> str:
    """Return ``annotation.conf``: the labels, what may be linked to what, and the attributes."""
    framing = "|".join(FRAMING)
    linked = [f"against\tArg1:{framing}, Arg2:{framing}", f"same\tArg1:{framing}, Arg2:{framing}"]
    linked += [f"cue\tArg1:{framing}, Arg2:framing_cue"]
    linked += [f"against\tArg1:{label}, Arg2:{label}" for label in CONTRASTS]
    linked += [f"cue\tArg1:{'|'.join(CONTRASTS)}, Arg2:{CONTRAST_CUE}"]
    linked += ["<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"]
    asked = [f"{name}\tArg:{'|'.join(labels)}, Value:{'|'.join(values)}" for name, (labels, values) in CHOICES.items()]
    sections = {"entities": LABELS, "relations": linked, "events": (), "attributes": asked}
    return "\n\n".join("\n".join([f"[{name}]", *lines]) for name, lines in sections.items()) + "\n"


def _lines(record: Record, lost: Counter[str]) -> Iterator[str]:
    text = record["text"]
    marks, links = take_apart(record, lost, join=lambda spans: _separate(spans, text))
    attributes = notes = 0
    for number, mark in enumerate(marks, 1):
        spans = [piece for span in mark.spans for piece in _pieces(span, text)]
        places = ";".join(f"{start} {end}" for start, end in spans)
        yield f"T{number}\t{mark.label} {places}\t{_repeated(spans, text)}"
        for name, value in say_choices(mark.fields).items():
            attributes += 1
            yield f"A{attributes}\t{name} T{number} {value}"
        if rest := {name: value for name, value in mark.fields.items() if name not in CHOICES}:
            notes += 1
            yield f"#{notes}\t{NOTE} T{number}\t{json.dumps(rest)}"
    for number, link in enumerate(links, 1):
        yield f"R{number}\t{link.label} Arg1:T{link.source + 1} Arg2:T{link.target + 1}"


def _separate(spans: list[Range], text: str) -> bool:
    """Whether ranges can be one discontinuous span: in order, and with more than line breaks between them."""
    return all(text[one[1] : other[0]].strip("\n") for one, other in pairwise(spans))


def _pieces(span: Range, text: str) -> Iterator[Range]:
    start, end = span
    for gap in _BREAKS.finditer(text, start, end):
        if gap.start() > start and gap.end() < end:
            yield [start, gap.start()]
            start = gap.end()
    yield [start, end]


def _repeated(spans: Iterable[Range], text: str) -> str:
    return " ".join(text[start:end].translate(_LINE) for start, end in spans)


def read(path: Path, most: int, lost: Counter[str]) -> Iterator[Found]:
    """Yield the record of each pair of files under a folder (sub-folders too; links are not followed)."""
    told = read_names(path, most)
    items = ((str(file), file) for file in find_files(path, ".ann", told))
    return finish_all(items, lambda file, lost: [_record(file, told.get(file.stem, {}), most, lost)], lost, "brat")


def _record(file: Path, known: Fields, most: int, lost: Counter[str]) -> Fields:
    source = file.with_suffix(".txt")
    if source.is_symlink():
        raise SourceError(str(source), "this is a link; links are not followed.")
    # brat opens its files with universal newlines: a line break is one character to it, whatever the file has.
    found = _Lines(read_text(source, most).replace("\r\n", "\n").replace("\r", "\n"))
    lines = read_text(file, most).removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        try:
            found.add(line, lost)
        except (ValueError, IndexError, TypeError, RecursionError) as error:
            what = f"this line cannot be read: {line[:80]!r} ({said(error)})."
            raise SourceError(f"{file}:{number}", what) from error
    marks = [Mark(label, ranges, found.fields[id]) for id, (label, ranges) in found.spans.items()]
    at = {id: number for number, id in enumerate(found.spans)}
    related = [(at.get(one), at.get(other)) for one, other in found.relations]
    made = put_together(found.text, marks, related, lost)
    return {**made, "id": file.stem, "meta": {"source": str(source)}, **known, "text": found.text}


@dataclass
class _Lines:
    """What the lines of an .ann file say: spans by id, the fields of each, and relations."""

    text: str
    spans: dict[str, tuple[str, list[Range]]] = field(default_factory=dict)
    fields: dict[str, Fields] = field(default_factory=lambda: defaultdict(dict))
    relations: list[tuple[str, str]] = field(default_factory=list)

    def add(self, line: str, lost: Counter[str]) -> None:
        """Take in one line; raises ValueError or the like where it is malformed."""
        kind = line[:1]
        if kind == "T":
            self._add_span(line, lost)
        elif kind in ("A", "M"):
            name, target, *value = line.split("\t", 1)[1].split()
            self.fields[target][name] = take_choice(name, value[0] if value else "true")
        elif kind == "#":
            _, told, note = f"{line}\t".split("\t", 2)
            name, target = told.split()
            codes, rest = _codes(note) if name == NOTE else ({}, note)
            self.fields[target] |= codes
            lost["notes of coders"] += bool(rest.strip())
        elif kind == "R":
            _, *ends = line.split("\t", 1)[1].split()
            one, other = (end.partition(":")[2] for end in ends)
            self.relations.append((one, other))
        elif line.strip():
            lost["annotations that are no spans, attributes, notes or binary relations"] += 1

    def _add_span(self, line: str, lost: Counter[str]) -> None:
        id, told, *repeated = line.split("\t", 2)
        label, _, places = told.partition(" ")
        ranges = [[int(each) for each in piece.split()] for piece in places.split(";")]
        if any(len(each) != 2 or not 0 <= each[0] < each[1] <= len(self.text) for each in ranges):
            raise ValueError(f"{places!r} is no place in a text of {len(self.text)} characters")
        words = repeated[0].split() if repeated else []
        if words and words != _repeated(ranges, self.text).split():
            lost["spans that repeat another text than the one at their place"] += 1
        else:
            self.spans[id] = label, _joined(ranges, self.text)


def _codes(note: str) -> tuple[Fields, str]:
    """Return the codes that stand in a note, as ``write`` puts them there, and what a coder wrote before and after.

    Raises ValueError where they are damaged.
    """
    found = _CODES.search(note)
    if found is None:
        return {}, note
    codes, end = json.JSONDecoder().raw_decode(note, found.start())
    return codes, note[: found.start()] + note[end:]


def _joined(ranges: list[Range], text: str) -> list[Range]:
    """Return ranges with those joined that only line breaks part."""
    kept = [ranges[0]]
    for start, end in ranges[1:]:
        gap = text[kept[-1][1] : start]
        if gap and not gap.strip("\n"):
            kept[-1] = [kept[-1][0], end]
        else:
            kept.append([start, end])
    return kept
