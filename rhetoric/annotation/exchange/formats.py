"""Every exchange format: what it is called, which module reads and writes it, and what it cannot carry."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from rhetoric.annotation.exchange.finish import SPANS_ONLY, shows_codes
from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import Found
from rhetoric.ingest.sources import LINES
from rhetoric.record import ContrastPair, FramingInstance, Metaphor, Passage, Record

# The fields of a record (corpora/record.md) that a format carries or not: its own, and those of what it holds.
_OWN: Final = ("id", "text", "meta", "pipeline")
_HELD: Final[dict[str, dict[str, Any]]] = {
    "passages": Passage.__annotations__,
    "framing": FramingInstance.__annotations__,
    "contrasts": ContrastPair.__annotations__,
    "metaphors": Metaphor.__annotations__,
}
FIELDS: Final = (*_OWN, *(f"{kind}.{name}" for kind, names in _HELD.items() for name in names))
_SCORES: Final = ("framing.score", "contrasts.score", "metaphors.score")


@dataclass(frozen=True)
class Format:
    """A format: its ``name`` on the command line, and the ``tool`` it is of.

    ``shape`` says what a path of it is: "file", "folder", or "either", where the ending decides. ``lost`` are the
    fields that it cannot carry; ``rounded`` those of which it carries the yes and no, not the probability.
    """

    name: str
    tool: str
    shape: str
    suffixes: tuple[str, ...]
    lost: tuple[str, ...] = ()
    rounded: tuple[str, ...] = ()

    def write(self, records: Iterable[Record], path: str | Path, lost: Counter[str]) -> None:
        """Write records to ``path``, which must not be there yet; count in ``lost`` what cannot be carried.

        Raises RhetoricError where it cannot be written.
        """
        self._module().write(self._counted(records, lost), Path(path), lost)

    def read(self, path: str | Path, most: int, lost: Counter[str]) -> Iterator[Found]:
        """Yield the records that ``path`` holds, and failures; ``most`` is the largest document, in bytes.

        Count in ``lost`` what cannot be taken. Raises SourceError where nothing further can be read.
        """
        found: Iterator[Found] = self._module().read(Path(path), most, lost)
        return found

    def _module(self) -> Any:  # noqa: ANN401 - one that has the two functions
        return import_module(f"rhetoric.annotation.exchange.{self.name.replace('-', '_')}")

    def _counted(self, records: Iterable[Record], lost: Counter[str]) -> Iterator[Record]:
        for record in records:
            for field in self.lost:
                lost[field] += sum(1 for _ in _values(record, field))
            for field in self.rounded if shows_codes(record) else ():
                lost[f"{field} (rounded to yes or no)"] += sum(each not in (0, 1) for each in _values(record, field))
            if self.name != "jsonl":
                lost["further fields"] += _further(
                    record, {*_HELD} - ({"passages"} if self.name in SPANS_ONLY else set())
                )
            yield record


def _further(record: Record, kinds: Iterable[str]) -> int:
    """Return how many fields a record, and what it holds of ``kinds``, has that ``corpora/record.md`` does not name."""
    whole: dict[str, Any] = {**record}
    further = len(whole.keys() - {*_OWN, *_HELD})
    return further + sum(len(item.keys() - _HELD[kind].keys()) for kind in kinds for item in whole[kind])


def _values(record: Record, field: str) -> Iterator[Any]:
    """Yield each value of a field that a record holds."""
    whole: dict[str, Any] = {**record}
    kind, _, name = field.partition(".")
    if not name:
        yield whole[kind]
        return
    for item in whole[kind]:
        value = item.get(name)
        if isinstance(value, dict):
            yield from value.values()
        elif value is not None:
            yield value


_EMBEDDING: Final = "passages.embedding"
_SENTENCES: Final = "passages.sentences"
_GOLD_ROUNDED: Final = ("passages.about", "passages.frames", "passages.custom")
FORMATS: Final = {
    each.name: each
    for each in (
        Format("jsonl", "records", "file", LINES),
        Format("docbin", "spaCy", "either", (".spacy",), lost=(_SENTENCES,)),
        Format("prodigy", "Prodigy", "file", (".jsonl",)),
        Format("label-studio", "Label Studio", "folder", (), lost=(_EMBEDDING, _SENTENCES)),
        Format("doccano", "doccano", "file", (".jsonl",), lost=("framing.explicit", *_SCORES)),
        Format("brat", "brat", "folder", (), lost=(_EMBEDDING, _SENTENCES)),
        Format("inception", "INCEpTION", "folder", (), lost=(_EMBEDDING, _SENTENCES)),
        Format("csv", "CSV", "either", (".csv",)),
        Format("parquet", "Parquet", "either", (".parquet",)),
        Format(
            "gold",
            "the gold",
            "file",
            (".jsonl",),
            lost=("pipeline", "passages.framing_score", _EMBEDDING, _SENTENCES, *_SCORES),
            rounded=_GOLD_ROUNDED,
        ),
    )
}


def get_format(name: str) -> Format:
    """Return the format of that name; raises RhetoricError where there is none."""
    if name not in FORMATS:
        raise RhetoricError(f"There is no format {name!r}. Choose one of: {', '.join(FORMATS)}.")
    return FORMATS[name]
