"""What bytes are, whatever their name says, and how to read them as text."""

import codecs
import re
from contextlib import suppress

from rhetoric.errors import SourceError

MIXED = "rhetoric.mixed"  # a name for how bytes that do not fit are read: see the end of this file
HEAD = 65_536  # bytes looked at; a signature and an encoding show themselves within these

_TABLES = {"csv", "tsv", "json", "jsonl"}
_PROSE = {None, "txt", "md"}
_BINARY = [
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"RIFF", "WAV, AVI or WebP"),
    (b"\x7fELF", "a Linux program"),
    (b"MZ", "a Windows program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a Java class or macOS program"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstandard"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"SQLite format 3", "SQLite"),
    (b"ID3", "MP3"),
    (b"OggS", "Ogg"),
    (b"\0asm", "WebAssembly"),
    (b"bplist00", "a web archive of Safari's"),
]
_BOMS = {  # UTF-32 first: its mark begins with that of UTF-16
    codecs.BOM_UTF8: "utf-8-sig",
    **dict.fromkeys((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE), "utf-32"),
    **dict.fromkeys((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), "utf-16"),
}
_COMMENT = rb"<!--(?:(?!-->).)*-->\s*"  # one comment and no more: else n of them can be read in 2^n ways
_OPENING = rb"\s*(?:<\?xml[^>]*>\s*)?"
_HTML = re.compile(_OPENING + rb"(?:%b)*<(?:!doctype\s+html|html|head|body)\b" % _COMMENT, re.I | re.S)
_SVG = re.compile(_OPENING + rb"(?:%b|<!doctype\s+svg[^>]*>\s*)*<svg\b" % _COMMENT, re.I | re.S)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML = re.compile(rb"\s*(?:<\?xml\s|(?:%b)*<(?:rss[\s>]|[\w.:-]+\s[^<>]*\bxmlns[:=]))" % _COMMENT, re.I | re.S)
_TIMES = rb"(?:\d+:)?\d\d:\d\d[,.]\d{3}[ \t]+-->[ \t]"
_SUBTITLES = re.compile(rb"(?:\s*\d+[ \t]*\r?\n|WEBVTT(?:[ \t\r\n].*?)?\n)%b" % _TIMES, re.S)
_MAIL = re.compile(rb"\s*(?:From [^\n]*\n)?(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?mime-version:", re.I)
_CODED = re.compile(rb"^content-transfer-encoding:", re.I | re.M)
# What pages say that are written in an encoding of more characters, which browsers take for it: quotation marks, too.
_LARGER = {
    **{"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254"},
    **{"gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932", "big5": "big5hkscs"},
}
_GB_MARKS = re.compile(
    rb"\xa1[\xaa\xad-\xb1]"
)  # a dash, dots, quotation marks in GB 2312; in cp1252 nobody writes these
_FEW, _SOME = 0.05, 0.2  # shares of bytes beyond ASCII, the latter of texts shorter than this
_SHORT = 500
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27})
_RTF = "this is an RTF file. Open it in a word processor and save it as .docx or .txt."
_OLE = "this is an old Word file (.doc) or a password-protected .docx. Open it in Word, save it as .docx, no password."


def kind_of(head: bytes, declared: str | None, where: str) -> str:
    """Return the format of a file that begins with ``head``: what its content says, else ``declared``, else "txt".

    ``declared`` is the format its name or content type promises. Raises SourceError for an empty or binary file.
    """
    if not head:
        if where == "-":
            raise SourceError(where, "nothing came in on standard input.", "Check what the command before it prints.")
        raise SourceError(where, "the file is empty (0 bytes).", "Check that it was saved or downloaded completely.")
    if head.lstrip()[:5] == b"%PDF-" or (declared == "pdf" and b"%PDF-" in head[:1024]):  # readers allow junk before it
        return "pdf"
    if head[:4] == b"PAR1" and not _texty(head):
        return "parquet"
    if head[:4] == b"PK\3\4":
        return "docx"  # the reader says so when it is another kind of archive
    _refuse_formats(head, declared, where)
    # Text in a table may hold any character; its header line, or the first line of JSON, may not.
    likely = binary_kind(head.split(b"\n")[0] if declared in _TABLES else head)
    if likely:
        advice = {"pdf": "a PDF", "docx": "a .docx", "parquet": "Parquet"}.get(declared or "")
        named = f", although its name says {advice}" if advice else ""
        raise SourceError(where, f"this is a binary file (looks like {likely}){named}.", "Give a file that holds text.")
    if declared in ("pdf", "docx", "parquet"):
        # Text under such a name: a saved error page, or notes somebody renamed.
        return "html" if is_html(head) else "txt"
    if declared in _PROSE and is_html(head):
        return "html"
    return declared or "txt"


def _refuse_formats(head: bytes, declared: str | None, where: str) -> None:
    """Raise SourceError for a format that holds text, or looks as if it did, and is not read."""
    if head[:5] == b"{\\rtf":
        raise SourceError(where, _RTF)
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise SourceError(where, _OLE)
    if declared in _TABLES:  # which may begin with anything
        return
    opening = opening_of(head)
    if _SVG.match(opening):
        raise SourceError(where, "this is a picture (SVG).", "Give a file that holds text.")
    if _MAIL.match(opening) and _CODED.search(opening):
        what = "this is a saved mail or a web archive (.eml, .mhtml), in which text is coded."
        raise SourceError(where, what, "Open it, and save the text as .txt or the page as .html.")
    if declared in _PROSE and _XML.match(opening) and not is_html(head):
        advice = "Save the text in it as .txt; of a feed, give the addresses of its articles."
        raise SourceError(where, "this is XML (a feed, or data), whose tags are no text.", advice)
    if declared in _PROSE and _SUBTITLES.match(opening):
        what = "these are subtitles, whose numbers and times are no text."
        raise SourceError(where, what, "Save what is said in them as .txt, each sentence in one line.")


def is_html(head: bytes) -> bool:
    """Whether the bytes open as an HTML page does."""
    return bool(_HTML.match(opening_of(head)))


def opening_of(head: bytes) -> bytes:
    """Return ``head`` in an encoding that has the characters of ASCII as they are, without its byte order mark."""
    marked = _marked(head)
    return head.decode(marked, "ignore").encode("utf-8", "ignore") if marked else head


def binary_kind(head: bytes) -> str | None:
    """Return what a binary file looks like (a few words), or None for bytes that can be text."""
    for magic, name in _BINARY:
        if head.startswith(magic) and not (len(magic) < 4 and _texty(head)):
            return name
    if _marked(head):
        return None
    if head[4:8] == b"ftyp":
        return "MP4 or HEIC"
    return None if _texty(head) else "unknown data"


def _texty(head: bytes) -> bool:
    nulls = head.count(0)  # one that strayed into a text; archives and programs are padded with them
    return nulls <= 1 + len(head) / 10_000 and len(head.translate(None, _CONTROLS)) >= 0.98 * len(head)


def _marked(head: bytes) -> str | None:
    """Return the codec that a byte order mark tells, or the zeros of UTF-16 do."""
    return next((name for mark, name in _BOMS.items() if head.startswith(mark)), None) or _utf16_without_mark(head)


def _utf16_without_mark(head: bytes) -> str | None:
    """UTF-16 of mostly Latin text has a zero in every other byte, and only there."""
    even, odd = head[0::2], head[1::2]
    if len(head) >= 8 and len(odd) and even.count(0) + odd.count(0):
        if odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.02 * len(even):
            return "utf-16-le"
        if even.count(0) > 0.7 * len(even) and odd.count(0) < 0.02 * len(odd):
            return "utf-16-be"
    return None


def encoding_of(head: bytes, declared: str | None = None) -> str:
    """Return a codec for bytes that begin with ``head``: the byte order mark's, UTF-8 if all or most of what is beyond
    ASCII fits it, else the likeliest.

    ``declared`` is a codec promised elsewhere (an HTTP header); it is tried after UTF-8, which is hardly ever a chance
    fit, and before the guess. It may stand for a larger one, as in browsers.
    """
    marked = _marked(head)
    if marked:
        return marked
    for name in ("utf-8", _meant_by(declared)):
        if name and _fits(head, name):
            return name
    if _GB_MARKS.search(head) and _fits(head, "gb18030"):  # of English too, written on a Chinese system
        return "gb18030"
    share = _SOME if len(head) < _SHORT else _FEW
    if sum(byte > 127 for byte in head[:HEAD]) < share * len(head[:HEAD]) and _fits(head, "cp1252"):
        return "cp1252"  # a few typographic quotes in English, too few for a guess to rest on
    from charset_normalizer import from_bytes

    best = from_bytes(head[:HEAD]).best()
    # cp1252 where nothing is found: the commonest legacy encoding of English.
    return best.encoding if best and _fits(head, best.encoding) else "cp1252"


def _meant_by(declared: str | None) -> str | None:
    """Return the codec that a declared name stands for, None where it is none."""
    try:
        name = codecs.lookup(declared or "").name
    except (LookupError, ValueError):
        return None
    return _LARGER.get(name, name)


def _fits(head: bytes, name: str) -> bool:
    """Whether ``name`` is a codec of text that reads ``head``, or two thirds of its characters beyond ASCII: a stray
    byte in a text must not cost all its quotation marks. Other encodings hold characters of UTF-8 by chance only.
    """
    try:
        if b"A".decode(name) != "A":
            return False
        with suppress(UnicodeError):
            codecs.getincrementaldecoder(name)().decode(head)  # incremental: the head may end within a character
            return True
        text = head.decode(name, "replace")
    except (LookupError, ValueError):
        return False
    wrong = text.count("\ufffd")
    return sum(not letter.isascii() for letter in text) - wrong >= 2 * wrong


def decode(data: bytes, declared: str | None = None) -> str:
    """Return ``data`` as text. What its encoding cannot read becomes U+FFFD; a lone byte in UTF-8 that can only be a
    character of cp1252 becomes that. Never fails.
    """
    encoding = encoding_of(data, declared)
    try:
        return data.decode(encoding, errors=MIXED)
    except (LookupError, ValueError):  # a codec that cannot replace
        return data.decode("utf-8", errors="replace")


def _read_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Read what is no UTF-8 as the legacy encoding that is likeliest in English, as Windows programs mix it in."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    if error.encoding.startswith("utf-8") and len(wrong) == 1:  # more are a character that was cut
        return wrong.decode("cp1252", "replace"), error.end
    return "\ufffd", error.end


codecs.register_error(MIXED, _read_as_cp1252)


def html_charset(data: bytes) -> str | None:
    """Return the encoding an HTML page declares in its head, if any."""
    found = _CHARSET.search(data[:4096])
    return found.group(1).decode("ascii") if found else None
