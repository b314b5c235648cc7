"""Public benchmarks, each by a protocol that it states: metaphor words of VUA-20, VUA-18, MOH-X and TroFi, contrasts of
GUM.
"""
