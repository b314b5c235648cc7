"""Measure the detectors: on held-out gold beside baselines and coders, on the essay, and on public benchmarks."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from rhetoric.analysis import annotate, load
from rhetoric.record import Record
from rhetoric.training.baselines.crossvalidate import crossvalidate_baselines
from rhetoric.training.benchmarks.public import measure_public
from rhetoric.training.card.rates import measured_rates
from rhetoric.training.data.passages import Gold
from rhetoric.training.evaluation.evaluate import second_coder
from rhetoric.training.evaluation.metrics import Measure, evaluate

_ROW = re.compile(r"^\| ([a-z0-9_.]+) \| *([\d.]*) *\| *([\d.]+) *\| *([\d.]+) *\|$", re.MULTILINE)
DRAWS = 500


def measure_detectors(
    detectors: Path, data: Path, passages: Gold, records: list[Record], fresh_records: list[Record]
) -> dict[str, Any]:
    """Return every figure of the model card that the weights in the folder ``detectors`` and their folds give.

    ``records`` are those of the coded passages, ``fresh_records`` those of ``others``, each made by weights that had
    not seen it. Baselines learn what the detectors learn. The weights in ``detectors``, trained on all of it, are
    measured on the essay and on the test parts of public benchmarks, which they have not seen either.
    """
    coded, silver, fresh = passages.coded, passages.silver, passages.others
    kinds = {"real": [r for r in coded if "slug" in r], "authored": [r for r in coded if "slug" not in r]}
    baselines = crossvalidate_baselines(coded, silver + passages.written + passages.last, data, draws=DRAWS)
    nlp = load(detectors=detectors)
    coder, both = second_coder(fresh, passages.again)
    essay = [cast("Record", {**annotate(row["text"], nlp=nlp), "id": row["id"]}) for row in passages.essay]
    return {
        "measured": {kind: _plain(evaluate(rows, records, draws=DRAWS)) for kind, rows in kinds.items()},
        "essay": _plain(evaluate(passages.essay, essay, draws=0)),
        "fresh": _plain(evaluate(fresh, fresh_records, draws=DRAWS)),
        "baselines": {
            kind: {name: _plain(measures) for name, measures in found.items()} for kind, found in baselines.items()
        },
        "ceiling": {"fresh": {name: round(f1, 4) for name, f1 in coder.items()}},
        "passages": {
            **{kind: len(rows) for kind, rows in kinds.items()},
            "silver": sum("of" not in row for row in silver),
            "rewritten": sum("of" in row for row in silver),
            "written": len(passages.written),
            "essay": len(passages.essay),
            "fresh": len(fresh),
            "again": both,
            "real_unmasking": sum(row["framing"] == "unmasking" for row in kinds["real"]),
            "learned_last": len(passages.fresh),
            "pairs": len(passages.pairs),
        },
        "rates": {
            "real": measured_rates(kinds["real"], records),
            "real_every_passage": measured_rates(kinds["real"], records, every_passage=True),
        },
        "benchmarks": measure_public(data, detectors),
    }


def _plain(measures: Mapping[str, Measure]) -> dict[str, dict[str, float | None]]:
    return {
        name: {key: None if value is None else round(value, 4) for key, value in asdict(measure).items()}
        for name, measure in measures.items()
    }


def read_ceiling(readme: Path) -> dict[str, dict[str, float]]:
    """Read, from the table in the gold's README, what a second coder reaches."""
    rows = _ROW.findall(readme.read_text(encoding="utf-8"))
    return {"real": {name: float(real) for name, _, real, _ in rows}, "authored": {r[0]: float(r[3]) for r in rows}}
