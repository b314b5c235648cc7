"""What one passage adds to each metric: how much of the prediction is right, how much predicted, how much gold."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from rhetoric.gold import Coded
from rhetoric.labels import ABOUT, CONTRASTS, FRAMES, FRAMING_PARTS, FRAMINGS, PRESENT
from rhetoric.record import Passage, Range, Record

# Right, predicted, gold; a share ("of so many, so many right") repeats its total, which makes its F1 that share.
Count = tuple[int, int, int]
Predicted = TypeVar("Predicted")

NOTHING: Final[Count] = (0, 0, 0)  # of what was not coded
_SILENT: Final[Passage] = {  # stands in where a record has no passage at all, as for a text of white space
    "start": 0,
    "end": 0,
    "about": 0.0,
    "framing": "none",
    "framing_score": 1.0,
    "frames": {},
    "portrayal": {},
}


def characters(spans: Iterable[Range]) -> set[int]:
    """Return the character positions that ``spans`` cover."""
    return {at for start, end in spans for at in range(start, end)}


def meet(one: Range, other: Range) -> bool:
    """Say whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


def dice(one: Range, other: Range) -> float:
    """Return twice the shared characters over the characters of both; 0 where a span is empty."""
    lengths = one[1] - one[0], other[1] - other[0]
    shared = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return 2 * shared / sum(lengths) if min(lengths) > 0 else 0.0


def sides_agree(gold: Coded, a: Range, b: Range) -> bool:
    """Say whether both sides of a contrast reach Dice 0.5 with those of ``gold``, in either order."""
    straight = min(dice(gold["a"], a), dice(gold["b"], b))
    crossed = min(dice(gold["a"], b), dice(gold["b"], a))
    return max(straight, crossed) >= 0.5


def pair(
    gold: Sequence[Coded], predicted: Sequence[Predicted], same: Callable[[Coded, Predicted], bool]
) -> list[tuple[Coded, Predicted]]:
    """Match each gold item to the first predicted one that is the ``same`` and still free; return the matched pairs."""
    free, pairs = list(predicted), []
    for item in gold:
        at = next((i for i, guess in enumerate(free) if same(item, guess)), None)
        if at is not None:
            pairs.append((item, free.pop(at)))
    return pairs


def nearest(instance: Coded, guesses: Iterable[Any]) -> Any:  # noqa: ANN401 - a FramingInstance, or None
    """Return the first of ``guesses`` that shares most characters of account and machinery; None where none does."""

    def both(each: Any) -> set[int]:  # noqa: ANN401
        return characters([*each["account"], *each["machinery"]])

    ours = both(instance)
    shared = [(len(ours & both(guess)), guess) for guess in guesses]
    most, guess = max(shared, key=lambda each: each[0], default=(0, None))
    return guess if most else None


def longest_passage(record: Record) -> Passage:
    """Return the passage that covers most of the record; a gold passage is one, however the record cuts it."""
    return max(record["passages"], key=lambda p: p["end"] - p["start"], default=_SILENT)


def strongest_framing(record: Record) -> Passage:
    """Return the passage whose framing speaks for the record: unmasking before partial before none."""
    return min(record["passages"], key=lambda p: FRAMINGS.index(p["framing"]), default=_SILENT)


def count_passage(gold: Coded, record: Record) -> dict[str, Count]:
    """Count the metrics of one gold passage: those of the fields that were coded (silver has no contrasts)."""
    counts = _count_labels(gold, record)
    if "framing" in gold:
        label, coded = strongest_framing(record)["framing"], gold["framing"]
        counts |= {f"framing.{each}": (int(coded == label == each), label == each, coded == each) for each in FRAMINGS}
    if "instances" in gold:
        counts |= _count_instances(gold, record)
    if "contrasts" in gold:
        counts |= _count_contrasts(gold, record)
    if "live_metaphors" in gold:
        counts |= _count_metaphors(gold, record)
    return counts


def _count_instances(gold: Coded, record: Record) -> dict[str, Count]:
    counts: dict[str, Count] = {}
    instances: Sequence[Any] = record["framing"]
    for part in FRAMING_PARTS:
        ours = characters(span for instance in gold["instances"] for span in instance[part])
        theirs = characters(span for instance in instances for span in instance[part])
        counts[f"framing.{part}"] = (len(ours & theirs), len(theirs), len(ours))
    met = [(instance, guess) for instance in gold["instances"] if (guess := nearest(instance, instances))]
    right, found = sum(guess["actor"] == instance["actor"] for instance, guess in met), len(met)
    counts["framing.actor"] = (right, len(gold["instances"]), len(gold["instances"]))
    counts["framing.actor.found"] = (right, found, found)  # what a reader sees: an instance missed has no actor there
    return counts


def _count_contrasts(gold: Coded, record: Record) -> dict[str, Count]:
    ours, theirs = gold["contrasts"], record["contrasts"]
    found = pair(ours, theirs, lambda a, b: sides_agree(a, b["a"], b["b"]))
    labelled = pair(ours, theirs, lambda a, b: a["label"] == b["label"] and sides_agree(a, b["a"], b["b"]))
    counts: dict[str, Count] = {
        "contrast.any": (len(found), len(theirs), len(ours)),
        "contrast.labelled": (len(labelled), len(theirs), len(ours)),
    }
    for label in CONTRASTS:
        counts[f"contrast.{label}"] = (
            sum(ours_["label"] == label for ours_, _ in labelled),
            sum(guess["label"] == label for guess in theirs),
            sum(item["label"] == label for item in ours),
        )
    return counts


def _count_metaphors(gold: Coded, record: Record) -> dict[str, Count]:
    ours, theirs = gold["live_metaphors"], [m for m in record["metaphors"] if m.get("live", True)]
    found = pair(ours, theirs, lambda a, b: meet(a["span"], b["span"]))
    sources = sum(a["source"] == b.get("source") for a, b in found)
    targets = sum(a["target"] == b.get("target") for a, b in found)
    return {
        "metaphor.live": (len(found), len(theirs), len(ours)),
        "metaphor.source": (sources, len(found), len(found)),
        "metaphor.target": (targets, len(found), len(found)),
    }


def _count_labels(gold: Coded, record: Record) -> dict[str, Count]:
    passage, frames = longest_passage(record), gold.get("frames", {})
    judged = {f"frames.{f}": (passage["frames"].get(f, 0.0) >= PRESENT, frames[f]) for f in FRAMES if f in frames}
    if "about" in gold:
        judged["about"] = passage["about"] >= ABOUT, gold["about"]
    counts: dict[str, Count] = {name: (int(on and coded), int(on), coded) for name, (on, coded) in judged.items()}
    asked: dict[Any, Any] = gold.get("portrayal") or {}
    said: dict[Any, Any] = {**passage["portrayal"]}
    for what in ("role", "stance") if asked else ():
        right = sum((said.get(country) or {}).get(what) == coded_[what] for country, coded_ in asked.items())
        counts[f"portrayal.{what}"] = (right, len(asked), len(asked))
    return counts
