"""Scoring: from one record to one scorecard, and from many records to a table."""

from rhetoric.scoring.frame import score_frame
from rhetoric.scoring.scorecard import Scorecard, score_record
from rhetoric.scoring.text import score
from rhetoric.scoring.uncertainty import Estimate

__all__ = ["Estimate", "Scorecard", "score", "score_frame", "score_record"]
