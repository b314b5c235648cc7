"""How the weights are made: what is learned from (``data``), the network (``encoder``), what is fitted on top of it
(``decisions``), how all is measured (``evaluation``, ``baselines``, ``benchmarks``) and said (``card``); and frames and
lines of a user's ``own``. ``recipes`` is the way through.
"""
