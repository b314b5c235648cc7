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
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from rhetoric.gold import FIELDS, ITEMS, Coded
from rhetoric.labels import COUNTRIES, FRAMES, FRAMING_PARTS, Framing

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
    return _number(coding)


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


def begin_adjudication(
    voices: Mapping[str, Coded], frames: Iterable[str] = FRAMES, fields: Iterable[str] = FIELDS
) -> Coding:
    """Return the coding that adjudication starts from: what all ``voices`` (coder, coding) say alike is decided."""
    rows = list(voices.values())
    coding = blank(frames, fields)
    for name in ("framing", "about"):
        coding[name] = _shared([row[name] for row in rows]) if name in fields else coding[name]
    if "frames" in fields:
        said = {frame: [row["frames"][frame] for row in rows if frame in row["frames"]] for frame in frames}
        coding["frames"] = {frame: _shared(values) for frame, values in said.items() if values}
    if "portrayal" in fields:
        spoken = [country for country in COUNTRIES if any(country in row["portrayal"] for row in rows)]
        coding["portrayal"] = {country: _shared([row["portrayal"].get(country) for row in rows]) for country in spoken}
    for name in ITEMS:
        coding[name] = _merge({coder: normal(row)[name] for coder, row in voices.items()}) if name in fields else []
    return _number(coding)


def renew(coding: Coding, before: Coding, now: Coding) -> Coding:
    """Return an adjudication after coders have gone on: what they say otherwise is to be decided as if it began.

    It began as ``before``, and would begin as ``now``; all else stays as it was decided.
    """
    found: Coding = {**coding, "basis": now["basis"], "done": False}
    for name in ("framing", "about"):
        found[name] = coding[name] if before[name] == now[name] else now[name]
    for name in ("frames", "portrayal"):
        said = {**before[name], **now[name]}
        changed = {each for each in said if before[name].get(each, ...) != now[name].get(each, ...)}
        kept = {each: value for each, value in coding[name].items() if each not in changed}
        found[name] = kept | {each: value for each, value in now[name].items() if each in changed}
    drawn = len(items(now))  # the keys of what the judge drew stay above all others
    for name in ITEMS:
        fresh = {item["key"]: item for item in now[name]}
        keys: dict[int, int] = {}  # what each item is called now that began it; 0 where nobody says so any more
        for item in before[name]:
            same = (key for key, each in fresh.items() if each["by"] == item["by"] and _bare(each) == _bare(item))
            keys[item["key"]] = next(same, 0)
            fresh.pop(keys[item["key"]], None)
        moved = [{**item, "key": keys.get(item["key"], item["key"] + drawn)} for item in coding[name]]
        found[name] = [*fresh.values(), *(item for item in moved if item["key"])]
    return found


def _shared(values: list[Any]) -> Any:  # noqa: ANN401 - of whatever type the field is
    return copy.deepcopy(values[0]) if all(value == values[0] for value in values) else None


def _merge(voices: Mapping[str, list[Item]]) -> list[Item]:
    found: list[Item] = []
    for coder, said in voices.items():
        for item in said:
            same = next((e for e in found if _bare(e) == item and coder not in e["by"]), None)
            if same:
                same["by"].append(coder)
            else:
                found.append({**copy.deepcopy(item), "state": "open", "by": [coder]})
    for item in found:
        if len(item["by"]) == len(voices):
            item["state"] = "accepted"
    return found


def _number(coding: Coding) -> Coding:
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
    found: Coded = {"id": extra["id"], "text": text, **{key: value for key, value in extra.items() if key != "id"}}
    for name in fields:
        if name in ITEMS:
            found[name] = [_bare(item) for each, item in items(coding) if each == name and item["state"] == "accepted"]
        else:
            found[name] = copy.deepcopy(coding[name])
    return found | ({"note": coding["note"]} if coding["note"] else {})


def missing(coding: Coding) -> list[str]:
    """Return what is still to be decided before a coding can be done, in words, with the key that decides it."""
    found = ["whether it is about the matter (b)"] if coding["about"] is None else []
    found += ["its framing (f)"] if coding["framing"] is None else []
    found += [f"the frame {frame}" for frame, present in coding["frames"].items() if present is None]
    found += [f"how it portrays {country}" for country, said in coding["portrayal"].items() if said is None]
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


def _bare(item: Item) -> Item:
    return copy.deepcopy({name: value for name, value in item.items() if name not in OWN})


def alike(rows: list[Coded]) -> bool:
    """Whether coded passages say the same of every field and frame; of what it does not have, a row says nothing."""
    said: dict[str, list[Any]] = {}
    for row in map(normal, rows):
        frames = {f"frames.{frame}": present for frame, present in row.pop("frames", {}).items()}
        for name, value in {**row, **frames}.items():
            said.setdefault(name, []).append(value)
    return all(value == values[0] for values in said.values() for value in values)


def all_frames(rows: Iterable[Coded]) -> dict[str, int]:
    """Return the frames of coded passages that are alike, those too that only some of them are coded for."""
    return {frame: present for row in rows for frame, present in row["frames"].items()}


def normal(row: Coded) -> Coded:
    """Return the coded fields of a passage in one order, so that equal codings are equal, however they came about."""
    found: Coded = {name: row[name] for name in FIELDS if name in row and name not in ITEMS}
    for name in ITEMS:
        if name in row:
            items = [{**item, **{part: sorted(item[part]) for part in _lists(item)}} for item in row[name]]
            found[name] = sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    return found


def _lists(item: Coded) -> list[str]:
    return [part for part in FRAMING_PARTS if part in item]
