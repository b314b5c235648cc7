"""Many records as one pandas DataFrame."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from rhetoric.record import FailureRecord, Record
from rhetoric.scoring.columns import column_list, fields, own_columns, own_label
from rhetoric.scoring.scorecard import score_record

if TYPE_CHECKING:
    import pandas as pd

    from rhetoric.scoring.profile import Profile

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
    records: "Iterable[Record | FailureRecord] | pd.DataFrame",
    *,
    every_passage: bool = False,
    profile: "Profile | None" = None,
) -> "pd.DataFrame":
    """Score records into a DataFrame, one row a record, with the columns of :meth:`Scorecard.to_row` and ``error``.

    Frames of the user's own that any of the records has stand after the other columns of the scorecard.

    ``records`` may be the DataFrame that :func:`rhetoric.annotate_frame` gives; its index is kept. What could not be
    scored is missing (NaN). A failure keeps its row, with its ``error`` and no numbers. A ``profile`` adds each field's
    percentile in it, as NAME_percentile.
    """
    import pandas as pd

    index: pd.Index | None = None
    if isinstance(records, pd.DataFrame):
        index = records.index
        records = cast("list[Record | FailureRecord]", records.to_dict("records"))
    rows = [_row(record, every_passage, profile) for record in records]
    placed = [f"{field}_percentile" for field in fields()] if profile else []
    usual = score_record(_EMPTY, profile=None).to_row()
    own = own_columns({label for row in rows for name in row if (label := own_label(name)) is not None})
    added = [f"{column.name}{ending}" for column in own for ending in ("", "_low", "_high")]
    columns = [*usual, *added, *placed, "error"]
    frame = pd.DataFrame(rows, columns=columns, index=index)
    words = {column.name for column in column_list() if column.unit in ("text", "true or false")} | {"error"}
    numbers = [column for column in columns if column not in words]
    frame[numbers] = frame[numbers].apply(pd.to_numeric)
    return frame.copy()  # in one piece: else pandas warns whoever adds a column


def _row(record: Record | FailureRecord, every_passage: bool, profile: "Profile | None") -> dict[str, Any]:
    if isinstance(record.get("error"), str):  # in a DataFrame a record has the column too, empty
        failure = cast(FailureRecord, record)
        return {"id": failure["id"], "source": failure["source"], "error": failure["error"]}
    card = score_record(cast(Record, record), every_passage=every_passage, profile=profile)
    return card.to_row() | {f"{field}_percentile": value for field, value in card.percentiles.items()}
