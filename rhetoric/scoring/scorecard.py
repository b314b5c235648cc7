"""The scorecard: what one record comes to in numbers, each with its interval and the passages it rests on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import cell_text
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
from rhetoric.pipeline.length import count_words
from rhetoric.record import Pipeline, Record
from rhetoric.scoring.columns import PROBABILITY, own_field, own_label
from rhetoric.scoring.correction import Rates, correct, rates_for, why_not
from rhetoric.scoring.learned import count_learned
from rhetoric.scoring.notes import is_off_topic, write_notes
from rhetoric.scoring.passages import count_passages
from rhetoric.scoring.profile import SHIPPED, Profile, choose_profile, place
from rhetoric.scoring.ratios import make_ratios, words_of
from rhetoric.scoring.records import check_record, is_analysed
from rhetoric.scoring.rows import make_row, read_row
from rhetoric.scoring.uncertainty import Estimate, estimate

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
    """How passages that speak of a country do so: shares of roles, the commonest, and mean stance from -1 to +1; of a
    text off topic there is no commonest.
    """

    role: Role | None
    roles: Mapping[Role, Estimate]
    stance: Estimate


@dataclass(frozen=True)
class Scorecard:
    """One text in numbers; of one off topic, unless every passage was asked for, counts alone: no estimate has a value.

    ``words`` and ``passages`` count the whole text, ``about`` the passages about the matter, ``counted`` and
    ``counted_words`` those under the scores, ``learned`` those of them that the detectors have learned from (known of
    the detectors that ship), so that they do better there. Densities are per 1,000 counted words; a span belongs to the
    passage that holds its first character. Of all this only the frames' ``corrected`` shares allow for the detectors'
    errors. ``custom`` holds the frames of the user's own that the counted passages were looked through for, by label;
    none of them is corrected, since the rates that ship do not cover them. ``notes`` say in plain words where the
    numbers rest on too little. ``percentiles`` (0 to 100, by column of the row) say where the text stands among the
    ``profile_documents`` documents of the profile named ``profile`` (None where there is none), ``percentile_spans``
    where the ends of the same numbers' intervals stand, of those that have one, and ``percentile_documents`` how many
    of the profile's documents have a value of the field, among which alone it stands; ``profile_fits`` says
    whether that was built by the pipeline that made the record, frames of the user's own aside, and ``profile_differs``
    in which parts it was not (:mod:`rhetoric.made_by`), where that is known. ``not_compared`` says in plain words why
    there are no percentiles though there is a profile.
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
    profile: str | None = None
    profile_documents: int = 0
    profile_fits: bool = True
    profile_differs: tuple[str, ...] = ()
    not_compared: str = ""
    percentiles: Mapping[str, float] = field(default_factory=dict)
    percentile_spans: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    percentile_documents: Mapping[str, int] = field(default_factory=dict)
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

    def to_dict(self) -> dict[str, Any]:
        """Return the scorecard as nested dicts that JSON can hold."""
        lists = {name: list(getattr(self, name)) for name in ("notes", "profile_differs")}
        return {**asdict(self), "off_topic": self.off_topic, **lists}

    def to_row(self) -> dict[str, Any]:
        """Return one flat row for a DataFrame: every estimate as NAME, NAME_low and NAME_high.

        :func:`rhetoric.scoring.columns` says what each column means. Frames of the user's own come last, as
        custom_LABEL and custom_LABEL_probability (:func:`rhetoric.scoring.columns.own_field`).
        """
        return make_row(self)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Scorecard":
        """Make a scorecard from a row of :meth:`to_row`, or of the table of :func:`score_frame`.

        A row has no place for the percentiles and why there are none, for the parts of the pipeline, for the words that
        say why a share is not corrected, and for how many passages an estimate rests on; those passages are taken to be
        all that count (or speak of the country), which is so but for the densities of a text with passages that have no
        word, and for frames of the user's own that only some passages were looked through for. Nor has it one for what
        was counted in a text off topic. All else comes back as it was. Raises ValueError for the row of a failure,
        KeyError where a column is missing.
        """
        return make_scorecard(*read_row(row))


def score_record(
    record: Record,
    *,
    every_passage: bool = False,
    rates: Rates | Literal["shipped"] = SHIPPED,
    profile: Profile | str | Path | None = SHIPPED,
    intervals: bool = True,
    detectors: Path | None = None,
) -> Scorecard:
    """Score one record over its passages about the matter (probability 0.5 or more), or over every passage.

    Of a text off topic, what is found in the few that are is counted and not scored, unless every passage is asked for.
    ``rates`` are the detectors' rates of error that prevalences are corrected with: by default those measured for the
    ``detectors`` in a folder (the shipped ones where None), if they made the record; a record of other detectors, or of
    lines of the user's own, is not corrected, and says so. ``profile`` is what percentiles are against: by default the
    profile that ships, if there is one; another by its name or file; None for no percentiles. Without ``intervals``
    there are values only, which takes less time. The same record gives the same scorecard, to the last digit. Raises
    RhetoricError for a failure, TypeError for what is no record.
    """
    check_record(record)
    if not is_analysed(record):
        failure: Mapping[str, Any] = record
        raise RhetoricError(f"There is nothing to score in {failure['source']}: {failure['error']}")
    against = choose_profile(profile)
    chosen = count_passages(record, every_passage)
    words = words_of(record, chosen)
    ratios = make_ratios(record, chosen, words)
    found = dict(zip(ratios, estimate(list(ratios.values()), intervals=intervals, unseen=True), strict=True))
    about = len(count_passages(record, every_passage=False))
    if not every_passage and is_off_topic(len(record["passages"]), about):
        found = {name: replace(each, value=None, low=None, high=None) for name, each in found.items()}
    known, others = rates_for(record["pipeline"], every_passage, detectors) if isinstance(rates, str) else (rates, None)
    reasons: dict[Frame, str | None] = {}
    for frame in FRAMES:
        raw, rate = found[f"frame_{frame}"], known.get(frame)
        found[f"frame_{frame}_corrected"] = correct(raw, rate)
        reasons[frame] = None if raw.value is None else others or why_not(rate)
    meta = record["meta"]
    told = {
        "id": record["id"],
        **{name: cell_text(meta.get(name)) for name in ("title", "date", "source")},
        "words": count_words(record["text"]),
        "passages": len(record["passages"]),
        "about": about,
        "counted": len(chosen),
        "counted_words": int(words.sum()),
        "learned": count_learned(record, chosen),
        "every_passage": every_passage,
        "pipeline": record["pipeline"],
    }
    scorecard = make_scorecard(told, found, reasons)
    return place(scorecard, against) if against else scorecard


def make_scorecard(
    told: Mapping[str, Any], found: Mapping[str, Estimate], reasons: Mapping[Frame, str | None]
) -> Scorecard:
    """Make a scorecard of its plain fields ``told``, and of the estimates ``found``, by the names of their columns.

    ``reasons`` say of each frame of the codebook why its share could not be corrected.
    """
    own = sorted(label for label in map(own_label, found) if label is not None)
    return Scorecard(
        **told,
        frames={frame: _frame(f"frame_{frame}", found, reasons[frame]) for frame in FRAMES},
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
    nothing = Estimate(None, None, None, 0)
    return FrameScore(found[field], found[f"{field}{PROBABILITY}"], found.get(f"{field}_corrected", nothing), reason)


def _portrayal(country: Country, found: Mapping[str, Estimate]) -> PortrayalScore:
    roles = {role: found[f"{country}_role_{role}"] for role in ROLES}
    commonest = max(ROLES, key=lambda role: roles[role].count or 0)  # of two equals the codebook's first
    stance = found[f"{country}_stance"]
    return PortrayalScore(commonest if stance.value is not None else None, roles, stance)
