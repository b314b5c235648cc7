"""What sets a cluster apart from the rest, in numbers and in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.clustering.features import Features, Level
from rhetoric.clustering.table import FIELDS, KIND, Floats, under
from rhetoric.scoring.columns import NAMES, ROLE_NAMES

LEAST: Final = 0.4  # standard deviations; below this a difference sets nothing apart
_CERTAIN: Final = 2.5  # standard errors that a difference must exceed besides
_TERMS: Final = 4  # of a name
_NEUTRAL: Final = 0.15  # a mean stance nearer to 0 speaks neither ill nor well
_OF_A_KIND: Final = {"frames": 2}  # terms of one kind in a name, where not one
_FIXED: Final = {
    "passages_unmasking": "accounts unmasked",
    "passages_partial": "hints at unmasking",
    "unmasking_explicit": "unmasking marked by cues",
    "unmasking_implicit": "unmasking without cues",
    "contrast": "contrasts",
    "metaphor": "live metaphors",
}


@dataclass(frozen=True)
class Trait:
    """How a cluster differs from the rest in one field of the scorecard.

    ``size`` is the difference of the means in standard deviations, values of short texts drawn towards the mean of all;
    ``inside`` and ``outside`` are the means of the cluster and of the rest, in the ``unit`` of the field: of documents
    each weighs the same, of passages the longer more. ``told`` and ``told_outside`` say how many units, of how many,
    have a value: how a country is portrayed only those tell that speak of it. ``shared`` says whether most units of the
    cluster, among them the most typical one and most of the typical, are on the cluster's side of the middle between
    the two means. ``words`` names the field, ``meaning`` says what it counts.
    """

    field: str
    words: str
    meaning: str
    unit: str
    size: float
    inside: float
    outside: float
    told: tuple[int, int]
    told_outside: tuple[int, int]
    shared: bool


def find_traits(
    features: Features, labels: NDArray[np.int64], cluster: int, typical: Sequence[int] = ()
) -> list[Trait]:
    """Return the fields that set a cluster apart, the largest difference first; none for the only cluster.

    No field is among them that sets it apart for the sake of a single text or passage. ``typical`` are units of the
    cluster that its name should be true of, the most typical first.
    """
    inside = labels == cluster
    if inside.all():
        return []
    rest = features.standard[~inside].mean(axis=0)
    apart = features.standard[inside].mean(axis=0) - rest
    without_one = (_mean_without_one(features.standard[inside], apart > 0) - rest) * np.sign(apart)
    error = np.sqrt(_error(features.standard[inside]) + _error(features.standard[~inside]))
    table = features.table
    unit = np.searchsorted(features.unit, features.unit_of_passage)
    found = []
    for at, column in enumerate(FIELDS):
        if without_one[at] < LEAST or abs(apart[at]) < _CERTAIN * error[at]:
            continue
        top, bottom = (
            np.bincount(unit, weights=each, minlength=len(labels))
            for each in (table.top[:, at], table.bottom[:, under(column)])
        )
        value = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
        here, elsewhere = (_mean(value[chosen], bottom[chosen], features.level) for chosen in (inside, ~inside))
        has = (value - (here + elsewhere) / 2) * apart[at] > 0
        if not (here - elsewhere) * apart[at] > 0:  # nobody tells, or texts weighed alike do not differ so
            continue
        told, others = ((int((bottom[chosen] > 0).sum()), int(chosen.sum())) for chosen in (inside, ~inside))
        shared = all(2 * has[some].sum() > len(has[some]) for some in (inside, [*typical], [*typical[:1]]) if len(some))
        words = say(column.name, more=bool(apart[at] > 0), value=here)
        what, size = (column.name, words, column.meaning, column.unit), round(float(apart[at]), 3)
        found.append(Trait(*what, size, round(here, 4), round(elsewhere, 4), told, others, shared))
    return sorted(found, key=lambda each: (-abs(each.size), each.field))


def _mean_without_one(values: Floats, high: NDArray[np.bool_]) -> Floats:
    """Return each column's mean without its highest value where ``high``, else its lowest; a single row as it is."""
    if len(values) == 1:
        return np.asarray(values[0])
    extreme = np.where(high, values.max(axis=0), values.min(axis=0))
    return np.asarray((values.sum(axis=0) - extreme) / (len(values) - 1))


def _error(values: Floats) -> Floats:
    """Return the squared standard error of each column's mean; of a single row, that of a column of unit variance."""
    return np.asarray(values.var(axis=0, ddof=1) / len(values) if len(values) > 1 else np.ones(values.shape[1]))


def _mean(values: Floats, weights: Floats, level: Level) -> float:
    """Return the mean of values that are known, of documents each alike; not a number where none is."""
    known = weights > 0
    if not known.any():
        return float("nan")
    return float(np.average(values[known], weights=weights[known] if level == "passage" else None))


def say(field: str, *, more: bool = True, value: float | None = None) -> str:
    """Name a field in plain words; a stance by the side that its ``value`` is on, if known, else as better or worse.

    A ``value`` that is on neither side is named by the side that there is less of.
    """
    if field in _FIXED:
        return _FIXED[field]
    kind, _, rest = field.partition("_")
    if kind == "frame":
        return rest.removesuffix("_probability")
    if kind in ("contrast", "metaphor"):
        return "antitheses" if rest == "antithesis" else f"{rest}s" if kind == "contrast" else f"{rest} metaphors"
    if kind == "unmasking":
        return f"accounts of {NAMES[rest]} unmasked"
    if rest == "stance":
        if value is None:  # to be above the mean is not to be on the side of praise
            return f"{NAMES[kind]} {'better' if more else 'worse'} spoken of"
        well = not more if abs(value) < _NEUTRAL else value > 0
        return f"{NAMES[kind]} spoken {'well' if well else 'ill'} of"
    return f"{NAMES[kind]} {ROLE_NAMES[rest.removeprefix('role_')]}"


def name_clusters(traits: Sequence[Sequence[Trait]]) -> list[tuple[str, list[Trait]]]:
    """Return a name for each cluster, no two alike, and its traits, those that the name tells first.

    A name tells the largest traits that are ``shared``, at first two frames and one of each kind.
    """
    shared = [[trait for trait in each if trait.shared] for each in traits]
    terms = [_terms(each, _TERMS, capped=True) for each in shared]
    names = [_name(each) for each in terms]
    for at, each in enumerate(shared):
        if names.count(names[at]) > 1:
            terms[at] = _terms(each, 2 * _TERMS, capped=False)
            names[at] = _name(terms[at])
    names = [
        name if names.count(name) == 1 else f"{name} ({names[:at].count(name) + 1})" for at, name in enumerate(names)
    ]
    ordered = [
        [*told, *(trait for trait in each if trait not in told)] for told, each in zip(terms, traits, strict=True)
    ]
    return list(zip(names, ordered, strict=True))


def _terms(traits: Sequence[Trait], most: int, *, capped: bool) -> list[Trait]:
    taken: list[Trait] = []
    kinds: list[str] = []
    for each in traits:
        kind = KIND[each.field]
        if not capped or kinds.count(kind) < _OF_A_KIND.get(kind, 1):
            taken.append(each)
            kinds.append(kind)
    return taken[:most]


def _name(terms: Sequence[Trait]) -> str:
    more = ", ".join(each.words for each in terms if _is_more(each))
    less = ", ".join(each.words for each in terms if not _is_more(each))
    if not terms:
        return "Nothing surely sets most of it apart"
    name = more + ("; " if more and less else "") + (f"less: {less}" if less else "")
    return name[0].upper() + name[1:]


def _is_more(difference: Trait) -> bool:
    """Whether there is more of what the trait's words name; a country spoken ill of is no lack of praise, one spoken of
    neither ill nor well is.
    """
    if not difference.field.endswith("_stance"):
        return difference.size > 0
    stance = difference.inside
    return abs(stance) >= _NEUTRAL and (difference.size > 0) == (stance > 0)
