"""Small files of every kind, made in memory, and a server that hands out what it is told to."""

import http.server
import io
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

PROSE = (
    "The ministry called its new rule a shield for every citizen. The rule has eleven clauses, and nine of them "
    "concern the price that one company may ask for its chips. Nobody in the hall asked why."
)
GERMAN = (
    "Die Ministerin nannte die neue Regel einen Schild für alle Bürger. Die Regel hat elf Absätze, und neun davon "
    "betreffen den Preis, den ein einziges Unternehmen für seine Chips verlangen darf. Niemand im Saal fragte, warum."
)


def pdf(pages: list[list[str]], info: str = "", small: int = 0) -> bytes:
    """A PDF with one text line per string, top to bottom, the last ``small`` of each page in small type."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, lines in enumerate(pages):
        escaped = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines]
        shown = [f"({line}) Tj T*" for line in escaped]
        shown.insert(len(shown) - small, "/F1 8 Tf")
        content = "BT /F1 10 Tf 14 TL 50 760 Td " + " ".join(shown) + " ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * i} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content.encode('cp1252'))} >>\nstream\n{content}\nendstream")
    objects.append(f"<< {info} >>")
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{at:010} 00000 n \n".encode() for at in offsets)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    return bytes(out + f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode())


def docx(*paragraphs: str, table: list[list[str]] | None = None, title: str = "") -> bytes:
    import docx as library

    document = library.Document()
    document.core_properties.title = title
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        grid = document.add_table(len(table), len(table[0]))
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                grid.cell(row, column).text = cell
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def replace_part(archive: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return out.getvalue()


def html(body: str, head: str = "<title>A shield</title>") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


@contextmanager
def serve(answers: dict[str, Answer]) -> Iterator[str]:
    """Serve ``answers`` by path on a loopback port; yields the address without a closing slash."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                answers[self.path](self)
            except (BrokenPipeError, ConnectionResetError):
                return  # the client has had enough, as it should

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def page(body: bytes, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str) -> Answer:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def on_the_internet(base: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the server at ``base`` stand at a public address, too, and give what it is called there; the names of some
    hosts within are known besides.
    """
    public = "93.184.215.14"
    hosts = {
        "public.example": [public],
        "loopback.example": ["127.0.0.1"],
        "private.example": ["10.0.0.1"],
        "metadata.example": ["169.254.169.254"],
        "six.example": ["::1"],
        "mapped.example": ["::ffff:127.0.0.1"],
        "both.example": [public, "127.0.0.1"],
    }
    resolve, connect = socket.getaddrinfo, socket.create_connection

    def getaddrinfo(host: str, *args: Any, **kwargs: Any) -> Any:
        return [info for address in hosts.get(host, [host]) for info in resolve(address, *args, **kwargs)]

    def create_connection(address: tuple[str, int], *args: Any) -> socket.socket:
        return connect(("127.0.0.1" if address[0] == public else address[0], address[1]), *args)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", create_connection)
    return base.replace("127.0.0.1", "public.example")
