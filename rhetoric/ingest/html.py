"""Web pages: the main text, without navigation and comments, by trafilatura."""

import contextlib
from typing import Any

from rhetoric.errors import SourceError
from rhetoric.ingest.detect import decode, html_charset

# The day it came out, and only where the page says so: an extensive search takes any day or year, of a footer's
# copyright, of a picture's address or of history told in the text. No date is better than a wrong one.
_DATES = {"original_date": True, "extensive_search": False}
_ADVICE = "Copy the text you mean into a .txt file."


def read_html(data: bytes, where: str, declared: str | None = None) -> tuple[str, dict[str, Any]]:
    """Return the article of an HTML page, paragraphs apart by a blank line, with its title, date, author and URL.

    ``declared`` is the encoding an HTTP header promised. Raises SourceError where there is no article.
    """
    import trafilatura

    page = decode(data, declared or html_charset(data))
    if not page.strip():
        raise SourceError(where, "this page holds nothing but space.", "Check that it was saved completely.")
    try:
        found = trafilatura.bare_extraction(
            page, include_comments=False, with_metadata=True, date_extraction_params=_DATES
        )
    except Exception as error:  # a page must not end a run, whatever it does to the parser
        raise SourceError(where, f"this page cannot be parsed ({type(error).__name__}).", _ADVICE) from error
    text = (getattr(found, "text", None) or "").strip()
    if not text:
        raise SourceError(where, _why_nothing(page), _ADVICE)
    meta = {key: getattr(found, key, None) for key in ("title", "date", "author", "url")}
    paragraphs = (line.strip() for line in text.split("\n"))
    return "\n\n".join(line for line in paragraphs if line), {k: v for k, v in meta.items() if v}


def _why_nothing(page: str) -> str:
    from lxml import etree

    parser = etree.HTMLParser()
    with contextlib.suppress(etree.LxmlError):
        etree.fromstring(page.encode("utf-8", "replace"), parser)
    if any("depth" in entry.message for entry in parser.error_log):
        return "the tags of this page are nested more than 256 deep, and no text lies above that depth."
    return "no main text was found in this page (a list of links, a login page, or a page that scripts fill in)."
