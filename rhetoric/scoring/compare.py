"""Two sides compared, field by field: how far apart they are, how sure that is, and what is distinctive of each."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import numpy as np

from rhetoric.errors import RhetoricError
from rhetoric.record import Record
from rhetoric.scoring.chance import SURE, cliffs_delta, correct_p, least_p, permutation_test
from rhetoric.scoring.columns import Column
from rhetoric.scoring.copies import say_copies
from rhetoric.scoring.distinctive import DistinctiveMetaphor, DistinctivePassage, find_metaphors, find_passages
from rhetoric.scoring.means import document_means
from rhetoric.scoring.percent import count
from rhetoric.scoring.summary import Summary, compared_fields, count_once, scales_of, summarise, with_own
from rhetoric.scoring.uncertainty import FEWEST, Estimate, Ratio, estimate, known, rounded
from rhetoric.scoring.units import document_units, passage_units, unit_values

_NAMED: Final = 5  # documents left out that a note names


@dataclass(frozen=True)
class Difference:
    """One field on both sides; ``difference`` is a - b. The ``passages`` of an estimate count the units it is over.

    ``effect`` is Cliff's delta over the units, from -1 (each of a's is lower than each of b's) to +1; unlike ``p`` it
    takes units of any length alike. ``p`` is of a test of the means over units that allows for their length
    (:mod:`rhetoric.scoring.chance`), ``p_corrected`` is corrected for the number of fields (Benjamini and Hochberg);
    both None where all units are alike, a side has no value or fewer than three units have one.
    """

    field: str
    unit: str
    a: Estimate
    b: Estimate
    difference: float | None
    effect: float | None
    p: float | None
    p_corrected: float | None

    @property
    def sure(self) -> bool:
        """Whether the corrected p-value is below 0.05."""
        return self.p_corrected is not None and self.p_corrected < SURE


@dataclass(frozen=True)
class Side:
    """What stands on one side, each text once; ``left_out`` are the titles of documents with too few passages that
    count.
    """

    name: str
    documents: int
    passages: int
    words: int
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Two sides. ``units`` are what was dealt out anew in the tests and what intervals are over.

    ``differences`` come surest first; ``passages`` and ``metaphors`` hold what is most distinctive of a, then of b.
    """

    a: Side
    b: Side
    units: Literal["documents", "passages"]
    differences: tuple[Difference, ...]
    passages: tuple[tuple[DistinctivePassage, ...], tuple[DistinctivePassage, ...]]
    metaphors: tuple[tuple[DistinctiveMetaphor, ...], tuple[DistinctiveMetaphor, ...]]
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as nested dicts and lists that JSON can hold; ``n`` of a value is how many ``units`` it
        rests on.
        """
        told = asdict(self)
        for side in (each[name] for each in told["differences"] for name in ("a", "b")):
            side["n"] = side.pop("passages")
        return told


def compare(
    a: Iterable[Record],
    b: Iterable[Record],
    *,
    names: tuple[str, str] = ("A", "B"),
    fields: Sequence[str] = (),
    every_passage: bool = False,
) -> Comparison:
    """Compare two sets of records in the named ``fields`` of a scorecard, or in all; see :func:`compare_summaries`.

    All are those of the codebook and the share of each frame of the user's own that the records hold.
    """
    chosen = compared_fields(fields)
    sides = [[summarise(record, chosen, every_passage=every_passage) for record in records] for records in (a, b)]
    return compare_summaries(*sides, names=names, fields=with_own(sides, chosen, named=bool(fields)))


def compare_summaries(
    a: Sequence[Summary], b: Sequence[Summary], *, names: tuple[str, str], fields: dict[str, Column]
) -> Comparison:
    """Compare two sides over documents, or over passages where on each side one document counts.

    A text that stands more than once on a side counts once, if at least three of its passages count. Over documents
    each weighs the same, however long; a side's value is the mean of theirs. Over passages it is the text's own value.
    Raises RhetoricError where nothing is left of a side.
    """
    once = [count_once(side) for side in (a, b)]
    copies = [len(side) - len(kept) for side, kept in zip((a, b), once, strict=True)]
    kept = [[each for each in side if each.counted >= FEWEST] for side in once]
    for side, given, name in zip(kept, once, names, strict=True):
        if not side:
            more = any(each.passages > each.counted for each in given)
            advice = " Every passage counts with --every-passage." if more else ""
            raise RhetoricError(f"{name}: {_why_not(given)}, so there is nothing to compare.{advice}")
    single = len(kept[0]) == len(kept[1]) == 1
    left_out = [_left_out(side, given) for side, given in zip(kept, once, strict=True)]
    sides = tuple(_side(name, side, left) for name, side, left in zip(names, kept, left_out, strict=True))
    differences = _differences(kept, fields, single)
    return Comparison(
        a=sides[0],
        b=sides[1],
        units="passages" if single else "documents",
        differences=tuple(sorted(differences, key=_surest_first)),
        passages=(find_passages(kept[0], kept[1]), find_passages(kept[1], kept[0])),
        metaphors=(find_metaphors(kept[0], kept[1]), find_metaphors(kept[1], kept[0])),
        notes=(
            *_notes(kept, sides, left_out, single),
            *_repeated(kept, names, copies),
            *_chosen(len(fields)),
        ),
    )


def _why_not(given: Sequence[Summary]) -> str:
    """Say why nothing is left of a side."""
    if not given:
        return "there is nothing"
    if len(given) > 1:
        return f"none of its {len(given):,} documents has {FEWEST} passages that count"
    few = given[0].counted
    if not few:
        return "this text has no passage that counts, or is off topic"
    return f"only {count(few, 'passage')} of this text count{'s' if few == 1 else ''}, fewer than {FEWEST}"


def _differences(kept: Sequence[Sequence[Summary]], fields: dict[str, Column], single: bool) -> list[Difference]:
    columns = list(fields.values())
    means, parts = (_passage_estimates, passage_units) if single else (document_means, document_units)
    estimates = [means(side, columns) for side in kept]
    units = [parts(side, columns) for side in kept]
    # In an order that is the same whichever side is named first, and so are the draws.
    turned = [each.digest for each in kept[0]] > [each.digest for each in kept[1]]
    one, other = units[::-1] if turned else units
    rates, errors = unit_values([*one, *other], scales_of(columns))
    first = (np.arange(len(rates)) < len(one)) != turned
    weights = np.concatenate([bottoms for _, bottoms in (*one, *other)]).astype(np.float64) if single else None
    _, p = permutation_test(first.astype(np.float64), rates, errors, weights)
    apart = [_subtract(*pair) for pair in zip(*estimates, strict=True)]
    corrected = correct_p(p)
    found = []
    for at, column in enumerate(columns):
        ours, theirs = (each[np.isfinite(each)] for each in (rates[first, at], rates[~first, at]))
        found.append(
            Difference(
                field=column.name,
                unit=column.unit,
                a=estimates[0][at],
                b=estimates[1][at],
                difference=apart[at],
                effect=known(cliffs_delta(ours, theirs)),
                p=known(p[at]),
                p_corrected=known(corrected[at]),
            )
        )
    return found


def _subtract(one: Estimate, other: Estimate) -> float | None:
    return None if one.value is None or other.value is None else rounded(one.value - other.value)


def _passage_estimates(side: Sequence[Summary], columns: Sequence[Column]) -> list[Estimate]:
    (only,) = side
    top, bottom = only.stack(columns)
    ratios = [
        Ratio(top[:, at], bottom[:, at], column.scale, *column.bounds, counts=False)
        for at, column in enumerate(columns)
    ]
    return estimate(ratios, unseen=True)


def _surest_first(each: Difference) -> tuple[float, float, float]:
    p, corrected = (2.0 if p is None else p for p in (each.p, each.p_corrected))
    return corrected, p, -abs(each.effect or 0.0)  # corrected, many are alike


def _left_out(kept: Sequence[Summary], given: Sequence[Summary]) -> list[Summary]:
    there = {id(summary) for summary in kept}  # the id of a document may stand twice
    return sorted((each for each in given if id(each) not in there), key=lambda each: each.title)


def _side(name: str, kept: Sequence[Summary], left_out: Sequence[Summary]) -> Side:
    passages, words = sum(summary.counted for summary in kept), sum(summary.words for summary in kept)
    return Side(name, len(kept), passages, words, tuple(summary.title for summary in left_out))


def _chosen(fields: int) -> list[str]:
    """Warn of p-values that are corrected for few fields: whoever chose them by what all of them show is misled."""
    if fields >= len(compared_fields()):
        return []
    which = "the one field named" if fields == 1 else f"the {fields} fields named"
    return [f"p-values are corrected for {which} alone, which holds where you chose before you saw any difference."]


def _repeated(kept: Sequence[Sequence[Summary]], names: Sequence[str], copies: Sequence[int]) -> Iterable[str]:
    """Say which texts stand more than once on a side, and which on both."""
    for name, many in zip(names, copies, strict=True):
        if many:
            yield say_copies(many, name)
    one, other = ({each.digest for each in side} for side in kept)
    both = len(one & other)
    if both:
        which = "the one counted text" if len(one) == 1 else f"{both:,} of the {len(one):,} counted texts"
        yield (
            f"On both sides: {which} of {names[0]}. That hides differences, and "
            "p-values take the sides for independent, so leave what is on both out of one."
        )


def _notes(
    kept: Sequence[Sequence[Summary]], sides: tuple[Side, ...], left_out: Sequence[Sequence[Summary]], single: bool
) -> Iterable[str]:
    if single:
        yield (
            "On each side one text counts, so its passages are compared. They hang together, being one author's: the "
            "p-values tell chance within these texts, and nothing of others by the same voices."
        )
    else:
        yield (
            f"Each document with at least {FEWEST} passages that count weighs the same in a side's value, however "
            "long; intervals, effects and p-values are over documents. Of what few documents have, 95% intervals hold "
            "the true mean nearer nine times in ten."
        )
    for side, left in zip(sides, left_out, strict=True):
        if left:
            more = [f"and {len(left) - _NAMED:,} more"] if len(left) > _NAMED else []
            named = "; ".join([*(each.called for each in left[:_NAMED]), *more])
            which = f"{count(len(left), 'document')} of {side.name}"
            yield f"Left out: {which}, having fewer than {FEWEST} passages that count: {named}."
    one, other = (side.passages if single else side.documents for side in sides)
    if least_p(one, other) > SURE / 10:
        what = f"With {one} and {other} {'passages' if single else 'documents'} no p-value can be below"
        yield f"{what} {least_p(one, other):.2g}, before correction: too few to be sure of much."
    if len({summary.pipeline for side in kept for summary in side}) > 1:
        yield "The records were made by different pipelines; part of a difference may be theirs. Annotate all with one."
