"""Pieces of HTML that stand in other texts: in Markdown, and in the data that a page carries."""

import html
import re

_TAG = re.compile(r"<(?=[a-zA-Z/!?])(/?)([\w-]*)[^<>]{0,2000}>")
_BLOCKS = (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 head header hr html legend li main nav ol p pre section summary table tbody tfoot "
    "thead tr ul"
)
_BREAKS = {**dict.fromkeys(_BLOCKS.split(), "\n\n"), "br": "\n", "td": "\t", "th": "\t"}


def has_tags(text: str) -> bool:
    """Whether ``text`` holds anything that looks like a tag."""
    return bool(_TAG.search(text))


def plain(markup: str) -> str:
    """Return the words of ``markup``: tags of blocks become blank lines, ``<br>`` a line break, others nothing."""
    first, *rest = _TAG.split(markup)
    parts = [html.unescape(first)] if first else []
    for _, name, text in zip(rest[0::3], rest[1::3], rest[2::3], strict=True):
        if name.lower() in _BREAKS:
            parts.append(_BREAKS[name.lower()])
        words = html.unescape(text)
        if parts and parts[-1][-1].isspace():  # what stood between is gone
            words = words.lstrip(" ")
        if words:
            parts.append(words)
    return "".join(parts).strip()


def paragraphs(markup: str) -> list[str]:
    """Return the paragraphs of ``markup``, in which breaks of lines mean no more than a space."""
    pieces = re.split(r"\n\s*\n", plain(" ".join(markup.split())))
    return [re.sub(r" *\n *", "\n", piece).strip() for piece in pieces if piece.strip()]
