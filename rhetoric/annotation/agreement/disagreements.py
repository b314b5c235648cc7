"""What coders disagree on, passage by passage, to be adjudicated: as objects, as JSON lines or as a table."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Final, Literal

from rhetoric.annotation.agreement.codes import WHOLE, Item, LabelField, SpanField, Value, label_fields, span_fields
from rhetoric.annotation.agreement.shared import Shared
from rhetoric.annotation.codings import line_of
from rhetoric.annotation.exchange.files import new_file
from rhetoric.errors import RhetoricError
from rhetoric.report.safe import plain_cell

Kind = Literal["label", "not everybody", "bounds", "label of span"]
_NOTHING: Final = "-"
_NOT_CODED: Final = "(not coded)"


@dataclass(frozen=True)
class Disagreement:
    """One thing that coders disagree on: a ``label``, or spans that overlap one another.

    Spans disagree where ``not everybody`` marked one there, where they differ in ``bounds``, or in the ``label of
    span``. ``said`` has what each coder says, in words; ``spans`` the character ranges that each marked. ``text`` is
    that of the passage, None where it is kept as offsets.
    """

    id: str
    field: str
    kind: Kind
    said: dict[str, str]
    spans: dict[str, list[list[int]]]
    text: str | None


def list_disagreements(shared: Shared) -> list[Disagreement]:
    """Return every disagreement, all of a passage together, those passages first that have most."""
    found: list[Disagreement] = []
    labels, spans = label_fields(shared), [field for field in span_fields() if field.name in WHOLE]
    for passage in shared.rows:
        found += _labels(shared, passage, labels)
        for field in spans:
            found += _spans(shared, passage, field)
    many = Counter(each.id for each in found)
    place = {passage: at for at, passage in enumerate(shared.rows)}
    return sorted(found, key=lambda each: (-many[each.id], place[each.id]))


def _labels(shared: Shared, passage: str, fields: Sequence[LabelField]) -> list[Disagreement]:
    found = []
    by = shared.rows[passage]
    for field in fields:
        values = field.by_coder(by)
        for unit in sorted({unit for each in values.values() for unit in each}):
            given: dict[str, Value] = {coder: each[unit] for coder, each in values.items() if unit in each}
            if len(set(given.values())) < 2:
                continue
            name = field.name
            if name.startswith("portrayal."):  # whose it is
                name = name.replace("portrayal.", f"portrayal.{unit}.")
            said = {coder: str(given[coder]) if coder in given else _NOT_CODED for coder in by}
            found.append(Disagreement(passage, name, "label", said, {}, shared.text(passage)))
    return found


def _spans(shared: Shared, passage: str, field: SpanField) -> list[Disagreement]:
    by = shared.rows[passage]
    items = field.by_coder(by)
    if len(items) < 2:
        return []
    text = shared.text(passage)
    found = []
    for group in _groups(items):
        marked = {coder: sorted(item for item, who in group if who == coder) for coder in items}
        if len({tuple(each) for each in marked.values()}) == 1:
            continue
        kind: Kind
        if not all(marked.values()):
            kind = "not everybody"
        elif len({tuple(item.spans for item in each) for each in marked.values()}) > 1:
            kind = "bounds"
        else:
            kind = "label of span"
        said = {coder: _NOT_CODED for coder in by}
        said |= {coder: "; ".join(_say(item, text) for item in each) or _NOTHING for coder, each in marked.items()}
        spans = {coder: [[*span] for item in each for span in item.spans] for coder, each in marked.items()}
        name = field.name.split(" with ")[0]
        found.append(Disagreement(passage, name, kind, said, spans, text))
    return found


def _groups(items: dict[str, frozenset[Item]]) -> list[list[tuple[Item, str]]]:
    """Put together what overlaps, directly or through others, each with its coder; in the order of the text."""
    groups: list[list[tuple[Item, str]]] = []
    for each in ((item, coder) for coder, its in items.items() for item in its):
        touched = [group for group in groups if any(each[0].meets(other) for other, _ in group)]
        groups = [group for group in groups if group not in touched] + [[*chain(*touched), each]]
    return sorted(groups, key=min)


def _say(item: Item, text: str | None) -> str:
    shown = [
        f"{start}-{end}" if text is None else f"“{' '.join(text[start:end].split())}”" for start, end in item.spans
    ]
    labels = f" ({', '.join(item.labels)})" if item.labels else ""
    return " / ".join(shown) + labels


def write_disagreements(found: Sequence[Disagreement], coders: Sequence[str], path: Path) -> None:
    """Write disagreements to ``path``: JSON lines, or CSV with a column for what each coder says.

    In CSV, which spreadsheets open, a cell that one would take for a formula begins with an apostrophe. Raises
    RhetoricError for another ending than .jsonl or .csv, or where it cannot be written.
    """
    if path.suffix.lower() == ".jsonl":
        written = b"".join(line_of(asdict(each)) for each in found)
    elif path.suffix.lower() == ".csv":
        table = io.StringIO()
        writer = csv.writer(table, lineterminator="\n")
        names = ["id", "field", "kind", "text"]
        for coder in coders:  # one may be called as another column is
            name = coder
            while name in names:
                name = f"coder {name}"
            names.insert(-1, name)
        writer.writerow(map(plain_cell, names))
        for each in found:
            said = (each.said.get(coder, _NOT_CODED) for coder in coders)
            writer.writerow(map(plain_cell, (each.id, each.field, each.kind, *said, each.text or "")))
        # Without the mark, spreadsheets take UTF-8 for something else; half a surrogate pair they cannot read at all.
        written = table.getvalue().encode("utf-8-sig", "replace")
    else:
        raise RhetoricError(f"{path}: disagreements are written as .jsonl or .csv. Name such a file.")
    with new_file(path) as stream:
        stream.write(written)
