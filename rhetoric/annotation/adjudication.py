"""Several coders' codings of one passage: whether they are alike, and the coding from which a judge starts."""

import copy
import json
from collections.abc import Iterable, Mapping
from typing import Any

from rhetoric.annotation.coding import Coding, Item, bare, blank, items, number_items
from rhetoric.gold import FIELDS, ITEMS, Coded
from rhetoric.labels import COUNTRIES, FRAMES, FRAMING_PARTS


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
    return number_items(coding)


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
        said = {each: value for each, value in coding[name].items() if each not in changed}
        said |= {each: value for each, value in now[name].items() if each in changed}
        found[name] = {each: said[each] for each in {**now[name], **coding[name]} if each in said}
    drawn = len(items(now))  # the keys of what the judge drew stay above all others
    for name in ITEMS:
        fresh = {item["key"]: item for item in now[name]}
        keys: dict[int, int] = {}  # what each item is called now that began it; 0 where nobody says so any more
        for item in before[name]:
            same = (key for key, each in fresh.items() if each["by"] == item["by"] and bare(each) == bare(item))
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
            same = next((e for e in found if bare(e) == item and coder not in e["by"]), None)
            if same:
                same["by"].append(coder)
            else:
                found.append({**copy.deepcopy(item), "state": "open", "by": [coder]})
    for item in found:
        if len(item["by"]) == len(voices):
            item["state"] = "accepted"
    return found


def alike(rows: list[Coded]) -> bool:
    """Whether coded passages say the same of every field and frame; of what it does not have, a row says nothing."""
    said: dict[str, list[Any]] = {}
    for row in map(normal, rows):
        frames = {f"frames.{frame}": present for frame, present in row.pop("frames", {}).items()}
        for name, value in {**row, **frames}.items():
            said.setdefault(name, []).append(value)
    return all(value == values[0] for values in said.values() for value in values)


def normal(row: Coded) -> Coded:
    """Return the coded fields of a passage in one order, so that equal codings are equal, however they came about."""
    found: Coded = {name: row[name] for name in FIELDS if name in row and name not in ITEMS}
    for name in ITEMS:
        if name in row:
            items = [
                {**item, **{part: sorted(item[part]) for part in FRAMING_PARTS if part in item}} for item in row[name]
            ]
            found[name] = sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    return found
