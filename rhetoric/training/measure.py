"""Measure the detectors: on held-out gold beside baselines and coders, on the essay, and on VUA-20."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import numpy as np

from rhetoric.analysis import annotate, load
from rhetoric.pipeline.encoder import Encoder
from rhetoric.pipeline.layout import TOKEN, column
from rhetoric.record import Record
from rhetoric.training.baselines import crossvalidate_baselines, vua_f1
from rhetoric.training.baselines.lexicon import read_vua
from rhetoric.training.gold import Coded
from rhetoric.training.metrics import Measure, evaluate

_ROW = re.compile(r"^\| ([a-z0-9_.]+) \| *([\d.]*) *\| *([\d.]+) *\| *([\d.]+) *\|$", re.MULTILINE)
DRAWS = 500


def measure_detectors(
    coded: list[Coded],
    silver: list[Coded],
    records: list[Record],
    essay: list[Coded],
    data: Path,
    gold: Path,
    detectors: Path,
) -> dict[str, Any]:
    """Return every figure of the model card.

    ``records`` are those of ``coded``, each made by weights that had not seen it; the weights in ``detectors``, trained
    on all of it, are measured on the essay and on VUA-20, which they have not seen either.
    """
    kinds = {"real": [r for r in coded if "slug" in r], "authored": [r for r in coded if "slug" not in r]}
    baselines = crossvalidate_baselines([*coded, *silver], data, draws=DRAWS)
    nlp = load(detectors=detectors)
    essay_records = [cast("Record", {**annotate(row["text"], nlp=nlp), "id": row["id"]}) for row in essay]
    return {
        "measured": {kind: _plain(evaluate(rows, records, draws=DRAWS)) for kind, rows in kinds.items()},
        "essay": _plain(evaluate(essay, essay_records, draws=0)),
        "baselines": {
            kind: {name: _plain(measures) for name, measures in found.items()} for kind, found in baselines.items()
        },
        "ceiling": read_ceiling(gold / "README.md"),
        "passages": {kind: len(rows) for kind, rows in kinds.items()}
        | {"silver": len(silver), "essay": len(essay)}
        | {"real_unmasking": sum(row["framing"] == "unmasking" for row in kinds["real"])},
        "vua20": {"detectors": measure_vua(detectors, data), "lexicon": vua_f1(data / "metaphor/vua20.jsonl.gz").f1},
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


def measure_vua(detectors: Path, data: Path, threshold: float = 0.5) -> dict[str, float]:
    """Return precision, recall and F1 on the official test words of VUA-20 (content words; metaphor is the class)."""
    encoder, at = Encoder(detectors), column(TOKEN, "marks", "metaphor")
    said, should = [], []
    for sentence in read_vua(data / "metaphor/vua20.jsonl.gz", "test"):
        words, labels = sentence["tokens"], sentence["labels"]
        ends = np.cumsum([len(word) + 1 for word in words])
        encoded = encoder.encode(" ".join(words))
        score = np.full(len(words), -np.inf)
        for logits, (start, _) in zip(encoded.token, encoded.ranges, strict=True):
            word = int(np.searchsorted(ends, start, side="right"))
            score[word] = max(score[word], logits[at])
        kept = [i for i, label in enumerate(labels) if label >= 0]
        said += [score[i] >= np.log(threshold / (1 - threshold)) for i in kept]
        should += [labels[i] == 1 for i in kept]
    right, predicted, true = sum(np.array(said) & np.array(should)), sum(said), sum(should)
    return {
        "precision": round(right / predicted, 4),
        "recall": round(right / true, 4),
        "f1": round(2 * right / (predicted + true), 4),
        "words": len(should),
    }
