"""The spaCy components, one a file or, with what it needs alone, one a folder; each a factory named ``rhetoric_*``.

In the order in which a text goes through them: ``paragraphs`` and ``parser`` (of the English pipeline), ``passages``,
``actors``, ``encoder``, and the detectors: ``frames``, ``framing``, ``contrast``, ``metaphor`` and, where asked for,
``connectives`` and ``custom``. Detectors ``read`` what the encoder has said of tokens and passages, in the columns of
``layout``, and what the ``words`` say; ``thresholds`` has their lines, and ``graph`` opens the files of weights.

The encoder is fifth in that order, but ``paragraphs`` starts it already, and it runs beside the parse.
"""
