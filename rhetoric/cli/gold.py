"""Gold that a command is given: a file of coded passages, or a review database, of which the gold is taken; and records
of its passages that were made before.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

if TYPE_CHECKING:
    from rhetoric.gold import Coded
    from rhetoric.record import Record


def read_any_gold(path: Path, texts: Path | None = None) -> "list[Coded]":
    """Return coded passages; those kept as offsets have their text from the folder ``texts``, where it is named.

    Of a review database it is what was adjudicated or coded alike; how many passages wait is said on standard error.
    Raises SourceError for what is no coded passage.
    """
    from rhetoric.annotation.codings import is_database
    from rhetoric.gold import read_gold, with_texts

    if not is_database(path):
        rows = read_gold(path)
        return with_texts(rows, texts) if texts else rows
    from rhetoric.annotation.store import Review
    from rhetoric.errors import SourceError
    from rhetoric.report.words import count

    with Review(path) as review:
        found = review.gold()
    if found.waiting and found.rows:
        said = f"{path}: {count(len(found.waiting), 'passage')} left out, on which coders differ. To settle"
        typer.echo(f"{said}: rhetoric review {path} --adjudicate --coder NAME", err=True)
    if not found.rows:
        what = "Settle what coders differ on" if found.waiting else "Code some"
        how = f"rhetoric review {path} {'--adjudicate ' if found.waiting else ''}--coder NAME"
        raise SourceError(str(path), "no passage in it is gold yet.", f"{what}: {how}")
    return found.rows


def read_predictions(path: Path) -> "Iterator[Record]":
    """Yield the records of coded passages, one a line, as they are: their spans count in the text as it was coded.

    Failures are left out. Raises SourceError with the line that is no record, and for a file that cannot be read.
    """
    from rhetoric.annotation.records import parse_record
    from rhetoric.gold import numbered_lines
    from rhetoric.ingest.document import is_analysed

    for where, line in numbered_lines(path):
        given, made = parse_record(line, where)
        if is_analysed(made):
            yield cast("Record", given)
