"""The process that parses one PDF: bytes on stdin, a JSON object on stdout. It holds no other state, and may die.

Run as a file, not imported: it knows nothing of the package, so it starts as fast as pypdf does.
"""

import io
import json
import logging
import sys
from collections import Counter
from functools import partial
from math import hypot
from typing import Any

MEMORY = 2 * 1024**3  # bytes of address space


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows: the time limit has to do
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ValueError, OSError):  # a lower limit is in force already, or the platform has none
        return


def extract(stream: Any, max_chars: int) -> dict[str, Any]:  # noqa: ANN401 - a binary stream, of whatever class
    """Return ``{"pages": [text], "sizes": [[size of the type in each line]], "meta": {...}}``, or ``{"error": reason}``
    with one of a few words or a sentence.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

    try:
        reader = PdfReader(stream)
        if reader.is_encrypted and not reader.decrypt(""):
            return {"error": "encrypted"}
        pages: list[str] = []
        sizes: list[list[float]] = []
        for page in reader.pages:
            at: list[float] = []  # of each character
            pages.append(page.extract_text(visitor_text=partial(_measure, at)))
            sizes.append(_of_lines(pages[-1], at))
            if sum(map(len, pages)) > max_chars:
                return {"error": "long"}
        return {"pages": pages, "sizes": sizes, "meta": _meta(reader)}
    except (FileNotDecryptedError, WrongPasswordError):
        return {"error": "encrypted"}
    except DependencyError:
        return {"error": "cryptography"}
    except MemoryError:
        return {"error": "memory"}
    except RecursionError:
        return {"error": "its objects are nested too deeply"}
    except Exception as error:  # pypdf raises whatever it stumbles over
        return {"error": f"{type(error).__name__}: {error}"[:200]}


def _measure(at: list[float], text: str, page: Any, line: Any, font: Any, size: float) -> None:  # noqa: ANN401
    """Note for each character of a piece how large it is set, given the matrices that scale it."""
    at += [round(size * hypot(*line[2:4]) * hypot(*page[2:4]), 1)] * len(text)


def _of_lines(text: str, at: list[float]) -> list[float]:
    """Return the commonest size of each line."""
    sizes, end = [], 0
    for line in text.splitlines(keepends=True):
        begin, end = end, end + len(line)
        sizes.append(Counter(at[begin:end]).most_common(1)[0][0] if end <= len(at) else 0.0)
    return sizes


def _meta(reader: Any) -> dict[str, str]:  # noqa: ANN401 - pypdf is not imported at module level
    try:
        info = reader.metadata
        created = info.creation_date if info else None
        found = {"title": info.title, "author": info.author} if info else {}
    except Exception:  # a damaged date is no reason to lose the text
        return {}
    found["date"] = created.date().isoformat() if created else None
    return {key: str(value).strip() for key, value in found.items() if value and str(value).strip()}


if __name__ == "__main__":
    _limit_memory()
    logging.disable(logging.CRITICAL)  # pypdf's complaints about sloppy files
    json.dump(extract(io.BytesIO(sys.stdin.buffer.read()), int(sys.argv[1])), sys.stdout)
