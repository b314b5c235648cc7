"""What is mended in the tree of a web page before its article is extracted, so that it reads as it shows."""

import re
from typing import Any

from rhetoric.ingest.markup import BLOCKS, is_note

_MARKS = ("“", '"', "‘", "'", "«")
_BACK = ("↩", "↩\ufe0e", "↩\ufe0f", "↑", "^")  # what leads back from a note
_STUCK_TO = re.compile(r"[^\s(\[§$€£¥/–—-]")  # what a note's number stands at
_CELLS = ("td", "th")
_PARTS = ("thead", "tbody", "tfoot", "tr", *_CELLS, "caption")
_LONG = 100  # words from which on a cell is no cell of data
_SENTENCE = 8  # words from which on what stands bare is a text, and no label
_OF_A_SITE = "//*[self::script or self::form or self::nav or self::main or self::article]"


def prepare(tree: Any) -> None:  # noqa: ANN401 - lxml has no types
    """Take the marks of notes out of ``tree``, put those of quotations in, and make blocks of tables that are none, an
    article of a page that is nothing else, and paragraphs of text that stands bare beside them.
    """
    _drop_notes(tree)
    _mark_quotations(tree)
    _open_tables(tree)
    framed = _frame_text(tree)
    for around in list(tree.iter("article", "center", "div", "main", "section")):
        if framed or around.find("p") is not None:
            around.tag = "div" if around.tag == "center" else around.tag
            _wrap_text(around)


def _drop_notes(tree: Any) -> None:  # noqa: ANN401
    """Take out what leads to notes and back, which would join the end of a sentence to the beginning of the next."""
    for mark in list(tree.iterdescendants("sup", "a")):
        text, before = mark.text_content(), _before(mark)
        if mark.tag == "a":  # a bare number that sticks to nothing is a word: "see section 3", "4(2)", "50 states"
            noted = "#" in mark.get("href", "") and (
                text.strip() in _BACK
                or "notesym" in mark.get("class", "")  # LibreOffice's
                or (is_note(text) and ("[" in text or bool(_STUCK_TO.match(before))))
            )
        else:
            linked = mark.find(".//a") is not None or next(mark.iterancestors("a"), None) is not None
            noted = is_note(text, "" if linked else before)
        if noted:
            mark.drop_tree()


def _before(element: Any) -> str:  # noqa: ANN401
    """Return the character that stands before an element in its block; nothing where it begins it."""
    while (previous := element.getprevious()) is None:
        element = element.getparent()
        if element is None or element.text or element.tag in BLOCKS:
            return "" if element is None else str(element.text or "")[-1:]
    return str(previous.tail or previous.text_content())[-1:]


def _mark_quotations(tree: Any) -> None:  # noqa: ANN401
    """Write the marks that a browser puts around ``<q>``, and make words of it: extraction makes a paragraph."""
    for quoted in list(tree.iter("q")):
        quoted.tag = "span"
        if quoted.text_content().strip().startswith(_MARKS):
            continue
        quoted.text = f"“{quoted.text or ''}"
        if len(quoted):
            quoted[-1].tail = f"{quoted[-1].tail or ''}”"
        else:
            quoted.text += "”"


def _open_tables(tree: Any) -> None:  # noqa: ANN401
    """Make blocks of tables that lay a page out, or box a text: extraction makes one paragraph of each row."""
    opened = [table for table in tree.iter("table") if not _holds_data(table)]
    for table in opened:
        for part in list(table.iter(*_PARTS)):
            if next(part.iterancestors("table")) is table:
                if part.tag in _CELLS:
                    for around in [part, *(font for font in part.findall("font") if font.find("p") is not None)]:
                        _wrap_text(around)
                part.tag = "div"
    for table in opened:
        table.tag = "div"


def _holds_data(table: Any) -> bool:  # noqa: ANN401
    if table.find(".//table") is not None:
        return False
    rows = [row.findall("td") for row in table.iter("tr")]
    labelled = len(rows) > 1 and all(len(row) > 1 and _is_label(row[0]) for row in rows)
    headed = labelled or table.find(".//th") is not None
    return headed or all(len(cell.text_content().split()) < _LONG for cell in table.iter("td"))


def _is_label(cell: Any) -> bool:  # noqa: ANN401
    return 0 < len(cell.text_content().split()) < _SENTENCE and cell.find(".//a") is None


def _frame_text(tree: Any) -> bool:  # noqa: ANN401
    """Make an article of a page that a hand or a word processor wrote, and tell of it: without one extraction takes
    paragraphs alone, no headings and no lists.
    """
    body = tree.find("body")
    if body is None or tree.xpath(_OF_A_SITE):
        return False
    article = body.makeelement("article")
    article.text, body.text = body.text, None
    article.extend(list(body))
    body.append(article)
    return True


def _wrap_text(around: Any) -> None:  # noqa: ANN401
    """Make paragraphs of text that is in none, which extraction may lose where there are others."""
    last, text, bare = None, around.text, list[Any]()  # a block, and what stands between it and the next
    for child in [*around, None]:
        if child is not None and _is_inline(child):
            bare.append(child)
            continue
        pieces = [text, *(f"{each.text_content()}{each.tail or ''}" for each in bare)]
        if len("".join(filter(None, pieces)).split()) >= _SENTENCE:
            paragraph = around.makeelement("p")
            paragraph.text = text
            if last is None:
                around.text = None
                around.insert(0, paragraph)
            else:
                last.tail = None
                last.addnext(paragraph)
            paragraph.extend(bare)
        if child is not None:
            last, text, bare = child, child.tail, []


def _is_inline(element: Any) -> bool:  # noqa: ANN401
    return all(each.tag not in BLOCKS for each in element.iter())
