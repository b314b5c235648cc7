"""What bytes are, whatever their name says, and how to read them as text."""

import codecs
import re

from rhetoric.errors import SourceError

HEAD = 65_536  # bytes looked at; a signature and an encoding show themselves within these

_TABLES = {"csv", "tsv", "json", "jsonl"}
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
]
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_BOMS = (codecs.BOM_UTF8, *_UTF32, *_UTF16)
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_SVG = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!doctype\s+svg[^>]*>\s*)*<svg\b", re.I | re.S)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_FEW = 0.05  # share of bytes beyond ASCII
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
    if declared in (None, "txt", "md") and is_html(head):
        return "html"
    return declared or "txt"


def _refuse_formats(head: bytes, declared: str | None, where: str) -> None:
    """Raise SourceError for a format that holds text, or looks as if it did, and is not read."""
    if head[:5] == b"{\\rtf":
        raise SourceError(where, _RTF)
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise SourceError(where, _OLE)
    if declared not in _TABLES and _SVG.match(head.removeprefix(codecs.BOM_UTF8)):
        raise SourceError(where, "this is a picture (SVG).", "Give a file that holds text.")


def is_html(head: bytes) -> bool:
    """Whether the bytes open as an HTML page does."""
    return bool(_HTML.match(head.removeprefix(codecs.BOM_UTF8)))


def binary_kind(head: bytes) -> str | None:
    """Return what a binary file looks like (a few words), or None for bytes that can be text."""
    for magic, name in _BINARY:
        if head.startswith(magic) and not (len(magic) < 4 and _texty(head)):
            return name
    if head.startswith(_BOMS) or _utf16_without_mark(head):
        return None
    if head[4:8] == b"ftyp":
        return "MP4 or HEIC"
    return None if _texty(head) else "unknown data"


def _texty(head: bytes) -> bool:
    return b"\0" not in head and len(head.translate(None, _CONTROLS)) >= 0.98 * len(head)


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
    """Return a codec for bytes that begin with ``head``: the byte order mark's, UTF-8 if they fit, else the likeliest.

    ``declared`` is a codec promised elsewhere (an HTTP header); it is tried after UTF-8, which is hardly ever a chance
    fit, and before the guess.
    """
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith(_UTF32):
        return "utf-32"
    if head.startswith(_UTF16):
        return "utf-16"
    bare = _utf16_without_mark(head)
    if bare:
        return bare
    for name in ("utf-8", declared):
        if name and _fits(head, name):
            return name
    if sum(byte > 127 for byte in head[:HEAD]) < _FEW * len(head[:HEAD]) and _fits(head, "cp1252"):
        return "cp1252"  # a few typographic quotes in English, too few for a guess to rest on
    from charset_normalizer import from_bytes

    best = from_bytes(head[:HEAD]).best()
    # cp1252 where nothing is found: the commonest legacy encoding of English.
    return best.encoding if best and _fits(head, best.encoding) else "cp1252"


def _fits(head: bytes, name: str) -> bool:
    try:
        codec = codecs.getincrementaldecoder(name)()  # incremental: the head may end within a character
        return isinstance(codec.decode(head), str)
    except (LookupError, ValueError, TypeError):
        return False


def decode(data: bytes, declared: str | None = None) -> str:
    """Return ``data`` as text; what its encoding cannot read becomes U+FFFD. Never fails."""
    encoding = encoding_of(data, declared)
    try:
        return data.decode(encoding, errors="replace")
    except (LookupError, ValueError):  # a codec that cannot replace
        return data.decode("utf-8", errors="replace")


def html_charset(data: bytes) -> str | None:
    """Return the encoding an HTML page declares in its head, if any."""
    found = _CHARSET.search(data[:4096])
    return found.group(1).decode("ascii") if found else None
