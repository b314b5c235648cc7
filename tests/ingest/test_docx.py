import io
import zipfile

import pytest

from .makers import PROSE, docx, replace_part

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


OFFICE = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
Target="word/document.xml"/></Relationships>"""


def body(inner: str) -> bytes:
    return replace_part(
        docx("x"), "word/document.xml", f"<w:document {W}><w:body>{inner}</w:body></w:document>".encode()
    )


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name in names:
            new.writestr(name, b"x")
    return out.getvalue()


def test_paragraphs_tables_and_meta(document) -> None:
    found = document("a.docx", docx(PROSE, "", "Second.", table=[["a cell", "b"], ["c", "d"]], title="A shield"))
    assert found.text.split("\n\n") == [PROSE, "Second.", "a cell\tb", "c\td"]
    assert {"title", "author", "date"} & found.meta.keys() == {"title"}  # python-docx made it, and nobody in 2013
    assert found.meta["title"] == "A shield"


def test_a_document_that_tells_nothing_of_itself_has_no_title(document) -> None:
    bare = replace_part(docx(PROSE), "_rels/.rels", OFFICE.encode())
    assert document("a.docx", bare).meta.keys() == {"source", "format"}


def cell(*paragraphs: str) -> str:
    return f"<w:tc>{''.join(f'<w:p><w:r><w:t>{text}</w:t></w:r></w:p>' for text in paragraphs)}</w:tc>"


@pytest.mark.parametrize(
    ("cells", "paragraphs"),
    [
        ([cell("China"), cell("", "8"), cell("")], ["China\t8"]),
        ([cell("China"), cell("It leads.", "It pays."), cell("Yes")], ["China\tIt leads.", "It pays.", "Yes"]),
        ([cell("Left.", "On the left."), cell("Right."), cell("End.")], ["Left.", "On the left.", "Right.\tEnd."]),
        ([f"<w:sdt><w:sdtContent>{cell('China')}</w:sdtContent></w:sdt>", cell("8")], ["China\t8"]),
        (
            [cell("Out"), f"<w:tc><w:tbl><w:tr>{cell('in')}{cell('side')}</w:tr></w:tbl></w:tc>"],
            ["Out", "in\tside"],
        ),
    ],
)
def test_a_row_is_a_paragraph_where_its_cells_are(document, cells: list[str], paragraphs: list[str]) -> None:
    row, rest = f"<w:tr>{''.join(cells)}</w:tr>", f"<w:tr>{cell('US')}{cell('67')}</w:tr>"
    found = document("a.docx", body(f"<w:p/><w:tbl>{row}{rest}</w:tbl><w:p><w:r><w:t>End.</w:t></w:r></w:p>"))
    assert found.text.split("\n\n") == [*paragraphs, "US\t67", "End."]


def test_tracked_changes_controls_and_breaks(document) -> None:
    found = document(
        "a.docx",
        body(
            "<w:p><w:r><w:t>Kept,</w:t></w:r><w:ins><w:r><w:t> added,</w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText> gone</w:delText></w:r></w:del><w:r><w:br/><w:t>next</w:t></w:r></w:p>"
            "<w:p><w:moveFrom><w:r><w:t>Moved.</w:t></w:r></w:moveFrom></w:p>"
            "<w:p><w:moveTo><w:r><w:t>Moved.</w:t></w:r></w:moveTo></w:p>"
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    assert found.text == "Kept, added,\nnext\n\nMoved.\n\nIn a control."


WHOLE = docx(PROSE)
DAMAGED = "this .docx is damaged. Open it in Word and save it as .docx again, or as .txt."


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (docx(""), "holds no text"),
        (WHOLE[: len(WHOLE) // 2], "cut short"),
        (replace_part(WHOLE, "word/document.xml", b"<w:document"), DAMAGED),
        (replace_part(WHOLE, "_rels/.rels", b"<Relationships/>"), DAMAGED),
        (body("<w:sdt>" * 50_000 + "</w:sdt>" * 50_000), DAMAGED),
        (archive("a.txt"), "zip archive"),
        (archive("META-INF/container.xml"), "e-book"),
        (archive("mimetype", "content.xml"), "LibreOffice"),
        (archive("Index/Document.iwa", "preview.jpg"), "Pages"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "spreadsheet"),
    ],
    ids=["empty", "cut", "xml", "relationships", "deep", "zip", "epub", "odt", "pages", "xlsx"],
)
def test_what_cannot_be_read_is_said(reason, data: bytes, said: str) -> None:
    assert said in reason("a.docx", data)


def test_a_zip_bomb_is_not_unpacked(reason) -> None:
    bomb = replace_part(docx(PROSE), "word/document.xml", b" " * 70_000_000)
    assert len(bomb) < 500_000
    assert "zip bomb" in reason("a.docx", bomb)


def test_entities_are_not_expanded(read_bytes) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(10)
    )
    xml = f"{laughs}]><w:document {W}><w:body><w:p><w:r><w:t>&k;</w:t></w:r></w:p></w:body></w:document>"
    (found,) = read_bytes("a.docx", replace_part(docx("x"), "word/document.xml", xml.encode()))
    assert len(getattr(found, "text", "")) < 1000
