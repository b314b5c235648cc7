"""Many texts of one pandas DataFrame: their records as the rows of another."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from rhetoric.analysis import analyse
from rhetoric.errors import RhetoricError, kind_of
from rhetoric.ingest.document import Document, Failure, cell_text, is_missing, json_able, make_document
from rhetoric.record import Record

if TYPE_CHECKING:
    import pandas
    from spacy.language import Language

COLUMNS: Final = (*Record.__annotations__, "source", "error")
_SHOWN: Final = 20  # columns, where one is looked for in vain


def annotate_dataframe(
    frame: "pandas.DataFrame", *, text: str = "text", id: str | None = None, nlp: "Language | None" = None
) -> "pandas.DataFrame":
    """Return one row a row of ``frame``, under the same index: the fields of the record of its text.

    ``text`` and ``id`` name columns; the other columns become ``meta``, a dict without what is missing. The columns are
    ``id`` (where none is given, the checksum of the text), ``text``, ``meta``, ``passages``, ``framing``,
    ``contrasts``, ``metaphors`` and ``pipeline``, as corpora/record.md describes them, and ``source`` and ``error`` of
    a text that could not be read or analysed, which has nothing else but its id and its ``meta``.

    Ranges count characters of the ``text`` in the same row, which has line breaks normalised and control characters
    removed, and not of the text in ``frame``.

    As Parquet cannot hold dicts without keys, leave out an empty ``meta`` there; :func:`rhetoric.score_dataframe` does
    without. JSON lines hold everything: ``to_json(path, orient="records", lines=True)``.

    Raises RhetoricError for a column that is not there or stands twice, and where ``nlp`` lacks a pipe; TypeError for
    what is no DataFrame of pandas.
    """
    import pandas

    if not isinstance(frame, pandas.DataFrame):
        raise TypeError(f"annotate_dataframe takes a pandas DataFrame, not {kind_of(frame)}.")
    columns = list(frame.columns)
    asked = [text] if id is None or id == text else [text, id]
    for name in asked:
        if name not in columns:
            there = ", ".join(map(str, columns[:_SHOWN])) + (", ..." if len(columns) > _SHOWN else "")
            raise RhetoricError(f"This DataFrame has no column {name!r}. It has: {there or 'none'}.")
        if columns.count(name) > 1:
            raise RhetoricError(f"The column {name!r} stands twice in this DataFrame. Rename one of the two.")
    kept = [column for column in columns if column not in asked]
    rows = frame[[*asked, *kept]].to_dict("records")
    metas = [json_able({str(name): row[name] for name in kept}) for row in rows]

    def documents() -> Iterator[Document | Failure]:
        for number, (row, meta) in enumerate(zip(rows, metas, strict=True), 1):
            yield _document(row[text], meta, None if id is None else cell_text(row[id]), f"row {number}")

    found: list[Mapping[str, Any]] = [*analyse(documents(), nlp)]
    made = [{**record, "meta": meta} for record, meta in zip(found, metas, strict=True)]
    return pandas.DataFrame(made, columns=COLUMNS, index=frame.index)


def _document(said: Any, meta: dict[str, Any], key: str | None, where: str) -> Document | Failure:  # noqa: ANN401
    if isinstance(said, str) and said.strip():
        return make_document(said, meta, key)
    nothing = is_missing(said) or isinstance(said, str)
    reason = "there is no text here." if nothing else f"this is {kind_of(said)}, and texts are str."
    return Failure(key, str(meta.get("source") or key or where), reason)
