"""The text of a document: spaCy joins it anew, token by token, each time it is asked."""

from weakref import WeakKeyDictionary

from spacy.tokens import Doc, Span

_JOINED: WeakKeyDictionary[Doc, str] = WeakKeyDictionary()


def text_of(part: Doc | Span) -> str:
    """Return the text of a document, or of a span of it, joined once."""
    doc = part.doc
    text = _JOINED.get(doc)
    if text is None:
        text = _JOINED[doc] = doc.text
    return text[part.start_char : part.end_char] if isinstance(part, Span) else text
