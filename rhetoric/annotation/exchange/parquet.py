"""Parquet: the tables of ``tables.py``. Offsets are code points.

A path that ends in .parquet is one long table, another one a folder.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from rhetoric.annotation.exchange.files import open_file, said, too_large
from rhetoric.annotation.exchange.tables import OPTIONAL, WriteRows, read_tables, write_tables
from rhetoric.errors import SourceError, say_size
from rhetoric.ingest.document import Found
from rhetoric.record import Record

if TYPE_CHECKING:
    import pyarrow

ENDING: Final = ".parquet"
_MOST: Final = 200  # bytes of a file unpacked, for each byte that --max-bytes allows a document


def write(records: Iterable[Record], path: Path, lost: Counter[str]) -> None:
    """Write a file a table, or one long table."""
    write_tables(records, path, lost, ENDING, _writing)


@contextmanager
def _writing(stream: IO[bytes], columns: "pyarrow.Schema") -> Iterator[WriteRows]:
    import pyarrow.parquet as parquet

    with parquet.ParquetWriter(stream, columns, compression="zstd") as writer:
        yield writer.write


def read(path: Path, most: int, lost: Counter[str]) -> Iterator[Found]:
    """Yield the records of a folder of Parquet files, or of one long table."""
    return read_tables(path, lost, ENDING, lambda file, columns: _load(file, columns, most))


def _load(path: Path, columns: "pyarrow.Schema", most: int) -> "pyarrow.Table":
    import pyarrow as pa
    import pyarrow.parquet as parquet

    with open_file(path) as stream:
        try:
            file = parquet.ParquetFile(stream)
            told = file.metadata
            size = sum(told.row_group(at).total_byte_size for at in range(told.num_row_groups))
            if max(size, told.num_rows) > _MOST * most:
                raise too_large(str(path), f"this file unpacks to more than {say_size(_MOST * most)}.")
            table = file.read()
            for column in (columns.field(name) for name in OPTIONAL if name in columns.names):
                if column.name not in table.column_names:
                    table = table.append_column(column, pa.nulls(len(table), column.type))
            table = table.select(columns.names).cast(columns)
            table.validate(full=True)  # text that is no UTF-8, lists that lead beyond their values
            return table
        except (pa.ArrowException, OSError, KeyError, ValueError, MemoryError) as error:
            raise SourceError(str(path), f"cannot be read as these tables ({said(error)}).") from error
