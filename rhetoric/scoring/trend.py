"""How fields move over time in dated documents: a value with its interval a period, and whether they rise or fall."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import Found
from rhetoric.labels import FRAMES
from rhetoric.scoring.chance import SURE, correct_p, permutation_test, unit_values
from rhetoric.scoring.groups import date_part
from rhetoric.scoring.means import document_means
from rhetoric.scoring.records import take_analysed
from rhetoric.scoring.summary import Summary, compared_fields, count_once, scales_of, shown_fields, summarise
from rhetoric.scoring.uncertainty import FEWEST, Estimate, known

if TYPE_CHECKING:
    import pandas as pd

By = Literal["year", "month"]
DEFAULT: Final = tuple(f"frame_{frame}" for frame in FRAMES)
_LAST: Final = "~"  # sorts after every period


@dataclass(frozen=True)
class Series:
    """One field: an estimate a period, the mean of its documents (``passages`` of it counts documents).

    ``rho`` is the correlation (Pearson's) of a document's period with its value, from -1 (falls) to +1 (rises);
    periods without documents take their time too. ``p`` is of a test of it that allows for the length of documents
    (:mod:`rhetoric.scoring.chance`), ``p_corrected`` corrected for the number of fields. All are None where there is
    too little, or all documents are alike.
    """

    field: str
    unit: str
    points: tuple[Estimate, ...]
    rho: float | None
    p: float | None
    p_corrected: float | None

    @property
    def sure(self) -> bool:
        """Whether the corrected p-value is below 0.05."""
        return self.p_corrected is not None and self.p_corrected < SURE


@dataclass(frozen=True)
class Trend:
    """The ``periods`` in which there are documents, how many there are in each, and a series a field.

    ``undated`` documents have no date that tells the period, ``left_out`` ones fewer than three passages that count;
    ``copies`` repeat the text of another, which counts once, where it first stands.
    """

    by: By
    periods: tuple[str, ...]
    documents: tuple[int, ...]
    series: tuple[Series, ...]
    undated: int
    left_out: int
    copies: int

    def to_dict(self) -> dict[str, Any]:
        """Return the trend as nested dicts and lists that JSON can hold; ``n`` of a value is how many documents it
        rests on.
        """
        told = asdict(self)
        for point in (each for series in told["series"] for each in series["points"]):
            point["n"] = point.pop("passages")
        return told


def trend(
    records: "Iterable[Found] | pd.DataFrame",
    fields: Sequence[str] = (),
    *,
    by: By = "year",
    every_passage: bool = False,
) -> Trend:
    """Follow ``fields`` over the years or months of dated records.

    By default they are the ten frames, and those of the user's own that the records hold. Each document with at least
    three passages that count weighs the same; a text that stands more than once counts once. Records may be the
    DataFrame that :func:`rhetoric.annotate_dataframe` gives; failures among them are passed over. Raises RhetoricError
    for a field that is none, and where no document has a date and enough passages.
    """
    chosen = compared_fields(fields or DEFAULT)
    summaries = [summarise(record, chosen, every_passage=every_passage) for record in take_analysed(records)]
    return trend_summaries(summaries, fields, by)


def trend_summaries(summaries: Sequence[Summary], fields: Sequence[str], by: By) -> Trend:
    """Do what :func:`trend` does, from summaries that hold those fields."""
    columns = shown_fields([summaries], fields, DEFAULT)
    once = count_once(summaries, lambda each: date_part(each.date, by) or _LAST)
    enough = [each for each in once if each.counted >= FEWEST]
    dated = [(period, summary) for summary in enough if (period := date_part(summary.date, by))]
    if not dated:
        which = "The one document does not have" if len(once) == 1 else f"None of {len(once):,} documents has"
        what = f"{which} both {FEWEST} passages that count and a date with a {by}"
        raise RhetoricError(f'{what}. Dates are read from "date" in the metadata, or "year": add them there.', "meta")
    periods = sorted({period for period, _ in dated})
    place = np.array([count_periods(period) for period, _ in dated], dtype=np.float64)
    documents = [summary for _, summary in dated]
    units = unit_values([summary.stack(columns) for summary in documents], scales_of(columns))
    rho, p = permutation_test(place - place.min(), *units)
    corrected = correct_p(p)
    grouped = [[summary for when, summary in dated if when == period] for period in periods]
    points = zip(*(document_means(group, columns) for group in grouped), strict=True)
    return Trend(
        by=by,
        periods=tuple(periods),
        documents=tuple(map(len, grouped)),
        series=tuple(
            Series(column.name, column.unit, each, known(rho[at]), known(p[at]), known(corrected[at]))
            for at, (column, each) in enumerate(zip(columns, points, strict=True))
        ),
        undated=len(enough) - len(dated),
        left_out=len(once) - len(enough),
        copies=len(summaries) - len(once),
    )


def count_periods(period: str) -> int:
    """Return how many years, or months, it is from the year 0 to a year (2025) or a month (2025-07)."""
    year, _, month = period.partition("-")
    return int(year) * 12 + int(month) - 1 if month else int(year)
