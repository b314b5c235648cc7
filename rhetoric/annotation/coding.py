"""A coding in the making: the fields of the gold, and how far each is decided.

A coding is a dict that JSON can hold. ``framing``, ``about``, each frame and each portrayal are None until decided (a
country that is not spoken of has no portrayal, a frame that no coder coded is not in an adjudication). Items, in
``instances``, ``contrasts`` and ``live_metaphors``, have the fields of the gold, and further:

- ``key``: a number that tells it from the passage's other items and stays the same;
- ``state``: "open" (put forward, not decided), "accepted" or "rejected";
- ``by``: who puts it forward: "machine", "gold", coders; empty for what the coder drew;
- ``score``: how sure the machine is, where it is the machine.

``note`` is free text, ``done`` whether the coder has said that the passage is. An adjudication has ``basis`` too: the
number of the decision with which each coder's coding ended that it is based on.
"""

import copy
from collections.abc import Iterable, Mapping
from typing import Any, Final

from rhetoric.gold import FIELDS, ITEMS, Coded
from rhetoric.labels import FRAMES, FRAMING_PARTS, Framing
from rhetoric.scoring.columns import NAMES

Coding = dict[str, Any]
Item = dict[str, Any]
MACHINE: Final = "machine"
OWN: Final = ("key", "state", "by", "score")  # what an item has beside the fields of the gold
SPANS: Final = {
    "instances": FRAMING_PARTS,
    "contrasts": ("a", "b", "cue"),
    "live_metaphors": ("span",),
}


def blank(frames: Iterable[str] = FRAMES, fields: Iterable[str] = FIELDS) -> Coding:
    """Return the coding that blind coding starts from: no item, no frame, framing and about undecided.

    What is not among ``fields`` is nothing that anybody will have to decide.
    """
    return {
        "framing": None if "framing" in fields else "none",
        "instances": [],
        "contrasts": [],
        "live_metaphors": [],
        "frames": dict.fromkeys(frames, 0),
        "about": None if "about" in fields else 0,
        "portrayal": {},
        "note": "",
        "done": False,
    }


def begin(suggested: Coding | None, frames: Iterable[str] = FRAMES, fields: Iterable[str] = FIELDS) -> Coding:
    """Return the coding that review starts from: what is ``suggested``, every item open."""
    coding = blank(frames, fields)
    for name in fields:
        if suggested and name in suggested:
            coding[name] = copy.deepcopy(suggested[name])
    coding["frames"] = {frame: coding["frames"].get(frame, 0) for frame in frames}
    return number_items(coding)


def suggest_gold(row: Coded, by: str) -> Coding:
    """Return a coded passage as a coding that ``by`` puts forward and nobody has decided on yet."""
    found: Coding = {name: copy.deepcopy(row[name]) for name in FIELDS if name in row}
    for name in ITEMS:
        found[name] = [{**item, "state": "open", "by": [by]} for item in found.get(name, ())]
    for item in found["instances"]:
        item.setdefault("explicit", bool(item["cue"]))
    return found


def settled(row: Coded) -> Coding:
    """Return a coded passage as the coding of which it came: done, every item accepted."""
    coding = begin(suggest_gold(row, ""), row.get("frames", FRAMES))
    for _, item in items(coding):
        item |= {"state": "accepted", "by": []}
    return {**coding, "note": str(row.get("note", "")), "done": True}


def check(coding: Coding) -> None:
    """Raise ValueError, KeyError, TypeError or the like for what has not the shape of a coding."""
    for name, item in items(coding):
        [end - start for _, (start, end) in parts(name, item)]
        _ = item["key"] + 1, item["state"], [*item["by"]], _lacks(name, item)
    if not isinstance(coding["note"], str) or not isinstance(coding.get("basis", {}), dict):
        raise TypeError("its note is no text, or its basis no object")
    _ = coding["framing"], coding["about"], coding["done"], coding["frames"].items()
    _ = [(said["role"], f"{said['stance']:+d}") for said in coding["portrayal"].values() if said]


def number_items(coding: Coding) -> Coding:
    """Give every item of a coding its ``key``, in the order of the text."""
    for number, (_, item) in enumerate(items(coding), 1):
        item["key"] = number
    return coding


def items(coding: Coding) -> list[tuple[str, Item]]:
    """Return the items of a coding with the field they are in, in the order of the text."""
    found = [(name, item) for name in ITEMS for item in coding[name]]
    return sorted(found, key=lambda each: (first(*each), ITEMS.index(each[0]), each[1].get("key", 0)))


def parts(name: str, item: Item) -> list[tuple[str, list[int]]]:
    """Return the parts of an item, (part, [start, end]), those of one part in the order of the text."""
    found: list[tuple[str, list[int]]] = []
    for part in SPANS[name]:
        spans = item[part] if part in FRAMING_PARTS else [item[part]] if item[part] else []
        found += [(part, span) for span in sorted(spans)]
    return found


def first(name: str, item: Item) -> int:
    """Return where an item begins."""
    return min((span[0] for _, span in parts(name, item)), default=0)


def derived_framing(coding: Coding) -> Framing:
    """Return the framing that follows from the instances of a coding that are not rejected."""
    kept = [item for item in coding["instances"] if item["state"] != "rejected"]
    if any(item["account"] and item["machinery"] for item in kept):
        return "unmasking"
    return "partial" if kept else "none"


def to_coded(text: str, coding: Coding, extra: Mapping[str, Any], fields: Iterable[str] = FIELDS) -> Coded:
    """Return a coding that is done as a coded passage of some ``fields``.

    ``extra`` holds its id and what else goes with it.
    """
    found: Coded = {"id": extra["id"], "text": text, **extra}
    for name in fields:
        if name in ITEMS:
            found[name] = [bare(item) for each, item in items(coding) if each == name and item["state"] == "accepted"]
        else:
            found[name] = copy.deepcopy(coding[name])
    return found | ({"note": coding["note"]} if coding["note"] else {})


def missing(coding: Coding) -> list[str]:
    """Return what is still to be decided before a coding can be done, in words, with the key that decides it."""
    found = ["whether it is about the matter (b)"] if coding["about"] is None else []
    found += ["its framing (f)"] if coding["framing"] is None else []
    found += [f"the frame {frame}" for frame, present in coding["frames"].items() if present is None]
    found += [
        f"how it portrays {NAMES[country]} ({country[0]})"
        for country, said in coding["portrayal"].items()
        if said is None
    ]
    for number, (name, item) in enumerate(items(coding), 1):
        if item["state"] != "rejected":
            found += [f"{lack} of {number}" for lack in _lacks(name, item)]
    return found


def undecided(coding: Coding) -> int:
    """Return how many items are open."""
    return sum(item["state"] == "open" for _, item in items(coding))


def _lacks(name: str, item: Item) -> list[str]:
    if name == "instances":
        told = [] if item["account"] or item["machinery"] else ["account or machinery (a, m)"]
        return told + ([] if item["actor"] else ["the actor (r)"])
    if name == "contrasts":
        told = [] if item["a"] and item["b"] else ["the other side (s)"]
        return told + ([] if item["label"] else ["the label (r)"])
    return [f"the {field} (r)" for field in ("source", "target") if not item[field]]


def bare(item: Item) -> Item:
    """Return the fields of the gold that an item has."""
    return copy.deepcopy({name: value for name, value in item.items() if name not in OWN})
