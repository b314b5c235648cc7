"""Fetching one page: over http and https, from public addresses only, within a size and a time."""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from rhetoric import __version__
from rhetoric.errors import SourceError, say_size
from rhetoric.ingest.document import ReadOptions

REDIRECTS = 5
_LONGEST = 1_000_000.0  # seconds; platforms count some more, but not without end
_PORTS = {"http": 80, "https": 443}
_FORMATS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "text/plain": "txt",
    "text/markdown": "md",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.apache.parquet": "parquet",
}
_UNIQUE_V6 = ipaddress.ip_network("2000::/3")  # the only IPv6 range given out so far; NAT64 and mapped IPv4 lie outside
# Addresses of protocols, 6to4's relays, Teredo, 6to4 and documentation, which Python 3.11 takes for global.
_NOT_HOSTS = ("192.0.0.0/24", "192.88.99.0/24", "2001::/32", "2002::/16", "3fff::/20")
_SPECIAL = [ipaddress.ip_network(net) for net in _NOT_HOSTS]
_HEADERS = {
    "User-Agent": f"rhetoric-toolkit/{__version__}",
    "Accept": "text/html,application/pdf,text/plain;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
_NO_NAME = re.compile(r"[\0- %\x7f]")  # what stands in no name of a host
_SAVE = "Open it in a browser, save the page, and give the file."


@dataclass(frozen=True)
class Page:
    """What a URL gave: the bytes, where redirects led, the format and encoding that its header promises (or None)."""

    data: bytes
    url: str
    kind: str | None
    charset: str | None


class _Checked(http.client.HTTPConnection):
    """A connection to the first that answers of the addresses of a host, each of which is checked before."""

    def __init__(self, url: str, host: str, port: int, deadline: float, *, allow_private: bool) -> None:
        super().__init__(host, port)
        self._url, self._deadline, self._allow_private = url, deadline, allow_private
        self._secure = urlsplit(url).scheme == "https"
        self.default_port = 443 if self._secure else 80  # which the Host header leaves out

    def left(self) -> float:
        """Return the seconds that are left; raises TimeoutError where there are none."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def connect(self) -> None:
        addresses = _addresses(self.host, self.port, self._url, self._allow_private)
        seconds = self.left()
        for more in range(len(addresses), 0, -1):
            try:
                self.sock = socket.create_connection((addresses[-more], self.port), seconds / more)
                break
            except OSError:  # an IPv6 address, say, where there is no way to it
                if more == 1:
                    raise
        self.sock.settimeout(seconds)
        if self._secure:
            self.sock = _tls().wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """End what waits for the other side, in whatever thread."""
        sock = self.sock  # the other thread may let it go meanwhile
        if sock is not None:
            with suppress(OSError):  # closed already
                sock.shutdown(socket.SHUT_RDWR)


def fetch(url: str, options: ReadOptions, before: Callable[[str], object] | None = None) -> Page:
    """Return what lies at ``url``, following up to five redirects; proxies set in the environment are not used.

    Each address is checked, then connected to as checked, so that a name cannot resolve to another one meanwhile.
    ``before`` is called with each address before it is asked, that of a redirect too; it may wait, or raise SourceError
    where that is not to be asked. Raises SourceError, within ``options.timeout`` seconds and what ``before`` takes,
    whatever the server does.
    """
    asked, left = url, min(options.timeout, _LONGEST)
    for _ in range(REDIRECTS + 1):
        try:
            host, port = _split(url)
            if before:
                before(url)
            began = time.monotonic()
            connection = _Checked(url, host, port, began + left, allow_private=options.allow_private)
            found = _ask(url, connection, options)
            left -= time.monotonic() - began
        except SourceError as error:
            if url == asked:
                raise
            # Named by what the user knows, with what it led to.
            what = f"it leads to {error.where}: {error.what}"
            raise SourceError(asked, what, error.advice, *error.options, status=error.status) from error
        if isinstance(found, Page):
            return found
        url = found
    raise SourceError(asked, f"more than {REDIRECTS} redirects.", _SAVE)


def _ask(url: str, connection: _Checked, options: ReadOptions) -> Page | str:
    """Return what one request gives, a page or another address, in the seconds that the connection has left."""
    answer: Future[Page | str] = Future()

    def work() -> None:
        try:
            answer.set_result(_request(url, connection, options.max_bytes))
        except Exception as error:  # carried over to the caller's thread
            answer.set_exception(error)

    # A thread, because neither name resolution nor a server that drips its header can be timed in any other way.
    threading.Thread(target=work, daemon=True).start()
    try:
        return answer.result(connection.left())
    except SourceError:
        raise
    except TimeoutError as error:
        connection.cut()
        what = f"no complete answer within {options.timeout:g} seconds."
        raise SourceError(url, what, f"Try again later. {_SAVE}") from error
    except Exception as error:
        raise SourceError(url, _said(error), f"Check the address. {_SAVE}") from error


def _said(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "the name of this host cannot be found."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of this host is not to be trusted ({error.verify_message})."
    if isinstance(error, ssl.SSLError):
        return "this host does not speak https here. Try the address with http:// before it."
    if isinstance(error, ConnectionRefusedError):
        return "this host refuses the connection."
    return f"the page could not be fetched ({type(error).__name__}: {str(error)[:120]})."


def _request(url: str, connection: _Checked, max_bytes: int) -> Page | str:
    try:
        connection.request("GET", _target(url), headers=_HEADERS)
        answer = connection.getresponse()
        location = answer.getheader("Location")
        if answer.status in (301, 302, 303, 307, 308) and location:
            return urljoin(url, location)
        if answer.status != 200:
            advice = f"Check the address. {_SAVE}"
            raise SourceError(url, f"the server answers {answer.status} {answer.reason}.", advice, status=answer.status)
        data = _body(answer, url, max_bytes, connection)
        kind = _FORMATS.get(answer.headers.get_content_type()) if answer.getheader("Content-Type") else None
        return Page(data, url, kind, answer.headers.get_content_charset())
    finally:
        connection.close()


def _split(url: str) -> tuple[str, int]:
    """Return the host and the port of an address; raises SourceError where it is none that is fetched."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS:
            what = f"only http and https can be fetched, not {parts.scheme}."
            raise SourceError(url, what, "Give a file or a web page.")
        host, port = parts.hostname or "", parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError as error:  # includes UnicodeError
        raise SourceError(url, f"this is not a valid address ({error}).", "Check how it is written.") from error
    if "@" in parts.netloc:
        shown = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        raise SourceError(shown, "an address with a user name or password in it is not fetched.", "Leave them out.")
    last = host.rstrip(".").rpartition(".")[2]
    numeric = last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last) is not None
    if not host or _NO_NAME.search(host) or (numeric and not _is_address(host)):
        raise SourceError(
            url, f"{host or 'nothing'!r} is not a host name or a plain address.", "Check how it is written."
        )
    return host, _PORTS[parts.scheme] if port is None else port


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _addresses(host: str, port: int, url: str, allow_private: bool) -> list[str]:
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    refused = [] if allow_private else [address for address in found if not is_public(address)]
    if refused:
        where = "" if host == refused[0] else f" is at {refused[0]}, which"
        what = f"{host}{where} is not a public address."
        raise SourceError(url, what, "If you mean a server of your own, allow private addresses.", "allow_private")
    return list(dict.fromkeys(found))


def is_public(address: str) -> bool:
    """Whether ``address`` is one host on the public internet: not private, loopback, shared, reserved or a tunnel's."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _UNIQUE_V6:
        return False
    if any(ip in network for network in _SPECIAL if network.version == ip.version):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def _tls() -> ssl.SSLContext:
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())  # for Pythons that come without the system's certificates
    return context


def _target(url: str) -> str:
    parts = urlsplit(url)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    return path + ("?" + quote(parts.query, safe="/%:@!$&'()*+,;=~?") if parts.query else "")


def _body(answer: http.client.HTTPResponse, url: str, max_bytes: int, connection: _Checked) -> bytes:
    coding = (answer.getheader("Content-Encoding") or "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip", "deflate"):
        raise SourceError(url, f"the server sends the page compressed as {coding}, unasked.", _SAVE)
    inflate = None if coding == "identity" else zlib.decompressobj(wbits=47)  # 47: gzip or zlib, by its header
    data = bytearray()
    while chunk := answer.read1(65_536):
        connection.left()
        while chunk and len(data) <= max_bytes:
            if inflate and inflate.eof:  # gzip may come in several members; anything else is padding
                if chunk[:1] != b"\x1f":
                    break
                inflate = zlib.decompressobj(wbits=47)
            data += inflate.decompress(chunk, max_bytes + 1) if inflate else chunk
            chunk = (inflate.unused_data if inflate.eof else inflate.unconsumed_tail) if inflate else b""
        if len(data) > max_bytes:
            what = f"the page is larger than the limit of {say_size(max_bytes)}."
            raise SourceError(url, what, "Save it, and give a part of it, or raise the limit.", "max_bytes")
    if answer.length or (inflate and not inflate.eof):
        raise SourceError(url, "the answer broke off before its end.", "Try again.")
    return bytes(data)
