"""The scorecard: what one record comes to in numbers, each with its interval and the passages it rests on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

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
from rhetoric.record import Pipeline
from rhetoric.scoring.columns import CORRECTED, PROBABILITY, SIDES, column_list, own_columns, own_field, own_label
from rhetoric.scoring.notes import write_notes
from rhetoric.scoring.passages import is_off_topic
from rhetoric.scoring.uncertainty import NOTHING, Estimate

NOT_COVERED: Final = "the rates of error that ship do not cover frames of your own"


@dataclass(frozen=True)
class FrameScore:
    """``prevalence``: share of passages in which the frame is present; ``probability``: its mean probability.

    ``corrected`` is the prevalence corrected for the detector's measured errors, an estimate of nothing where
    ``not_corrected`` says in words why it could not be.
    """

    prevalence: Estimate
    probability: Estimate
    corrected: Estimate
    not_corrected: str | None


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
    """How passages that speak of a country do so: shares of roles, the commonest, mean stance from -1 to +1, and the
    shares that speak ``ill`` and ``well`` of it. There is no commonest role where two are as common, nor of a text off
    topic.
    """

    role: Role | None
    roles: Mapping[Role, Estimate]
    stance: Estimate
    ill: Estimate
    well: Estimate


@dataclass(frozen=True)
class Scorecard:
    """One text in numbers; of one off topic, unless every passage was asked for, counts alone: no estimate has a value.

    ``words`` and ``passages`` count the whole text, ``about`` the passages about the matter, ``counted`` and
    ``counted_words`` those under the scores, ``learned`` those of them that the detectors have learned from (known of
    the detectors that ship), so that they do better there. ``matter_inferred`` says of a text of one passage that this
    is taken to be about the matter though no word of it is of AI or technology. Densities are per 1,000 counted words;
    a span belongs to the passage that holds its first character. Of all this only the frames' ``corrected`` shares
    allow for the detectors' errors. ``custom`` holds the frames of the user's own that the counted passages were looked
    through for, by label; none of them is corrected, since the rates that ship do not cover them. ``notes`` say in
    plain words where the numbers rest on too little. ``percentiles`` (0 to 100, by column of the row) say where the
    text stands among the ``profile_documents`` documents of the profile named ``profile`` (None where there is none),
    ``percentile_spans`` where the ends of the same numbers' intervals stand, of those that have one, and
    ``percentile_documents`` how many of the profile's documents have a value of the field, among which alone it stands.
    There is no percentile of what fewer than three were found of; ``percentile_none`` says of what none was found in
    how many of those documents none is either. ``profile_about`` says what they are, and ``in_profile`` whether this
    text is known to be one of them. ``profile_fits`` says whether that was built by the pipeline that made the record,
    frames of the user's own aside, and ``profile_differs`` in which parts it was not (:mod:`rhetoric.made_by`), where
    that is known. ``not_compared`` says in plain words why there are no percentiles though there is a profile.
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
    learned: int
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
    matter_inferred: bool = False
    profile: str | None = None
    profile_documents: int = 0
    profile_about: str = ""
    in_profile: bool = False
    profile_fits: bool = True
    profile_differs: tuple[str, ...] = ()
    not_compared: str = ""
    percentiles: Mapping[str, float] = field(default_factory=dict)
    percentile_spans: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    percentile_documents: Mapping[str, int] = field(default_factory=dict)
    percentile_none: Mapping[str, int] = field(default_factory=dict)
    custom: Mapping[str, FrameScore] = field(default_factory=dict)

    @property
    def off_topic(self) -> bool:
        """Whether fewer than three of the text's passages, and fewer than one in ten, are about the matter."""
        return is_off_topic(self.passages, self.about)

    @property
    def scored(self) -> bool:
        """Whether the estimates have values: some passage counts, and the text is not off topic, or every passage was
        asked for.
        """
        return self.counted > 0 and (self.every_passage or not self.off_topic)

    def estimates(self) -> dict[str, Estimate]:
        """Return every estimate by the name of its column, in the order of the columns."""
        named: dict[str, Estimate] = {}
        for frame, scored in self.frames.items():
            named |= {f"frame_{frame}": scored.prevalence, f"frame_{frame}{CORRECTED}": scored.corrected}
            named[f"frame_{frame}{PROBABILITY}"] = scored.probability
        framing = self.framing
        named |= {"passages_unmasking": framing.unmasking, "passages_partial": framing.partial}
        named |= {"unmasking": framing.density, "unmasking_explicit": framing.explicit}
        named["unmasking_implicit"] = framing.implicit
        named |= {f"unmasking_{actor}": each for actor, each in framing.actors.items()}
        named |= {"contrast": self.contrast, **{f"contrast_{label}": each for label, each in self.contrasts.items()}}
        named |= {"metaphor": self.metaphor, **{f"metaphor_{source}": each for source, each in self.metaphors.items()}}
        for country, portrayed in self.portrayal.items():
            named |= {f"{country}_role_{role}": each for role, each in portrayed.roles.items()}
            named[f"{country}_stance"] = portrayed.stance
        for label, own in self.custom.items():
            named |= {own_field(label): own.prevalence, own_field(label) + PROBABILITY: own.probability}
        return named

    def to_dict(self) -> dict[str, Any]:
        """Return the scorecard as nested dicts that JSON can hold."""
        lists = {name: list(getattr(self, name)) for name in ("notes", "profile_differs")}
        return {**asdict(self), "off_topic": self.off_topic, **lists}

    def to_row(self) -> dict[str, Any]:
        """Return one flat row for a DataFrame: every estimate as NAME, NAME_low and NAME_high.

        :func:`rhetoric.scoring.columns` says what each column means. Frames of the user's own come last, as
        custom_LABEL and custom_LABEL_probability (:func:`rhetoric.scoring.columns.own_field`).
        """
        named = self.estimates()
        plain = {**vars(self), "off_topic": self.off_topic}
        plain |= {f"pipeline_{part}": value for part, value in self.pipeline.items()}
        for country, portrayed in self.portrayal.items():
            plain |= {f"{country}_passages": portrayed.stance.passages, f"{country}_role": portrayed.role}
        row: dict[str, Any] = {}
        for column in (*column_list(), *own_columns(self.custom)):
            if column.field:
                found = named[column.name]
                row |= zip(column.names, (found.value, found.low, found.high), strict=True)
            else:
                row[column.name] = plain[column.name]
        return row


def make_scorecard(
    told: Mapping[str, Any], found: Mapping[str, Estimate], reasons: Mapping[Frame, str | None]
) -> Scorecard:
    """Make a scorecard of its plain fields ``told``, and of the estimates ``found``, by the names of their columns.

    ``reasons`` say of frames of the codebook why their share could not be corrected.
    """
    own = sorted(label for label in map(own_label, found) if label is not None)
    return Scorecard(
        **told,
        frames={frame: _frame(f"frame_{frame}", found, reasons.get(frame)) for frame in FRAMES},
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
        portrayal={country: _portrayal(country, found) for country in COUNTRIES},
        notes=write_notes(told["passages"], told["about"], told["counted"], told["every_passage"], told["learned"]),
        custom={label: _frame(own_field(label), found, NOT_COVERED) for label in own},
    )


def _frame(field: str, found: Mapping[str, Estimate], reason: str | None) -> FrameScore:
    return FrameScore(found[field], found[field + PROBABILITY], found.get(field + CORRECTED, NOTHING), reason)


def _portrayal(country: Country, found: Mapping[str, Estimate]) -> PortrayalScore:
    roles = {role: found[f"{country}_role_{role}"] for role in ROLES}
    most = max(each.count or 0 for each in roles.values())
    commonest = [role for role in ROLES if roles[role].count == most]
    stance, ill, well = (found[f"{country}_{each}"] for each in ("stance", *SIDES))
    role = commonest[0] if len(commonest) == 1 and stance.value is not None else None
    return PortrayalScore(role, roles, stance, ill, well)
