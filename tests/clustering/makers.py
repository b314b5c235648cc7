"""Documents that frame in one of a few known ways, put together from the authored gold."""

import math
import random
from typing import Any

from scoring.records import gold, make_record, on_matter

WAYS = ("race", "cooperation", "restriction")


def documents(each: int = 8, passages: int = 5, seed: int = 0, embedding: bool = False) -> list[dict[str, Any]]:
    """``each`` documents of every way, whose passages carry the frame of that name and not those of the others."""
    chance = random.Random(seed)
    found = []
    for number, way in enumerate(WAYS):
        rows = [row for row in gold() if row["frames"][way] and not any(row["frames"][w] for w in WAYS if w != way)]
        for at in range(each):
            record = make_record(
                chance.sample(rows, passages), f"{way}-{at}", title=f"On {way} {at}", source=f"{at}.txt"
            )
            for passage in record["passages"]:
                passage["about"] = 0.9
                if embedding:
                    around = [chance.gauss(0, 0.2) for _ in range(4)]
                    passage["embedding"] = _unit([x + (at == number) for at, x in enumerate(around)])
            found.append(record)
    return found


def draws(number: int = 24, passages: int = 5, seed: int = 0, embedding: bool = False) -> list[dict[str, Any]]:
    """Documents that differ by chance alone: each is ``passages`` of the gold, drawn at random."""
    chance = random.Random(seed)
    found = []
    for at in range(number):
        record = make_record(
            chance.sample(on_matter(), passages), f"draw-{at}", title=f"Drawn {at}", source=f"{at}.txt"
        )
        for passage in record["passages"]:
            if embedding:
                passage["embedding"] = _unit([chance.gauss(0, 1) for _ in range(4)])
        found.append(record)
    return found


def _unit(vector: list[float]) -> list[float]:
    length = math.hypot(*vector)
    return [round(x / length, 3) for x in vector]
