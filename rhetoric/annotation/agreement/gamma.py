"""Gamma (Mathet et al. 2015): agreement on spans, corrected for chance, in place, bounds and label at once.

It is computed by pygamma-agreement (the extra ``gamma``), over the passages laid end to end, as its authors do with a
text, and by the fast form of its algorithm. Chance is sampled: 30 times, from a fixed seed.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from rhetoric.annotation.agreement.codes import WHOLE, SpanField, span_fields
from rhetoric.annotation.agreement.shared import Shared
from rhetoric.errors import need
from rhetoric.scoring.uncertainty import SEED

_SAMPLES: Final = 30
_GAP: Final = 20  # characters between passages that are laid end to end
_UNKNOWN: Final = 800  # characters of a passage whose text is not at hand and on which nobody marked anything


@dataclass(frozen=True)
class Gamma:
    """Gamma of one kind of span: 1 is agreement, 0 what chance gives; None, with a ``note``, where there is none.

    Of contrasts each side is a unit with the contrast's label; a metaphor's label is its source.
    """

    field: str
    gamma: float | None
    spans: int
    note: str = ""


def measure_gamma(shared: Shared) -> Iterator[Gamma]:
    """Yield gamma for each kind of span, one at a time since it takes a while: some seconds a hundred spans.

    Raises RhetoricError where the extra ``gamma`` is not installed.
    """
    need("Gamma needs", "gamma", "pygamma_agreement")
    for field in span_fields():
        if field.name in WHOLE:
            with _steady():
                found = _measure(field, shared)
            yield found


def _measure(field: SpanField, shared: Shared) -> Gamma:
    from pyannote.core import Segment
    from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum, PositionalSporadicDissimilarity

    continuum = Continuum()
    name = field.name.split(" with ")[0]
    at, labels = 0, set()
    for passage, by in shared.rows.items():
        items = field.by_coder(by)
        ends = [end for its in items.values() for item in its for _, end in item.spans]
        if len(items) == len(shared.coders):  # gamma knows no missing codings
            for coder, its in items.items():
                for item in its:
                    for start, end in item.spans:
                        label = item.labels[0] if item.labels else name
                        labels.add(label)
                        continuum.add(coder, Segment(at + start, at + end), label)
        at += max([len(shared.text(passage) or "") or _UNKNOWN, *ends]) + _GAP
    spans = continuum.num_units
    silent = [coder for coder in shared.coders if coder not in continuum.annotators]
    if silent:
        return Gamma(name, None, spans, f"{' and '.join(silent)} marked none in the passages that everybody coded")
    measure = CombinedCategoricalDissimilarity() if len(labels) > 1 else PositionalSporadicDissimilarity()
    found = continuum.compute_gamma(measure, n_samples=_SAMPLES, fast=True)
    return Gamma(name, round(float(found.gamma), 3), spans)


@contextmanager
def _steady() -> Iterator[None]:
    """Seed what the library draws samples from, give it and ``random``, by which it checks itself, back as they were,
    and let its solver not print.
    """
    import logging

    states: tuple[Any, Any] = (random.getstate(), np.random.get_state())  # noqa: NPY002 - what the library uses
    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)  # it says once a sample that it could be faster with another solver
    np.random.seed(SEED)  # noqa: NPY002
    try:
        with _silent_solver():
            yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002
        logging.disable(disabled)


@contextmanager
def _silent_solver() -> Iterator[None]:
    try:
        from cvxopt import glpk
    except ImportError:  # another solver is installed
        yield
        return
    before = dict(glpk.options)
    glpk.options["msg_lev"] = "GLP_MSG_OFF"
    try:
        yield
    finally:
        glpk.options.clear()
        glpk.options.update(before)
