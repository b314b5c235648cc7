"""Records as tables of documents, passages and spans, as runs have them (``docs/runs.md``), and as pandas DataFrames.

Offsets are code points of the document's ``text``. To what a run has, the documents add the columns ``pipeline_name``,
``pipeline_version``, ``pipeline_sha256`` and ``pipeline_parts``, which is JSON. On disk the tables are a folder with a
file each, or one long table, whose first column names the table that a row is of.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from rhetoric.annotation.exchange.files import Located, new_file, new_folder, said
from rhetoric.annotation.exchange.finish import BAD, Fields, finish_all, imported
from rhetoric.corpus.tables import TABLES, Done, from_tables, schemas, to_tables
from rhetoric.errors import SourceError
from rhetoric.ingest.document import Found
from rhetoric.labels import FRAMES
from rhetoric.record import Record

if TYPE_CHECKING:
    import pandas
    import pyarrow

LONG: Final = "table"  # the first column of a long table
PIPELINE: Final = {"pipeline_name": "name", "pipeline_version": "version", "pipeline_sha256": "sha256"}
PIPELINE_PARTS: Final = "pipeline_parts"
OPTIONAL: Final = ("custom", "embedding", "sentences", PIPELINE_PARTS)  # columns that earlier exports may lack
_EACH: Final = 500  # documents in memory at once
Tables = dict[str, "pyarrow.Table"]
WriteRows = Callable[["pyarrow.Table"], object]  # writes some rows of a file, after those before them
Writing = Callable[[IO[bytes], "pyarrow.Schema"], AbstractContextManager[WriteRows]]


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


def _long_schema() -> "pyarrow.Schema":
    import pyarrow as pa

    return pa.unify_schemas([pa.schema([(LONG, pa.string())]), *map(schema, TABLES)])


def write_tables(records: Iterable[Record], path: Path, lost: Counter[str], ending: str, writing: Writing) -> None:
    """Write one long table where ``path`` has the ``ending``, else a folder with a file a table."""
    if path.suffix.lower() == ending:
        with new_file(path) as stream, writing(stream, _long_schema()) as write:
            for tables in _batches(records, lost):
                write(_long(tables))
        return
    with new_folder(path) as folder, ExitStack() as files:
        writers: dict[str, WriteRows] = {}
        for name in TABLES:
            stream = files.enter_context((folder / f"{name}{ending}").open("wb"))
            writers[name] = files.enter_context(writing(stream, schema(name)))
        for tables in _batches(records, lost):
            for name, table in tables.items():
                writers[name](table)


def read_tables(
    path: Path, lost: Counter[str], ending: str, load: "Callable[[Path, pyarrow.Schema], pyarrow.Table]"
) -> Iterator[Found]:
    """Yield the records of a folder of tables, or of one long table; ``load`` reads a file that has such columns."""
    if path.is_dir():
        files = {name: path / f"{name}{ending}" for name in TABLES}
        missing = [file.name for file in files.values() if not file.is_file()]
        if missing:
            raise SourceError(str(path), f"there is no {' and no '.join(missing)} in this folder.")
        tables = {name: load(file, schema(name)) for name, file in files.items()}
    else:
        tables = _apart(load(path, _long_schema()), str(path))
    yield from finish_all(_rows(tables, str(path), lost), lambda record, _: [record], lost, "tables")


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
    made_by: list[Fields] = [{**record["pipeline"]} for record in records]
    told = {column: [each[name] for each in made_by] for column, name in PIPELINE.items()}
    told[PIPELINE_PARTS] = [json.dumps(each["parts"]) if "parts" in each else None for each in made_by]
    documents = tables["documents"]
    for column, cells in told.items():
        documents = documents.append_column(column, pa.array(cells, pa.string()))
    return {**tables, "documents": documents.select(schema("documents").names)}


def _long(tables: Tables) -> "pyarrow.Table":
    import pyarrow as pa

    named = [table.add_column(0, LONG, pa.array([name] * len(table), pa.string())) for name, table in tables.items()]
    return pa.concat_tables(named, promote_options="default")


def _apart(long: "pyarrow.Table", where: str) -> Tables:
    import pyarrow.compute as pc

    for name in pc.unique(long[LONG]).to_pylist():
        if name not in TABLES:
            raise SourceError(where, f"the column {LONG} holds {name!r}, not one of {', '.join(TABLES)}.")
    return {name: long.filter(pc.equal(long[LONG], name)).select(schema(name).names) for name in TABLES}


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
    for name in ("error", "key"):  # columns of a run that an export does not have
        documents = documents.append_column(name, pa.nulls(len(documents), pa.string()))
    for first in range(0, len(documents), _EACH):
        batch = documents.slice(first, _EACH)
        here = {"documents": batch}
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
