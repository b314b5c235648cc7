"""From a text straight to its scorecard."""

from typing import TYPE_CHECKING

from rhetoric.scoring.scorecard import Scorecard, score_record

if TYPE_CHECKING:
    from spacy.language import Language


def score(text: str, *, nlp: "Language | None" = None, every_passage: bool = False) -> Scorecard:
    """Analyse one text (with ``nlp``, or the shipped pipeline) and score it; raises RhetoricError where it is empty."""
    from rhetoric.analysis import annotate

    return score_record(annotate(text, nlp=nlp), every_passage=every_passage)
