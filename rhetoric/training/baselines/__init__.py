"""What the detectors must beat: the commonest label, words counted, the codebook's cues, words looked up in VUA-20."""
