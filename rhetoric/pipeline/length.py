"""How long a text is. Apart from the passages, so that scoring can count words without spaCy."""


def count_words(text: str) -> int:
    """Count words as everywhere in the toolkit: runs of characters between white space."""
    return len(text.split())
