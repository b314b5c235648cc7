"""Many records as one pandas DataFrame."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.ingest.document import cell_text
from rhetoric.record import FailureRecord, Record
from rhetoric.scoring.columns import column_list, fields, own_columns, own_label
from rhetoric.scoring.profile import Profile, choose_profile
from rhetoric.scoring.records import is_analysed, take_records
from rhetoric.scoring.scorecard import score_record

if TYPE_CHECKING:
    import pandas as pd


def score_frame(
    records: "Iterable[Record | FailureRecord] | pd.DataFrame",
    *,
    every_passage: bool = False,
    profile: Profile | str | Path | None = None,
) -> "pd.DataFrame":
    """Score records into a DataFrame, one row a record, with the columns of :meth:`Scorecard.to_row` and ``error``.

    Frames of the user's own that any of the records has stand after the other columns of the scorecard.

    ``records`` may be the DataFrame that :func:`rhetoric.annotate_frame` gives, also when it was kept as Parquet; its
    index is kept. What could not be scored is missing (NaN). A failure keeps its row, with its ``error``, what is known
    of the document, and no numbers. A ``profile`` ("shipped", the name of one, or its file) adds each field's
    percentile in it, as NAME_percentile.
    """
    import pandas as pd

    index = records.index if isinstance(records, pd.DataFrame) else None
    against = choose_profile(profile)
    rows = [_row(record, every_passage, against) for record in take_records(records)]
    placed = [f"{field}_percentile" for field in fields()] if against else []
    own = own_columns({label for row in rows for name in row if (label := own_label(name)) is not None})
    columns = [*(name for column in (*column_list(), *own) for name in column.names), *placed, "error"]
    frame = pd.DataFrame(rows, columns=columns, index=index)
    words = {column.name for column in column_list() if column.unit == "text"} | {"error"}
    flags = [column.name for column in column_list() if column.unit == "true or false"]
    numbers = [column for column in columns if column not in (*words, *flags)]
    frame[numbers] = frame[numbers].apply(pd.to_numeric) if rows else frame[numbers].astype(float)
    frame[flags] = frame[flags].astype("boolean")  # which may be missing
    return frame.copy()  # in one piece: else pandas warns whoever adds a column


def _row(record: Record | FailureRecord, every_passage: bool, profile: Profile | None) -> dict[str, Any]:
    if not is_analysed(record):
        failure: Any = record
        meta = failure.get("meta") or {}  # there where annotate_frame made it
        known = {name: said for name in ("title", "date", "source") if (said := cell_text(meta.get(name)))}
        return {"id": failure["id"], "source": failure["source"], **known, "error": failure["error"]}
    card = score_record(record, every_passage=every_passage, profile=profile)
    return card.to_row() | {f"{field}_percentile": value for field, value in card.percentiles.items()}
