"""Records as tables of documents, passages and spans, as runs have them (``docs/runs.md``), and as pandas DataFrames.

Offsets are code points of the document's ``text``. To what a run has, the documents add the columns ``pipeline_name``,
``pipeline_version``, ``pipeline_sha256`` and ``pipeline_parts``, which is JSON. On disk the tables are a folder with a
file each, or one long table, whose first column names the table that a row is of.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Protocol, cast

from rhetoric.annotation.exchange.files import Located, new_file, new_folder, said
from rhetoric.annotation.exchange.finish import BAD, Fields, Found, finish_all, imported
from rhetoric.corpus.tables import TABLES, Done, from_tables, schemas, to_tables
from rhetoric.errors import SourceError
from rhetoric.labels import FRAMES
from rhetoric.record import Record

if TYPE_CHECKING:
    import pandas
    import pyarrow

LONG: Final = "table"  # the first column of a long table
PIPELINE: Final = {"pipeline_name": "name", "pipeline_version": "version", "pipeline_sha256": "sha256"}
PIPELINE_PARTS: Final = "pipeline_parts"
LATER: Final = (PIPELINE_PARTS, "sentences")  # columns that tables of earlier versions do not have
_EACH: Final = 500  # documents in memory at once
Tables = dict[str, "pyarrow.Table"]


class Writer(Protocol):
    """Writes the rows of one file, batch by batch."""

    def write(self, table: "pyarrow.Table") -> None:
        """Write the rows of a table."""

    def close(self) -> None:
        """Write what is left; the stream stays open."""


def to_frames(records: Iterable[Record]) -> "dict[str, pandas.DataFrame]":
    """Return the three tables as DataFrames, by name."""
    return {name: table.to_pandas() for name, table in _make(list(records), 0, Counter()).items()}


def schema(name: str) -> "pyarrow.Schema":
    """Return the columns of a table."""
    import pyarrow as pa

    if name != "documents":
        return schemas()[name]
    fields = [field for field in schemas()[name] if field.name not in ("row", "error", "key")]
    return pa.schema([*fields, *((column, pa.string()) for column in (*PIPELINE, PIPELINE_PARTS))])


def missing_columns(name: str, there: Iterable[str]) -> list[str]:
    """Return the columns that a table of an earlier version does not have, and that may be missing."""
    known = {*there}
    return [column for column in schema(name).names if column in LATER and column not in known]


def write_tables(
    records: Iterable[Record],
    path: Path,
    lost: Counter[str],
    ending: str,
    open_writer: "Callable[[IO[bytes], pyarrow.Schema], Writer]",
) -> None:
    """Write one long table where ``path`` has the ``ending``, else a folder with a file a table."""
    if path.suffix.lower() == ending:
        with new_file(path) as stream:
            long = open_writer(stream, _long(_make([], 0, lost)).schema)
            for tables in _batches(records, lost):
                long.write(_long(tables))
            long.close()
        return
    with new_folder(path) as folder, ExitStack() as streams:
        files = {name: streams.enter_context((folder / f"{name}{ending}").open("wb")) for name in TABLES}
        writers = {name: open_writer(file, schema(name)) for name, file in files.items()}
        for tables in _batches(records, lost):
            for name, table in tables.items():
                writers[name].write(table)
        for writer in writers.values():
            writer.close()


def read_tables(
    path: Path, lost: Counter[str], ending: str, load: Callable[[Path, list[str]], Tables]
) -> Iterator[Found]:
    """Yield the records of a folder of tables, or of one long table; ``load`` reads the named tables of a file."""
    if path.is_dir():
        files = {name: path / f"{name}{ending}" for name in TABLES}
        missing = [file.name for file in files.values() if not file.is_file()]
        if missing:
            raise SourceError(str(path), f"there is no {' and no '.join(missing)} in this folder.")
        tables = {name: load(file, [name])[name] for name, file in files.items()}
    else:
        tables = load(path, list(TABLES))
    yield from finish_all(_rows(tables, str(path), lost), lambda record: [record], lost)


def _batches(records: Iterable[Record], lost: Counter[str]) -> Iterator[Tables]:
    rest, first = iter(records), 0
    while batch := list(islice(rest, _EACH)):
        yield _make(batch, first, lost)
        first += len(batch)


def _make(records: list[Record], first: int, lost: Counter[str]) -> Tables:
    import pyarrow as pa

    lost["frames that are not of the codebook"] += sum(
        frame not in FRAMES for record in records for passage in record["passages"] for frame in passage["frames"]
    )
    tables = to_tables((Done("", record) for record in records), first)
    documents = tables["documents"]
    for column, name in PIPELINE.items():
        told = [cast("Fields", record["pipeline"])[name] for record in records]
        documents = documents.append_column(column, pa.array(told, pa.string()))
    parts = [record["pipeline"].get("parts") for record in records]
    told = [None if each is None else json.dumps(each) for each in parts]
    documents = documents.append_column(PIPELINE_PARTS, pa.array(told, pa.string()))
    return {**tables, "documents": documents.select(schema("documents").names)}


def _long(tables: Tables) -> "pyarrow.Table":
    import pyarrow as pa

    named = [table.add_column(0, LONG, pa.array([name] * len(table), pa.string())) for name, table in tables.items()]
    return pa.concat_tables(named, promote_options="default")


def _rows(tables: Tables, where: str, lost: Counter[str]) -> Iterator[Located]:
    """Yield each document of three tables, some hundred in memory at once; count rows that are of none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    documents = tables["documents"]
    if len(documents) != pc.count_distinct(documents.column("document"), mode="all").as_py():
        raise SourceError(where, "the column document of the table documents holds a number twice.")
    kinds = tables["spans"].column("kind").to_pylist()
    lost["spans of no kind that there is"] += sum(kind not in ("framing", "contrast", "metaphor") for kind in kinds)
    homeless = "passages and spans of documents that are not there"
    lost[homeless] += len(tables["passages"]) + len(tables["spans"])
    for first in range(0, len(documents), _EACH):
        batch = documents.slice(first, _EACH)
        here = {"documents": batch}
        for name in ("error", "key"):  # columns of a run that an export does not have
            here["documents"] = here["documents"].append_column(name, pa.nulls(len(batch), pa.string()))
        for name, place in (("passages", "passage"), ("spans", "number")):
            found = tables[name].filter(pc.is_in(tables[name].column("document"), value_set=batch.column("document")))
            here[name] = found.sort_by([("document", "ascending"), (place, "ascending")])
            lost[homeless] -= len(found)
        yield from _records(here, where)


def _records(tables: Tables, where: str) -> Iterator[Located]:
    """Yield the documents of some tables; where one is broken, one by one, so that it alone is lost."""
    import pyarrow.compute as pc

    rows = tables["documents"].to_pylist()
    places = [f"{where} document {row['document']}" for row in rows]
    try:
        done = from_tables(tables, imported("tables"))
        found = [{**each.item, "pipeline": _made_by(row)} for row, each in zip(rows, done, strict=True)]
    except BAD as error:
        if len(rows) == 1:
            yield places[0], SourceError(places[0], f"these are no rows of a document ({said(error)}).")
            return
        for row in rows:
            one = {name: table.filter(pc.equal(table["document"], row["document"])) for name, table in tables.items()}
            yield from _records(one, where)
        return
    yield from zip(places, found, strict=True)


def _made_by(row: Fields) -> Any:  # noqa: ANN401 - a pipeline, to be checked
    made_by = {name: row[column] for column, name in PIPELINE.items()}
    if row[PIPELINE_PARTS]:
        made_by["parts"] = json.loads(row[PIPELINE_PARTS])
    return imported("tables") if None in made_by.values() else made_by
