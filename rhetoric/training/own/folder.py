"""What is fitted to a user's own coding has in common: the passages it takes, and the folder it is written to."""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from rhetoric.errors import RhetoricError, SourceError, need
from rhetoric.gold import FIELDS, Coded, text_sum
from rhetoric.resources import CORPORA, CUSTOM, DECISIONS, SCORES
from rhetoric.scoring.learned import learned_passages

CARD: Final = "README.md"
_UNSAID: Final = (None, "")  # what stands in a field that names no document: "" in what comes of a table
_DOCUMENT: Final = "slug"  # the field unless another is asked for; without it ids tell the document


def check_extra(library: str = "sklearn") -> None:
    """Raise RhetoricError where ``library`` cannot be imported, scikit-learn or what comes with it."""
    need("Fitting to your own coding needs", "cluster", library)


def check_texts(rows: Sequence[Coded]) -> None:
    """Raise SourceError for a passage without text."""
    for row in rows:
        if not str(row.get("text") or "").strip():
            raise SourceError(str(row["id"]), "this passage has no text.", "Name the folder of its text with --texts.")


def without_copies(rows: Sequence[Coded]) -> tuple[list[Coded], int, int]:
    """Return the passages without those that repeat another, word for word, how many these were, and how many of them
    contradict the first, whose codes are kept. What it was not coded for it gets from its copies.

    A passage that stands in two documents would be learned from one and met in the other.
    """
    kept: dict[str, Coded] = {}
    contradict = 0
    for row in rows:
        words = " ".join(row["text"].split()).casefold()
        first = kept.setdefault(words, row)
        if first is not row:
            # Spans count in the very text; frames are of its words, however they are spaced.
            names = [name for name in FIELDS if name in row and (name == "frames" or row["text"] == first["text"])]
            theirs: Coded = {name: row[name] for name in names}
            both = {**theirs, **first}
            if "frames" in names:
                both["frames"] = {**row["frames"], **first.get("frames", {})}
                theirs["frames"] = {**both["frames"], **row["frames"]}  # what a copy was not coded for is no other code
            contradict += any(both[name] != code for name, code in theirs.items())
            kept[words] = both
    return list(kept.values()), len(rows) - len(kept), contradict


def check_document(rows: Sequence[Coded], field: str) -> None:
    """Raise RhetoricError where a ``field`` that was asked for names the document of no passage: each would be taken
    for a document of its own, and nothing be held out.
    """
    if field != _DOCUMENT and all(row.get(field) in _UNSAID for row in rows):
        raise RhetoricError(f"No passage has a field {field!r}. --document names the field that tells its document.")


def document_of(row: Coded, field: str) -> str:
    """Return the name of the document that a passage is of."""
    named = row.get(field)
    return str(row["id"]).rpartition("#")[0] or str(row["id"]) if named in _UNSAID else str(named)


def names_documents(rows: Sequence[Coded], field: str) -> bool:
    """Whether any passage tells the document that it is of; else each is taken for one of its own."""
    return any(document_of(row, field) != str(row["id"]) for row in rows)


def trained_on() -> set[str]:
    """Return the checksums of the passages that what ships has learned from."""
    found = set(learned_passages())
    for name in ("authored", "written", "rewritten"):
        with (CORPORA / "gold" / f"{name}.jsonl").open(encoding="utf-8") as lines:
            found |= {text_sum(json.loads(line)["text"]) for line in lines}
    return found


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
def new_folder(base: Path, output: Path, part: str) -> Iterator[Path]:
    """Give a copy of the detectors in ``base``, with an empty folder ``part`` in it, to be changed; at the end it
    replaces ``output``, which until then stays as it is. Raises RhetoricError where it cannot be written.
    """
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=output.parent, prefix=f".{output.name}-") as place:
            whole = Path(place) / "detectors"
            shutil.copytree(base, whole, ignore=lambda folder, _: [part] if Path(folder) == base else [])
            (whole / part).mkdir()
            yield whole
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


def plain(text: str) -> str:
    """Return others' text so that Markdown takes it for nothing but text in a cell or between backticks."""
    printable = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(printable.translate(str.maketrans("|`<>[]", "/'()()")).split())
