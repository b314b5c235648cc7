"""Do documents differ more than chance has them differ? The same passages, dealt out anew among the documents.

How well clusters stand apart and how surely they come again do not tell: both are blind to size, and of documents that
are random draws of the same passages, the rare field that some drew twice makes clusters as clear and as stable as any.
Size tells, for what chance made is drawn close to the mean (:mod:`rhetoric.clustering.features`): documents differ
where they lie farther from it than in every shuffle of their passages, which 1 in 20 sets of random draws do as well.

Single passages cannot be dealt out anew, nor documents of one passage each: of those nothing is said.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from rhetoric.clustering.features import Features, make_features
from rhetoric.clustering.table import Integers, Table

SHUFFLES: Final = 19
_LARGEST: Final = 1_000  # documents, taken evenly; what so many do not show, more hardly do
_EQUAL: Final = 1e-9  # relative; the same sums in another order differ by less


@dataclass(frozen=True)
class Chance:
    """In how many of ``shuffles`` the documents differed as much as they do or more: ``reached``."""

    shuffles: int
    reached: int

    @property
    def suffices(self) -> bool:
        """Whether chance alone makes documents differ as much."""
        return self.reached > 0


def measure_chance(features: Features, *, seed: int = 0) -> Chance | None:
    """Shuffle the passages among the documents, each keeping its number of them; None where that changes nothing."""
    if features.level == "passage":
        return None
    table = features.table
    picked = np.linspace(0, len(features.unit) - 1, min(len(features.unit), _LARGEST)).astype(int)
    rows = np.flatnonzero(np.isin(table.document, features.unit[picked]))
    if len(rows) == len(picked):
        return None
    document = table.document[rows]
    generator = np.random.Generator(np.random.PCG64(seed))
    least = _spread(table, document, rows, embedding=features.embedded) * (1 - _EQUAL)
    shuffled = (
        _spread(table, document, generator.permutation(rows), embedding=features.embedded) for _ in range(SHUFFLES)
    )
    return Chance(SHUFFLES, sum(spread >= least for spread in shuffled))


def _spread(table: Table, document: Integers, rows: Integers, *, embedding: bool) -> float:
    """Return how far documents that have these ``rows`` of the table for passages lie from one that is like all others:
    the mean squared distance.
    """
    dealt = replace(
        table,
        document=document,
        top=table.top[rows],
        bottom=table.bottom[rows],
        about=table.about[rows],
        embedding=table.embedding[rows] if embedding and table.embedding is not None else None,
    )
    return float((make_features(dealt).matrix ** 2).sum(axis=1).mean())
