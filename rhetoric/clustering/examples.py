"""What a cluster looks like: typical units, passages that show what sets it apart, and the units that fit it least."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.clustering.features import Features
from rhetoric.clustering.naming import Trait
from rhetoric.clustering.table import FIELDS, UNDER, Floats, Table
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


def typical_units(features: Features, table: Table, away: Floats, members: NDArray[np.int64]) -> list[Example]:
    """Return the units of a cluster (``members``) nearest to its centre, ``away`` (units) from it; the first is its
    medoid. Of one document no two passages, while there are others.
    """
    rows = features.unit[members]  # of little text nothing is typical
    if features.level == "document":
        size, least = np.array([table.members[row].counted for row in rows]), FEWEST
    else:
        size, least = table.bottom[rows, UNDER.index("words")], _FEWEST_WORDS
    members = members[size >= min(least, size.max())]
    return _shown(features, table, members[np.lexsort((members, away[members]))], TYPICAL)


def outlying_units(features: Features, table: Table, away: Floats, members: NDArray[np.int64]) -> list[Example]:
    """Return the units farther from their cluster's centre than Tukey's fence, the farthest first."""
    lower, upper = np.quantile(away[members], [0.25, 0.75])
    outside = members[away[members] > upper + _FENCE * (upper - lower)]
    return _shown(features, table, outside[np.lexsort((outside, -away[outside]))], OUTLIERS)


def telling_passages(
    passages: Features, table: Table, documents: NDArray[np.int64], traits: Sequence[Trait]
) -> list[Example]:
    """Return passages of ``documents`` that show most of what sets their cluster apart, of each document one if it can
    be: the sum of their standard values in those fields, each weighted by its difference.
    """
    weights = np.zeros(len(FIELDS))
    for each in traits:
        weights[[column.name for column in FIELDS].index(each.field)] = each.size
    rows = np.flatnonzero(np.isin(table.document, documents))
    words = table.bottom[rows, UNDER.index("words")]
    rows = rows[words >= min(_FEWEST_WORDS, words.max())]
    score = (passages.standard[rows] @ weights).round(9)
    return _shown(passages, table, rows[np.lexsort((rows, -score))], TYPICAL)


def make_example(features: Features, table: Table, unit: int) -> Example:
    """Return one unit as an example."""
    row = int(features.unit[unit])
    if features.level == "document":
        member = table.members[row]
        return Example(member.id, member.title, member.source, member.called)
    member, (number, start, end) = table.members[table.document[row]], map(int, table.span[row])
    return Example(member.id, member.title, member.source, member.called, number, start, end, table.text(row))


def _shown(features: Features, table: Table, ranked: NDArray[np.int64], most: int) -> list[Example]:
    best = [
        make_example(features, table, int(unit))
        for unit in ranked[: _LOOKED_AT if features.level == "passage" else most]
    ]
    if features.level == "document":
        return best
    unlike = list(_without_repeats(best))
    firsts = [each for at, each in enumerate(unlike) if each.id not in {other.id for other in unlike[:at]}]
    return (firsts + [each for each in unlike if each not in firsts])[:most]


def _without_repeats(examples: Iterable[Example]) -> Iterator[Example]:
    seen = set()
    for each in examples:
        words = " ".join((each.text or "").lower().split())
        if words not in seen:
            seen.add(words)
            yield each
