"""What is said where detectors are not those that something was measured for, or built by."""

from collections.abc import Iterable
from typing import Final

from rhetoric.labels import Frame
from rhetoric.report.numbers import say_estimate
from rhetoric.report.safe import clean, excerpt
from rhetoric.report.words import count, join, percentile_words
from rhetoric.scoring import Scorecard

LINES: Final = {
    "about": "what is about the matter",
    "frames": "frames",
    "framing": "unmasked accounts",
    "contrast": "contrasts",
    "metaphor": "live metaphors",
}
_ABOUT: Final = 300  # characters of what a profile holds
_ENDS: Final = (".", "!", "?", "\N{HORIZONTAL ELLIPSIS}")
_OWN_PROFILE: Final = "A profile by your own detectors: rhetoric profile build SOURCE... --pipeline FOLDER -o NAME.json"


def say_differing(parts: Iterable[str]) -> str:
    """Say in which parts detectors differ: another encoder; other lines for frames and contrasts."""
    named = {*parts}
    found = ["another English pipeline"] if "english" in named else []
    if "encoder" in named:  # whose lines are never the same
        return join([*found, "another encoder"])
    lines = [said for part, said in LINES.items() if part in named]
    return join([*found, *([f"other lines for {join(lines)}"] if lines else [])])


def say_reference(scorecard: Scorecard, more: str) -> str:
    """Say what a text is compared with, or why it is not; ``more`` is what to add where it is."""
    if scorecard.profile is None:
        return "There is no reference profile here, so nothing is said of where this text stands among others."
    name = f"the profile {clean(scorecard.profile)} of {count(scorecard.profile_documents, 'text')}"
    differ = scorecard.profile_differs
    lines = [said for part, said in LINES.items() if part in differ]
    if "about" in differ and "encoder" not in differ:
        what = f"Nothing is compared with {name}: it was built with {say_differing(differ)}"
        return f"{what} than yours, so other passages count there. {_OWN_PROFILE}"
    if scorecard.not_compared:
        return f"Nothing is compared with {name}: {scorecard.not_compared}."
    said = f"Compared with {name}{more}"
    if scorecard.profile_about:
        about = excerpt(scorecard.profile_about, _ABOUT)
        said += f" The texts there: {about}{'' if about.endswith(_ENDS) else '.'}"
    if scorecard.in_profile:
        said += " This text is one of them, so it is compared with itself too."
    if scorecard.profile_fits:
        return said
    care = "so read what is said of it with care."
    if not differ:
        return f"{said} Another pipeline built that profile, {care}"
    said += f" That profile was built with {say_differing(differ)} than yours, "
    if "encoder" in differ or not lines:
        return f"{said}{care}"
    also = " All else is; read it with care." if "english" in differ else " All else is."
    return f"{said}so {join(lines)} are not compared.{also} {_OWN_PROFILE}"


def say_corrected(scorecard: Scorecard, frame: Frame) -> str:
    """Say the share of a frame corrected for its detector's errors, or why it is not."""
    found = scorecard.frames[frame]
    if found.not_corrected:
        return f"not corrected: {found.not_corrected}"
    return f"corrected for the detector's errors {say_estimate(found.corrected)}"


def against(scorecard: Scorecard, field: str) -> str:
    """Say where a text stands in its profile, or how many there have none of a thing either; else nothing."""
    if scorecard.profile is None:
        return ""
    if (without := scorecard.percentile_none.get(field)) is not None:
        many = count(scorecard.percentile_documents[field], f"{clean(scorecard.profile)} text")
        return f"none, like {without} of {many}" if without else f"none, unlike all of {many}"
    found = scorecard.percentiles.get(field)
    if found is None:
        return ""
    span = scorecard.percentile_spans.get(field)
    return percentile_words(found, scorecard.percentile_documents[field], clean(scorecard.profile), span)
