"""Lines of a user's own, from coded passages to a folder of detectors: on a CPU, in minutes, without PyTorch.

The encoder stays as it is, and so do the words; what decides on top of them is drawn anew where it is then nearer to
the user's coders on documents held out, and left as it is where it is not.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from rhetoric.errors import RhetoricError, SourceError, need
from rhetoric.gold import Coded, check_coded, check_ids, is_among, text_sum
from rhetoric.pipeline.graph import read_files
from rhetoric.record import Record
from rhetoric.resources import DECISIONS, DETECTORS, SCORES, SETTINGS
from rhetoric.training.decisions.choice import choice_of
from rhetoric.training.decisions.questions import Case, read_case
from rhetoric.training.evaluation.metrics import compare
from rhetoric.training.own.decisions_card import decisions_card, pointer
from rhetoric.training.own.folder import CARD, new_folder, read_json
from rhetoric.training.own.lines import LINES, Deciding, Drawn, coded, present, score
from rhetoric.training.own.passages import check_texts, split_documents, take_passages, too_few, trained_on
from rhetoric.training.own.results import Decided, Redrawn
from rhetoric.writing import write_json

_FEWEST_DOCUMENTS: Final = 3  # to fit on one, choose on another and measure on a third
DRAWS: Final = 500
_PROGRESS = Callable[[Iterable[Coded]], Iterable[Coded]]


def train_decisions(
    rows: Sequence[Coded],
    output: Path,
    *,
    document: str = "slug",
    base: Path = DETECTORS,
    spacy_model: str | None = None,
    source: str = "",
    progress: _PROGRESS = iter,
    say: Callable[[str], None] = lambda _: None,
) -> Decided:
    """Draw the lines of the detectors in ``base`` as those who coded ``rows`` do, and write them, measured, to
    ``output``; nothing is written where none is better on documents held out.

    ``document`` is the field that says which document a passage is of; a row without it is of the document that its id
    names before "#". ``source`` is what the card calls the coded passages; ``say`` is told what goes on. Raises
    RhetoricError where nothing can be fitted, or SciPy is not installed.
    """
    need("Fitting to your own coding needs", "cluster", "scipy.optimize")
    _check(rows)
    taken = take_passages(rows, document)
    rows, documents = taken.rows, taken.documents
    there = {name: [present(line, row) for row in rows] for name, line in LINES.items()}
    left_out = {name: why for name in LINES if (why := _unfit(name, rows, documents, there[name]))}
    names = [name for name in LINES if name not in left_out]
    if not names:
        raise RhetoricError(" ".join(f"{name}: {why}" for name, why in left_out.items()))
    folds = split_documents(documents, min((there[name] for name in names), key=sum))
    cases, nlp = _analyse(rows, base, spacy_model, progress)
    deciding = Deciding(cases, folds, nlp, choice_of(nlp), names)
    every = frozenset(range(len(folds)))
    tried = {}
    for fold in sorted(every):
        say(f"fitting to all documents but those of fold {fold + 1} of {len(folds)}")
        tried[fold] = deciding.choose(every - {fold})
    say("fitting to all documents")
    drawn = _better(deciding, deciding.choose(every), tried)
    say("measuring on documents held out")
    ours: list[Record] = []
    theirs: list[Record] = []
    for fold in sorted(every):
        kept = {name: each for name, each in tried[fold].items() if name in drawn}
        ours += deciding.records(deciding.settle(kept, every - {fold}), fold)
        theirs += deciding.records(deciding.base, fold)
    earlier = trained_on() | set(read_json(base / DECISIONS / SCORES).get("shas", ()))
    decided = Decided(
        {name: sum(coded(LINES[name], row) for row in rows) for name in LINES},
        {name: sum(there[name]) for name in LINES},
        len(set(documents)),
        len(folds),
        {name: Redrawn(each.fitted, deciding.there(name), each.value) for name, each in drawn.items()},
        [name for name in names if name not in drawn],
        left_out,
        compare(rows, ours, theirs, draws=DRAWS),
        taken.repeats,
        taken.contradict,
        taken.named,
        sum(is_among(row["text"], earlier) for row in rows),
    )
    if drawn:
        _write(decided, deciding, drawn, base, output, source)
    return decided


def _check(rows: Sequence[Coded]) -> None:
    """Raise SourceError for a passage without text, two of one id, and what is no coded passage."""
    check_texts(rows)
    for row in rows:
        try:
            check_coded(row)
        except (ValueError, KeyError, TypeError) as error:
            raise SourceError(str(row["id"]), f"this is not a coded passage ({error}).") from error
    check_ids(rows)


def _unfit(name: str, rows: Sequence[Coded], documents: Sequence[str], there: Sequence[bool]) -> str:
    """Say why a line cannot be drawn and measured; nothing where it can."""
    its = [coded(LINES[name], row) for row in rows]
    if not any(its):
        return "nobody coded it."
    sides = {"with": [document for document, yes in zip(documents, there, strict=True) if yes]}
    if name in ("about", "framing"):
        each = zip(documents, its, there, strict=True)
        sides["without"] = [document for document, asked, yes in each if asked and not yes]
    return too_few(sides, _FEWEST_DOCUMENTS)


def _analyse(rows: Sequence[Coded], base: Path, spacy_model: str | None, progress: _PROGRESS) -> tuple[list[Case], Any]:
    from rhetoric.analysis import load

    nlp: Any = load(spacy_model, detectors=base)
    for name in ("rhetoric_frames", "rhetoric_framing"):
        nlp.get_pipe(name).words = lru_cache(maxsize=None)(nlp.get_pipe(name).words)
    nlp.get_pipe("rhetoric_metaphor").metaphor_threshold = math.inf  # none but live ones are counted
    left_out = [name for name in nlp.pipe_names if name == "rhetoric_custom"]
    cases = []
    for row in progress(rows):
        cases.append(read_case(row, nlp, left_out))
        if not cases[-1].prepared:
            raise SourceError(str(row["id"]), "there are no words in this passage.")
    return cases, nlp


def _better(
    deciding: Deciding, drawn: Mapping[str, Drawn], tried: Mapping[int, Mapping[str, Drawn]]
) -> dict[str, Drawn]:
    """Return the lines of ``drawn`` that, chosen and fitted without a fold, are better on it, over all folds."""
    kept: dict[str, Drawn] = {}
    every = frozenset(tried)
    for name, line in drawn.items():
        scores = []
        for these in ({*kept}, {*kept, name}):
            counts = [
                deciding.try_on(
                    name, deciding.settle({n: d for n, d in tried[fold].items() if n in these}, every - {fold}), fold
                )
                for fold in sorted(every)
            ]
            scores.append(score(np.concatenate(counts)))
        if scores[1] > scores[0]:
            kept[name] = line
    return kept


def _write(
    decided: Decided, deciding: Deciding, drawn: Mapping[str, Drawn], base: Path, output: Path, source: str
) -> None:
    """Write the folder: the detectors of ``base`` with the lines ``drawn`` to all passages, their figures and card."""
    choice = deciding.settle(drawn, frozenset(range(len(deciding.folds))))
    settings, _ = read_files(base, [])
    weights, thresholds = dict(settings.get("decisions", {})), dict(settings.get("thresholds", {}))
    weights |= {name: each for name, each in choice.decisions.items() if each != deciding.base.decisions[name]}
    thresholds |= {name: each for name, each in choice.thresholds.items() if each != deciding.base.thresholds[name]}
    with new_folder(base, output, DECISIONS, pointer(decided.redrawn)) as whole:
        # In the settings of the whole, so that a record's checksum tells whose lines are in it.
        write_json(whole / SETTINGS, {**settings, "decisions": weights, "thresholds": thresholds})
        inside = whole / DECISIONS
        shas = {
            *read_json(base / DECISIONS / SCORES).get("shas", ()),
            *(text_sum(each.row["text"]) for each in deciding.cases),
        }
        write_json(inside / SCORES, {**decided.to_dict(), "shas": sorted(shas)})
        (inside / CARD).write_text(decisions_card(decided, settings, source), encoding="utf-8")
