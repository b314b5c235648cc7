from collections.abc import Callable
from pathlib import Path

import pytest

from rhetoric.ingest import Document, Failure, ReadOptions, read

Reader = Callable[..., list[Document | Failure]]


@pytest.fixture
def read_bytes(tmp_path: Path) -> Reader:
    """Write bytes under a name and read the file."""

    def reader(name: str, data: bytes | str, **options: object) -> list[Document | Failure]:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return list(read([path], options=ReadOptions(**options)))  # type: ignore[arg-type]

    return reader


@pytest.fixture
def document(read_bytes: Reader) -> Callable[..., Document]:
    """Write bytes under a name and read the one document in the file."""

    def reader(name: str, data: bytes | str, **options: object) -> Document:
        (found,) = read_bytes(name, data, **options)
        assert isinstance(found, Document), found
        return found

    return reader


@pytest.fixture
def reason(read_bytes: Reader) -> Callable[..., str]:
    """Write bytes under a name and return why they cannot be read."""

    def reader(name: str, data: bytes | str, **options: object) -> str:
        (found,) = read_bytes(name, data, **options)
        assert isinstance(found, Failure), found
        assert name in found.source
        return found.reason

    return reader
