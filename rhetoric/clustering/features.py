"""What clusters rest on: the scorecard's fields, made comparable, and the embedding that knows framing from topic.

A field's value over few passages is mostly chance. So each unit (a document, or a passage) is drawn towards the mean of
all, the more the less text it has, by how far passages of one document differ and how far documents do: Bühlmann and
Straub's credibility (1970, ASTIN Bulletin 5). What is missing is the mean. A field in which units differ no more than
chance has them differ comes to little, and to nothing in about half of the cases. Where nothing else is left, that
little makes clusters all the same; :mod:`rhetoric.clustering.chance` finds that out.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from rhetoric.clustering.table import FIELDS, KIND, Floats, Integers, Kind, Member, Table, under

Level = Literal["document", "passage"]
# Of the squared distance, were everything known for certain. Frames are what the clusters are of, so they weigh as much
# as all else; on the gold's own codes that made clusters agree with frames about twice as well as five equal shares.
SHARES: Final[dict[Kind, float]] = {"frames": 0.5, "framing": 0.2, "contrast": 0.1, "metaphor": 0.1, "portrayal": 0.1}
EMBEDDING_SHARE: Final = 1.0
FARTHEST: Final = 2.5  # standard deviations from the mean that count; a field seen once must not make a cluster alone


@dataclass(frozen=True)
class Features:
    """Units (documents or passages) in numbers.

    ``unit`` (units) is the row of ``table.members`` or of the table's passages; ``standard`` (units × FIELDS) are the
    scorecard's values in standard deviations from the mean, drawn towards 0 where little is known; ``matrix`` (units ×
    columns) is what is clustered.
    """

    table: Table
    level: Level
    unit: Integers
    standard: Floats
    matrix: Floats
    embedded: bool

    @property
    def unit_of_passage(self) -> Integers:
        """Which row of the table's members, or of its passages, each passage belongs to (passages)."""
        return _units(self.table, self.level)

    def member(self, unit: int) -> Member:
        """Return the document that a unit is, or is a passage of."""
        row = int(self.unit[unit])
        return self.table.members[row if self.level == "document" else int(self.table.document[row])]


def make_features(table: Table, level: Level = "document", *, embedding: bool = True) -> Features:
    """Return the features of every document with a counted passage, or of every counted passage.

    The embedding is left out where ``table`` has none or ``embedding`` is False.
    """
    unit, starts = np.unique(_units(table, level), return_index=True)
    standard = np.zeros((len(unit), len(FIELDS)))
    for at, column in enumerate(FIELDS):
        top, bottom = table.top[:, [at]].astype(np.float64), table.bottom[:, under(column)].astype(np.float64)
        standard[:, at] = np.clip(_shrink(top, bottom, starts)[:, 0], -FARTHEST, FARTHEST)
    parts = [standard * _weights(standard)]
    vectors = table.embedding if embedding else None
    if vectors is not None:
        framing = take_topic_out(vectors, table.about)
        parts.append(np.sqrt(EMBEDDING_SHARE) * _shrink(framing, np.ones(len(framing)), starts))
    return Features(table, level, unit, standard, np.hstack(parts), embedded=vectors is not None)


def _units(table: Table, level: Level) -> Integers:
    return table.document if level == "document" else np.arange(len(table.document))


def _shrink(top: Floats, bottom: Floats, starts: Integers) -> Floats:
    """Return each unit's ratios of sums (units × columns), standardised as a whole and drawn towards the mean; 0, which
    is the mean, over nothing. All columns of ``top`` (passages × columns) are over one ``bottom`` (passages).
    """
    if not len(starts):
        return np.empty((0, top.shape[1]))
    tops, bottoms = np.add.reduceat(top, starts), np.add.reduceat(bottom, starts)
    known, total = bottoms > 0, bottoms.sum()
    value = _divide(tops, bottoms)
    away = np.where(known[:, None], value - _divide(tops.sum(axis=0)[None], total[None]), 0.0)
    between = float((bottoms @ away**2).sum())
    if between <= 1e-18 * total:  # nothing below, or all alike
        return np.zeros_like(away)
    off = _divide(top, bottom)
    off -= np.repeat(value, np.diff([*starts, len(top)]), axis=0)
    inside = float(np.einsum("p,pc,pc", bottom, off, off))
    drawn = _credibility(inside, int((bottom > 0).sum()) - int(known.sum()), bottoms, between)
    return np.asarray(drawn[:, None] * away / np.sqrt(between / total))


def _divide(top: Floats, bottom: Floats) -> Floats:
    """Return rows over what is below each, 0 where that is nothing."""
    return np.divide(top, bottom[:, None], out=np.zeros_like(top), where=bottom[:, None] > 0)


def take_topic_out(embedding: NDArray[np.float32], about: NDArray[np.float32]) -> Floats:
    """Return the embedding (passages × numbers) without what being ``about`` the matter (passages) explains of it.

    Some frames belong to the matter, so that training on frames teaches the embedding some topic; a linear regression
    takes that out again. On held-out passages of the gold that takes a third of their agreement with the topic from
    the clusters, and next to none of that with framing.
    """
    wide, topic = embedding.astype(np.float64), about.astype(np.float64)
    topic -= topic.mean()
    total = float(topic @ topic)
    return wide - np.outer(topic, topic @ wide / total) if total > 1e-12 else wide


def _credibility(inside: float, free: int, weight: Floats, between: float) -> Floats:
    """Return how far each unit's own value is to be believed, 0 to 1.

    ``inside`` and ``between`` are the weighted sums of squares within and between units, ``free`` the degrees of
    freedom of the first. Where units are single passages nothing tells how far chance moves them; there those as
    long as the typical one are taken at their word, shorter ones the less.
    """
    total, units = float(weight.sum()), int((weight > 0).sum())
    if free < 1:
        return np.minimum(1.0, 2 * weight / (weight + np.median(weight[weight > 0])))
    within = max(0.0, inside) / free
    across = (between - (units - 1) * within) / max(total - float((weight**2).sum()) / total, 1e-12)
    if across <= 0:
        return np.zeros(len(weight))
    return np.divide(weight, weight + within / across, out=np.zeros(len(weight)), where=weight > 0)


def _weights(standard: Floats) -> Floats:
    """Return a weight a field, so that each kind has the same share of the distance however many fields it has."""
    kinds = np.array(list(KIND.values()))
    varied = (standard != 0).any(axis=0)
    found = np.zeros(len(kinds))
    for kind in SHARES:
        found[kinds == kind] = np.sqrt(SHARES[kind] / max(1, int((varied & (kinds == kind)).sum())))
    return found
