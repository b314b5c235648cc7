"""Plain text and Markdown."""

import html
import re
from typing import TYPE_CHECKING, Any

from rhetoric.ingest.detect import decode
from rhetoric.ingest.markup import paragraphs, plain

if TYPE_CHECKING:
    from markdown_it.token import Token

# Front matter opens with a key, a comment or its own end: else it is a text that begins with a rule.
_FRONT = re.compile(
    r"\A---[ \t]*\n(?=#|[\w\"'-][^:\n]{0,60}:[ \t\n]|---|\.\.\.)(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL
)
_PAIR = re.compile(r"([A-Za-z_][\w -]{0,60}):[ \t]+(\S.*)")
_INLINE = re.compile(r"</?[a-zA-Z][\w-]*")
# A note, the reference to one, and the box of a task: marks that are no words of the author.
_NOTE = re.compile(r"^ {0,3}(\[\^[^\]\s]{1,60}\]):[ \t]", re.MULTILINE)
_REFERENCE = re.compile(r" ?\[\^[^\]\s]{1,60}\]")
_BOX = re.compile(r"\A\s*\[[ xX]\](?=\s)")
# What pandoc writes and others read as words: the fences of a div, what is told of a heading or a span, a title.
_DIV = re.compile(r"^ {0,3}:{3,}(?:[ \t]*(?:\{[^{}\n]*\}|[\w-]+))?[ \t]*:*[ \t]*$", re.MULTILINE)
_TOLD = re.compile(r"(?:\[([^\[\]\n]{0,300})\]|(?<=[\w*_) ]))\{(?:[#.][A-Za-z_]|[\w-]{1,40}=\")[^{}\n]{0,300}\}")
_TITLE = re.compile(r"\A%[ \t]*(\S.*)\n(?:%[ \t]*(.*)\n(?:%[ \t]*(.*)\n)?)?")
_PROSE = {"", "text", "txt", "plain", "plaintext", "quote"}


def read_text(data: bytes, where: str, declared: str | None = None) -> tuple[str, dict[str, Any]]:
    """Return the text of a plain text file as it stands, with a warning in the meta where bytes could not be read."""
    text = decode(data, declared)
    lost = text.count("\ufffd")
    warning = f"{lost} characters could not be read in the encoding of this file and show as U+FFFD"
    return text, {"warnings": [warning]} if lost else {}


def read_markdown(data: bytes, where: str, declared: str | None = None) -> tuple[str, dict[str, Any]]:
    """Return the prose of a Markdown file, its paragraphs apart by a blank line, and as meta its front matter, or
    pandoc's lines of title, author and date.

    Of front matter only plain ``key: value`` lines count. Headings, list items and table rows become paragraphs; links
    keep their text; images, HTML tags, references to notes and what is struck out go, and so does fenced code that
    names its language: it is not prose. HTML is read as it would show.
    """
    from markdown_it import MarkdownIt

    text, meta = read_text(data, where, declared)
    text = text.lstrip("\ufeff").replace("\r\n", "\n")
    front = _FRONT.match(text)
    if front:
        meta = {**_pairs(front.group(1) or ""), **meta}
        text = text[front.end() :]
    titled = _TITLE.match(text)
    if titled:
        named = zip(("title", "author", "date"), titled.groups(), strict=True)
        meta = {**{key: value.strip() for key, value in named if value}, **meta}
        text = text[titled.end() :]
    text = _TOLD.sub(r"\1", _DIV.sub("", text))
    text = _NOTE.sub(r"\n\1 ", text)  # each is a paragraph; with its colon one may be taken for the address of a link
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return "\n\n".join(piece for piece in _pieces(tokens) if piece.strip()), meta


def _pairs(front: str) -> dict[str, str]:
    found = (_PAIR.fullmatch(line.rstrip()) for line in front.split("\n"))
    return {m.group(1).strip().lower(): m.group(2).strip("\"' ") for m in found if m}


def _pieces(tokens: "list[Token]") -> list[str]:
    pieces: list[str] = []
    row: list[str] | None = None
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            pieces.append("\t".join(cell for cell in row if cell))
            row = None
        elif token.type == "inline":
            (pieces if row is None else row).append(_inline(token.children or []))
        elif token.type == "code_block" or (token.type == "fence" and token.info.strip().lower() in _PROSE):
            pieces.append(token.content.strip("\n"))
        elif token.type == "html_block":
            pieces += paragraphs(token.content)
    return pieces


def _inline(tokens: "list[Token]") -> str:
    """Return the words of what stands in one line, which is written as HTML for that: its tags stand on both sides."""
    parts: list[str] = []
    for token in tokens:
        if token.type == "text":
            parts.append(html.escape(_REFERENCE.sub("", token.content), quote=False))
        elif token.type in ("text_special", "code_inline"):
            parts.append(html.escape(token.content, quote=False))
        elif token.type == "softbreak":
            parts.append(" ")
        else:
            tag = _INLINE.match(token.content) if token.type == "html_inline" else None
            parts.append(f"{tag.group()}>" if tag else f"<{'/' if token.nesting < 0 else ''}{token.tag or '!'}>")
    return _BOX.sub("", plain("".join(parts))).strip()
