"""How well records agree with gold: counts, metrics with their intervals, and what went wrong."""
