"""How fields move over time in dated documents: a value with its interval a period, and whether they rise or fall."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import numpy as np

from rhetoric.errors import RhetoricError
from rhetoric.labels import FRAMES
from rhetoric.record import Record
from rhetoric.scoring.chance import correct_p, rank_test
from rhetoric.scoring.columns import Column
from rhetoric.scoring.groups import date_part
from rhetoric.scoring.means import document_means
from rhetoric.scoring.summary import Summary, compared_fields, count_once, summarise, with_own
from rhetoric.scoring.uncertainty import FEWEST, Estimate, rounded

By = Literal["year", "month"]
DEFAULT: Final = tuple(f"frame_{frame}" for frame in FRAMES)
_LAST: Final = "~"  # sorts after every period


@dataclass(frozen=True)
class Series:
    """One field: an estimate a period, the mean of its documents (``passages`` of it counts documents).

    ``rho`` is Spearman's correlation of a document's period with its value, from -1 (falls) to +1 (rises); ``p`` is of
    a permutation test, ``p_corrected`` corrected for the number of fields. All are None where there is too little.
    """

    field: str
    unit: str
    points: tuple[Estimate, ...]
    rho: float | None
    p: float | None
    p_corrected: float | None


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
    records: Iterable[Record], fields: Sequence[str] = (), *, by: By = "year", every_passage: bool = False
) -> Trend:
    """Follow ``fields`` over the years or months of dated records.

    By default they are the ten frames, and those of the user's own that the records hold. Each document with at least
    three passages that count weighs the same; a text that stands more than once counts once. Raises RhetoricError for a
    field that is none, and where no document has a date and enough passages.
    """
    chosen = compared_fields(list(fields) or list(DEFAULT))
    summaries = [summarise(record, chosen, every_passage=every_passage) for record in records]
    (summaries,), chosen = with_own([summaries], chosen, named=bool(fields))
    return trend_summaries(summaries, chosen, by)


def trend_summaries(summaries: Sequence[Summary], fields: dict[str, Column], by: By) -> Trend:
    """Do what :func:`trend` does, from summaries of the same fields."""
    once = count_once(summaries, lambda each: date_part(each.date, by) or _LAST)
    enough = [each for each in once if each.counted >= FEWEST]
    dated = [(period, summary) for summary in enough if (period := date_part(summary.date, by))]
    if not dated:
        what = f"None of {len(once)} documents has both {FEWEST} passages that count and a date with a {by}"
        raise RhetoricError(f'{what}. Dates are read from "date" in the metadata; --meta FILE.csv can add them.')
    periods = sorted({period for period, _ in dated})
    order = np.array([periods.index(period) for period, _ in dated])
    values = np.array([summary.values for _, summary in dated])
    columns = list(fields.values())
    grouped = [[summary for when, summary in dated if when == period] for period in periods]
    points = list(zip(*(document_means(group, columns) for group in grouped), strict=True))
    series = [_series(column, order, values[:, at], points[at]) for at, column in enumerate(columns)]
    tested = [at for at, each in enumerate(series) if each.p is not None]
    corrected = dict(zip(tested, correct_p([series[at].p or 0.0 for at in tested]), strict=True))
    return Trend(
        by=by,
        periods=tuple(periods),
        documents=tuple(int((order == at).sum()) for at in range(len(periods))),
        series=tuple(
            Series(each.field, each.unit, each.points, each.rho, each.p, _rounded(corrected.get(at)))
            for at, each in enumerate(series)
        ),
        undated=len(enough) - len(dated),
        left_out=len(once) - len(enough),
        copies=len(summaries) - len(once),
    )


def _series(column: Column, order: "np.ndarray", values: "np.ndarray", points: tuple[Estimate, ...]) -> Series:
    finite = np.isfinite(values)
    rho, p = rank_test(order[finite].astype(np.float64), values[finite])
    told = bool(np.isfinite(p))
    return Series(column.name, column.unit, points, *((_rounded(rho), _rounded(p)) if told else (None, None)), None)


def _rounded(value: float | None) -> float | None:
    return None if value is None else rounded(value)
