"""Folds of whole documents, so that what is measured is measured on documents that nothing was learned from."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

FOLDS: Final = 5
_FEWEST: Final = 10  # passages with what is to be learned, and without it


def too_few(sides: Mapping[str, Sequence[str]], documents: int) -> str:
    """Say why nothing can be learned and measured from passages "with" it and "without" it, each side given by the
    document of each passage, where it takes so many ``documents`` at least; nothing where it can.
    """
    for side, found in sides.items():
        if len(found) < _FEWEST:
            are = "passage is" if len(found) == 1 else "passages are"
            return f"{len(found)} {are} coded {side} it, {_FEWEST} are needed at least."
        if (there := len(set(found))) < documents:
            few = "one document" if there == 1 else f"{there} documents"
            return f"all passages {side} it are of {few}; to measure it takes {documents}, and more are better."
    return ""


def split_documents(documents: Sequence[str], present: Sequence[bool] | NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Return the passages of each fold: whole documents, each fold with about as many passages in which something rare
    is ``present``, and about as many of all.

    There are at most FOLDS, and no more than documents with it. It stands in two folds at least, as do passages without
    it, so that all folds but any one teach both: as far as either are of two documents.
    """
    size, rare = Counter(documents), Counter(name for name, yes in zip(documents, present, strict=True) if yes)
    if not rare:
        return []
    rest = size - rare
    totals = [[0, 0] for _ in range(min(FOLDS, len(rare)))]
    where = {}
    for name in sorted(size, key=lambda name: (-rare[name], -size[name], name)):
        where[name] = min(range(len(totals)), key=lambda fold: totals[fold] if name in rare else totals[fold][1:])
        totals[where[name]][0] += rare[name]
        totals[where[name]][1] += size[name]
    if len(rest) > 1 and len(totals) > 1 and len({where[name] for name in rest}) == 1:
        # One that has nothing rare, where there is one; else what is rare stands in the other documents here, too.
        moved = min(rest, key=lambda name: (name in rare, size[name], name))
        others = [fold for fold in range(len(totals)) if fold != where[moved]]
        where[moved] = min(others, key=lambda fold: totals[fold][1])
    found = (np.flatnonzero([where[name] == fold for name in documents]) for fold in range(len(totals)))
    return [fold.astype(np.int64) for fold in found]
