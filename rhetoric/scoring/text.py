"""From a text straight to its scorecard."""

from typing import TYPE_CHECKING, Literal

from rhetoric.scoring.profile import Profile
from rhetoric.scoring.scorecard import SHIPPED, Scorecard, score_record

if TYPE_CHECKING:
    from spacy.language import Language


def score(
    text: str,
    *,
    nlp: "Language | None" = None,
    every_passage: bool = False,
    profile: Profile | Literal["shipped"] | None = SHIPPED,
) -> Scorecard:
    """Analyse one text (with ``nlp``, or the shipped pipeline) and score it, with percentiles in ``profile``.

    Raises RhetoricError where the text is empty.
    """
    from rhetoric.analysis import annotate

    return score_record(annotate(text, nlp=nlp), every_passage=every_passage, profile=profile)
