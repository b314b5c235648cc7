"""Agreement: how far coders say the same of the same passages; needs the extra ``agreement``."""

from rhetoric.annotation.agreement.disagreements import Disagreement, list_disagreements, write_disagreements
from rhetoric.annotation.agreement.measure import Agreement, LabelAgreement, SpanAgreement, measure_agreement
from rhetoric.annotation.agreement.shared import Shared, read_coders, share

__all__ = [
    "Agreement",
    "Disagreement",
    "LabelAgreement",
    "Shared",
    "SpanAgreement",
    "list_disagreements",
    "measure_agreement",
    "read_coders",
    "share",
    "write_disagreements",
]
