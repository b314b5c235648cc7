"""Scoring one record, a text, or many records as one pandas DataFrame."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import Found, cell_text, content_id, is_analysed
from rhetoric.labels import FRAMES, Frame
from rhetoric.pipeline.length import count_words
from rhetoric.record import Record
from rhetoric.scoring.columns import CORRECTED, column_list, fields, own_columns, own_label
from rhetoric.scoring.correction import Rates, correct, rates_for, why_not
from rhetoric.scoring.learned import count_learned
from rhetoric.scoring.passages import count_passages, is_off_topic
from rhetoric.scoring.profile import SHIPPED, Profile, choose_profile, place
from rhetoric.scoring.ratios import make_ratios
from rhetoric.scoring.records import take_record, take_records
from rhetoric.scoring.scorecard import Scorecard, make_scorecard
from rhetoric.scoring.uncertainty import estimate

if TYPE_CHECKING:
    import pandas as pd
    from spacy.language import Language

_TOLD = ("title", "date", "source")  # of the metadata


def score_record(
    record: Record,
    *,
    every_passage: bool = False,
    rates: Rates | Literal["shipped"] = SHIPPED,
    profile: Profile | str | Path | None = SHIPPED,
    intervals: bool = True,
    detectors: str | Path | None = None,
) -> Scorecard:
    """Score one record over its passages about the matter (probability 0.5 or more), or over every passage.

    Of a text off topic, what is found in the few that are is counted and not scored, unless every passage is asked for.
    ``rates`` are the detectors' rates of error that prevalences are corrected with: by default those measured for the
    ``detectors`` in a folder (the shipped ones where None), if they made the record; a record of other detectors, or of
    lines of the user's own, is not corrected, and says so. ``profile`` is what percentiles are against: by default the
    profile that ships; another by its name or file; None for no percentiles. Without ``intervals``
    there are values only, which takes less time. The same record gives the same scorecard, to the last digit. Raises
    RhetoricError for a failure, TypeError for what is no record.
    """
    taken = take_record(record)
    if not is_analysed(taken):
        raise RhetoricError(f"There is nothing to score in {taken['source']}: {taken['error']}")
    record = taken
    against = choose_profile(profile)
    chosen = count_passages(record, every_passage)
    ratios = make_ratios(record, chosen)
    found = dict(zip(ratios, estimate(list(ratios.values()), intervals=intervals, unseen=True), strict=True))
    about = len(count_passages(record, every_passage=False))
    if not every_passage and is_off_topic(len(record["passages"]), about):
        found = {name: replace(each, value=None, low=None, high=None) for name, each in found.items()}
    folder = Path(detectors) if detectors else None
    known, others = rates_for(record["pipeline"], every_passage, folder) if isinstance(rates, str) else (rates, None)
    reasons: dict[Frame, str | None] = {}
    for frame in FRAMES:
        raw, rate = found[f"frame_{frame}"], known.get(frame)
        found[f"frame_{frame}{CORRECTED}"] = correct(raw, rate)
        reasons[frame] = None if raw.value is None else others or why_not(rate)
    told = {
        "id": record["id"],
        **{name: cell_text(record["meta"].get(name)) for name in _TOLD},
        "words": count_words(record["text"]),
        "passages": len(record["passages"]),
        "about": about,
        "counted": len(chosen),
        "counted_words": int(ratios["contrast"].bottom.sum()),
        "learned": count_learned(record, chosen),
        "every_passage": every_passage,
        "matter_inferred": len(record["passages"]) == about == 1 and not _names_matter(record["text"]),
        "pipeline": record["pipeline"],
    }
    scorecard = make_scorecard(told, found, reasons)
    return place(scorecard, against, content_id(record["text"])) if against else scorecard


def _names_matter(text: str) -> bool:
    from rhetoric.pipeline.matter import names_matter  # which brings spaCy

    return names_matter(text)


def score(
    text: str,
    *,
    nlp: "Language | None" = None,
    every_passage: bool = False,
    profile: Profile | str | Path | None = SHIPPED,
) -> Scorecard:
    """Analyse one text (with ``nlp``, or the shipped pipeline) and score it, with percentiles in ``profile``.

    That is one of those that ship, by its name ("shipped" is the usual one), or one that was built, by its file; with
    None there are no percentiles. Raises RhetoricError where the text is empty, or where there is no such profile.
    """
    from rhetoric.analysis import annotate

    against = choose_profile(profile)  # before the work
    return score_record(annotate(text, nlp=nlp), every_passage=every_passage, profile=against)


def score_dataframe(
    records: "Iterable[Found] | pd.DataFrame",
    *,
    every_passage: bool = False,
    profile: Profile | str | Path | None = None,
) -> "pd.DataFrame":
    """Score records into a DataFrame, one row a record, with the columns of :meth:`Scorecard.to_row` and ``error``.

    Frames of the user's own that any of the records has stand after the other columns of the scorecard.

    ``records`` may be the DataFrame that :func:`rhetoric.annotate_dataframe` gives, also when it was kept as Parquet;
    its index is kept. What could not be scored is missing (NaN). A failure keeps its row, with its ``error``, what is
    known of the document, and no numbers. A ``profile`` ("shipped", the name of one, or its file) adds each field's
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


def _row(record: Found, every_passage: bool, profile: Profile | None) -> dict[str, Any]:
    if not is_analysed(record):
        meta = record.get("meta") or {}  # there where annotate_dataframe made it
        known = {name: said for name in _TOLD if (said := cell_text(meta.get(name)))}
        return {"id": record["id"], "source": record["source"], **known, "error": record["error"]}
    card = score_record(record, every_passage=every_passage, profile=profile)
    return card.to_row() | {f"{field}_percentile": value for field, value in card.percentiles.items()}
