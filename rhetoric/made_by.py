"""What detectors are made of, part by part, so that it can be said in what two of them differ.

The checksum of a pipeline tells only that it is another one. These tell whether it is its encoder, the line of one
detector, or no more than frames of somebody's own beside the ten.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from rhetoric.record import Pipeline
from rhetoric.resources import CUSTOM, DETECTORS, SETTINGS

LINES: Final = ("about", "frames", "framing", "contrast", "metaphor")  # what `rhetoric train decisions` draws anew
PARTS: Final = ("english", "encoder", *LINES, CUSTOM)
_DRAWN: Final = ("decisions", "thresholds")  # the settings that lines are in
_OTHER_NAMES: Final = {"cue": "framing", "live": "metaphor"}


def parts_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return a checksum of each part of the detectors with these ``settings``, by name: the encoder with all that is
    trained with it, the line of each detector, and ``custom`` where there are frames of the user's own.
    """
    lines: dict[str, dict[str, Any]] = {name: {} for name in LINES}
    rest = {key: value for key, value in settings.items() if key not in (*_DRAWN, CUSTOM)}
    for kind in _DRAWN:
        for key, value in settings.get(kind, {}).items():
            name = key.partition(".")[0]
            lines.get(_OTHER_NAMES.get(name, name), rest)[f"{kind} {key}"] = value
    found = {"encoder": short_sum(rest)} | {name: short_sum(each) for name, each in lines.items()}
    return found | ({CUSTOM: short_sum(settings[CUSTOM])} if CUSTOM in settings else {})


def short_sum(value: Any) -> str:  # noqa: ANN401 - anything that JSON can hold
    """Return the first twelve hexadecimal digits of a SHA-256 of a value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:12]


def folder_parts(folder: Path) -> dict[str, str]:
    """Return the parts of the detectors in a folder; none where its settings cannot be read (loading it says why)."""
    try:
        return parts_of(json.loads((folder / SETTINGS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


@lru_cache(maxsize=1)
def shipped_parts() -> dict[str, str]:
    """Return the parts of the detectors that ship."""
    return folder_parts(DETECTORS)


def parts_that_differ(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the parts in which two differ, of those named in both and frames of one's own; None where they name none
    in common, so that it cannot be told.
    """
    if not one.keys() & other.keys() & {*PARTS}:
        return None
    return tuple(
        part
        for part in PARTS
        if one.get(part) != other.get(part) and (part == CUSTOM or (part in one and part in other))
    )


def compare_pipelines(one: Pipeline, other: Pipeline) -> tuple[str, ...] | None:
    """Return the parts in which two pipelines differ; None where they do and it cannot be told in what."""
    if one["sha256"] == other["sha256"]:
        return ()
    return parts_that_differ(one.get("parts", {}), other.get("parts", {}))
