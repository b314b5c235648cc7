"""The judge of contrasts: a small graph that looks at two stretches of a passage and says whether, and how, they are
set against each other.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rhetoric.labels import CONTRASTS
from rhetoric.pipeline.graph import open_graph, read_files
from rhetoric.pipeline.read import Array

JUDGE = "judge.onnx"
Judging = Callable[[Array, NDArray[np.int64]], Array]
_BEFORE = 8  # tokens before a first side that are shown as well; the graph looks at fewer
_MOST = 1500  # tokens × candidates a run: the graph looks at every token for every candidate


class Judge:
    """``(tokens × VECTOR)`` of one passage and ``(candidates × 4)`` token ranges of both sides in; logits ``(candidates
    × 1 + contrasts)`` out, those of no contrast first.
    """

    def __init__(self, folder: Path) -> None:
        """Load from a model folder; raises ModelError where it cannot."""
        self._folder = folder
        self._session = open_graph(folder, read_files(folder, [JUDGE])[1][JUDGE])

    def __reduce__(self) -> tuple[Any, ...]:  # a graph cannot be sent to another process, its folder can
        return Judge, (self._folder,)

    def __call__(self, vectors: Array, sides: NDArray[np.int64]) -> Array:
        """Judge candidates, those near one another together: memory does not grow with the length of the passage."""
        found = np.zeros((len(sides), 1 + len(CONTRASTS)), dtype=np.float32)
        for first, end, group in _neighbours(sides):
            feed = {"vectors": vectors[first:end], "sides": sides[group] - first}
            found[group] = self._session.run(["logits"], feed)[0]
        return found


def _neighbours(sides: NDArray[np.int64]) -> Iterator[tuple[int, int, list[int]]]:
    """Yield which tokens, from first to end, which candidates are to be judged by."""
    group: list[int] = []
    first = end = 0
    for at in np.argsort(sides[:, 0], kind="stable").tolist():
        low, high = max(0, int(sides[at, 0]) - _BEFORE), int(sides[at].max())
        if group and (max(end, high) - first) * (len(group) + 1) > _MOST:
            yield first, end, group
            group = []
        if not group:
            first = end = low
        end = max(end, high)
        group.append(at)
    if group:
        yield first, end, group
