"""Scoring: from one record to one scorecard, from many to a table, a profile, a comparison or a trend."""

from rhetoric.scoring.build import build_profile
from rhetoric.scoring.columns import columns
from rhetoric.scoring.profile import Profile, find_profile
from rhetoric.scoring.scorecard import Scorecard
from rhetoric.scoring.scores import score, score_dataframe, score_record
from rhetoric.scoring.uncertainty import Estimate

__all__ = [
    "Estimate",
    "Profile",
    "Scorecard",
    "build_profile",
    "columns",
    "find_profile",
    "score",
    "score_dataframe",
    "score_record",
]
