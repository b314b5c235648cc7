"""Corpora: the catalogue of public texts and fetching them, and runs: many documents annotated into one folder."""
