"""What made a record: the pipeline, and what it is made of, so that it can be said in what two of them differ.

The checksum of a pipeline tells only that it is another one. Those of its parts tell whether it is its encoder, the
line of one detector, or no more than frames of somebody's own beside the ten.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rhetoric import __version__
from rhetoric.record import Pipeline
from rhetoric.resources import CUSTOM, DETECTORS, SETTINGS

if TYPE_CHECKING:
    from spacy.language import Language

LINES: Final = ("about", "frames", "framing", "contrast", "metaphor")  # what `rhetoric train decisions` draws anew
PARTS: Final = ("english", "encoder", *LINES, CUSTOM)
_DRAWN: Final = ("decisions", "thresholds")  # the settings that lines are in
_OWN: Final = "rhetoric_custom"
_OTHER_NAMES: Final = {"cue": "framing", "live": "metaphor"}


def describe(nlp: "Language") -> Pipeline:
    """Return what tells this pipeline from every other: its name, the version of the code, a checksum of its
    weights, and one of each part of it.
    """
    encoder: Any = nlp.get_pipe("rhetoric_encoder")
    config = _config(nlp, encoder.folder)
    parts = [nlp.meta["name"], nlp.meta["version"], nlp.meta.get("sha256", ""), encoder.settings, config]
    sha256 = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    made_of = {"english": _english(nlp)} | parts_of(encoder.settings)
    name = f"{nlp.lang}_{nlp.meta['name']}"
    return {"name": name, "version": __version__, "sha256": sha256, "parts": dict(sorted(made_of.items()))}


def _config(nlp: "Language", folder: Path) -> dict[str, Any]:
    """Return how a pipeline is set up, wherever the ``folder`` of its encoder lies, whose settings say what is in it;
    of another folder that a pipe reads it holds the settings.
    """
    from rhetoric.pipeline.graph import state_of

    config: dict[str, Any] = json.loads(json.dumps(nlp.config, default=str))
    for each in config["components"].values():
        if each["factory"].startswith("rhetoric_") and "folder" in each:
            read = Path(each["folder"] or DETECTORS).resolve()
            each["folder"] = None if read == folder.resolve() else state_of(read)
    return config


def _english(nlp: "Language") -> str:
    """Return a checksum of all of a pipeline but its detectors, wherever the folder of these lies."""
    config = json.loads(json.dumps(nlp.config, default=str))
    config["nlp"]["pipeline"] = [each for each in config["nlp"]["pipeline"] if each != _OWN]
    components = {name: each for name, each in config["components"].items() if name != _OWN}
    config["components"] = {name: {**each, "folder": None} for name, each in components.items()}
    return short_sum([nlp.meta["name"], nlp.meta["version"], nlp.meta.get("sha256", ""), config])


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
