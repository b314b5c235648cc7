"""Records of coded passages, made by the pipeline now."""

from collections.abc import Iterator
from typing import cast

from rhetoric.analysis import analyse, load
from rhetoric.errors import SourceError
from rhetoric.gold import Coded
from rhetoric.ingest import make_document
from rhetoric.record import FailureRecord, Record


def predict(rows: list[Coded], spacy_model: str | None = None, *, embedding: bool = False) -> Iterator[Record]:
    """Run the pipeline over coded passages; raises SourceError for one without text or that cannot be analysed."""
    for row in rows:
        if "text" not in row:
            raise SourceError(
                str(row["id"]), "this passage is kept as offsets.", "Name the folder of its text with --texts."
            )
    documents = (make_document(row["text"], id=row["id"]) for row in rows)
    records = analyse(documents, load(spacy_model), embedding=embedding)
    for row, record in zip(rows, records, strict=True):
        if "error" in record:
            raise SourceError(str(row["id"]), str(cast("FailureRecord", record)["error"]))
        yield record
