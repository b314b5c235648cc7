"""What a cluster looks like: typical units, passages that show what sets it apart, and the units that fit it least."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.clustering.features import Features
from rhetoric.clustering.naming import Trait
from rhetoric.clustering.table import FIELDS, UNDER, Floats
from rhetoric.scoring.uncertainty import FEWEST

TYPICAL: Final = 5
OUTLIERS: Final = 3
_FEWEST_WORDS: Final = 25  # a heading or half a sentence shows nothing
_LOOKED_AT: Final = 200  # candidates whose text is compared with that of the ones before
_FENCE: Final = 1.5  # quartile ranges above the third quartile of distances (Tukey 1977)


@dataclass(frozen=True)
class Example:
    """A document, ``called`` so where it is shown, or a passage of one (``passage`` its number from 1, ``start`` and
    ``end`` its characters).
    """

    id: str
    title: str | None
    source: str | None
    called: str
    passage: int | None = None
    start: int | None = None
    end: int | None = None
    text: str | None = None


def typical_units(features: Features, away: Floats, members: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the units of a cluster (``members``) in order of their distance from its centre, ``away`` (units) from it;
    the first is its medoid. Those of little text are left out, while there are others.
    """
    table, rows = features.table, features.unit[members]  # of little text nothing is typical
    if features.level == "document":
        size, least = np.array([table.members[row].counted for row in rows]), FEWEST
    else:
        size, least = table.bottom[rows, UNDER.index("words")], _FEWEST_WORDS
    members = members[size >= min(least, size.max())]
    return np.asarray(members[np.lexsort((members, away[members]))])


def show_typical(features: Features, ranked: NDArray[np.int64]) -> list[Example]:
    """Return the first of :func:`typical_units`; of one document no two passages, while there are others."""
    return _shown(features, ranked, TYPICAL)


def outlying_units(features: Features, away: Floats, members: NDArray[np.int64]) -> list[Example]:
    """Return the units farther from their cluster's centre than Tukey's fence, the farthest first."""
    lower, upper = np.quantile(away[members], [0.25, 0.75])
    outside = members[away[members] > upper + _FENCE * (upper - lower)]
    return _shown(features, outside[np.lexsort((outside, -away[outside]))], OUTLIERS)


def telling_passages(passages: Features, documents: NDArray[np.int64], traits: Sequence[Trait]) -> list[Example]:
    """Return passages of ``documents`` that show most of what sets their cluster apart, of each document one if it can
    be: the sum of their standard values in those fields, each weighted by its difference.
    """
    table, weights = passages.table, np.zeros(len(FIELDS))
    for each in traits:
        weights[[column.name for column in FIELDS].index(each.field)] = each.size
    rows = np.flatnonzero(np.isin(table.document, documents))
    words = table.bottom[rows, UNDER.index("words")]
    rows = rows[words >= min(_FEWEST_WORDS, words.max())]
    score = (passages.standard[rows] @ weights).round(9)
    return _shown(passages, rows[np.lexsort((rows, -score))], TYPICAL)


def make_example(features: Features, unit: int) -> Example:
    """Return one unit as an example."""
    member, table = features.member(unit), features.table
    if features.level == "document":
        return Example(member.id, member.title, member.source, member.called)
    row = int(features.unit[unit])
    number, start, end = map(int, table.span[row])
    return Example(member.id, member.title, member.source, member.called, number, start, end, table.texts[row])


def _shown(features: Features, ranked: NDArray[np.int64], most: int) -> list[Example]:
    """Return the first documents, or passages that say not the same, of each document one while there are others."""
    if features.level == "document":
        return [make_example(features, unit) for unit in ranked[:most].tolist()]
    unlike: dict[str, Example] = {}
    firsts: dict[str, Example] = {}
    for unit in ranked[:_LOOKED_AT].tolist():
        each = make_example(features, unit)
        words = " ".join((each.text or "").lower().split())
        if words not in unlike:
            unlike[words] = each
            firsts.setdefault(each.id, each)
    others = [each for each in unlike.values() if firsts[each.id] is not each]
    return [*firsts.values(), *others][:most]
