"""How far each number can be trusted: the detectors' measured quality on real passages they have not seen.

It was measured twice: on few passages of which codes were weighed against each other ("measured" in ``scores.json``),
and on many of new documents that were coded once, quickly ("fresh"), which is harder. A reader's text may be like
either, so the lower of both figures is told.

Detectors of the user's own have figures of their own: those in the ``scores.json`` of their folder, and for lines that
were drawn after the user's coding (``rhetoric train decisions``) those on the documents held out then.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from rhetoric.errors import ModelError
from rhetoric.made_by import LINES, folder_parts, parts_that_differ, shipped_parts
from rhetoric.pipeline.thresholds import lines
from rhetoric.record import Pipeline
from rhetoric.report.detectors import say_differing
from rhetoric.report.safe import excerpt
from rhetoric.report.words import count, join
from rhetoric.resources import CUSTOM, DECISIONS, DETECTORS, SCORES
from rhetoric.scoring.percent import percent, round_half_up

YOURS: Final = "by your coders"
_NOT_YOURS: Final = (
    "All else was measured for the detectors that ship. Yours have another encoder, of which that says nothing. To "
    "measure yours: rhetoric evaluate GOLD --pipeline FOLDER"
)
_GRADES: Final = ((0.9, "very good"), (0.8, "good"), (0.65, "fair"), (0.5, "rough"), (0.0, "weak"))
_TOO_WIDE: Final = 0.5
_LONGEST: Final = 60  # characters of what a pipeline is called
_MOST: Final = 3  # pipelines that are named
# Metrics that are shares of right answers, not F1 (corpora/gold/README.md).
_SHARES: Final = {
    "framing.actor.found",
    "framing.unmasking.precision",
    "framing.unmasking.recall",
    "metaphor.source",
    "metaphor.target",
    "portrayal.role",
    "portrayal.stance",
}


@dataclass(frozen=True)
class Measured:
    """One metric on unseen real passages, 0 to 1, with its 95 % interval and what two machine coders reach.

    ``whose`` figures these are: of the detectors that are "shipped", of those in another "folder", or "yours": of lines
    drawn after the user's coding, measured against it on documents held out.
    """

    metric: str
    value: float
    low: float | None
    high: float | None
    ceiling: float | None
    whose: Literal["shipped", "folder", "yours"] = "shipped"

    @property
    def by(self) -> str:
        """What to say after the value of whose coders it goes by; nothing where these are the project's."""
        return f", {YOURS}" if self.whose == "yours" else ""

    @property
    def grade(self) -> str:
        """The value as a word: very good, good, fair, rough or weak; hardly known where the interval is too wide."""
        if self.low is not None and self.high is not None and self.high - self.low > _TOO_WIDE:
            return "hardly known"
        return next(word for least, word in _GRADES if self.value >= least)

    def phrase(self) -> str:
        """Say the value in plain words and in a number."""
        if self.metric.startswith("ece."):
            return f"probabilities are off by {percent(self.value, 1)} on average{self.by}"
        if self.metric.endswith(".recall"):
            return f"about {tenths(self.value)} are found{self.by}"
        if self.metric in _SHARES:
            return f"right in about {tenths(self.value)}{self.by}"
        if self.grade == "hardly known":
            return f"{self.grade}, F1 {self.low:.2f} to {self.high:.2f}{self.by}"
        return f"{self.word}, F1 {self.value:.2f}{self.by}"

    @property
    def word(self) -> str:
        """The grade; where nothing was right, and so no interval stands beside it, that too."""
        return f"{self.grade}: not one was right" if self.value == 0 and self.low is None else self.grade


@dataclass(frozen=True)
class Trust:
    """The measured quality of every detector, by metric; ``notes`` say whose it is where it is not only the shipped.

    ``bars`` are the probabilities from which these detectors report a thing (``rhetoric.pipeline.thresholds``).
    """

    measured: Mapping[str, Measured]
    notes: tuple[str, ...] = ()
    bars: Mapping[str, float] = field(default_factory=dict)

    def phrase(self, metric: str) -> str:
        """Return the plain phrase for a metric; one that was not measured says so."""
        found = self.measured.get(metric)
        return found.phrase() if found else "not measured"

    def grade(self, metric: str) -> str:
        """Return the word for a metric's value (:attr:`Measured.grade`); one that was not measured says so."""
        found = self.measured.get(metric)
        return found.grade if found else "not measured"

    def say(self, metric: str) -> tuple[str, str]:
        """Return a metric's value with its interval, and in words; of one that was not measured only that."""
        found = self.measured.get(metric)
        if found is None:
            return "", "not measured"
        span = f" ({found.low:.2f} to {found.high:.2f})" if found.low is not None and found.high is not None else ""
        verb = "are found" if metric == "framing.unmasking.recall" else "are right"
        word = f"{tenths(found.value)} {verb}" if metric in _SHARES else found.word
        return f"{found.value:.2f}{span}", f"{word}{found.by}"

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """Return metric to value, interval, ceiling and phrase, as JSON can hold it."""
        return {name: {**asdict(each), "phrase": each.phrase()} for name, each in self.measured.items()}


def tenths(share: float) -> str:
    """Say a share as so many of ten."""
    return f"{min(10, max(0, int(round_half_up(share * 10))))} of 10"


def read_trust(path: Path = DETECTORS / SCORES) -> Trust:
    """Read the measured quality that ships with the detectors; raises ModelError where it is missing or damaged."""
    advice = "Reinstall rhetoric-toolkit; in a checkout, train and measure the detectors (CONTRIBUTING.md)."
    try:
        scores = json.loads(path.read_text(encoding="utf-8"))
        ceiling = scores.get("ceiling", {})
        real = read_measured(scores["measured"]["real"], ceiling.get("real", {}))
        fresh = read_measured(scores.get("fresh", {}), ceiling.get("fresh", {}))
        measured = {name: min(each, fresh.get(name, each), key=_goodness) for name, each in real.items()}
    except FileNotFoundError as error:
        raise ModelError(f"{path}: the measured quality of the detectors is missing. {advice}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{path}: the measured quality of the detectors cannot be read ({error!r}). {advice}"
        ) from error
    return Trust(measured)


def read_measured(found: Mapping[str, Any], ceiling: Mapping[str, Any]) -> dict[str, Measured]:
    """Return what was measured on one set of passages, by metric; what has no value there is left out."""
    return {
        name: Measured(name, float(each["value"]), *_ends(each), _number(ceiling.get(name)))
        for name, each in sorted(found.items())
        if each["value"] is not None
    }


def _goodness(measured: Measured) -> float:
    """Return what is the smaller the worse a figure is: errors of calibration are the worse the larger they are."""
    return -measured.value if measured.metric.startswith("ece.") else measured.value


def find_trust(detectors: Path | None = None, made_by: Iterable[Pipeline] = ()) -> Trust:
    """Return the measured quality of the detectors in a folder, of the shipped ones where None.

    Where a line was drawn after the user's own coding, its metrics are those on the documents held out then; one that
    was not measured there is not measured. ``made_by`` are the pipelines of what is shown: it is said where they are
    not those detectors, or do not say by their parts that they are. Raises ModelError where figures are damaged.
    """
    parts = folder_parts(detectors) if detectors else shipped_parts()
    differ = parts_that_differ(parts, shipped_parts())
    trust = read_trust() if detectors is None or differ == () else _in_folder(detectors, differ or ("encoder",))
    makers = list(made_by)
    found = [parts_that_differ(each.get("parts", {}), parts) for each in makers]
    which = "those that ship" if detectors is None else "those in the folder named"
    said = f"What is shown here was not found by the detectors that these figures are of, {which}, but"
    notes = list(trust.notes)
    if others := {part for each in found for part in each or ()} - {CUSTOM, "english"}:
        advice = "Name the folder of those detectors, --pipeline FOLDER, for figures of theirs."
        if detectors and all(parts_that_differ(each.get("parts", {}), shipped_parts()) == () for each in makers):
            advice = "Leave out --pipeline for figures of theirs: they are those that ship."
        notes.append(f"{said} with {say_differing(others)}. {advice}")
    if CUSTOM in parts and any(CUSTOM in (each or ()) for each in found):
        notes.append(
            "The frames of your own in the folder named were not looked for in what is shown here: records are shown as"
            " they are. For those frames, annotate the texts anew with --pipeline FOLDER."
        )
    unknown = [each for each, differ in zip(makers, found, strict=True) if differ is None]
    if names := sorted({excerpt(f"{each['name']} {each['version']}", _LONGEST) for each in unknown}):
        by = join(names if len(names) <= _MOST else [*names[:_MOST], "others"])
        notes.append(f"{said} by {by}: the figures say nothing of how good that is.")
    return replace(trust, notes=tuple(notes), bars=_read_bars(detectors or DETECTORS))


def _read_bars(folder: Path) -> dict[str, float]:
    """Return the bars of the detectors in a folder; none where its settings cannot be read (loading it says why)."""
    try:
        return lines(folder)
    except ModelError:
        return {}


def _in_folder(folder: Path, differ: tuple[str, ...]) -> Trust:
    """Return what was measured of the detectors in a folder that differ from those that ship in these parts."""
    scores, (own, whence) = folder / SCORES, _read_own(folder / DECISIONS / SCORES)
    # As `rhetoric train` copies them.
    copied = not scores.is_file() or scores.read_bytes() == (DETECTORS / SCORES).read_bytes()
    if copied:
        found = dict(read_trust().measured)
    else:
        found = {name: replace(each, whose="folder") for name, each in read_trust(scores).measured.items()}
    known = copied and "encoder" not in differ  # what lines there were before
    moved = {part for part in differ if part in LINES} if known else {_line_of(name) for name in own}
    kept = {name: each for name, each in own.items() if _line_of(name) in moved}
    found = {name: each for name, each in found.items() if _line_of(name) not in moved} | kept
    notes = []
    if kept:
        notes.append(whence)
    if silent := moved - {_line_of(name) for name in kept}:
        notes.append(f"Your detectors have {say_differing(silent)} than those that ship, and these were not measured.")
    if not copied:
        which = "All other" if kept else "These"
        notes.append(f"{which} figures are those measured for the detectors in your folder, in its scores.json.")
    elif known and kept:
        notes.append("All else is of the detectors that ship, against the gold that ships.")
    elif not known:
        notes.append(_NOT_YOURS if kept else _NOT_YOURS.replace("All else was", "These figures were"))
    return Trust(dict(sorted(found.items())), tuple(notes))


def _line_of(metric: str) -> str:
    return metric.partition(".")[0]


def _read_own(path: Path) -> tuple[dict[str, Measured], str]:
    """Read what `rhetoric train decisions` measured of the user's own lines, but for what could not be told, and say on
    what it was measured; nothing where there are none.
    """
    if not path.is_file():
        return {}, ""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        measured = read_measured({name: each["ours"] for name, each in stored["compared"].items()}, {})
        found = {name: replace(each, whose="yours") for name, each in measured.items()}
        documents, seen = count(int(stored["documents"]), "document"), int(stored["seen"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        advice = "Make them again: rhetoric train decisions GOLD -o FOLDER --overwrite"
        raise ModelError(f"{path}: the figures of your lines cannot be read ({error!r}). {advice}") from error
    said = (
        f"Figures “{YOURS}” tell how good the detectors are with lines that you had drawn, against your own coding, on "
        f"documents held out ({documents} in all; decisions/README.md in the folder of your detectors)."
    )
    if seen:
        are = "is" if seen == 1 else "are"
        known = "that the detectors have learned from, or that lines before were drawn by; that flatters them"
        said += f" {seen:,} of the passages {are} among those {known}."
    return found, said


def _ends(stored: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Return the ends of an interval as it is stored; none of one of no width, as older figures have where no draw of
    passages differs: that says that passages are few, not that it is sure.
    """
    low, high = _number(stored.get("low")), _number(stored.get("high"))
    return (None, None) if low is None or high is None or low == high else (low, high)


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
