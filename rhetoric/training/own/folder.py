"""The folder that frames and lines of a user's own are written to: the detectors that they were made on, and they."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from rhetoric.errors import RhetoricError
from rhetoric.resources import CUSTOM, DECISIONS, SCORES

CARD: Final = "README.md"


def fitted_to(folder: Path) -> set[str]:
    """Return the checksums of the passages that frames and lines of the user's own in a folder were fitted to."""
    return {sha for part in (CUSTOM, DECISIONS) for sha in read_json(folder / part / SCORES).get("shas", ())}


def read_json(path: Path) -> dict[str, Any]:
    """Return what is in a file that ``write_json`` wrote; nothing where there is none, or it is damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@contextmanager
def new_folder(base: Path, output: Path, part: str, pointer: str) -> Iterator[Path]:
    """Give a copy of the detectors in ``base``, with an empty folder ``part`` in it, to be changed; at the end its card
    gets a ``pointer`` to that, and it replaces ``output``, which until then stays as it is.

    Raises RhetoricError where it cannot be written.
    """
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=output.parent, prefix=f".{output.name}-") as place:
            whole = Path(place) / "detectors"
            shutil.copytree(base, whole, ignore=lambda folder, _: [part] if Path(folder) == base else [])
            (whole / part).mkdir()
            yield whole
            add_pointer(whole, pointer, part)
            if output.exists():
                shutil.rmtree(output)
            whole.rename(output)
    except OSError as error:
        raise RhetoricError(f"{output}: cannot be written ({error.strerror or error}).") from error


def add_pointer(whole: Path, pointer: str, part: str) -> None:
    """Put ``pointer`` on top of the card of a folder, in place of the one to ``part`` that may be there."""
    card = whole / CARD
    text = card.read_text(encoding="utf-8") if card.is_file() else ""
    others = ""
    while text.startswith("> "):
        first, _, text = text.partition("\n\n")
        others += "" if f"({part}/{CARD})" in first else f"{first}\n\n"
    card.write_text(pointer + others + text, encoding="utf-8")


def fill_card(card: str, settings: Mapping[str, Any], source: str, **told: object) -> str:
    """Fill in a card what was ``told``, the encoder in ``settings``, and what the coded passages are called."""
    encoder = str(settings["sha256"]["encoder.onnx"])[:12]
    what = f"`{plain(source)}`" if source else "coded passages"
    return card.format(encoder=encoder, source=what, **told).rstrip() + "\n"


def plain(text: str) -> str:
    """Return others' text so that Markdown takes it for nothing but text in a cell or between backticks."""
    printable = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(printable.translate(str.maketrans("|`<>[]", "/'()()")).split())
