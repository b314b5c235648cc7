"""What a form asks for: a text that was pasted, a URL or a file, and how to read it."""

import asyncio
import io
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from rhetoric.errors import advise, say_size
from rhetoric.ingest.document import Failure, ReadOptions, normalise
from rhetoric.ingest.sources import EXTENSIONS, is_url
from rhetoric.report.safe import clean, excerpt
from rhetoric.serve.settings import Settings

PASTED: Final = "pasted text"
FIELDS: Final = ("text", "url", "title", "text_field", "id_field", "force")
_OF_SERVER: Final = {
    "max_bytes": "whoever started this server can, with --max-bytes",
    "allow_private": "whoever started this server can, with --allow-private",
}
_IN_FORM: Final = {
    "force": "“Go on if it is not English”, under Options of the form",
    "text_field": "“Column of the text”, under Options of the form",
    "id_field": "“Column of the id”, under Options of the form",
}
_IN_API: Final = {"text_field": "text_field", "id_field": "id_field"}
_NAME: Final = 120  # characters shown of a name
_TITLE: Final = 200  # characters, as many as the form takes


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a ``field`` of a form."""

    field: str
    said: str
    options: tuple[str, ...] = ()

    @property
    def names_options(self) -> bool:
        """Whether it names something that stands under Options, which are closed unless they are needed."""
        return not _IN_FORM.keys().isdisjoint(self.options)


@dataclass(frozen=True)
class Asked:
    """One text that is asked for by a ``field`` of a form: ``what`` is its URL, or the file that it was put into.

    ``name`` is what its sender calls it, ``title`` what its sender wants it to be called, "" for what it calls itself.
    """

    what: str | Path
    name: str
    title: str
    options: ReadOptions
    field: str

    def clear(self) -> None:
        """Remove the file that it was put into, if there is one."""
        if isinstance(self.what, Path):
            self.what.unlink(missing_ok=True)


def on_page(failure: Failure) -> str:
    """Return what is wrong with a document, with what a page calls the options that this advises."""
    return advise(failure.reason, failure.options, (_OF_SERVER | _IN_FORM).get)


def in_api(failure: Failure, *, form: bool) -> str:
    """Return what is wrong with a document, with what the API calls the options that this advises, in a form or else
    in JSON.
    """
    force = "force=true" if form else '"force": true'
    return advise(failure.reason, failure.options, (_OF_SERVER | _IN_API | {"force": force}).get)


async def ask(form: Mapping[str, Any], prefix: str, settings: Settings, folder: Path) -> Asked | Wrong:
    """Return what the fields of ``form`` that begin with ``prefix`` ask for, files and pasted text put into ``folder``.

    Returns what is wrong where they ask for nothing, for more than one thing, or for what is no web address.
    """
    sent = {name: form.get(prefix + name) for name in FIELDS}
    values = {name: value if isinstance(value, str) else "" for name, value in sent.items()}
    file: Any = form.get(f"{prefix}file")
    given = [name for name in ("text", "url") if normalise(values[name]).strip()]
    given += ["file"] if getattr(file, "filename", "") else []
    if not given:
        return Wrong(f"{prefix}text", "Give a text, a web address or a file.")
    field = prefix + given[0]
    if len(given) > 1:
        return Wrong(field, "Give only one of these: a text, a web address or a file. Empty the others.")
    options = ReadOptions(
        text_field=values["text_field"].strip() or ReadOptions.text_field,
        id_field=values["id_field"].strip() or None,
        force=bool(values["force"]),
        allow_private=settings.allow_private,
        max_bytes=settings.max_bytes,
        timeout=settings.timeout,
    )
    title = excerpt(values["title"], _TITLE)
    if given == ["url"]:
        url = values["url"].strip()
        whole = is_url(url)
        url = url if whole else f"https://{url}"
        rest = url.partition("://")[2]
        if not rest or any(c.isspace() for c in url) or not (whole or re.search(r"[.:]|localhost", rest)):
            return Wrong(field, "This is not a web address. It looks like https://example.org/article.")
        return Asked(url, url, title, options, field)
    if given == ["text"]:
        name, suffix, data = PASTED, ".txt", io.BytesIO(normalise(values["text"]).encode())
    elif (file.size or 0) > settings.max_bytes:
        limit = say_size(settings.max_bytes)
        said = f"This file has {say_size(file.size)}; the limit here is {limit}. Split it, or raise the limit."
        return Wrong(field, advise(said, ("max_bytes",), _OF_SERVER.get))
    else:
        name, suffix, data = name_of(file.filename), suffix_of(file.filename), file.file
    path = folder / (secrets.token_hex(8) + suffix)
    try:
        await asyncio.to_thread(_copy, data, path)
    except OSError as error:  # the disk is full; the folder, unused for days, was swept from /tmp
        path.unlink(missing_ok=True)
        what = f"What you sent cannot be written to the disk of this server ({error.strerror})."
        return Wrong(field, f"{what} Whoever started it has to make room there, or to start it anew.")
    return Asked(path, name, title, options, field)


def name_of(filename: str) -> str:
    """Return the last part of a file's name as its sender gave it, safe to show."""
    last = PureWindowsPath(PurePosixPath(filename).name).name
    return excerpt(clean(last), _NAME) or "a file without a name"


def suffix_of(filename: str) -> str:
    """Return the extension of a file's name if it is one that reading goes by, else ""."""
    suffix = PurePosixPath(filename).suffix.lower()
    return suffix if suffix in EXTENSIONS else ""


def _copy(file: Any, path: Path) -> None:  # noqa: ANN401 - a spooled temporary file
    file.seek(0)
    with path.open("wb") as out:
        shutil.copyfileobj(file, out)
