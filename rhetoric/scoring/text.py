"""From a text straight to its scorecard."""

from pathlib import Path
from typing import TYPE_CHECKING

from rhetoric.scoring.profile import SHIPPED, Profile, choose_profile
from rhetoric.scoring.scorecard import Scorecard, score_record

if TYPE_CHECKING:
    from spacy.language import Language


def score(
    text: str,
    *,
    nlp: "Language | None" = None,
    every_passage: bool = False,
    profile: Profile | str | Path | None = SHIPPED,
) -> Scorecard:
    """Analyse one text (with ``nlp``, or the shipped pipeline) and score it, with percentiles in ``profile``.

    That is one of those that ship, by its name ("shipped" is the usual one), or one that was built, by its file; with
    None there are no percentiles. Raises RhetoricError where the text is empty, or where there is no such profile.
    """
    from rhetoric.analysis import annotate

    against = choose_profile(profile)  # before the work
    return score_record(annotate(text, nlp=nlp), every_passage=every_passage, profile=against)
