"""Evaluate on somebody's gold: what of it was coded, their own frames too, beside what a second coder reaches."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from rhetoric.errors import SourceError
from rhetoric.gold import FIELDS, Coded, text_sum
from rhetoric.ingest.document import Document, is_analysed
from rhetoric.labels import FRAMES, FRAMINGS
from rhetoric.record import Record
from rhetoric.resources import CORPORA, DETECTORS, SCORES
from rhetoric.training.evaluation.counts import count_passage, longest_passage
from rhetoric.training.evaluation.frames import measure_frame
from rhetoric.training.evaluation.metrics import Measure, evaluate, pair_up

if TYPE_CHECKING:
    from spacy.language import Language

_OWN: Final = ("f1", "precision", "recall", "average_precision", "ece")


def annotate_gold(rows: Sequence[Coded], nlp: "Language", *, embedding: bool = False) -> Iterator[Record]:
    """Annotate coded passages; raises SourceError for one without text or that cannot be analysed."""
    from rhetoric.analysis import analyse

    for row in rows:
        if "text" not in row:
            advice = "Name the folder of its text with --texts."
            raise SourceError(str(row["id"]), "this passage is kept as offsets.", advice)
    # As they were coded: without a line separator or control character that readers take out, a text is another.
    documents = (Document(str(row["id"]), row["text"]) for row in rows)
    for record in analyse(documents, nlp, embedding=embedding):
        if not is_analysed(record):
            raise SourceError(str(record.id), record.reason)
        yield record


def as_record(row: Coded) -> Record:
    """Return the record that says what was coded, each label for sure: a coder, to be evaluated as detectors are."""
    coded = row.get("frames", {})
    passage: dict[str, Any] = {
        "start": 0,
        "end": len(row["text"]),
        "about": float(row.get("about", 0)),
        "framing": row.get("framing", "none"),
        "framing_score": 1.0,
        "frames": {frame: float(coded.get(frame, 0)) for frame in FRAMES},
        "portrayal": row.get("portrayal") or {},
        "custom": {
            label: {"score": float(code), "present": bool(code)} for label, code in coded.items() if label not in FRAMES
        },
    }
    made: dict[str, Any] = {
        "id": row["id"],
        "text": row["text"],
        "meta": {},
        "passages": [passage],
        "framing": [{"cue": [], **each, "score": 1.0} for each in row.get("instances", ())],
        "contrasts": [{"cue": [], **each, "score": 1.0} for each in row.get("contrasts", ())],
        "metaphors": [{**each, "live": True, "score": 1.0} for each in row.get("live_metaphors", ())],
        "pipeline": {"name": "coder", "version": "", "sha256": ""},
    }
    return cast("Record", made)


def evaluate_gold(rows: Sequence[Coded], records: Iterable[Record], *, draws: int = 200) -> dict[str, Measure]:
    """Measure ``records`` against ``rows`` as ``metrics.evaluate`` does, and frames that the codebook does not have.

    These add ``custom.LABEL``, its F1, and ``custom.LABEL.precision``, ``.recall``, ``.average_precision`` and
    ``.ece``, where the records have them. Raises SourceError where a record is missing or has another text.
    """
    pairs = pair_up(rows, records)
    found = evaluate(rows, [record for _, record in pairs], draws=draws)
    return dict(sorted({**found, **_own(pairs, draws)}.items()))


def own_frames(rows: Iterable[Coded]) -> list[str]:
    """Return the coded frames that the codebook does not have, by name."""
    return sorted({label for row in rows for label in row.get("frames", {})} - {*FRAMES})


def _own(pairs: Sequence[tuple[Coded, Record]], draws: int) -> dict[str, Measure]:
    found: dict[str, Measure] = {}
    for label in own_frames(row for row, _ in pairs):
        both = [
            (bool(row["frames"][label]), custom[label])
            for row, record in pairs
            if label in row.get("frames", {}) and label in (custom := longest_passage(record).get("custom", {}))
        ]
        if not both:
            continue
        present, said = (np.array(each, dtype=bool) for each in ([p for p, _ in both], [s["present"] for _, s in both]))
        chances = np.array([s["score"] for _, s in both])
        measured = measure_frame(chances, said, present, draws=draws)
        found |= {f"custom.{label}" + ("" if name == "f1" else f".{name}"): measured[name] for name in _OWN}
    return found


def second_coder(rows: Sequence[Coded], second: Sequence[Coded]) -> tuple[dict[str, float], int]:
    """Return what a second coder reaches on the passages that both coded, by metric, and how many these are.

    Of a passage only what both coded counts. What neither of them found anywhere is left out, of the means of labels
    too. Raises SourceError where they share none, or a passage has another text.
    """
    by_id = {row["id"]: row for row in second}
    shared = [_coded_by_both(row, by_id[row["id"]]) for row in rows if row["id"] in by_id]
    if not shared:
        raise SourceError("the second coder", "no passage has the id of a passage in the gold.")
    texts = {row["id"]: row["text"] for row in shared}
    theirs = [by_id[row["id"]] for row in shared]
    for row in theirs:
        if row.get("text", texts[row["id"]]) != texts[row["id"]]:
            raise SourceError(row["id"], "the second coder has another text of this passage than the gold.")
    both = [as_record({"text": texts[row["id"]], **row}) for row in theirs]
    skipped = nowhere(shared, both)
    if not any(row.get("portrayal") for row in theirs):
        skipped |= {"portrayal.role", "portrayal.stance"}
    found = evaluate_gold(shared, both, draws=0)
    kept = {name: each.value for name, each in found.items() if name not in skipped and not name.startswith("ece.")}
    told = {name: value for name, value in kept.items() if not name.endswith(("average_precision", ".ece"))}
    for field, labels in (("frames", FRAMES), ("framing", FRAMINGS)):
        known = [told[name] for label in labels if (name := f"{field}.{label}") in told]
        if f"{field}.macro_f1" in told and len(known) < len(labels):
            told[f"{field}.macro_f1"] = fmean(known)
    return told, len(shared)


def _coded_by_both(row: Coded, other: Coded) -> Coded:
    """Return ``row`` without the codes of what the ``other`` coder left uncoded: that is no code of absence."""
    kept = {name: each for name, each in row.items() if name not in FIELDS or name in other}
    if "frames" in kept:
        kept["frames"] = {label: code for label, code in kept["frames"].items() if label in other["frames"]}
    return kept


def nowhere(rows: Sequence[Coded], records: Sequence[Record]) -> set[str]:
    """Return the metrics for which neither side has anything: they would be 0 of nothing."""
    counted: dict[str, int] = {}
    for row, record in pair_up(rows, records):
        counts = {name: said + there for name, (_, said, there) in count_passage(row, record).items()}
        for label, theirs in longest_passage(record).get("custom", {}).items():
            counts[f"custom.{label}"] = int(theirs["present"]) + row.get("frames", {}).get(label, 0)
        counted = {name: counted.get(name, 0) + counts.get(name, 0) for name in counted | counts}
    found = {name for name, times in counted.items() if not times}
    found |= {f"{name}.{share}" for name in found for share in ("precision", "recall", "average_precision")}
    if found >= {f"frames.{frame}" for frame in FRAMES}:
        found.add("frames.macro_f1")
    return found


def known_ceiling(rows: Sequence[Coded], scores: Path = DETECTORS / SCORES) -> dict[str, float]:
    """Return what a second coder reaches on the project's own gold, where ``rows`` are of it, with the same text and
    coded as there; else nothing.
    """
    for name in ("authored", "real"):
        with (CORPORA / "gold" / f"{name}.jsonl").open(encoding="utf-8") as lines:
            known = {row["id"]: row for row in map(json.loads, lines)}
        if all(row["id"] in known and _coded_alike(row, known[row["id"]]) for row in rows):
            try:
                return dict(json.loads(scores.read_text(encoding="utf-8"))["ceiling"][name])
            except (OSError, ValueError, KeyError):
                return {}
    return {}


def _coded_alike(row: Coded, known: Coded) -> bool:
    fields = all(row[field] == known[field] for field in FIELDS if field in row and field != "frames")
    frames = row.get("frames", {})
    same = "text" not in row or text_sum(row["text"]) == (known.get("sha") or text_sum(known["text"]))
    return same and fields and all(frames[frame] == known["frames"][frame] for frame in FRAMES if frame in frames)
