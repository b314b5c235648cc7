"""Measure every baseline on passages that it was not fitted to, fold by fold as the detectors are measured."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rhetoric.record import Record
from rhetoric.training.baselines.base import Baseline
from rhetoric.training.baselines.cues import CueLists
from rhetoric.training.baselines.lexicon import Lexicon
from rhetoric.training.baselines.majority import Majority
from rhetoric.training.baselines.wordcounts import WordCounts
from rhetoric.training.gold import Coded, split
from rhetoric.training.metrics import Measure, evaluate

VUA: Final = Path("metaphor") / "vua20.jsonl.gz"


def make_baselines(data: Path) -> list[Baseline]:
    """Return the baselines, unfitted; ``data`` is the folder that holds ``metaphor/vua20.jsonl.gz``."""
    return [Majority(), WordCounts(own_kind=True), WordCounts(own_kind=False), CueLists(), Lexicon(data / VUA)]


def annotate_held(baseline: Baseline, rows: Sequence[Coded], folds: int) -> list[Record]:
    """Return a record for each of ``rows`` (silver ones excepted), by the baseline fitted to the other folds."""
    records: list[Record] = []
    for fold in range(folds):
        kept, held = split(rows, fold, folds)
        measured = [row for row in held if "contrasts" in row]
        if measured:
            baseline.fit(kept)
            records += baseline.annotate(measured)
    return records


def crossvalidate_baselines(
    rows: Sequence[Coded], data: Path, folds: int = 3, draws: int = 200
) -> dict[str, dict[str, dict[str, Measure]]]:
    """Measure the baselines on held-out passages; returns kind (authored, real), then baseline, then metric.

    ``rows`` may mix authored, real and silver passages; silver ones (no contrasts coded) are trained on, not measured.
    """
    kinds = {
        "authored": [row for row in rows if "slug" not in row],
        "real": [row for row in rows if "slug" in row],
    }
    measures: dict[str, dict[str, dict[str, Measure]]] = {kind: {} for kind, each in kinds.items() if each}
    for baseline in make_baselines(data):
        material = [kinds[kind] for kind in measures] if baseline.own_kind else [rows]
        records = [record for each in material for record in annotate_held(baseline, each, folds)]
        for kind, found in measures.items():
            gold = [row for row in kinds[kind] if "contrasts" in row]
            everything = evaluate(gold, records, draws=draws).items()
            found[baseline.name] = {name: each for name, each in everything if name.startswith(baseline.answers)}
    return measures
