"""What is most distinctive of one side against another: its passages by their frames, and its metaphors."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from rhetoric.labels import PRESENT
from rhetoric.scoring.summary import TRAITS, Place, Summary
from rhetoric.scoring.uncertainty import Numbers

_PASSAGES: Final = 5
_METAPHORS: Final = 10
_TOLD: Final = np.log(1.25)  # a trait must be so much likelier here to be named as a reason
_SURE: Final = 1.96  # z-score
_PRIOR: Final = 100.0  # metaphors that the prior counts for
_MANY: Final = 3  # documents, from which a side's finding must not be that of one alone


@dataclass(frozen=True)
class DistinctivePassage(Place):
    """A passage whose ``traits``, those of its frames and its unmasking, are commoner on its side than on the other."""

    traits: tuple[str, ...]


@dataclass(frozen=True)
class DistinctiveMetaphor:
    """A live metaphor with its source domain, how often it occurs here and there, and the z-score of the log-odds."""

    words: str
    source: str
    here: int
    there: int
    z: float


def find_passages(here: Sequence[Summary], there: Sequence[Summary]) -> tuple[DistinctivePassage, ...]:
    """Return the passages of ``here`` whose frames, and unmasking, are likelier here than there, the likeliest first.

    Their likelihood takes each trait by itself, at its mean rate on a side (each document weighing the same); a
    probability counts as that share of a passage. Traits hang together, so it orders passages and is no number to tell.
    One that is likelier here for what it lacks alone shows nothing, and is left out. From three documents on, each
    gives one passage at the most.
    """
    ours, theirs = _rates(here), _rates(there)
    with_it, without = np.log(ours / theirs), np.log((1 - ours) / (1 - theirs))
    telling = [trait for trait in np.argsort(-with_it, kind="stable") if with_it[trait] >= _TOLD]
    found = []
    for number, summary in enumerate(here):
        speaks = summary.traits @ with_it + (1 - summary.traits) @ without
        found += [(-float(each), number, at) for at, each in enumerate(speaks) if each > 0]
    chosen: list[DistinctivePassage] = []
    seen: set[int] = set()
    for _, number, at in sorted(found):
        named = tuple(TRAITS[trait] for trait in telling if here[number].traits[at, trait] >= PRESENT)
        if not named or (number in seen and len(here) >= _MANY):
            continue
        seen.add(number)
        chosen.append(DistinctivePassage(**vars(here[number].places[at]), traits=named))
        if len(chosen) == _PASSAGES:
            break
    return tuple(chosen)


def _rates(side: Sequence[Summary]) -> Numbers:
    """Return the mean rate of each trait over documents, kept off 0 and 1 by half a passage."""
    mean = np.mean([summary.traits.mean(axis=0) for summary in side], axis=0)
    passages = sum(summary.counted for summary in side)
    found: Numbers = (mean * passages + 0.5) / (passages + 1)
    return found


def find_metaphors(here: Sequence[Summary], there: Sequence[Summary]) -> tuple[DistinctiveMetaphor, ...]:
    """Return the live metaphors that ``here`` prefers, by the z-score of their log-odds with a prior from both sides.

    This is the measure of Monroe, Colaresi and Quinn (2008, Political Analysis 16). From three documents on, a metaphor
    must be in two of them.
    """
    ours, theirs = _add_up(here), _add_up(there)
    both = ours + theirs
    share = {key: _PRIOR * times / both.total() for key, times in both.items()}
    found = []
    for key in ours if len(both) > 1 else ():  # of a single metaphor no side can prefer it to another
        if len(here) >= _MANY and sum(key in summary.metaphors for summary in here) < 2:
            continue
        one, other = ours[key] + share[key], theirs[key] + share[key]
        odds = [np.log(n / (side.total() + _PRIOR - n)) for n, side in ((one, ours), (other, theirs))]
        z = float((odds[0] - odds[1]) / np.sqrt(1 / one + 1 / other))
        if z >= _SURE:
            found.append(DistinctiveMetaphor(key[0], key[1], ours[key], theirs[key], round(z, 2)))
    return tuple(sorted(found, key=lambda each: (-each.z, each.words, each.source))[:_METAPHORS])


def _add_up(side: Sequence[Summary]) -> Counter[tuple[str, str]]:
    total: Counter[tuple[str, str]] = Counter()
    for summary in side:
        total.update(summary.metaphors)
    return total
