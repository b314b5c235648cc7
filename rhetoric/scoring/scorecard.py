"""The scorecard: what one record comes to in numbers, each with its interval and the passages it rests on."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rhetoric.labels import (
    ACTORS,
    CONTRASTS,
    COUNTRIES,
    FRAMES,
    ROLES,
    SOURCES,
    Actor,
    Contrast,
    Country,
    Frame,
    Role,
    Source,
)
from rhetoric.pipeline.passages import count_words
from rhetoric.record import Pipeline, Record
from rhetoric.scoring.notes import write_notes
from rhetoric.scoring.passages import (
    PRESENT,
    count_passages,
    find_passage,
    first_character,
    is_complete,
    passage_starts,
)
from rhetoric.scoring.uncertainty import Counts, Estimate, Ratio, estimate

_MILLION = 1_000_000


@dataclass(frozen=True)
class FrameScore:
    """``prevalence``: share of passages in which the frame is present; ``probability``: its mean probability."""

    prevalence: Estimate
    probability: Estimate


@dataclass(frozen=True)
class FramingScore:
    """``unmasking`` and ``partial``: shares of passages; the others: unmasking instances per 1,000 words."""

    unmasking: Estimate
    partial: Estimate
    density: Estimate
    actors: Mapping[Actor, Estimate]
    explicit: Estimate
    implicit: Estimate


@dataclass(frozen=True)
class PortrayalScore:
    """How passages that speak of a country do so: shares of roles, the commonest, and mean stance from -1 to +1."""

    role: Role | None
    roles: Mapping[Role, Estimate]
    stance: Estimate


@dataclass(frozen=True)
class Scorecard:
    """One text in numbers.

    ``words`` and ``passages`` count the whole text, ``about`` the passages about the matter, ``counted`` and
    ``counted_words`` those under the scores. Densities are per 1,000 counted words; a span belongs to the passage that
    holds its first character. Nothing is corrected for the detectors' errors. ``notes`` say in plain words where the
    numbers rest on too little.
    """

    id: str
    title: str | None
    date: str | None
    source: str | None
    words: int
    passages: int
    about: int
    counted: int
    counted_words: int
    every_passage: bool
    frames: Mapping[Frame, FrameScore]
    framing: FramingScore
    contrast: Estimate
    contrasts: Mapping[Contrast, Estimate]
    metaphor: Estimate
    metaphors: Mapping[Source, Estimate]
    portrayal: Mapping[Country, PortrayalScore]
    notes: tuple[str, ...]
    pipeline: Pipeline

    def to_dict(self) -> dict[str, Any]:
        """Return the scorecard as nested dicts that JSON can hold."""
        return {**asdict(self), "notes": list(self.notes)}

    def to_row(self) -> dict[str, Any]:
        """Return one flat row: every estimate as NAME, NAME_low and NAME_high, for a DataFrame."""
        row: dict[str, Any] = {"id": self.id, "title": self.title, "date": self.date, "source": self.source}
        row |= {"words": self.words, "passages": self.passages, "about": self.about, "counted": self.counted}
        row |= {"counted_words": self.counted_words}
        named: dict[str, Estimate] = {}
        for frame, scored in self.frames.items():
            named |= {f"frame_{frame}": scored.prevalence, f"frame_{frame}_probability": scored.probability}
        framing = self.framing
        named |= {"passages_unmasking": framing.unmasking, "passages_partial": framing.partial}
        named |= {"unmasking": framing.density, "unmasking_explicit": framing.explicit}
        named |= {"unmasking_implicit": framing.implicit}
        named |= {f"unmasking_{actor}": score for actor, score in framing.actors.items()}
        named |= {"contrast": self.contrast, **{f"contrast_{k}": v for k, v in self.contrasts.items()}}
        named |= {"metaphor": self.metaphor, **{f"metaphor_{k}": v for k, v in self.metaphors.items()}}
        for name, score in named.items():
            row |= _columns(name, score)
        for country, portrayed in self.portrayal.items():
            row |= {f"{country}_passages": portrayed.stance.passages, f"{country}_role": portrayed.role}
            share = portrayed.roles[portrayed.role] if portrayed.role else Estimate(None, None, None, 0)
            row |= {**_columns(f"{country}_role_share", share), **_columns(f"{country}_stance", portrayed.stance)}
        return row


def _columns(name: str, score: Estimate) -> dict[str, float | None]:
    return {name: score.value, f"{name}_low": score.low, f"{name}_high": score.high}


def score_record(record: Record, *, every_passage: bool = False) -> Scorecard:
    """Score one record over its passages about the matter (probability 0.5 or more), or over every passage.

    The same record gives the same scorecard, to the last digit.
    """
    chosen = count_passages(record, every_passage)
    passages = [record["passages"][at] for at in chosen]
    words = [count_words(record["text"][passage["start"] : passage["end"]]) for passage in passages]
    ratios = _ratios(record, chosen, np.array(words, dtype=np.int64))
    found = dict(zip(ratios, estimate(list(ratios.values())), strict=True))
    meta = record["meta"]
    about = len(count_passages(record, every_passage=False))
    return Scorecard(
        id=record["id"],
        title=_said(meta.get("title")),
        date=_said(meta.get("date")),
        source=_said(meta.get("source")),
        words=count_words(record["text"]),
        passages=len(record["passages"]),
        about=about,
        counted=len(chosen),
        counted_words=sum(words),
        every_passage=every_passage,
        frames={frame: FrameScore(found["frame", frame], found["probability", frame]) for frame in FRAMES},
        framing=FramingScore(
            unmasking=found["framing", "unmasking"],
            partial=found["framing", "partial"],
            density=found["unmasking", ""],
            actors={actor: found["actor", actor] for actor in ACTORS},
            explicit=found["unmasking", "explicit"],
            implicit=found["unmasking", "implicit"],
        ),
        contrast=found["contrast", ""],
        contrasts={label: found["contrast", label] for label in CONTRASTS},
        metaphor=found["metaphor", ""],
        metaphors={source: found["metaphor", source] for source in SOURCES},
        portrayal={country: _portrayal(country, found) for country in COUNTRIES},
        notes=write_notes(len(record["passages"]), about, len(chosen), every_passage),
        pipeline=record["pipeline"],
    )


def _said(value: object) -> str | None:
    return None if value is None else str(value)


def _portrayal(country: Country, found: Mapping[tuple[str, str], Estimate]) -> PortrayalScore:
    roles = {role: found[f"role {country}", role] for role in ROLES}
    commonest = max(ROLES, key=lambda role: roles[role].count or 0)  # of two equals the codebook's first
    return PortrayalScore(commonest if roles[commonest].count else None, roles, found["stance", country])


def _ratios(record: Record, chosen: list[int], words: Counts) -> dict[tuple[str, str], Ratio]:
    """Name everything there is to estimate: (kind, label) to its sums, one number a counted passage."""
    passages = [record["passages"][at] for at in chosen]
    ones = np.ones(len(chosen), dtype=np.int64)
    ratios: dict[tuple[str, str], Ratio] = {}
    for frame in FRAMES:
        score = [passage["frames"].get(frame, 0.0) for passage in passages]
        ratios["frame", frame] = Ratio(_whole(p >= PRESENT for p in score), ones)
        ratios["probability", frame] = Ratio(_whole(round(p * _MILLION) for p in score), ones * _MILLION, counts=False)
    for label in ("unmasking", "partial"):
        ratios["framing", label] = Ratio(_whole(passage["framing"] == label for passage in passages), ones)
    for key, tally in _tallies(record, chosen).items():
        ratios[key] = Ratio(tally, words, scale=1000.0, most=None)
    for country in COUNTRIES:
        spoken = [passage["portrayal"].get(country) for passage in passages]
        under = _whole(portrayal is not None for portrayal in spoken)
        cast = [portrayal["role"] if portrayal else None for portrayal in spoken]
        for role in ROLES:
            ratios[f"role {country}", role] = Ratio(_whole(each == role for each in cast), under)
        stances = _whole(portrayal["stance"] if portrayal else 0 for portrayal in spoken)
        ratios["stance", country] = Ratio(stances, under, least=-1.0, counts=False)
    return ratios


def _tallies(record: Record, chosen: list[int]) -> dict[tuple[str, str], Counts]:
    """Count spans of each kind and label in each counted passage; label "" counts all of a kind."""
    keys: list[tuple[str, str]] = [("unmasking", label) for label in ("", "explicit", "implicit")]
    keys += [("actor", actor) for actor in ACTORS]
    keys += [("contrast", label) for label in ("", *CONTRASTS)] + [("metaphor", label) for label in ("", *SOURCES)]
    tallies = {key: np.zeros(len(chosen), dtype=np.int64) for key in keys}
    starts, column = passage_starts(record), {at: column for column, at in enumerate(chosen)}

    def tally(character: int, *keys: tuple[str, str]) -> None:
        at = find_passage(record, starts, character)
        if at in column:
            for key in keys:
                tallies[key][column[at]] += 1

    for instance in record["framing"]:
        if is_complete(instance):
            how = "explicit" if instance["explicit"] else "implicit"
            tally(first_character(instance), ("unmasking", ""), ("unmasking", how), ("actor", instance["actor"]))
    for pair in record["contrasts"]:
        tally(min(pair["a"][0], pair["b"][0]), ("contrast", ""), ("contrast", pair["label"]))
    for metaphor in record["metaphors"]:
        if metaphor["live"]:
            tally(metaphor["span"][0], ("metaphor", ""), ("metaphor", metaphor.get("source", "other")))
    return tallies


def _whole(values: Iterable[int]) -> Counts:
    return np.fromiter(values, dtype=np.int64)
