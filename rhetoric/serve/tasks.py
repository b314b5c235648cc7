"""What is done in worker processes: reading what was asked for, analysing a document, writing its report."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final, Literal, cast

from rhetoric.errors import RhetoricError
from rhetoric.ingest import Document, Failure, read
from rhetoric.record import Record
from rhetoric.serve.asked import Asked

Export = Literal["records.jsonl", "report.html", "report.md", "scorecard.csv", "scorecard.json"]
MEMORY: Final = 3 * 1024**3  # bytes of address space that a reader may take


@dataclass(frozen=True)
class Reading:
    """The first documents of what was asked for, or failures in their place; ``more`` where it holds others still."""

    found: list[Document | Failure]
    more: bool


def begin_reader() -> None:
    """Bound the memory of a reading process, and import what it will need."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):  # Windows; a lower limit is in force; the platform has none
        pass
    import trafilatura

    import rhetoric.report.article
    import rhetoric.scoring

    _ = trafilatura, rhetoric


def read_asked(asked: Asked, most: int, longest: int) -> Reading:
    """Read at most ``most`` documents; those of more than ``longest`` characters become failures.

    All of them carry the name that their sender knows, none that of the file that a text was put into.
    """
    found: list[Document | Failure] = []
    what = str(asked.what)
    reading = read([asked.what], options=asked.options)
    items = list(islice(reading, most))
    titled = {"title": asked.title} if asked.title and len(items) == 1 else {}  # several have names of their own
    for item in items:
        if isinstance(item, Failure):
            found.append(Failure(item.id, item.source.replace(what, asked.name), item.reason, *item.options))
            continue
        meta = item.meta | ({"source": asked.name} if item.meta.get("source") == what else {})
        document = replace(item, meta=meta | titled, source=asked.name)
        if len(item.text) > longest:
            said = f"{len(item.text):,} characters are over the limit of {longest:,}. Split it, by chapter perhaps."
            found.append(Failure(item.id, document.place, said))
        else:
            found.append(document)
    return Reading(found, next(reading, None) is not None)


def make_report(records: Sequence[bytes], every_passage: bool) -> str:
    """Return the report on one record, or on two, each given as JSON, for a page to put in."""
    from rhetoric.report.article import make_page
    from rhetoric.scoring.profile import shipped_profile

    loaded = [_record(each) for each in records]
    return make_page(loaded, profile=shipped_profile(), embedded=True, every_passage=every_passage)


def make_export(records: Sequence[bytes], export: Export, every_passage: bool) -> bytes:
    """Return records, their report or their scorecards as a file of the kind that ``export`` names."""
    from rhetoric.report.article import make_markdown, make_page
    from rhetoric.report.rows import write_rows
    from rhetoric.scoring import score_record
    from rhetoric.scoring.profile import shipped_profile

    if export == "records.jsonl":
        return b"".join(each + b"\n" for each in records)
    loaded = [_record(each) for each in records]
    if export in ("report.html", "report.md"):
        make = make_page if export == "report.html" else make_markdown
        return make(loaded, profile=shipped_profile(), every_passage=every_passage).encode()
    if export == "scorecard.csv":
        return write_rows(score_record(each, every_passage=every_passage) for each in loaded).encode()
    cards = [score(each, every_passage) for each in records]
    return dump(cards[0] if len(cards) == 1 else cards)


def score(record: bytes, every_passage: bool) -> dict[str, Any]:
    """Return the scorecard of a record with its evidence and how far to trust it, as ``rhetoric score --json`` does."""
    from rhetoric.report.evidence import to_dict
    from rhetoric.report.trust import read_trust
    from rhetoric.scoring import score_record

    loaded = _record(record)
    return to_dict(score_record(loaded, every_passage=every_passage), loaded, read_trust())


def dump(found: object) -> bytes:
    """Return an object as JSON in UTF-8; raises RhetoricError where JSON cannot hold it."""
    try:
        return json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except ValueError as error:
        raise RhetoricError(f"This cannot be written as JSON ({error}).") from error


def _record(record: bytes) -> Record:
    return cast("Record", json.loads(record))
