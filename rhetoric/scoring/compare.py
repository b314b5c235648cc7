"""Two sides compared, field by field: how far apart they are, how sure that is, and what is distinctive of each."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import Found
from rhetoric.scoring.chance import SURE, cliffs_delta, correct_p, least_p, permutation_test, unit_values
from rhetoric.scoring.columns import Column
from rhetoric.scoring.copies import say_copies
from rhetoric.scoring.distinctive import DistinctiveMetaphor, DistinctivePassage, find_metaphors, find_passages
from rhetoric.scoring.means import document_means
from rhetoric.scoring.percent import count
from rhetoric.scoring.records import take_analysed
from rhetoric.scoring.summary import Summary, compared_fields, count_once, scales_of, shown_fields, summarise
from rhetoric.scoring.uncertainty import FEWEST, Counts, Estimate, Ratio, estimate, known, rounded

if TYPE_CHECKING:
    import pandas as pd

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
    a: "Iterable[Found] | pd.DataFrame",
    b: "Iterable[Found] | pd.DataFrame",
    *,
    names: tuple[str, str] = ("A", "B"),
    fields: Sequence[str] = (),
    every_passage: bool = False,
) -> Comparison:
    """Compare two sets of records in the named ``fields`` of a scorecard, or in all; see :func:`compare_summaries`.

    All are those of the codebook and the share of each frame of the user's own that the records hold. Records may be
    the DataFrame that :func:`rhetoric.annotate_dataframe` gives; failures among them are passed over.
    """
    chosen = compared_fields(fields)
    one, other = (
        [summarise(record, chosen, every_passage=every_passage) for record in take_analysed(records)]
        for records in (a, b)
    )
    return compare_summaries(one, other, names=names, fields=fields)


@dataclass(frozen=True)
class _Given:
    """The texts of a side, each once: ``kept`` are those with enough passages; ``copies`` counts what stood again."""

    name: str
    kept: Sequence[Summary]
    left_out: Sequence[Summary]
    copies: int

    @property
    def side(self) -> Side:
        passages, words = sum(each.counted for each in self.kept), sum(each.words for each in self.kept)
        return Side(self.name, len(self.kept), passages, words, tuple(each.title for each in self.left_out))


def compare_summaries(
    a: Sequence[Summary], b: Sequence[Summary], *, names: tuple[str, str], fields: Sequence[str] = ()
) -> Comparison:
    """Compare two sides over documents, or over passages where on each side one document counts.

    A text that stands more than once on a side counts once, if at least three of its passages count. Over documents
    each weighs the same, however long; a side's value is the mean of theirs. Over passages it is the text's own value.
    Raises RhetoricError where nothing is left of a side.
    """
    columns = shown_fields((a, b), fields)
    one, other = (_take(name, side) for name, side in zip(names, (a, b), strict=True))
    single = len(one.kept) == len(other.kept) == 1
    return Comparison(
        a=one.side,
        b=other.side,
        units="passages" if single else "documents",
        differences=tuple(sorted(_differences(one, other, columns, single), key=_surest_first)),
        passages=(find_passages(one.kept, other.kept), find_passages(other.kept, one.kept)),
        metaphors=(find_metaphors(one.kept, other.kept), find_metaphors(other.kept, one.kept)),
        notes=tuple([*_notes(one, other, single), *_repeated(one, other), *_chosen(len(columns))]),
    )


def _take(name: str, side: Sequence[Summary]) -> _Given:
    once = count_once(side)
    kept = [each for each in once if each.counted >= FEWEST]
    if not kept:
        more = any(each.passages > each.counted for each in once)
        advice = (" To compare it all the same, count every passage.", "every_passage") if more else ("",)
        raise RhetoricError(f"{name}: {_why_not(once)}, so there is nothing to compare.{advice[0]}", *advice[1:])
    left_out = sorted((each for each in once if each.counted < FEWEST), key=lambda each: each.title)
    return _Given(name, kept, left_out, len(side) - len(once))


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


def _differences(a: _Given, b: _Given, columns: Sequence[Column], single: bool) -> list[Difference]:
    (ours, units_a), (theirs, units_b) = (_measure(side.kept, columns, single) for side in (a, b))
    # In an order that is the same whichever side is named first, and so are the draws.
    turned = [each.digest for each in a.kept] > [each.digest for each in b.kept]
    one, other = (units_b, units_a) if turned else (units_a, units_b)
    of_a = np.repeat([not turned, turned], [len(one), len(other)])
    units = [*one, *other]
    values, errors = unit_values(units, scales_of(columns))
    weights = np.concatenate([bottoms for _, bottoms in units]).astype(np.float64) if single else None
    _, p = permutation_test(of_a.astype(np.float64), values, errors, weights)
    corrected = correct_p(p)
    found = []
    for at, column in enumerate(columns):
        here, there = (each[np.isfinite(each)] for each in (values[of_a, at], values[~of_a, at]))
        found.append(
            Difference(
                field=column.name,
                unit=column.unit,
                a=ours[at],
                b=theirs[at],
                difference=_subtract(ours[at], theirs[at]),
                effect=known(cliffs_delta(here, there)),
                p=known(p[at]),
                p_corrected=known(corrected[at]),
            )
        )
    return found


def _measure(
    side: Sequence[Summary], columns: Sequence[Column], single: bool
) -> tuple[list[Estimate], list[tuple[Counts, Counts]]]:
    """Return the value of each field on a side, and the units it is over: documents, or the passages of one."""
    units = [summary.stack(columns) for summary in side]
    if not single:
        return document_means(side, columns), units
    ((tops, bottoms),) = units
    ratios = [
        Ratio(tops[:, at], bottoms[:, at], column.scale, *column.bounds, counts=False)
        for at, column in enumerate(columns)
    ]
    return estimate(ratios, unseen=True), [(tops[at : at + 1], bottoms[at : at + 1]) for at in range(len(tops))]


def _subtract(one: Estimate, other: Estimate) -> float | None:
    return None if one.value is None or other.value is None else rounded(one.value - other.value)


def _surest_first(each: Difference) -> tuple[float, float, float]:
    p, corrected = (2.0 if p is None else p for p in (each.p, each.p_corrected))
    return corrected, p, -abs(each.effect or 0.0)  # corrected, many are alike


def _notes(a: _Given, b: _Given, single: bool) -> Iterable[str]:
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
    for name, left in ((each.name, each.left_out) for each in (a, b) if each.left_out):
        more = [f"and {len(left) - _NAMED:,} more"] if len(left) > _NAMED else []
        named = "; ".join([*(each.called for each in left[:_NAMED]), *more])
        which = f"{count(len(left), 'document')} of {name}"
        yield f"Left out: {which}, having fewer than {FEWEST} passages that count: {named}."
    one, other = (each.side.passages if single else each.side.documents for each in (a, b))
    if least_p(one, other) > SURE / 10:
        what = f"With {one} and {other} {'passages' if single else 'documents'} no p-value can be below"
        yield f"{what} {least_p(one, other):.2g}, before correction: too few to be sure of much."
    if len({each.pipeline for each in (*a.kept, *b.kept)}) > 1:
        yield "The records were made by different pipelines; part of a difference may be theirs. Annotate all with one."


def _repeated(a: _Given, b: _Given) -> Iterable[str]:
    """Say which texts stand more than once on a side, and which on both."""
    for each in (a, b):
        if each.copies:
            yield say_copies(each.copies, each.name)
    one, other = ({each.digest for each in side.kept} for side in (a, b))
    both = len(one & other)
    if both:
        which = "the one counted text" if len(one) == 1 else f"{both:,} of the {len(one):,} counted texts"
        yield (
            f"On both sides: {which} of {a.name}. That hides differences, and "
            "p-values take the sides for independent, so leave what is on both out of one."
        )


def _chosen(fields: int) -> Iterable[str]:
    """Warn of p-values that are corrected for few fields: whoever chose them by what all of them show is misled."""
    if fields < len(compared_fields()):
        which = "the one field named" if fields == 1 else f"the {fields} fields named"
        yield f"p-values are corrected for {which} alone, which holds where you chose before you saw any difference."
