"""The spaCy components, one a file, each a factory named ``rhetoric_*``."""
