"""What the detectors must beat: the commonest label, words counted, the codebook's cues, words looked up in VUA-20."""

from rhetoric.training.baselines.crossvalidate import crossvalidate_baselines
from rhetoric.training.baselines.lexicon import vua_f1

__all__ = ["crossvalidate_baselines", "vua_f1"]
