"""Corpora: the catalogue of public texts and fetching them, and runs: many documents annotated into one folder.

``catalogue`` says what there is, and ``fetch`` brings it, with its ``metadata`` beside it. A ``run`` gives documents to
one of the ``engines``, but for those that are ``kept`` from before, and ``merge`` joins runs; both write into a
``store``: shards, which are ``tables``, and a ``journal`` of what is in none yet.
"""
