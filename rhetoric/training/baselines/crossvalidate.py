"""Measure every baseline on passages that it was not fitted to, fold by fold as the detectors are measured."""

from collections.abc import Sequence
from pathlib import Path

from rhetoric.gold import Coded, split, without_repeats
from rhetoric.record import Record
from rhetoric.training.baselines.base import Baseline
from rhetoric.training.baselines.cues import CueLists
from rhetoric.training.baselines.lexicon import Lexicon
from rhetoric.training.baselines.majority import Majority
from rhetoric.training.baselines.wordcounts import WordCounts
from rhetoric.training.data.metaphors import VUA
from rhetoric.training.evaluation.metrics import Measure, evaluate


def make_baselines(data: Path) -> list[Baseline]:
    """Return the baselines, unfitted; ``data`` is the folder that holds ``metaphor/vua20.jsonl.gz``."""
    return [Majority(), WordCounts(own_kind=True), WordCounts(own_kind=False), CueLists(), Lexicon(data / VUA)]


def annotate_held(baseline: Baseline, rows: Sequence[Coded], more: Sequence[Coded], folds: int) -> list[Record]:
    """Return a record for each of ``rows``, by the baseline fitted to the other folds and to what may be learned of
    ``more``: real passages of documents that are not held out, and all that was written for training; nothing that
    repeats what is held out.
    """
    records: list[Record] = []
    written = [row for row in more if "slug" not in row]
    silver = [row for row in more if "slug" in row]
    for fold in range(folds):
        kept, held = split(rows, fold, folds)
        if held:
            baseline.fit(without_repeats(kept + split(silver, fold, folds)[0] + written, held))
            records += baseline.annotate(held)
    return records


def crossvalidate_baselines(
    rows: Sequence[Coded], more: Sequence[Coded], data: Path, folds: int = 3, draws: int = 200
) -> dict[str, dict[str, dict[str, Measure]]]:
    """Measure the baselines on held-out passages; returns kind (authored, real), then baseline, then metric.

    ``rows`` are measured; ``more`` passages (silver, written, those learned last) are trained on only, as the detectors
    are.
    """
    measures: dict[str, dict[str, dict[str, Measure]]] = {kind: {} for kind in _kinds(rows)}
    for baseline in make_baselines(data):
        records = []
        for kind, each in _kinds(rows).items() if baseline.own_kind else [("", list(rows))]:
            its = _kinds(more).get(kind, []) if kind else more
            records += annotate_held(baseline, each, its, folds)
        for kind, gold in _kinds(rows).items():
            everything = evaluate(gold, records, draws=draws).items()
            measures[kind][baseline.name] = {
                name: each for name, each in everything if name.startswith(baseline.answers)
            }
    return measures


def _kinds(rows: Sequence[Coded]) -> dict[str, list[Coded]]:
    kinds = {
        "authored": [row for row in rows if "slug" not in row],
        "real": [row for row in rows if "slug" in row],
    }
    return {kind: each for kind, each in kinds.items() if each}
