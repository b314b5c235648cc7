"""How often the frame detectors are right, for the correction of prevalences (rhetoric/scoring/correction.py)."""

from collections.abc import Iterable

from rhetoric.gold import Coded
from rhetoric.labels import ABOUT, FRAMES, PRESENT
from rhetoric.record import Record
from rhetoric.training.evaluation.counts import longest_passage
from rhetoric.training.evaluation.metrics import pair_up


def measured_rates(
    coded_rows: Iterable[Coded], records: Iterable[Record], *, every_passage: bool = False
) -> dict[str, dict[str, float]]:
    """Return sensitivity and specificity of each frame and the passages under them, as ``scores.json`` keeps them.

    Only passages that the detectors take to be about the matter count, as in a scorecard, unless ``every_passage``:
    off the matter a frame is seldom there and seldom marked, which would flatter the specificity. ``records`` must be
    made by weights that have not seen the passages. Each frame is counted over the passages that it was coded in; one
    of which there is no passage with, or none without, is left out. Raises SourceError where a record is missing or
    has another text.
    """
    pairs = [(row, longest_passage(record)) for row, record in pair_up(coded_rows, records)]
    counted = [(row, passage) for row, passage in pairs if every_passage or passage["about"] >= ABOUT]
    rates: dict[str, dict[str, float]] = {}
    for frame in FRAMES:
        marked: dict[bool, list[bool]] = {True: [], False: []}
        for row, passage in counted:
            if frame in (coded := row.get("frames", {})):
                marked[bool(coded[frame])].append(passage["frames"].get(frame, 0.0) >= PRESENT)
        there, absent = marked[True], marked[False]
        if there and absent:
            rates[frame] = {
                "sensitivity": round(sum(there) / len(there), 4),
                "specificity": round(1 - sum(absent) / len(absent), 4),
                "positives": len(there),
                "negatives": len(absent),
            }
    return rates
