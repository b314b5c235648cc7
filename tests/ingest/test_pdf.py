import io
import time
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from rhetoric.ingest import pdf as module
from rhetoric.ingest.pdf import tidy

from .makers import pdf

LINES = [
    "The ministry called its new rule a shield for every citizen, and the hall ap-",
    "plauded. The rule has eleven clauses, and nine of them concern the price that",
    "one company may ask for its chips. Nobody asked why.",
    "Some weeks later the state-",
    "owned paper printed the price, which had by then become the price that all the",
    "others asked as well.",
]
TEXT = (
    "The ministry called its new rule a shield for every citizen, and the hall applauded. The rule has eleven clauses, "
    "and nine of them concern the price that one company may ask for its chips. Nobody asked why."
)


def test_lines_hyphens_and_paragraphs(document) -> None:
    found = document("a.pdf", pdf([LINES[:3]], info="/Title (A shield) /CreationDate (D:20240501120000Z)"))
    assert found.text == TEXT
    assert (found.meta["title"], found.meta["date"], found.meta["pages"]) == ("A shield", "2024-05-01", 1)


def test_running_titles_and_page_numbers_go(document) -> None:
    pages = [
        [f"The Paper, No. {i}", LINES[0], LINES[1], f"Line {'abcd'[i]} ends the page.", f"{i + 7}"] for i in range(4)
    ]
    text = document("a.pdf", pdf(pages)).text
    assert "The Paper" not in text
    assert not any(line.strip().isdigit() for line in text.splitlines())
    assert text.count("Line ") == 4


@pytest.mark.parametrize(("titled", "kept"), [(2, 2), (3, 0)])
def test_a_line_at_the_edge_of_three_pages_in_ten_is_a_running_title(titled: int, kept: int) -> None:
    body = [f"The {word} rule of theirs has a price." for word in "abcdefghij"]
    pages = [f"The Paper\n{line}" if at < titled else line for at, line in enumerate(body)]
    assert tidy(pages).count("The Paper") == kept


def test_a_paragraph_runs_over_the_page_end() -> None:
    first, second = "The rule has eleven clauses and nine of them concern", "the price that one company asks."
    assert tidy([f"{first}\n12", f"{second}\n13"]) == f"{first} {second}"


def test_footnotes_stand_in_no_sentence_that_goes_on_overleaf(document) -> None:
    first = ["7 The paper gave the price on", "12 March, and no-", "body asked.", "8. “See” there.", "41"]
    second = ["9The hall,", "too,", "was", "full.", "42"]
    found = document("a.pdf", pdf([[*LINES[:2], *first], [LINES[2], *second]], small=5))
    whole, *notes = found.text.split("\n\n")
    assert whole == TEXT
    assert notes == [
        "The paper gave the price on 12 March, and nobody asked.",
        "“See” there.",
        "The hall, too, was full.",
    ]


@pytest.mark.parametrize(
    ("foot", "sizes"),
    [
        (["3 The others"], [10, 10, 10]),  # as large as the text
        (["3 The others"], [12, 12, 8]),  # under a heading
        (["3 The others"], [8, 8, 8]),  # a page in small type
        (["3 The others", "asked"], [10, 10, 8, 10]),  # not at the foot
        (["the others", "3 The price"], [10, 10, 8, 8]),  # the words of a picture
        (["3 others", "4 prices"], [10, 10, 8, 8]),  # a table
        (["3,000 The price"], [10, 10, 8]),
        (["2024 The price"], [10, 10, 8]),
    ],
    ids=range(8),
)
def test_what_is_no_footnote_stays_where_it_is(foot: list[str], sizes: list[float]) -> None:
    page, other = "\n".join([*LINES[:2], *foot]), "\n".join(["It goes on overleaf.", *LINES])
    assert tidy([page, other], [sizes, [10.0] * 7]) == tidy([page, other])


def test_numbers_of_notes_go_and_other_numbers_stay() -> None:
    page = (
        "The minister came.1 She spoke of “a shield.”12 See Fig.3 The rule, at www.rule.org/page.4 Has a price of v2.1 "
        "“It is what we came for.”3 Nobody won the war.4 (See No.5 The rule of Oct.7 Has a price.)"
    )
    kept = (
        "The minister came. She spoke of “a shield.” See Fig.3 The rule, at www.rule.org/page.4 Has a price of v2.1 "
        "“It is what we came for.” Nobody won the war. (See No.5 The rule of Oct.7 Has a price.)"
    )
    assert tidy([page]) == kept
    assert tidy([f"{page}\nand nobody answered.104"]).endswith("answered.")


@pytest.mark.parametrize("piece", ["'", "a", "abcd.1 A", "abcd.1", "-'"])
def test_numbers_of_notes_are_looked_for_in_linear_time(piece: str) -> None:
    start = time.process_time()
    tidy([piece * (200_000 // len(piece))])
    assert time.process_time() - start < 3


def test_hyphens_that_belong_there_stay() -> None:
    assert tidy(["a long line that speaks of the US-\nChina race and of noth-\ning else"]).endswith(
        "the US-China race and of nothing else"
    )
    twice = "The state-owned paper, a state-owned thing, and\nall that the other state-\nowned papers print"
    assert tidy([twice]).endswith("the other state-owned papers print")


def test_ligatures_headings_and_bullets() -> None:
    page = (
        "A heading\nThe ﬁrst line of the text is about as long as lines are wont to be\n"
        "and the second ends here.\n• one point\n• another point"
    )
    assert tidy([page]).split("\n\n") == [
        "A heading",
        "The first line of the text is about as long as lines are wont to be and the second ends here.",
        "• one point",
        "• another point",
    ]


def encrypted(algorithm: str, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([LINES[:3]]))))
    writer.encrypt(password, "owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_encrypted(reason, document, algorithm: str) -> None:
    assert "needs a password" in reason("a.pdf", encrypted(algorithm, "secret"))
    assert document("a.pdf", encrypted(algorithm, "")).text == TEXT  # only to change it takes a password


def test_encrypted_where_nothing_can_read_it(reason, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = encrypted("AES-256", "")
    for name in ("cryptography", "Crypto"):
        (tmp_path / f"{name}.py").write_text("raise ImportError")
    monkeypatch.syspath_prepend(tmp_path)
    assert "pypdf[crypto]" in reason("a.pdf", whole)


def test_some_pages_without_text_are_reported(document) -> None:
    assert "1 of 2 pages" in document("a.pdf", pdf([LINES, []])).meta["warnings"][0]


WHOLE = pdf([LINES, LINES])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pdf([[], []]), "OCR"),
        *((WHOLE[: int(share * len(WHOLE))], "cut short") for share in (0.02, 0.4, 0.9)),
        (b"%PDF-1.4\nnothing here\n%%EOF\n", "cannot be read"),
    ],
    ids=["scan", "cut", "half", "end", "damaged"],
)
def test_what_cannot_be_read_is_said(reason, data: bytes, said: str) -> None:
    assert said in reason("a.pdf", data)


def test_time_limit(reason, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.01)
    assert "takes longer" in reason("a.pdf", pdf([LINES]))


def test_a_stream_that_unpacks_to_gigabytes(read_bytes) -> None:
    import zlib

    squeezer = zlib.compressobj(9)
    data = b"".join(squeezer.compress(bytes(10_000_000)) for _ in range(30)) + squeezer.flush()
    head = f"4 0 obj\n<< /Length {len(data)} /Filter /FlateDecode >>\nstream\n".encode()
    body = (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>\nendobj\n"
    )
    (found,) = read_bytes("a.pdf", body + head + data + b"\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n")
    assert "PDF" in found.reason


def test_too_much_text(reason) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([LINES * 20]))))
    writer.pages[0].compress_content_streams()
    out = io.BytesIO()
    writer.write(out)
    assert len(out.getvalue()) < 4000
    assert "more text than the limit" in reason("a.pdf", out.getvalue(), max_bytes=4000)


def test_a_paragraph_of_any_length_is_joined_in_time() -> None:
    started = time.monotonic()
    lines = ["the rule goes on with-" if at % 2 else "out end and without a stop" for at in range(40_000)]
    assert tidy(["\n".join(lines)]).startswith("out end and without a stop the rule goes on without end")
    assert time.monotonic() - started < 10
