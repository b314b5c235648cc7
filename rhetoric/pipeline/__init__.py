"""The spaCy components, one a file or, with what it needs alone, one a folder; each a factory named ``rhetoric_*``."""
