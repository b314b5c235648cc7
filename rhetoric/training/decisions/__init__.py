"""What is fitted once the encoder is trained: the words it knows, the weigher, decisions and thresholds."""
