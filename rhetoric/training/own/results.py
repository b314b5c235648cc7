"""What came of training frames and lines of a user's own: what commands print, cards say and ``scores.json`` holds."""

from dataclasses import asdict, dataclass
from typing import Any

from rhetoric.training.evaluation.metrics import Compared, Measure


@dataclass(frozen=True)
class Frame:
    """One frame, fitted and measured on documents held out.

    ``line`` is the probability from which it counts as present; ``measured`` what ``measure_frame`` says;
    ``words_only`` and ``half`` are the average precision of the same model with words alone, and with half of the
    passages; ``gain`` is how far that of all is above that of half, on the same passages held out; ``always`` the F1 of
    calling it present everywhere. ``seen`` counts passages that are among those the shipped detectors have learned
    from, which flatters the figures.
    """

    label: str
    passages: int
    present: int
    documents: int
    folds: int
    line: float
    measured: dict[str, Measure]
    words_only: float
    half: float
    gain: Measure
    always: float
    seen: int

    @property
    def usable(self) -> bool:
        """Whether it is better, for sure, than calling the frame present everywhere; else its line may do just that."""
        f1 = self.measured["f1"]
        return (f1.value if f1.low is None else f1.low) > self.always


@dataclass(frozen=True)
class Trained:
    """What ``train_frames`` did: the frames fitted, those that could not be and why, how many passages were repeats,
    how many of these ``contradict`` the one they repeat, and whether any passage was ``named`` the document it is of.

    Of the frames fitted those that are ``usable`` were written.
    """

    frames: list[Frame]
    left_out: dict[str, str]
    repeats: int
    contradict: int
    named: bool

    @property
    def written(self) -> list[Frame]:
        """The frames that are in the folder; where there are none, none was made."""
        return [frame for frame in self.frames if frame.usable]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as JSON can hold it."""
        return asdict(self)


@dataclass(frozen=True)
class Redrawn:
    """One line that was drawn anew: whether its weights were fitted, and its threshold ``before`` and ``after`` (a
    half before, where there is none: then the weight alone was moved as if it were ``after``).
    """

    fitted: bool
    before: float
    after: float


@dataclass(frozen=True)
class Decided:
    """What ``train_decisions`` did.

    ``passages`` and ``present`` are counts by line: coded for it, and with it. ``redrawn`` lines were better on
    documents held out; ``as_before`` were tried and were not; ``left_out`` could not be tried, and why. ``compared``
    has every metric on documents held out, of the new lines and of those there were before. ``repeats``,
    ``contradict`` and ``named`` are as in ``Trained``. ``seen`` counts passages that those were fitted to, or what
    ships has learned from.
    """

    passages: dict[str, int]
    present: dict[str, int]
    documents: int
    folds: int
    redrawn: dict[str, Redrawn]
    as_before: list[str]
    left_out: dict[str, str]
    compared: dict[str, Compared]
    repeats: int
    contradict: int
    named: bool
    seen: int

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as JSON can hold it, with a word for each difference."""
        found = asdict(self)
        for name, each in self.compared.items():
            found["compared"][name]["reads"] = reading(name, each.difference)
        return found


def say_passages(made: Trained | Decided) -> list[str]:
    """Say what is odd of the passages: that their documents are not known, and that some repeat others."""
    found = []
    if not made.named:
        found.append(
            "Of which documents the passages are is not known, so each was taken for one of its own: if several are of "
            "one, these figures flatter. Name it: slug, an id such as DOCUMENT#3, or --document."
        )
    if made.repeats:
        said = f"Passages left out that repeat another word for word: {made.repeats:,}"
        found.append(f"{said}; what only they were coded for was added to the first.")
    if made.contradict:
        found.append(f"Of these, coded otherwise than the first, whose codes count: {made.contradict:,}.")
    return found


def reading(metric: str, difference: Measure) -> str:
    """Say in words what a difference from the lines there were before means."""
    if difference.value == difference.low == difference.high == 0:
        return "the same"
    higher, lower = ("worse", "better") if metric.startswith("ece.") else ("better", "worse")
    if difference.low is not None and difference.low > 0:
        return higher
    return lower if difference.high is not None and difference.high < 0 else "cannot be told"
