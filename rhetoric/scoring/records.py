"""Records as they are given: one at a time, or as the rows of a DataFrame or of pyarrow, from a Parquet file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from rhetoric.errors import RhetoricError, kind_of
from rhetoric.ingest.document import Failure, Found, cell_text, is_analysed
from rhetoric.record import Record

if TYPE_CHECKING:
    import pandas as pd

_FIELDS: Final = tuple(Record.__annotations__)
_OF_RUN: Final = 'Of a run, give the records that rhetoric.read_records("FOLDER") yields.'
_NO_LIST: Final = "Keep records as JSON lines or Parquet; CSV has no lists."


def take_records(
    records: "Iterable[Found] | pd.DataFrame",
) -> Iterator[Found]:
    """Yield records and failures; of a DataFrame each row, as it was before pandas or Parquet had it.

    Raises TypeError for what are no records, RhetoricError for a DataFrame that lacks columns of theirs.
    """
    if isinstance(records, Mapping):
        raise TypeError("This is a dict, which may be one record: give a list of records, [record].")
    if not isinstance(records, Iterable):
        raise TypeError(f"Give a list of records, or a pandas DataFrame of them, and not {kind_of(records)}.")
    table: Any = records if hasattr(records, "iterrows") else None
    if table is not None:
        yield from map(_from_row, table.to_dict("records"))
        return
    yield from map(take_record, records)


def take_analysed(records: "Iterable[Found] | pd.DataFrame") -> Iterator[Record]:
    """Yield records as :func:`take_records` does; failures among them are passed over."""
    return (record for record in take_records(records) if is_analysed(record))


def take_record(record: object) -> Found:
    """Return a record, or the failure in the place of one, as it was before Parquet had it; raises TypeError for what
    is neither.
    """
    if not isinstance(record, Mapping):
        made = "as rhetoric.analyse makes them of documents"
        raise TypeError(f"Records are dicts, {made}, and this is {kind_of(record)}.")
    found = cast(Found, record)
    fields = _FIELDS if is_analysed(found) else Failure.FIELDS
    missing = [name for name in fields if name not in record]
    if missing:
        advice = f" {_OF_RUN}" if "document" in record else ""
        raise TypeError(f"This dict is no record: it has no {', '.join(missing)}.{advice}")
    return _from_row(record) if is_analysed(found) and any(map(_has_none, found["passages"])) else found


def warnings_of(record: Record) -> list[str]:
    """Return what was warned of when the document was read; a table's own column may be called so, too."""
    found = record["meta"].get("warnings")
    return [str(each) for each in found] if isinstance(found, list) else []


def _from_row(row: Mapping[str, Any]) -> Found:
    meta = _plain(row.get("meta"))
    found = {**row, "id": cell_text(row.get("id")), "meta": meta if isinstance(meta, dict) else {}}
    if not is_analysed(cast(Found, found)):
        return cast(Found, {name: found.get(name) for name in (*Failure.FIELDS, "meta")})
    missing = [name for name in _FIELDS if name not in found]
    if missing:
        what = f"This DataFrame lacks the columns {', '.join(missing)}"
        advice = _OF_RUN if "document" in found else "Give what rhetoric.annotate_dataframe returns, whole."
        raise RhetoricError(f"{what}, so its rows are no records. {advice}")
    record = {name: _plain(found[name]) for name in _FIELDS}
    if not isinstance(record["passages"], list):
        raise RhetoricError(f"The passages of {found['id']} are no list, so this row is no record. {_NO_LIST}")
    return cast(Record, record)


def _has_none(passage: Mapping[str, Any]) -> bool:
    """Whether a passage has keys without a value, or holds such, as Parquet gives those that any passage had to all."""
    return any(each is None or (isinstance(each, Mapping) and None in each.values()) for each in passage.values())


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a record holds
    """Return lists for arrays, and dicts without the keys that Parquet has put into all of them."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items() if each is not None}
    if isinstance(value, (list, np.ndarray)):
        return [_plain(each) for each in (value.tolist() if isinstance(value, np.ndarray) else value)]
    return value
