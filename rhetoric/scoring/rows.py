"""A scorecard as one flat row, and a scorecard made from such a row again."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rhetoric.ingest.document import is_missing
from rhetoric.labels import COUNTRIES, FRAMES, Frame
from rhetoric.scoring.columns import PROBABILITY, Column, column_list, fields, own_columns, own_field, own_label
from rhetoric.scoring.uncertainty import Estimate

if TYPE_CHECKING:
    from rhetoric.scoring.scorecard import Scorecard

_NUMBERS = ("words", "passages", "about", "counted", "counted_words", "learned")
_NO_REASON = "the row does not say why"


def estimates(scorecard: "Scorecard") -> dict[str, Estimate]:
    """Return every estimate of a scorecard by the name of its column, in the order of the columns."""
    named: dict[str, Estimate] = {}
    for frame, scored in scorecard.frames.items():
        named |= {f"frame_{frame}": scored.prevalence, f"frame_{frame}_corrected": scored.corrected}
        named |= {f"frame_{frame}_probability": scored.probability}
    framing = scorecard.framing
    named |= {"passages_unmasking": framing.unmasking, "passages_partial": framing.partial}
    named |= {"unmasking": framing.density, "unmasking_explicit": framing.explicit}
    named |= {"unmasking_implicit": framing.implicit}
    named |= {f"unmasking_{actor}": score for actor, score in framing.actors.items()}
    named |= {"contrast": scorecard.contrast, **{f"contrast_{k}": v for k, v in scorecard.contrasts.items()}}
    named |= {"metaphor": scorecard.metaphor, **{f"metaphor_{k}": v for k, v in scorecard.metaphors.items()}}
    for country, portrayed in scorecard.portrayal.items():
        named |= {f"{country}_role_{role}": score for role, score in portrayed.roles.items()}
        named |= {f"{country}_stance": portrayed.stance}
    for label, scored in scorecard.custom.items():
        named |= {own_field(label): scored.prevalence, f"{own_field(label)}{PROBABILITY}": scored.probability}
    return named


def make_row(scorecard: "Scorecard") -> dict[str, Any]:
    """Return the row of a scorecard, as :meth:`Scorecard.to_row` documents it."""
    named = estimates(scorecard)
    plain: dict[str, Any] = {f"pipeline_{part}": value for part, value in scorecard.pipeline.items()}
    for country, portrayed in scorecard.portrayal.items():
        plain |= {f"{country}_passages": portrayed.stance.passages, f"{country}_role": portrayed.role}
    row: dict[str, Any] = {}
    for column in (*column_list(), *own_columns(scorecard.custom)):
        name = column.name
        if column.field:
            found = named[name]
            row |= zip(column.names, (found.value, found.low, found.high), strict=True)
        else:
            row[name] = plain[name] if name in plain else getattr(scorecard, name)
    return row


def read_row(row: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Estimate], dict[Frame, str | None]]:
    """Return what ``make_scorecard`` makes a scorecard of, from a row, as :meth:`Scorecard.from_row` documents it."""
    if _given(row, "id") is None or _given(row, "passages") is None:
        error = row.get("error")
        said = "it has no id or no passages" if is_missing(error) else error
        raise ValueError(f"this row holds no scorecard ({said})")
    numbers = {name: int(row[name]) for name in _NUMBERS}
    found = {
        column.name: _estimate(row, column, numbers) for column in (*fields().values(), *own_columns(_own_labels(row)))
    }
    told = {
        "id": str(row["id"]),
        **{name: _given(row, name) for name in ("title", "date", "source")},
        **numbers,
        "every_passage": bool(row["every_passage"]),
        "pipeline": {part: str(row[f"pipeline_{part}"]) for part in ("name", "version", "sha256")},
    }
    uncorrected = {
        frame: found[f"frame_{frame}"].value is not None and found[f"frame_{frame}_corrected"].value is None
        for frame in FRAMES
    }
    return told, found, {frame: _NO_REASON if each else None for frame, each in uncorrected.items()}


def _own_labels(row: Mapping[str, Any]) -> list[str]:
    """Return the frames of the user's own that have a value in a row."""
    names = {name for name in row.keys() if isinstance(name, str)}  # noqa: SIM118 - a pandas Series yields its values
    named = {name: own_label(name) for name in names if f"{name}_low" in names}
    return [label for name, label in named.items() if label is not None and _given(row, name) is not None]


def _estimate(row: Mapping[str, Any], column: Column, numbers: Mapping[str, int]) -> Estimate:
    name = column.name
    value = _number(row, name)
    of_country = name.startswith(tuple(f"{country}_" for country in COUNTRIES))
    passages = int(row[f"{name.split('_')[0]}_passages"]) if of_country else numbers["counted"]
    if value is None:
        return Estimate(None, None, None, passages if of_country else 0)
    count = None
    if column.unit == "per 1,000 words":
        count = round(value * numbers["counted_words"] / 1000)
    elif column.unit == "share" and not name.endswith("_corrected"):
        count = round(value * passages)
    return Estimate(value, _number(row, f"{name}_low"), _number(row, f"{name}_high"), passages, count)


def _given(row: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - a cell of any type
    """Return a cell, None where it is missing, in whatever way of pandas'."""
    value = row[name]
    return None if is_missing(value) else value


def _number(row: Mapping[str, Any], name: str) -> float | None:
    value = _given(row, name)
    return None if value is None else float(value)
