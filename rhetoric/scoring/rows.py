"""A scorecard as one flat row, and a scorecard made from such a row again."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rhetoric.labels import ACTORS, CONTRASTS, COUNTRIES, FRAMES, ROLES, SOURCES, Country
from rhetoric.scoring.columns import column_list, fields
from rhetoric.scoring.notes import write_notes
from rhetoric.scoring.uncertainty import Estimate

if TYPE_CHECKING:
    from rhetoric.scoring.scorecard import PortrayalScore, Scorecard

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
    return named


def make_row(scorecard: "Scorecard") -> dict[str, Any]:
    """Return the row of a scorecard, as :meth:`Scorecard.to_row` documents it."""
    named = estimates(scorecard)
    plain: dict[str, Any] = {f"pipeline_{part}": value for part, value in scorecard.pipeline.items()}
    for country, portrayed in scorecard.portrayal.items():
        plain |= {f"{country}_passages": portrayed.stance.passages, f"{country}_role": portrayed.role}
    row: dict[str, Any] = {}
    for column in column_list():
        name = column.name
        if column.field:
            found = named[name]
            row |= {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
        else:
            row[name] = plain[name] if name in plain else getattr(scorecard, name)
    return row


def read_row(row: Mapping[str, Any]) -> "Scorecard":
    """Return the scorecard of a row, as :meth:`Scorecard.from_row` documents it."""
    from rhetoric.scoring.scorecard import FrameScore, FramingScore, Scorecard

    if _given(row, "id") is None or _given(row, "passages") is None:
        raise ValueError(f"this row holds no scorecard ({row.get('error') or 'it has no id or no passages'})")
    numbers = {name: int(row[name]) for name in ("words", "passages", "about", "counted", "counted_words")}
    every_passage = bool(row["every_passage"])
    found = {name: _estimate(row, name, numbers) for name in fields()}
    frames = {}
    for frame in FRAMES:
        raw, corrected = found[f"frame_{frame}"], found[f"frame_{frame}_corrected"]
        reason = _NO_REASON if corrected.value is None and raw.value is not None else None
        frames[frame] = FrameScore(raw, found[f"frame_{frame}_probability"], corrected, reason)
    return Scorecard(
        id=str(row["id"]),
        title=_given(row, "title"),
        date=_given(row, "date"),
        source=_given(row, "source"),
        words=numbers["words"],
        passages=numbers["passages"],
        about=numbers["about"],
        counted=numbers["counted"],
        counted_words=numbers["counted_words"],
        every_passage=every_passage,
        frames=frames,
        framing=FramingScore(
            unmasking=found["passages_unmasking"],
            partial=found["passages_partial"],
            density=found["unmasking"],
            actors={actor: found[f"unmasking_{actor}"] for actor in ACTORS},
            explicit=found["unmasking_explicit"],
            implicit=found["unmasking_implicit"],
        ),
        contrast=found["contrast"],
        contrasts={label: found[f"contrast_{label}"] for label in CONTRASTS},
        metaphor=found["metaphor"],
        metaphors={source: found[f"metaphor_{source}"] for source in SOURCES},
        portrayal={country: _portrayal(row, country, found) for country in COUNTRIES},
        notes=write_notes(numbers["passages"], numbers["about"], numbers["counted"], every_passage),
        pipeline={
            "name": str(row["pipeline_name"]),
            "version": str(row["pipeline_version"]),
            "sha256": str(row["pipeline_sha256"]),
        },
    )


def _portrayal(row: Mapping[str, Any], country: Country, found: Mapping[str, Estimate]) -> "PortrayalScore":
    from rhetoric.scoring.scorecard import PortrayalScore

    roles = {role: found[f"{country}_role_{role}"] for role in ROLES}
    return PortrayalScore(_given(row, f"{country}_role"), roles, found[f"{country}_stance"])


def _estimate(row: Mapping[str, Any], name: str, numbers: Mapping[str, int]) -> Estimate:
    value = _number(row, name)
    if value is None:
        return Estimate(None, None, None, 0)
    column, count = fields()[name], None
    passages = numbers["counted"]
    if name.startswith(tuple(f"{country}_" for country in COUNTRIES)):
        passages = int(row[f"{name.split('_')[0]}_passages"])
    if column.unit == "per 1,000 words":
        count = round(value * numbers["counted_words"] / 1000)
    elif column.unit == "share" and not name.endswith("_corrected"):
        count = round(value * passages)
    return Estimate(value, _number(row, f"{name}_low"), _number(row, f"{name}_high"), passages, count)


def _given(row: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - a cell of any type
    """Return a cell, None where it is missing, as None or as pandas' NaN."""
    value = row[name]
    return None if value is None or (isinstance(value, float) and math.isnan(value)) else value


def _number(row: Mapping[str, Any], name: str) -> float | None:
    value = _given(row, name)
    return None if value is None else float(value)
