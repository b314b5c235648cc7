"""Corpora: the catalogue of public texts, and fetching them."""
