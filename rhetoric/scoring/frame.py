"""Many records as one pandas DataFrame."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from rhetoric.record import FailureRecord, Record
from rhetoric.scoring.scorecard import score_record

if TYPE_CHECKING:
    import pandas as pd

_WORDS = {"id", "title", "date", "source", "us_role", "china_role", "error"}
_EMPTY: Record = {
    "id": "",
    "text": "",
    "meta": {},
    "passages": [],
    "framing": [],
    "contrasts": [],
    "metaphors": [],
    "pipeline": {"name": "", "version": "", "sha256": ""},
}


def score_frame(
    records: "Iterable[Record | FailureRecord] | pd.DataFrame", *, every_passage: bool = False
) -> "pd.DataFrame":
    """Score records into a DataFrame, one row a record, with the columns of :meth:`Scorecard.to_row` and ``error``.

    ``records`` may be the DataFrame that :func:`rhetoric.annotate_frame` gives; its index is kept. What could not be
    scored is missing (NaN). A failure keeps its row, with its ``error`` and no numbers.
    """
    import pandas as pd

    index: pd.Index | None = None
    if isinstance(records, pd.DataFrame):
        index = records.index
        records = cast("list[Record | FailureRecord]", records.to_dict("records"))
    rows = [_row(record, every_passage) for record in records]
    columns = [*score_record(_EMPTY).to_row(), "error"]
    frame = pd.DataFrame(rows, columns=columns, index=index)
    for column in columns:
        if column not in _WORDS:
            frame[column] = pd.to_numeric(frame[column])
    return frame


def _row(record: Record | FailureRecord, every_passage: bool) -> dict[str, Any]:
    if isinstance(record.get("error"), str):  # in a DataFrame a record has the column too, empty
        failure = cast(FailureRecord, record)
        return {"id": failure["id"], "source": failure["source"], "error": failure["error"]}
    return score_record(cast(Record, record), every_passage=every_passage).to_row()
