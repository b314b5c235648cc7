"""History: texts kept in a folder of the user's, where the user asked for it, until the user deletes them."""

import json
import re
import secrets
import shutil
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rhetoric.annotation.exchange.finish import BAD, finish
from rhetoric.errors import RhetoricError
from rhetoric.report.safe import excerpt
from rhetoric.report.words import count
from rhetoric.serve.jobs import COMPARED
from rhetoric.serve.tasks import dump

_NAME: Final = re.compile(r"\d{8}-\d{12}-[0-9a-f]{8}")
_RECORDS: Final = "records.jsonl"
_ABOUT: Final = "about.json"
_PART: Final = ".part"  # ends the name of a folder that is not whole yet
_SAID: Final = 200  # characters of what is wrong with a record
SHOWN: Final = 500  # newest ones that are listed


@dataclass(frozen=True)
class Kept:
    """One text in the history, or two that were compared.

    ``name`` is that of its folder, ``made`` says when (UTC, ISO 8601).
    """

    name: str
    title: str
    made: str
    documents: int
    compare: bool


class History:
    """A folder with a folder for each text: ``records.jsonl``, which every command reads, and ``about.json``.

    Nothing in it is touched but what this class has put there.
    """

    def __init__(self, folder: Path) -> None:
        """Open or make the folder; raises RhetoricError where it cannot be written."""
        self.folder = folder.resolve()  # the page tells where it is
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            probe = folder / f".{secrets.token_hex(4)}"
            probe.touch()
            probe.unlink()
            for part in folder.glob(f"*{_PART}"):  # of a server that was killed while it wrote
                if _NAME.fullmatch(part.name.removesuffix(_PART)):
                    _remove(part)
        except OSError as error:
            raise _failed(folder, "written", error) from error

    def keep(self, title: str, records: list[bytes], compare: bool = False) -> Kept:
        """Keep records, each given as JSON; raises RhetoricError where the disk is full or may not be written."""
        now = datetime.now(UTC)
        name = f"{now:%Y%m%d-%H%M%S%f}-{secrets.token_hex(4)}"
        kept = Kept(name, title, now.isoformat(timespec="seconds"), len(records), compare)
        part = self.folder / f"{kept.name}{_PART}"
        try:
            part.mkdir(mode=0o700)
            (part / _RECORDS).write_bytes(b"".join(record + b"\n" for record in records))
            about = {each: value for each, value in asdict(kept).items() if each != "name"}
            (part / _ABOUT).write_text(json.dumps(about), encoding="utf-8")
            part.rename(self.folder / kept.name)
        except OSError as error:
            shutil.rmtree(part, ignore_errors=True)
            raise _failed(self.folder, "written", error) from error
        return kept

    def names(self) -> list[str]:
        """Return the names of all that is kept, the newest first."""
        return sorted((each.name for each in self.folder.glob("*") if _holds_any(each)), reverse=True)

    def all(self) -> list[Kept]:
        """Return what is kept, the newest first; of more than can be listed, the newest."""
        return [kept for name in self.names()[:SHOWN] if (kept := self.about(name))]

    def about(self, name: str) -> Kept | None:
        """Return what is kept under a name; None where nothing says what it is."""
        try:
            about = json.loads((self._place(name) / _ABOUT).read_text(encoding="utf-8"))
            return Kept(name, str(about["title"]), str(about["made"]), int(about["documents"]), bool(about["compare"]))
        except (RhetoricError, OSError, *BAD):
            return None

    def records(self, name: str) -> list[bytes]:
        """Return the records of one text, or the two of a comparison; raises RhetoricError where there is none of that
        name or it is damaged.
        """
        about = self.about(name)
        try:
            lines = (self._place(name) / _RECORDS).read_bytes().splitlines()
            records = [dump(finish(json.loads(line), Counter())) for line in lines]
            if not records or (about and about.compare and len(records) != COMPARED):
                raise ValueError(f"{_RECORDS} holds {count(len(records), 'record')}")
        except OSError as error:
            raise _failed(self.folder / name, "read", error) from error
        except BAD as error:
            raise _failed(self.folder / name / _RECORDS, "read", error) from error
        return records

    def delete(self, name: str) -> None:
        """Delete one text; raises RhetoricError where there is none of that name or it cannot be deleted."""
        place = self._place(name)
        try:
            _remove(place)
        except OSError as error:
            raise _failed(place, "deleted", error) from error

    def delete_all(self) -> None:
        """Delete all that was kept; raises RhetoricError where something cannot be deleted."""
        for name in self.names():
            self.delete(name)

    def _place(self, name: str) -> Path:
        if not _NAME.fullmatch(name) or not (self.folder / name).is_dir():
            raise RhetoricError("There is no such text in the history. It may have been deleted.")
        return self.folder / name


def _holds_any(place: Path) -> bool:
    """Whether a folder holds anything that was kept, damaged or not."""
    return bool(_NAME.fullmatch(place.name)) and ((place / _RECORDS).exists() or (place / _ABOUT).exists())


def _remove(place: Path) -> None:
    """Remove what was kept in a folder, and the folder, unless a file of others is in it, as file managers leave."""
    for name in (_RECORDS, _ABOUT):
        (place / name).unlink(missing_ok=True)
    with suppress(OSError):
        place.rmdir()


def _failed(where: Path, what: str, error: Exception) -> RhetoricError:
    said = getattr(error, "strerror", None) or excerpt(str(error), _SAID)
    return RhetoricError(f"{where}: the history cannot be {what} ({said}).")
