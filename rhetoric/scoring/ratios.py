"""What a scorecard estimates: for each field the two sums it is a ratio of, one number a counted passage."""

from collections.abc import Iterable

import numpy as np

from rhetoric.labels import COUNTRIES, FRAMES, PRESENT, ROLES
from rhetoric.pipeline.length import count_words
from rhetoric.record import Custom, Record
from rhetoric.scoring.columns import PROBABILITY, SIDES, fields, own_field
from rhetoric.scoring.passages import find_passage, first_character, unmasks
from rhetoric.scoring.uncertainty import MILLION, Counts, Ratio


def make_ratios(record: Record, chosen: list[int]) -> dict[str, Ratio]:
    """Return the ratio of each field over the ``chosen`` passages; names as in a row, and COUNTRY_ill, COUNTRY_well.

    The bottom of a density is the number of words of each passage.
    """
    passages = [record["passages"][at] for at in chosen]
    ones = np.ones(len(chosen), dtype=np.int64)
    words = _whole(count_words(record["text"][passage["start"] : passage["end"]]) for passage in passages)
    ratios: dict[str, Ratio] = {}
    for frame in FRAMES:
        scores = [passage["frames"].get(frame, 0.0) for passage in passages]
        ratios |= _presence(f"frame_{frame}", [{"score": p, "present": p >= PRESENT} for p in scores])
    for label in ("unmasking", "partial"):
        ratios[f"passages_{label}"] = Ratio(_whole(passage["framing"] == label for passage in passages), ones)
    for field, tally in _tallies(record, chosen).items():
        ratios[field] = Ratio(tally, words, scale=1000.0, most=None)
    for country in COUNTRIES:
        spoken = [passage["portrayal"].get(country) for passage in passages]
        under = _whole(portrayal is not None for portrayal in spoken)
        cast = [portrayal["role"] if portrayal else None for portrayal in spoken]
        for role in ROLES:
            ratios[f"{country}_role_{role}"] = Ratio(_whole(each == role for each in cast), under)
        stances = _whole(portrayal["stance"] if portrayal else 0 for portrayal in spoken)
        ratios[f"{country}_stance"] = Ratio(stances, under, least=-1.0, counts=False)
        for side, stance in SIDES.items():  # for what is said of a stance, and no columns of a row
            ratios[f"{country}_{side}"] = Ratio(_whole(stances == stance), under)
    for label in sorted({label for passage in passages for label in passage.get("custom", {})}):
        ratios |= _presence(own_field(label), [passage.get("custom", {}).get(label) for passage in passages])
    return ratios


def _presence(field: str, found: list[Custom | None]) -> dict[str, Ratio]:
    """Return the ratios of a frame, over the passages in which it was looked for: its share and mean probability."""
    under = _whole(each is not None for each in found)
    millionths = _whole(round(each["score"] * MILLION) if each else 0 for each in found)
    return {
        field: Ratio(_whole(bool(each and each["present"]) for each in found), under),
        field + PROBABILITY: Ratio(millionths, under * MILLION, counts=False),
    }


def _tallies(record: Record, chosen: list[int]) -> dict[str, Counts]:
    """Count spans of each kind and label in each counted passage."""
    densities = [name for name, each in fields().items() if each.unit == "per 1,000 words"]
    tallies = {field: np.zeros(len(chosen), dtype=np.int64) for field in densities}
    column = {at: column for column, at in enumerate(chosen)}

    def tally(character: int, *counted: str) -> None:
        at = find_passage(record, character)
        if at in column:
            for field in counted:
                tallies[field][column[at]] += 1

    for instance in record["framing"]:
        if unmasks(record, instance):
            how = "explicit" if instance["explicit"] else "implicit"
            whose = f"unmasking_{instance['actor']}"
            tally(first_character(instance), "unmasking", f"unmasking_{how}", whose)
    for pair in record["contrasts"]:
        tally(min(pair["a"][0], pair["b"][0]), "contrast", f"contrast_{pair['label']}")
    for metaphor in record["metaphors"]:
        if metaphor["live"]:
            tally(metaphor["span"][0], "metaphor", f"metaphor_{metaphor.get('source', 'other')}")
    return tallies


def _whole(values: Iterable[int]) -> Counts:
    return np.fromiter(values, dtype=np.int64)
