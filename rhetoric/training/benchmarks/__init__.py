"""Public benchmarks, each by a protocol that it states: metaphor words of VUA-20, VUA-18, MOH-X and TroFi, contrasts of
GUM.
"""

from rhetoric.training.benchmarks.public import measure_public
from rhetoric.training.benchmarks.table import benchmark_table

__all__ = ["measure_public", "benchmark_table"]
