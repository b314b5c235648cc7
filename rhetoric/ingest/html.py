"""Web pages: the main text, without navigation and comments, by trafilatura."""

import contextlib
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from rhetoric.errors import SourceError
from rhetoric.ingest.detect import decode, html_charset
from rhetoric.ingest.markup import STRUCK, has_tags, paragraphs
from rhetoric.ingest.tree import prepare

# The day it came out, and only where the page says so: an extensive search takes any day or year, of a footer's
# copyright, of a picture's address or of history told in the text. No date is better than a wrong one.
_DATES = {"original_date": True, "extensive_search": False}
# A sentence of the article, set large. A span or a paragraph of that class may be the sentence itself; a div or a
# section whose class only speaks of one ("with-pullquote") is what stands around it, and so is all that is long.
_CLASS = "concat(' ', translate(normalize-space(@class), 'PULQOTE-_', 'pulqote'), ' ')"
_PULL_QUOTES = [
    f"//*[self::blockquote or self::aside or self::figure][contains({_CLASS}, 'pullquote')][count(.//p) < 3]",
    f"//*[self::div or self::section][contains({_CLASS}, ' pullquote ') or contains({_CLASS}, ' wpblockpullquote ')]"
    "[count(.//p) < 3]",
]
_STRUCK = f"//*[{' or '.join(f'self::{name}' for name in STRUCK)}][count(.//p) < 3]"  # beyond it, a tag left open
# What stands within many an article and is none of it: a heading over a list of links, and an offer.
_LINKS = re.compile(r"(?:related (?:topics|articles|stories|content|links)|more on this story|most read):?", re.I)
_OFFER = re.compile(r"(?:sign up|subscribe) .{0,120}\bnewsletters?\b.{0,120}", re.I)
_WHOLE = re.compile(r"<(?:html|body|head|frameset)\b", re.I)  # else it is a piece of a page, as many tools write
_QUOTED = 8  # words from which on a paragraph that another one holds has been pulled out of it
_HOLDERS = 20  # paragraphs that are looked at for it
_ADVICE = "Copy the text you mean into a .txt file."


def read_html(data: bytes, where: str, declared: str | None = None) -> tuple[str, dict[str, Any]]:
    """Return the article of an HTML page, paragraphs apart by a blank line, with its title, date, author and URL.

    ``declared`` is the encoding an HTTP header promised. Raises SourceError where there is no article.
    """
    import trafilatura

    page = decode(data, declared or html_charset(data))
    if not page.strip():
        raise SourceError(where, "this page holds nothing but space.", "Check that it was saved completely.")
    if not _WHOLE.search(page):
        page = f"<html><body>{page}</body></html>"
    try:
        tree = trafilatura.load_html(page)
        if tree is not None:
            prepare(tree)
        found = trafilatura.bare_extraction(
            tree,
            include_comments=False,
            with_metadata=True,
            date_extraction_params=_DATES,
            prune_xpath=[*_PULL_QUOTES, _STRUCK],
        )
    except Exception as error:  # a page must not end a run, whatever it does to the parser
        raise SourceError(where, f"this page cannot be parsed ({type(error).__name__}).", _ADVICE) from error
    text = (getattr(found, "text", None) or "").strip()
    if not text:
        raise SourceError(where, _why_nothing(page), _ADVICE)
    meta = {key: getattr(found, key, None) for key in ("title", "date", "author", "url")}
    bodies = _bodies(tree)
    lines = (each for line in text.split("\n") if line.strip() for each in bodies.get(_letters(line), [line.strip()]))
    return "\n\n".join(_without_repeats(list(_article(lines)))), {k: v for k, v in meta.items() if v}


def _bodies(tree: Any) -> dict[str, list[str]]:  # noqa: ANN401 - lxml has no types
    """Return the paragraphs of texts that a page holds as data (JSON-LD), by their letters: extraction makes one of
    them.
    """
    found: dict[str, list[str]] = {}
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        with contextlib.suppress(ValueError, RecursionError):  # a page's data are no better than the page
            for text in _strings(json.loads(script.text or "", strict=False)):
                pieces = _paragraphs(html.unescape(text))
                if len(pieces) > 1:
                    found[_letters("".join(pieces))] = pieces
    return found


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON is of any type
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _paragraphs(text: str) -> list[str]:
    if has_tags(text):
        return [line for piece in paragraphs(text) for line in piece.split("\n")]
    pieces = re.split(r"\n\s*\n", text.strip())
    pieces = pieces if len(pieces) > 1 else text.splitlines()  # nothing but breaks of lines sets its paragraphs apart
    return [" ".join(piece.split()) for piece in pieces if piece.strip()]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _article(lines: Iterable[str]) -> Iterator[str]:
    listed = False  # under a heading over links
    for line in map(_of_table, lines):
        listed = bool(_LINKS.fullmatch(line)) or (listed and line.startswith("- "))
        if line and not listed and not _OFFER.fullmatch(line):
            yield line


def _of_table(line: str) -> str:
    """Return the cells of a row of a table, which extraction writes between bars; nothing for the line under a head."""
    if not (line.startswith("|") and line.endswith("|")):
        return line
    cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)]
    return "" if {*line} <= {*"|-"} else "\t".join(filter(None, cells))


def _without_repeats(paragraphs: list[str]) -> list[str]:
    """Leave out what a longer paragraph holds word for word: a quotation pulled out of it would count twice."""
    words = [re.findall(r"\w+", each.lower()) for each in paragraphs]
    heads = {tuple(each[:_QUOTED]) for each in words}
    holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for each in words:
        for at in range(len(each) - _QUOTED + 1):
            head = tuple(each[at : at + _QUOTED])
            if head in heads and len(holders[head]) < _HOLDERS:
                holders[head].append(f" {' '.join(each)} ")
    said = [f" {' '.join(each)} " for each in words]
    return [
        paragraph
        for paragraph, each, own in zip(paragraphs, words, said, strict=True)
        if not any(own in other != own for other in holders.get(tuple(each[:_QUOTED]), ()))
    ]


def _why_nothing(page: str) -> str:
    from lxml import etree

    parser = etree.HTMLParser()
    with contextlib.suppress(etree.LxmlError):
        etree.fromstring(page.encode("utf-8", "replace"), parser)
    if any("depth" in entry.message for entry in parser.error_log):
        return "the tags of this page are nested more than 256 deep, and no text lies above that depth."
    return "no main text was found in this page (a list of links, a login page, or a page that scripts fill in)."
