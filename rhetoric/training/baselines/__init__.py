"""What the detectors must beat: the commonest label, words counted, the codebook's cues, words looked up in VUA-20."""

from rhetoric.training.baselines.crossvalidate import crossvalidate_baselines

__all__ = ["crossvalidate_baselines"]
