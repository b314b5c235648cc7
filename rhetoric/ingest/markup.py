"""Pieces of HTML that stand in other texts: in Markdown, and in the data that a page carries."""

import html
import re

_TAG = re.compile(r"<(?=[a-zA-Z/!?])(/?)([\w-]*+)[^<>]{0,2000}+>")
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption "  # noqa: SIM905
    "figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li main nav ol p pre section summary table "
    "tbody tfoot thead tr ul".split()
)
_SHOWN = {
    **{slash + name: "\n\n" for name in BLOCKS for slash in ("", "/")},
    **{"br": "\n", "td": "\t", "th": "\t", "q": "“", "/q": "”"},
}
_ASIDE = re.compile(r"<(script|style)\b|<!--", re.IGNORECASE)
_ENDS = {
    "script": re.compile(r"</script\s{0,99}>", re.IGNORECASE),
    "style": re.compile(r"</style\s{0,99}>", re.IGNORECASE),
    "": re.compile("-->"),
}
STRUCK = ("del", "s", "strike")
_NOTE = re.compile(r"[\[(]?(?:(?:foot)?note)?\d{1,3}(?:[,;–-]\d{1,3}){0,5}[\])]?")
_LONGEST = 50  # characters of a number of notes, and the spaces around it


def has_tags(text: str) -> bool:
    """Whether ``text`` holds anything that looks like a tag."""
    return bool(_TAG.search(text))


def is_note(raised: str, before: str = "") -> bool:
    """Whether ``raised`` is the number of a note and no word of the author; a bare one after a digit is a power."""
    number = "".join(raised.split()) if len(raised) < _LONGEST else ""
    return bool(_NOTE.fullmatch(number)) and not (number.isdigit() and before[-1:].isdigit())


def plain(markup: str) -> str:
    """Return the words of ``markup``: tags of blocks become blank lines, ``<br>`` a line break, others nothing.

    Scripts, styles and comments go, and so do what is struck out and the raised numbers of notes.
    """
    first, *rest = _TAG.split(_without_asides(markup))
    parts = [html.unescape(first)] if first else []
    opened: dict[str, list[int]] = {name: [] for name in (*STRUCK, "sup")}  # the parts that come before each
    for slash, given, text in zip(rest[0::3], rest[1::3], rest[2::3], strict=True):
        name = given.lower()
        if name in opened and not slash:
            opened[name].append(len(parts))
        elif opened.get(name):
            at = opened[name].pop()
            raised = "".join(parts[at : at + _LONGEST])
            if name in STRUCK or is_note(raised, "".join(parts[at - 1 : at])):
                del parts[at:]
        elif slash + name in _SHOWN:
            parts.append(_SHOWN[slash + name])
        words = html.unescape(text)
        if parts and parts[-1][-1:].isspace():  # what stood between is gone
            words = words.lstrip(" ")
        if words:
            parts.append(words)
    return "".join(parts).strip()


def paragraphs(markup: str) -> list[str]:
    """Return the paragraphs of ``markup``, in which breaks of lines mean no more than a space."""
    pieces = re.split(r"\n\s*\n", plain(" ".join(markup.split())))
    return [re.sub(r" *\n *", "\n", piece).strip() for piece in pieces if piece.strip()]


def _without_asides(markup: str) -> str:
    """Return ``markup`` without scripts, styles and comments; one that never ends is left. Each part is read once."""
    kept: list[str] = []
    at, endless = 0, set()
    for found in _ASIDE.finditer(markup):
        kind = (found.group(1) or "").lower()
        if found.start() < at or kind in endless:
            continue
        end = _ENDS[kind].search(markup, found.end())
        if end is None:
            endless.add(kind)
            continue
        kept.append(markup[at : found.start()])
        at = end.end()
    return "<!>".join([*kept, markup[at:]])
