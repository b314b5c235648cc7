"""From a figure of the scorecard back to the passages under it, and what each of them adds."""

from dataclasses import dataclass

from rhetoric.errors import RhetoricError
from rhetoric.record import Record
from rhetoric.scoring.columns import CORRECTED
from rhetoric.scoring.passages import count_passages
from rhetoric.scoring.ratios import make_ratios
from rhetoric.scoring.summary import find_fields
from rhetoric.scoring.uncertainty import MILLION


@dataclass(frozen=True)
class Part:
    """What a passage (numbered from 1, ``[start, end)`` of the record's text) adds to a figure.

    The figure is the sum of ``amount`` over the sum of ``base``. ``amount`` is 1 or 0 where passages are counted, else
    a probability, a stance, or how many spans the passage holds; ``base`` is 1, or thousands of words for a density.
    """

    passage: int
    start: int
    end: int
    text: str
    amount: float
    base: float


def trace(record: Record, field: str, *, every_passage: bool = False) -> list[Part]:
    """Return every passage that the figure ``field`` of the record's scorecard rests on, in the order of the text.

    Passages that add nothing are there too, since the figure would be another without them. For a share corrected for
    errors they are those of the raw share. Raises RhetoricError for a name that is no field, or of a frame of the
    user's own that the record does not hold.
    """
    ((name, column),) = find_fields([field]).items()
    chosen = count_passages(record, every_passage)
    ratio = make_ratios(record, chosen).get(name.removesuffix(CORRECTED))
    if ratio is None:
        raise RhetoricError(f"{name}: the passages that count hold no such frame of your own.")
    unit = MILLION if column.unit == "probability" else 1
    found = []
    for at, top, bottom in zip(chosen, ratio.top.tolist(), ratio.bottom.tolist(), strict=True):
        if bottom:
            start, end = record["passages"][at]["start"], record["passages"][at]["end"]
            text = record["text"][start:end]
            found.append(Part(at + 1, start, end, text, top / unit, bottom / unit / ratio.scale))
    return found
