"""Label Studio: a folder with ``tasks.json``, tasks with predictions to import, and ``labeling.xml``, the interface.

Offsets are code points of the text, never XPaths: those belong to HyperText, not to Text. Its editor counts what
JavaScript's string iterator gives (HumanSignal/label-studio, web/libs/editor/src/utils/selection-tools.js,
``charsToCodePoints``); editors before 2021 counted UTF-16 code units (issue 1347), which is told from the text that
each region repeats. Regions keep ``meta``, where the probabilities of a passage are; a coder's choices go before them.
Frames of the user's own are choices, too, in an interface made for them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from rhetoric.annotation.exchange.files import new_folder, read_array
from rhetoric.annotation.exchange.finish import Fields, finish_all, pick
from rhetoric.annotation.exchange.label_studio_interface import OWN, can_choose, make_interface
from rhetoric.annotation.exchange.marks import (
    CHOICES,
    PASSAGE,
    Mark,
    Related,
    put_together,
    say_choices,
    take_apart,
    take_choice,
)
from rhetoric.annotation.exchange.offsets import Move, from_utf16
from rhetoric.ingest.document import Found
from rhetoric.labels import COUNTRIES, FRAMES, PRESENT
from rhetoric.record import Record
from rhetoric.writing import json_line

TASKS: Final = "tasks.json"
CONFIG: Final = "labeling.xml"
_BREAK: Final = re.compile(r"(?:\\n|\s)+")  # the editor writes a line break within a region as backslash and n


def write(records: Iterable[Record], path: Path, lost: Counter[str]) -> None:
    """Write the tasks, one a document, and the labeling interface."""
    with new_folder(path) as folder:
        own: set[str] = set()
        with (folder / TASKS).open("wb") as stream:
            stream.write(b"[")
            for number, record in enumerate(records):
                own.update(label for passage in record["passages"] for label in passage.get("custom", {}))
                stream.write((b"," if number else b"") + json_line(_task(record, lost)))
            stream.write(b"]\n")
        (folder / CONFIG).write_text(make_interface(own), encoding="utf-8", newline="\n")


def _task(record: Record, lost: Counter[str]) -> Fields:
    marks, links = take_apart(record, lost)
    result: list[Fields] = []
    for at, mark in enumerate(marks):
        result += _results(f"span-{at}", mark, record["text"])
    for link in links:
        ends = {"from_id": f"span-{link.source}", "to_id": f"span-{link.target}"}
        result.append({"type": "relation", **ends, "direction": "right", "labels": [link.label]})
    made_by = record["pipeline"]
    version = " ".join([made_by["name"], made_by["version"], made_by["sha256"][:8]]).strip()
    return {
        "data": {
            "text": record["text"],
            "id": record["id"],
            "rhetoric": {"meta": record["meta"], "pipeline": made_by},
        },
        "predictions": [{"model_version": version, "result": result}],
    }


def _results(id: str, mark: Mark, text: str) -> Iterator[Fields]:
    start, end = mark.cover
    place = {"start": start, "end": end, "text": text[start:end]}
    common = {"id": id, "to_name": "text"}
    told = dict(mark.fields)
    region = {**common, "from_name": "label", "type": "labels", "value": {**place, "labels": [mark.label]}}
    score = told.pop("framing_score" if mark.label == PASSAGE else "score", None)
    if score is not None:
        region["score"] = score
    if mark.label == PASSAGE:
        region["meta"] = {"rhetoric": pick(told, "about", "framing", "frames", OWN)}
    yield region
    for name, choices in _choices(told):
        yield {**common, "from_name": name, "type": "choices", "value": {**place, "choices": choices}}


def _choices(told: Fields) -> Iterator[tuple[str, list[str]]]:
    for name, value in say_choices(told).items():
        yield name, [value]
    if "about" in told:
        yield "about", ["yes" if told["about"] >= PRESENT else "no"]
        present: list[str] = [frame for frame in FRAMES if told["frames"].get(frame, 0.0) >= PRESENT]
        if present:
            yield "frames", present
        own = [label for label, said in told.get(OWN, {}).items() if said["present"] and can_choose(label)]
        if own:
            yield OWN, own
        for country, said in told["portrayal"].items():
            yield f"{country}_role", [said["role"]]
            yield f"{country}_stance", [str(said["stance"])]


def read(path: Path, most: int, lost: Counter[str]) -> Iterator[Found]:
    """Yield the records of tasks, exported as JSON (not JSON_MIN): one for each annotation, with its coder in ``meta``.

    Of a task that has not been in a project yet, as ``write`` makes them, one for its first prediction. A task that
    nobody annotated, or whose coder skipped it, is left out and counted in ``lost``.
    """
    return finish_all(read_array(path / TASKS if path.is_dir() else path, most), _take, lost, "label-studio")


def _take(task: Any, lost: Counter[str]) -> Iterator[Fields]:  # noqa: ANN401 - JSON is of any type
    data, every = task["data"], task.get("annotations") or []
    for annotation in every:
        if annotation.get("was_cancelled"):
            lost["annotations that their coder skipped"] += 1
            continue
        made = _record(data, annotation["result"], lost)
        made.pop("pipeline", None)
        coder = annotation.get("completed_by")  # a number, or an object
        if coder is not None:
            named = coder.get("email", coder.get("id")) if isinstance(coder, dict) else coder
            made["meta"] = {**made["meta"], "coder": str(named)}
        yield made
    if "annotations" in task:
        lost["tasks that nobody annotated"] += not every
        return
    # An export may name its predictions by their numbers only (issue 5654).
    guesses = [each for each in task.get("predictions") or [] if isinstance(each, dict) and "result" in each]
    lost["tasks without annotations or predictions"] += not guesses
    for guess in guesses[:1]:
        yield _record(data, guess["result"], lost)


def _record(data: Fields, result: list[Fields], lost: Counter[str]) -> Fields:
    own, text = data.get("rhetoric") or {}, data["text"]
    if not isinstance(text, str):
        raise TypeError(f"data.text is a {type(text).__name__}, not text")
    marks, related = _marks(text, result, lost)
    meta = {name: value for name, value in data.items() if name not in ("text", "id")}
    made = put_together(text, marks, related, lost) | {"text": text, "meta": meta, **pick(own, "meta", "pipeline")}
    if "id" in data:
        made["id"] = str(data["id"])
    return made


def _marks(text: str, result: list[Fields], lost: Counter[str]) -> tuple[list[Mark], list[Related]]:
    choices: dict[Any, dict[str, list[str]]] = defaultdict(dict)
    for each in result:
        if each["type"] == "choices" and "id" in each:
            if said := each["value"].get("choices"):
                choices[each["id"]][each["from_name"]] = said
            else:
                lost["choices of nothing"] += 1
    marks: list[Mark] = []
    numbers: dict[Any, int] = {}
    move = from_utf16(text)
    for each in result:
        if each["type"] != "labels":
            continue
        lost["notes of coders"] += bool((each.get("meta") or {}).get("text"))
        given = each["value"].get("labels") or []
        lost["regions without a label"] += not given
        place = _place(text, each["value"], move, lost) if given else None
        if place is not None:
            numbers[each["id"]] = len(marks)
            marks += [Mark(label, [place], _fields(label, each, choices[each["id"]])) for label in given]
    related: list[Related] = []
    for each in result:
        if each["type"] == "relation":
            related.append((numbers.get(each["from_id"]), numbers.get(each["to_id"])))
        elif each["type"] != "labels" and (each["type"] != "choices" or each.get("id") not in numbers):
            lost["answers that are no labels, relations, or choices for a label"] += 1
    return marks, related


def _place(text: str, value: Fields, move: Move, lost: Counter[str]) -> list[int] | None:
    """Return the range of a region in code points; None, counted, where its text stands elsewhere.

    ``move`` is what ``from_utf16`` gives for the text.
    """
    start, end, told = value.get("start"), value.get("end"), value.get("text")
    if type(start) is not int or type(end) is not int:
        raise ValueError(f"a region begins at {str(start)[:40]!r}: XPaths are of HyperText, and cannot be read here")
    if not isinstance(told, str) or _same(text[start:end], told):
        return [start, end]
    with suppress(ValueError):
        if _same(text[move(start) : move(end)], told):
            return [move(start), move(end)]
    lost["regions that repeat another text than the one at their place"] += 1
    return None


def _same(one: str, other: str) -> bool:
    return _BREAK.sub(" ", one).strip() == _BREAK.sub(" ", other).strip()


def _fields(label: str, region: Fields, chosen: dict[str, list[str]]) -> Fields:
    told: Fields = {name: take_choice(name, chosen[name][0]) for name in CHOICES if name in chosen}
    score = region.get("score")
    if label != PASSAGE:
        return told if score is None else {**told, "score": score}
    before = (region.get("meta") or {}).get("rhetoric") or {}
    if told.get("framing") == before.get("framing") and score is not None:
        told["framing_score"] = score
    if "about" in chosen or "about" in before:
        told["about"] = _decided(before.get("about"), chosen.get("about", ["no"])[0] == "yes")
    known, present = before.get("frames", dict.fromkeys(FRAMES)), chosen.get("frames", [])
    asked = (frame for frame in FRAMES if frame in known or frame in present)
    told["frames"] = {**known, **{frame: _decided(known.get(frame), frame in present) for frame in asked}}
    if OWN in before or OWN in chosen:
        told[OWN] = _own(before.get(OWN, {}), chosen.get(OWN, []))
    told["portrayal"] = {}
    for country in COUNTRIES:
        role, stance = f"{country}_role", f"{country}_stance"
        if role in chosen or stance in chosen:
            said = {"role": chosen.get(role, ["none"])[0], "stance": int(chosen.get(stance, ["0"])[0])}
            told["portrayal"][country] = said
    return told


def _own(before: Fields, chosen: list[str]) -> Fields:
    """Return what is said of frames of the user's own: the machine's word where the coder agrees, else the coder's."""
    found = dict(before)
    for label in [*(label for label in before if can_choose(label)), *chosen]:
        now = label in chosen
        if label not in before or before[label]["present"] != now:
            found[label] = {"score": float(now), "present": now}
    return found


def _decided(before: Any, now: bool) -> float:  # noqa: ANN401 - from JSON
    """Return the machine's probability where the coder agrees with it, else what the coder says."""
    if isinstance(before, (int, float)) and (before >= PRESENT) == now:
        return before
    return float(now)
