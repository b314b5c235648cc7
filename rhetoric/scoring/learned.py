"""Which passages of public texts the detectors that ship have learned from: there they do better than elsewhere."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rhetoric.gold import is_among
from rhetoric.made_by import shipped_parts
from rhetoric.record import Record
from rhetoric.resources import CORPORA, DETECTORS, SCORES

_SUM: Final = re.compile(rb'"sha": "([0-9a-f]{16})"')  # a fifth of the time of reading it as JSON
_FIRST: Final = 1_000  # bytes of a file in which the first checksum stands, where its texts are not ours and it has any


def count_learned(record: Record, chosen: Sequence[int]) -> int:
    """Return how many of the ``chosen`` passages of a record the detectors that made it have learned from.

    Known only of the detectors that ship, whatever lines of the user's own they have; of others it is 0.
    """
    made_by = record["pipeline"].get("parts", {}).get("encoder")
    if not chosen or made_by is None or made_by != shipped_parts().get("encoder"):
        return 0
    known, text, passages = learned_passages(), record["text"], record["passages"]
    return sum(is_among(text[passages[at]["start"] : passages[at]["end"]], known) for at in chosen)


def learned_sets(what: str = "trained") -> tuple[str, ...]:
    """Return the sets of the gold that the detectors that ship have learned from, as the run that trained them has
    written into their scores; only to tell portrayal, where ``what`` is "portrayal".
    """
    scores = DETECTORS / SCORES
    found = json.loads(scores.read_bytes()) if scores.is_file() else {}
    return tuple(found.get(what, {}).get("gold", ()))


@lru_cache(maxsize=1)
def learned_passages() -> frozenset[str]:
    """Return the checksums of the passages of public texts that what ships has learned from."""
    sets = ((CORPORA / "gold" / f"{name}.jsonl").read_bytes() for name in learned_sets())
    return frozenset(sha.decode() for each in sets if _SUM.search(each, 0, _FIRST) for sha in _SUM.findall(each))
