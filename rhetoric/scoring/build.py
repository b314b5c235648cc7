"""Building a reference profile of records, one at a time."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import Found, content_id
from rhetoric.made_by import compare_pipelines
from rhetoric.record import Pipeline, Record
from rhetoric.resources import CUSTOM
from rhetoric.scoring.columns import column_list
from rhetoric.scoring.copies import text_digest
from rhetoric.scoring.groups import tell
from rhetoric.scoring.percent import count
from rhetoric.scoring.profile import FEWEST_DOCUMENTS, LEAST, Distribution, Profile, dump
from rhetoric.scoring.records import take_analysed
from rhetoric.scoring.scores import score_record
from rhetoric.scoring.uncertainty import DIGITS

if TYPE_CHECKING:
    import pandas as pd

_MOST: Final = 1001  # values kept of a field: enough for a tenth of a percentile
_TOLD: Final = ("title", "author", "voice", "type", "date")
_NO_TEXT: Final = ("text", "true or false")


def build_profile(
    records: "Iterable[Found] | pd.DataFrame",
    *,
    name: str,
    about: str = "",
    every_passage: bool = False,
    least: int = LEAST,
) -> Profile:
    """Build a profile named ``name`` from the records that have at least ``least`` counted passages, one at a time.

    A text that stands more than once counts once, as the copy that comes first by id of those with enough passages.
    ``about`` says in a sentence what the documents are. Failures among the records are passed over. Raises
    RhetoricError where fewer than five documents have enough passages, or the records come from more than one pipeline;
    frames of the user's own may differ, since no profile has them.
    """
    numeric = [column.name for column in column_list() if column.unit not in _NO_TEXT]
    made_by: Pipeline | None = None
    kept: dict[bytes, tuple[dict[str, str], dict[str, float]]] = {}
    met: set[bytes] = set()
    for record in take_analysed(records):
        if not _alike(record["pipeline"], made_by or record["pipeline"]):
            what = "These records come from more than one pipeline, so their numbers do not compare."
            raise RhetoricError(f"{what} Annotate all of them anew with one.")
        made_by = min(made_by or record["pipeline"], record["pipeline"], key=lambda each: each["sha256"])
        text = text_digest(record)
        met.add(text)
        scorecard = score_record(record, every_passage=every_passage, profile=None, intervals=False)
        if scorecard.counted < least or not scorecard.scored:
            continue
        row = scorecard.to_row()
        found = _tell(record), {field: float(row[field]) for field in numeric if row[field] is not None}
        kept[text] = min(kept.get(text, found), found, key=_by_id)  # so that the order of copies does not matter
    documents = sorted(kept.values(), key=_by_id)
    if made_by is None or len(documents) < FEWEST_DOCUMENTS:
        have = "has" if 1 in (len(documents), len(met)) else "have"
        what = f"Only {len(documents)} of {count(len(met), 'document')} {have} {count(least, 'passage')} that count"
        raise RhetoricError(f"{what}: too few for a profile, which needs {FEWEST_DOCUMENTS}. Give it more.")
    values = {field: [row[field] for _, row in documents if field in row] for field in numeric}
    fields = {field: _distribution(values[field]) for field in numeric if values[field]}
    told = tuple(each for each, _ in documents)
    return Profile(name, about, every_passage, least, made_by, told, len(met) - len(kept), fields)


def _by_id(found: tuple[Mapping[str, str], Mapping[str, float]]) -> tuple[str, str]:
    return found[0]["id"], dump(found)


def _alike(one: Pipeline, other: Pipeline) -> bool:
    differ = compare_pipelines(one, other)
    return differ is not None and not {*differ} - {CUSTOM}


def _tell(record: Record) -> dict[str, str]:
    known = {what: tell(record, what) for what in _TOLD}
    told = {what: value for what, value in known.items() if value is not None}
    return {"id": str(record["meta"].get("slug") or record["id"]), **told, "text": content_id(record["text"])}


def _distribution(values: Sequence[float]) -> Distribution:
    ordered = sorted(values)
    of = len(ordered)
    mean = math.fsum(ordered) / of  # exact, so that the order of the documents does not matter
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in ordered) / (of - 1)) if of > 1 else 0.0
    kept = ordered if of <= _MOST else [ordered[round(at * (of - 1) / (_MOST - 1))] for at in range(_MOST)]
    return Distribution(of, round(mean, DIGITS), round(spread, DIGITS), tuple(kept))
