"""Agreement on each label, by Krippendorff's alpha, and on spans, by F1 between each two coders.

Nothing here depends on the order of coders, passages or spans.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import Any, Final, Literal

import numpy as np

from rhetoric.annotation.agreement.codes import Item, LabelField, SpanField, Value, label_fields, span_fields
from rhetoric.annotation.agreement.draws import Counts, Draws, Numbers
from rhetoric.annotation.agreement.shared import Shared
from rhetoric.errors import need
from rhetoric.scoring.uncertainty import NOTHING, Estimate, rounded

NOT_CODED: Final = "no passage has it from two coders"
NOBODY: Final = "nobody marked any"
Pair = tuple[str, str]


class _Noted:
    """What has a note that says why it has no value."""

    note: str

    @property
    def coded(self) -> bool:
        """Whether there is a passage that two coders coded for this."""
        return self.note != NOT_CODED


@dataclass(frozen=True)
class LabelAgreement(_Noted):
    """Agreement on one label: ``alpha``; ``agreed``, the share of pairs of codings that say the same; both with their
    interval over passages.

    ``used`` says how often each value was given. ``alpha`` has no value, and ``note`` says why, where everybody gave
    the same one: alpha compares with chance, and chance has nothing to vary there. ``pairs`` has alpha by pair of
    coders where there are more than two.
    """

    field: str
    alpha: Estimate
    agreed: Estimate
    used: dict[str, int]
    pairs: dict[Pair, float | None]
    note: str = ""


@dataclass(frozen=True)
class SpanAgreement(_Noted):
    """Agreement on spans of one kind: F1 between two coders, of whom neither is the measure, pooled over pairs of
    coders and passages.

    ``exact``: the same characters; ``overlap``: at least one character shared; each span is matched once, as many as
    can be. ``spans`` counts what each coder marked in the passages shared; ``pairs`` has the F1 of overlaps by pair of
    coders where there are more than two.
    """

    field: str
    exact: Estimate
    overlap: Estimate
    spans: dict[str, int]
    pairs: dict[Pair, float | None]
    note: str = ""


@dataclass(frozen=True)
class Agreement:
    """Everything coders can agree on, over ``passages`` passages that at least two of ``coders`` coded."""

    coders: tuple[str, ...]
    passages: int
    alone: int
    other_text: tuple[str, ...]
    labels: list[LabelAgreement]
    spans: list[SpanAgreement]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as JSON can hold it; pairs of coders are lists of dicts."""
        found: dict[str, Any] = {**asdict(self), "other_text": list(self.other_text), "coders": list(self.coders)}
        for each in (*found["labels"], *found["spans"]):
            each["pairs"] = [{"coders": list(pair), "value": value} for pair, value in each["pairs"].items()]
        return found


def measure_agreement(shared: Shared) -> Agreement:
    """Measure the agreement of coders on every field of the codebook, and on further frames that they coded.

    Raises RhetoricError where the extra ``agreement`` is not installed.
    """
    need("Agreement needs", "agreement", "krippendorff", "scipy.optimize")
    draws = Draws(len(shared.rows))
    labels = [_label(field, shared, draws) for field in label_fields(shared)]
    spans = [_spans(field, shared, draws) for field in span_fields()]
    return Agreement(shared.coders, len(shared.rows), shared.alone, shared.other_text, labels, spans)


def _label(field: LabelField, shared: Shared, draws: Draws) -> LabelAgreement:
    said = [field.by_coder(by) for by in shared.rows.values()]
    given, passage = _given(said, shared.coders)
    domain = sorted({value for values in given for value in values})
    if not domain:
        return LabelAgreement(field.name, NOTHING, NOTHING, {}, {}, NOT_CODED)
    units = _count(given, domain)
    pairs = units.sum(1) * (units.sum(1) - 1)
    same = (units * (units - 1)).sum(1)
    agreed = draws.ratio(_by_passage(same, passage, len(said)), _by_passage(pairs, passage, len(said)))
    used = {str(value): int(times) for value, times in zip(domain, units.sum(0), strict=True)}
    if len(domain) == 1:
        none = replace(NOTHING, passages=agreed.passages)
        return LabelAgreement(field.name, none, agreed, used, {}, f"everybody said {domain[0]} everywhere")
    distances = _distances(domain, field.interval)
    value = _alpha(units, domain, field.interval)
    found = draws.alpha(value, _coincidences(units, passage, len(said)), distances)
    by_pair: dict[Pair, float | None] = {}
    if len(shared.coders) > 2:
        for pair in combinations(shared.coders, 2):
            two = _count(_given(said, pair)[0], domain)
            by_pair[pair] = rounded(_alpha(two, domain, field.interval)) if (two.sum(0) > 0).sum() > 1 else None
    note = "" if found.low is not None else "too few passages vary for an interval"
    return LabelAgreement(field.name, found, agreed, used, by_pair, note)


def _given(said: Sequence[dict[str, dict[str, Value]]], coders: Sequence[str]) -> tuple[list[list[Value]], Counts]:
    """Return what ``coders`` gave to each unit that two of them coded, and the number of the passage of each unit."""
    found, passage = [], []
    for at, by in enumerate(said):
        coded = [by[coder] for coder in coders if coder in by]
        for unit in sorted({unit for values in coded for unit in values}):
            given = [values[unit] for values in coded if unit in values]
            if len(given) > 1:
                found.append(given)
                passage.append(at)
    return found, np.array(passage, dtype=np.int64)


def _count(given: Sequence[Sequence[Value]], domain: Sequence[Value]) -> Counts:
    """Return how often each value was given to each unit (units × values)."""
    return np.array([[values.count(value) for value in domain] for values in given], dtype=np.int64).reshape(
        -1, len(domain)
    )


def _by_passage(values: Counts, passage: Counts, passages: int) -> Counts:
    return np.bincount(passage, weights=values, minlength=passages).astype(np.int64)


def _alpha(units: Counts, domain: Sequence[Value], interval: bool) -> float:
    import krippendorff

    numbers = np.array(domain if interval else range(len(domain)), dtype=np.float64)
    level: Literal["interval", "nominal"] = "interval" if interval else "nominal"
    return float(krippendorff.alpha(value_counts=units, value_domain=numbers, level_of_measurement=level))


def _coincidences(units: Counts, passage: Counts, passages: int) -> Numbers:
    """Return what each passage adds to the matrix of coincidences (passages × values × values)."""
    given = units.astype(np.float64)
    each = np.einsum("ui,uj->uij", given, given)
    each -= np.einsum("ui,ij->uij", given, np.eye(given.shape[1]))
    each /= (given.sum(1) - 1)[:, None, None]
    found = np.zeros((passages, *each.shape[1:]))
    np.add.at(found, passage, each)
    return found


def _distances(domain: Sequence[Value], interval: bool) -> Numbers:
    if interval:
        numbers = np.array(domain, dtype=np.float64)
        return np.asarray((numbers[:, None] - numbers[None]) ** 2)
    return 1 - np.eye(len(domain))


def _spans(field: SpanField, shared: Shared, draws: Draws) -> SpanAgreement:
    marked = Counter(dict.fromkeys(shared.coders, 0))
    pairs = list(combinations(shared.coders, 2))
    # For each pair of coders and passage: matched exactly, matched by overlap, marked by the two together.
    found = np.zeros((len(pairs), len(shared.rows), 3), dtype=np.int64)
    coded = False
    for at, by in enumerate(shared.rows.values()):
        items = field.by_coder(by)
        if len(items) > 1:
            coded = True
            marked.update({coder: len(its) for coder, its in items.items()})
        for number, pair in enumerate(pairs):
            if items.keys() >= {*pair}:
                one, other = (items[coder] for coder in pair)
                found[number, at] = 2 * len(one & other), 2 * len(match(one, other)), len(one) + len(other)
    exact, overlap = (draws.ratio(found[:, :, column].sum(0), found[:, :, 2].sum(0)) for column in (0, 1))
    note = NOT_CODED if not coded else NOBODY if exact.value is None else ""
    sums = found.sum(1).tolist() if len(pairs) > 1 else []
    by_pair = {pair: rounded(met / both) if both else None for pair, (_, met, both) in zip(pairs, sums, strict=False)}
    return SpanAgreement(field.name, exact, overlap, dict(marked), by_pair, note)


def match(one: frozenset[Item], other: frozenset[Item]) -> list[tuple[Item, Item]]:
    """Match items that overlap and have the same labels, each once, so that as many as can be are matched.

    Of all such matchings one that shares the most characters is taken (the assignment problem; scipy solves it).
    """
    from scipy.optimize import linear_sum_assignment

    rows, columns = (sorted(items) for items in (one, other))
    worth = np.array([[_worth(a, b) for b in columns] for a in rows])
    if not worth.any():
        return []
    # A further match is worth more than any number of shared characters; all are whole numbers, so nothing is rounded.
    worth[worth > 0] += worth.max() * min(worth.shape)
    chosen = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
    return [(rows[a], columns[b]) for a, b in chosen if worth[a, b]]


def _worth(one: Item, other: Item) -> int:
    """Return how many characters two items share; 0 where they do not match."""
    if one.labels != other.labels or not one.meets(other):
        return 0
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a, b in ((a, b) for a in one.spans for b in other.spans))
