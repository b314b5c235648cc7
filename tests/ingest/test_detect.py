import codecs
import time

import pytest

from rhetoric.ingest.detect import decode, is_html, kind_of

from .makers import PROSE, docx, html, pdf

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\r\n ", "only space"),
        ("a.md", b"\xef\xbb\xbf\n", "only space"),
        ("a.txt", PNG, "looks like PNG"),
        ("a.pdf", PNG, "name says a PDF"),
        ("a.csv", PNG, "looks like PNG"),
        ("a.txt", b"\x7fELF\x02\x01\x01\0\0\0", "Linux program"),
        ("a.txt", bytes(range(256)) * 20, "unknown data"),
        ("a.html", b"bplist00\xd1\1\2_\x10\x0fWebMainResource" + bytes(50), "Safari"),
        ("a.txt", b"\x1f\x8b\x08\0\0\0\0\0", "gzip"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Word file"),
        ("a.txt", rb"{\rtf1\ansi Hello}", "RTF"),
        ("a.svg", b"<?xml version='1.0'?>\n<!-- made by hand --><svg onload='x()'><text>A race.</text></svg>", "SVG"),
        ("a.xml", b"<?xml version='1.0'?>\n<rss><channel><title>A race.</title></channel></rss>", "XML"),
        ("a", b'\xef\xbb\xbf<!-- made --><TEI xmlns="http://www.tei-c.org/ns/1.0"><text>A race.</text></TEI>', "XML"),
        ("a.vtt", b"\xef\xbb\xbfWEBVTT - made\n\nintro\n00:01.000 --> 00:02.000\nA race.\n", "subtitles"),
        ("a.srt", b"1\r\n00:00:01,000 --> 00:00:02,000\r\nA race.\r\n", "subtitles"),
        ("a.srt", "1\r\n00:00:01,000 --> 00:00:02,000\r\nA race.\r\n".encode("utf-16"), "subtitles"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nA race.\n".encode("utf-16-be"), "subtitles"),
        ("a.xml", "<rss version='2.0'><channel></channel></rss>".encode("utf-16"), "XML"),
        ("a.eml", b"From: a@b.org\nTo: c,\n d\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\nQQ==", "mail"),
        ("a.html", b"Subject: A race\r\nMIME-Version: 1.0\r\n\r\n--x\r\nContent-Transfer-Encoding: 8bit\r\n", "mhtml"),
        ("a.txt", b"<rss version='2.0'><channel></channel></rss>", "XML"),
    ],
)
def test_what_is_no_text_is_named(reason, name: str, data: bytes, said: str) -> None:
    assert said in reason(name, data)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pdf([[PROSE[:80], PROSE[80:160]]]), "pdf"),
        (docx(PROSE), "docx"),
        (html(f"<article><p>{PROSE}</p><p>{PROSE[:90]}</p></article>").encode("utf-16"), "html"),
        (("\n " + html(f"<article><p>{PROSE}</p><p>{PROSE[:90]}</p></article>")).encode(), "html"),
    ],
)
def test_content_beats_the_name(document, data: bytes, kind: str) -> None:
    found = document("wrong.txt", data)
    assert found.meta["format"] == kind
    assert found.text.startswith("The ministry called its new rule a shield")


def test_text_under_the_name_of_a_pdf_is_read_as_text(document) -> None:
    assert document("a.pdf", PROSE).text == PROSE


def test_short_signatures_do_not_swallow_prose(document) -> None:
    for opening in (
        "BMW and its rivals met.",
        "MZ is a sign.",
        "PAR1 is a magic word.",
        "Of %PDF-1.7 nothing is said.",
        "WEBVTT\n\nis the first line of subtitles, 00:01.000 that of none.",
        "2024\n\n10:01 --> 10:02, the race began.",
        "Subject: a race\n\nMIME-Version: is a line of mail.\nContent-Transfer-Encoding: is one too.",
    ):
        assert document("a.txt", opening).text == opening


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings(document, codec: str) -> None:
    text = "“A shield,” she said — naïve, perhaps, but it is what everybody in the long hall had come for that day."
    assert document("a.txt", text.encode(codec)).text == text


def test_a_mark_of_utf_32_is_told(document) -> None:
    assert document("a.txt", codecs.BOM_UTF32_BE + PROSE.encode("utf-32-be")).text == PROSE


def test_an_accented_legacy_encoding_is_guessed() -> None:
    assert decode("L'été dernier, à l'école, les élèves ont été très étonnés.".encode("latin-1")).startswith("L'été")


@pytest.mark.parametrize("declared", [None, "gb2312", "GBK", "zlib", "utf-16", "x-none"])
def test_english_that_was_written_on_a_chinese_system(declared: str | None) -> None:
    text = f"{PROSE} “A shield,” she said — China’s own.\n" * 20
    assert decode(text.encode("gbk"), declared) == text
    assert decode(text.encode("gbk") + "朱镕基".encode("gbk")[:-1] + b".\n", declared).startswith(text + "朱镕")
    assert decode(text.encode("cp1252"), declared) == text
    for mark in "—…“’":
        assert decode(f"A race {mark} of chips.\n".encode("gbk"), declared) == f"A race {mark} of chips.\n"


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("ISO-8859-1", "cp1252"),
        ("latin1", "cp1252"),
        ("iso-8859-9", "cp1254"),
        ("GB_2312-80", "gbk"),
        ("ks_c_5601-1987", "cp949"),
        ("Shift-JIS", "cp932"),
    ],
)
def test_a_declared_encoding_stands_for_the_larger_one_that_browsers_take_it_for(declared: str, codec: str) -> None:
    text = f"{PROSE} “A shield,” she said of China’s.\n" * 20
    assert decode(text.encode(codec), declared) == text


def test_a_short_text_in_cp1252_is_not_guessed_at(document) -> None:
    text = "Américas café – the “AI race”…"
    assert document("a.csv", f"id,text,year\r\n1,{text},2024\r\n".encode("cp1252")).text == text


def test_a_zero_byte_does_not_make_a_text_binary(document, reason) -> None:
    assert document("a.txt", f"{PROSE}\0 {PROSE}".encode()).text == f"{PROSE} {PROSE}"
    archive = b"texts/a.txt".ljust(512, b"\0") + PROSE.encode() * 300
    assert "unknown data" in reason("a.txt", archive)


def test_stray_bytes_are_shown_and_counted(document) -> None:
    found = document("a.txt", b"\xff\xfe" + "Half a character at the end.".encode("utf-16-le") + b"\x00")
    assert found.text.endswith("\ufffd")
    assert "1 characters" in found.meta["warnings"][0]


def test_declared_tables_are_not_misread(tmp_path) -> None:
    for head in (b"<html>,b\n1,2\n", b"<svg>,b\n", b"Mime-Version:1,b\nContent-Transfer-Encoding:,c\n"):
        assert kind_of(head, "csv", "x") == "csv"


def test_a_stray_byte_costs_no_quotation_mark(document) -> None:
    told = "“America’s lead — is real,” he said.\n"
    stray = told.encode() * 3 + b"Caf\xe9 noir\xa0.\n"
    assert document("a.txt", stray).text == told * 3 + "Café noir .\n"
    cut = document("b.txt", told.encode() * 3 + "“".encode()[:2] + b" x\n")
    assert cut.text == told * 3 + "\ufffd x\n" and "1 characters" in cut.meta["warnings"][0]


@pytest.mark.parametrize("piece", [b"WEBVTT\n", b"a: b\n", b"a:\n ", b"1\n", b"From \n", b"a"])
def test_what_resembles_mail_or_subtitles_is_looked_through_in_linear_time(piece: bytes) -> None:
    started = time.monotonic()
    assert kind_of(piece * (65_536 // len(piece)), "txt", "x") == "txt"
    assert time.monotonic() - started < 2


def test_many_comments_are_read_once() -> None:
    started = time.monotonic()
    comments = b"<!-- x -->\n" * 5_000
    assert is_html(comments + b"<!doctype html>") and not is_html(comments + b"# A title")
    assert kind_of(comments + b"# A title", "md", "x") == "md"
    assert time.monotonic() - started < 5
