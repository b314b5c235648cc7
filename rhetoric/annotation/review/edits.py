"""What a coder can do to a coding: each function returns the coding as it is then and says in words what was done.

None of them changes what it is given. A coding that was done stays so as long as nothing is missing from it. All raise
``Refused`` for what makes no coding.
"""

import copy
from collections.abc import Callable
from typing import Any, Concatenate, Final, ParamSpec

from rhetoric.annotation.coding import Coding, Item, derived_framing, items, missing, parts, undecided
from rhetoric.errors import RhetoricError
from rhetoric.labels import COUNTRIES, FRAMING_PARTS
from rhetoric.report.words import count

Done = tuple[Coding, str]
KINDS: Final = {"instances": "framing", "contrasts": "contrast", "live_metaphors": "metaphor"}
_RIVALS: Final = 0.5  # Dice of the characters covered, from which two items are two readings of one thing
Rest = ParamSpec("Rest")


class Refused(RhetoricError):
    """What the coder asked for makes no coding; says why."""


def _edit(change: Callable[Concatenate[Coding, Rest], str]) -> Callable[Concatenate[Coding, Rest], Done]:
    """Make of a function that changes a coding one that leaves it as it is and returns another."""

    def edit(coding: Coding, /, *rest: Rest.args, **named: Rest.kwargs) -> Done:
        edited = copy.deepcopy(coding)
        followed = coding["framing"] is None or coding["framing"] == derived_framing(coding)
        what = change(edited, *rest, **named)
        if followed and edited["framing"] == coding["framing"] and edited["instances"] != coding["instances"]:
            edited["framing"] = derived_framing(edited)
        edited["done"] = edited["done"] and not missing(edited)
        return edited, what

    edit.__doc__ = change.__doc__
    return edit


def find(coding: Coding, key: int) -> tuple[int, str, Item]:
    """Return the number of an item, from 1 in the order of the text, its field, and the item."""
    for number, (name, item) in enumerate(items(coding), 1):
        if item["key"] == key:
            return number, name, item
    raise Refused("There is no such item any more.")


@_edit
def accept(coding: Coding, key: int) -> str:
    """Accept an item, as every change to it does too; those of other coders that are another reading of the same are
    rejected, accepted ones too.
    """
    number, name, item = find(coding, key)
    return f"{KINDS[name]} {number} accepted{_settle(coding, name, item)}"


def _settle(coding: Coding, name: str, item: Item) -> str:
    """Accept an item and reject its rivals; say how many, for the end of a sentence."""
    item["state"] = "accepted"
    rivals = [each for each in coding[name] if each["state"] != "rejected" and _rival(name, item, each)]
    for each in rivals:
        each["state"] = "rejected"
    return f", and {count(len(rivals), 'other reading')} rejected" if rivals else ""


def _rival(name: str, one: Item, other: Item) -> bool:
    if not one["by"] or not other["by"] or set(one["by"]) & set(other["by"]):  # what the judge drew has no rival
        return False
    ours, theirs = ({at for _, span in parts(name, item) for at in range(*span)} for item in (one, other))
    return 2 * len(ours & theirs) >= _RIVALS * (len(ours) + len(theirs))


@_edit
def reject(coding: Coding, key: int) -> str:
    """Reject an item that was put forward, delete one that the coder drew."""
    number, name, item = find(coding, key)
    if item["by"]:
        item["state"] = "rejected"
        return f"{KINDS[name]} {number} rejected"
    coding[name].remove(item)
    return f"{KINDS[name]} {number} deleted"


@_edit
def reject_open(coding: Coding) -> str:
    """Reject every item that is open."""
    left = [item for _, item in items(coding) if item["state"] == "open"]
    for item in left:
        item["state"] = "rejected"
    return f"{count(len(left), 'span')} rejected"


@_edit
def relabel(coding: Coding, key: int, field: str, value: str | bool) -> str:
    """Set a label of an item (``label``, ``source``, ``target``, ``actor``, ``explicit``), which accepts it."""
    number, name, item = find(coding, key)
    item[field] = value
    said = value if field != "explicit" else "explicit" if value else "not explicit"
    return f"{KINDS[name]} {number}: {said}{_settle(coding, name, item)}"


@_edit
def draw(coding: Coding, part: str, span: list[int], key: int | None) -> str:
    """Add a span: a part to the item ``key`` where it fits in, else the first part of a new item.

    ``part`` is "account", "machinery", "cue", "side" or "live". The new item has the highest key.
    """
    name, item = next(((name, item) for name, item in items(coding) if item["key"] == key), ("", {}))
    drawn, also = part, ""
    if part == "cue" and name not in ("instances", "contrasts"):
        raise Refused("Choose the framing or the contrast that it is the cue of (Tab), or draw that first.")
    if part == "cue" or (part in FRAMING_PARTS and name == "instances"):
        _join(item, part, span)
        _mind_cue(name, item, part)
        also = _settle(coding, name, item)
    elif part == "side" and name == "contrasts" and not item["b"]:
        _set_sides(item, item["a"], span)
        drawn = "second side"
    else:
        item = {"key": 1 + max((each["key"] for _, each in items(coding)), default=0), "state": "accepted", "by": []}
        if part == "side":
            name, drawn = "contrasts", "first side"
            item |= {"label": None, "a": span, "b": [], "cue": []}
        elif part == "live":
            name = "live_metaphors"
            _mind_twin(coding, span)
            item |= {"span": span, "source": None, "target": None}
        else:
            name = "instances"
            item |= {**{each: [] for each in FRAMING_PARTS}, part: [span], "actor": None, "explicit": False}
        coding[name].append(item)
    return f"{KINDS[name]} {find(coding, item['key'])[0]}: {drawn} drawn{also}"


def _join(item: Item, part: str, span: list[int]) -> None:
    joined = [each for each in item[part] if each[0] < span[1] and span[0] < each[1]]
    ends = [end for each in (*joined, span) for end in each]
    item[part] = sorted([*(each for each in item[part] if each not in joined), [min(ends), max(ends)]])


def _mind_twin(coding: Coding, span: list[int]) -> None:
    if any(item["span"] == span and item["state"] != "rejected" for item in coding["live_metaphors"]):
        raise Refused("This is a live metaphor already.")


def _mind_cue(name: str, item: Item, part: str) -> None:
    if name == "instances" and part == "cue":
        item["explicit"] = bool(item["cue"])


def _set_sides(item: Item, one: list[int], other: list[int]) -> None:
    if one[0] < other[1] and other[0] < one[1]:
        raise Refused("The two sides of a contrast must not overlap.")
    item["a"], item["b"] = sorted([one, other])


@_edit
def redraw(coding: Coding, key: int, part: str, old: list[int], new: list[int] | None) -> str:
    """Give a part of an item another span, or take it away (``new`` None), which accepts the item."""
    number, name, item = find(coding, key)
    if part in FRAMING_PARTS:
        item[part].remove(old)
        if new:
            _join(item, part, new)
        _mind_cue(name, item, part)
    elif new is None:
        raise Refused(f"A {KINDS[name]} needs this part. Reject or delete the whole with x.")
    else:
        if name == "live_metaphors" and new != old:
            _mind_twin(coding, new)
        item[part] = new
        if name == "contrasts" and item["b"]:
            _set_sides(item, item["a"], item["b"])
    if not parts(name, item):
        raise Refused("This is all that there is of it. Reject or delete the whole with x.")
    done = f"{KINDS[name]} {number}: {part} {'redrawn' if new else 'taken away'}"
    return done + _settle(coding, name, item)


@_edit
def set_field(coding: Coding, field: str, value: Any) -> str:  # noqa: ANN401 - of whatever type the field is
    """Set ``framing``, ``about`` or ``note``."""
    coding[field] = value
    said = {0: "not about the matter", 1: "about the matter"}[value] if field == "about" else f"{field} {value}"
    return "note written" if field == "note" else said


@_edit
def set_frame(coding: Coding, frame: str, present: int) -> str:
    """Say that a frame is present (1) or absent (0)."""
    coding["frames"][frame] = present
    return f"{frame} {'present' if present else 'absent'}"


@_edit
def set_portrayal(coding: Coding, country: str, said: dict[str, Any] | None) -> str:
    """Say how a country is portrayed ({"role", "stance"}), or that it is not spoken of (None)."""
    if said is None:
        coding["portrayal"].pop(country, None)
        return f"{country} not spoken of"
    portrayal = {**coding["portrayal"], country: said}
    coding["portrayal"] = {name: portrayal[name] for name in COUNTRIES if name in portrayal}
    return f"{country} {said['role']} {said['stance']:+d}"


@_edit
def take(coding: Coding, coder: str, voice: Coding) -> str:
    """Settle all that is open as ``coder`` has it, whose coding is ``voice``; frames that it lacks stay open."""
    for _, item in items(coding):
        if item["state"] == "open":
            item["state"] = "accepted" if coder in item["by"] else "rejected"
    for name in ("framing", "about"):
        coding[name] = voice.get(name) if coding[name] is None else coding[name]
    for frame, present in coding["frames"].items():
        coding["frames"][frame] = voice.get("frames", {}).get(frame) if present is None else present
    theirs = voice.get("portrayal", {})
    said = {country: said or theirs.get(country) for country, said in coding["portrayal"].items()}
    coding["portrayal"] = {country: each for country, each in said.items() if each}
    left = [frame for frame, present in coding["frames"].items() if present is None]
    return f"the rest as {coder} has it" + (f", who did not code {', '.join(left)}" if left else "")


def finish(coding: Coding, *, strict: bool = False) -> Done:
    """Say that a coding is done; what is open counts as accepted, or if ``strict`` has to be decided first.

    Raises Refused where something is missing.
    """
    lacks = missing(coding)
    if strict and (left := undecided(coding)):
        lacks.insert(0, f"of {count(left, 'span')} whether to accept (a) or reject (x)")
    if lacks:
        raise Refused(f"Not done. Say first {', '.join(lacks[:3])}{', ...' if len(lacks) > 3 else ''}.")
    done = copy.deepcopy(coding)
    for _, item in items(done):
        item["state"] = "accepted" if item["state"] == "open" else item["state"]
    return {**done, "done": True}, "done"


def doubtful(coding: Coding) -> str:
    """Return what a coder should look at again before a coding is done, in words; empty where nothing is odd."""
    follows = derived_framing(coding)
    if coding["framing"] == follows:
        return ""
    told = {
        "unmasking": "there is an instance with account and machinery",
        "partial": "there is an instance with one of its sides only",
        "none": "there is no framing instance",
    }
    return f"framing is {coding['framing']}, but {told[follows]}"
