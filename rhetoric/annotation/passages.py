"""Passages as units of coding: cut out of records, with what the machine says of each."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Literal, cast

from rhetoric.annotation.coding import MACHINE, Coding, suggest_gold
from rhetoric.gold import Coded
from rhetoric.labels import ABOUT, FRAMES, FRAMING_PARTS, PRESENT
from rhetoric.record import ContrastPair, FramingInstance, Metaphor, Passage, Range, Record
from rhetoric.scoring.passages import find_passage, first_character

# Where an item begins, of each kind
_BEGINS: Final[dict[Literal["framing", "contrasts", "metaphors"], Callable[[Any], int]]] = {
    "framing": first_character,
    "contrasts": lambda pair: min(pair["a"][0], pair["b"][0]),
    "metaphors": lambda metaphor: metaphor["span"][0],
}


def cut(record: Record) -> Iterator[Record]:
    """Yield each passage of a record as a record of one passage, with what was found in it.

    A span belongs to the passage that it begins in and ends with it; what has no character there is left out. A record
    that is one passage keeps its id; the passages of a longer one are ID#1, ID#2 ..., and their ``meta`` says where in
    ``slug``, the document, they stand.
    """
    passages, text = record["passages"], record["text"]
    if len(passages) == 1 and not (text[: passages[0]["start"]] + text[passages[0]["end"] :]).strip():
        whole: Passage = {**passages[0], "start": 0, "end": len(text)}  # no other place in the text
        found = {name: _within(record[name], whole) for name in _BEGINS}
        yield cast("Record", {**record, "passages": [whole], **found})
        return
    items: list[dict[str, list[Any]]] = [{name: [] for name in _BEGINS} for _ in passages]
    for name, begin in _BEGINS.items():
        for item in record[name]:
            at = find_passage(record, begin(item))
            if at is not None:
                items[at][name].append(item)
    for at, passage in enumerate(passages):
        place = {"slug": record["id"], "start": passage["start"], "end": passage["end"]}
        made: dict[str, Any] = {
            "id": f"{record['id']}#{at + 1}",
            "text": text[passage["start"] : passage["end"]],
            "meta": {**record["meta"], **place},
            "passages": [_alone(passage)],
            **{name: _within(items[at][name], passage) for name in _BEGINS},
            "pipeline": record["pipeline"],
        }
        yield cast("Record", made)


def _alone(passage: Passage) -> Passage:
    """Count the ranges of a passage, and of the sentences that carry its frames, from its own start."""
    at = passage["start"]
    moved: Passage = {**passage, "start": 0, "end": passage["end"] - at}
    if "sentences" in passage:
        moved["sentences"] = {
            frame: {**sentence, "start": sentence["start"] - at, "end": sentence["end"] - at}
            for frame, sentence in passage["sentences"].items()
        }
    return moved


def _within(items: Iterable[FramingInstance | ContrastPair | Metaphor], passage: Passage) -> list[dict[str, Any]]:
    """Count the ranges of items from the start of their passage, and cut off what lies beyond it; leave out what would
    have no span, or no side.
    """

    def move(span: Range) -> Range:
        start, end = max(span[0], passage["start"]), min(span[1], passage["end"])
        return [start - passage["start"], end - passage["start"]] if start < end else []

    found = []
    for item in items:
        moved: dict[str, Any] = {**item}
        sides = [name for name in ("a", "b", "span") if name in moved]
        moved |= {name: move(moved[name]) for name in sides}
        moved |= {name: [*filter(None, map(move, moved[name]))] for name in FRAMING_PARTS if name in moved}
        if all(moved[name] for name in sides) if sides else any(moved[name] for name in FRAMING_PARTS):
            found.append(moved)
    return found


def tell_apart(id: str, text: str, known: dict[str, str]) -> str:
    """Return the id of a text: ``id``, or where other texts have that already, ID+2, ID+3 ...

    ``known`` holds what stands for the text of every id that was given before, and of this one from here on.
    """
    mark, given, copies = digest(text), id, 1
    while known.setdefault(given, mark) != mark:
        copies += 1
        given = f"{id}+{copies}"
    return given


def digest(text: str) -> str:
    """Return what stands for a text where repeats are looked for."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def doubt(record: Record) -> float:
    """Return how many judgements on a record of one passage are expected to be wrong, if its probabilities hold.

    Judgements are: about, framing, each frame (those of the user's own too, by their own line), each framing instance
    and each contrast. Metaphors are left out, for their scores are not calibrated.
    """
    passage = record["passages"][0]
    either = [passage["about"], *passage["frames"].values()]
    sure = [passage["framing_score"], *(each["score"] for each in (*record["framing"], *record["contrasts"]))]
    own = passage.get("custom", {}).values()
    sure += [each["score"] if each["present"] else 1 - each["score"] for each in own]
    return sum(min(chance, 1 - chance) for chance in either) + sum(1 - score for score in sure)


def codes_of(record: Record) -> Coded:
    """Return what a record of one passage says as the gold has it: of probabilities yes or no, of metaphors the live
    ones. Items keep their score.
    """
    passage = record["passages"][0]
    frames = {frame: int(chance >= PRESENT) for frame, chance in passage["frames"].items()}
    # Frames of the user's own draw their line where it was fitted.
    own = {frame: int(said["present"]) for frame, said in passage.get("custom", {}).items()}
    return {
        "framing": passage["framing"],
        "instances": [{**each} for each in record["framing"]],
        "contrasts": [{**each} for each in record["contrasts"]],
        "live_metaphors": [
            {
                "span": each["span"],
                "source": each.get("source", "other"),
                "target": each.get("target", "other"),
                "score": each["score"],
            }
            for each in record["metaphors"]
            if each["live"]
        ],
        "frames": {**frames, **own},
        "about": int(passage["about"] >= ABOUT),
        "portrayal": passage["portrayal"],
    }


def suggest(record: Record) -> Coding:
    """Return what the machine says of a record of one passage, as a coding that nobody has decided on yet."""
    passage, codes = record["passages"][0], codes_of(record)
    chances: dict[str, float] = {frame: passage["frames"].get(frame, 0.0) for frame in (*FRAMES, *passage["frames"])}
    chances |= {frame: said["score"] for frame, said in passage.get("custom", {}).items()}
    return {
        **suggest_gold(codes, MACHINE),
        "frames": dict.fromkeys(FRAMES, 0) | codes["frames"],
        "scores": {"framing": passage["framing_score"], "about": passage["about"], "frames": chances},
    }
