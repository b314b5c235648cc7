"""spaCy: a DocBin, with the toolkit's span groups and extension attributes, so that doc.spans["contrast"] is there.

Offsets of attributes (``a``, ``b``, ``account`` ...) are code points of ``doc.text``; spans are of tokens, those of
spaCy's English, cut further where a span begins or ends within one. spaCy keeps attributes by the stretch that a span
covers, so of two items of a kind on the same stretch only the first is carried. Id, metadata and pipeline are in
``doc.user_data["rhetoric"]``. A path that ends in .spacy is one file; another one a folder of files of 1,000 documents.
"""

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from rhetoric.annotation.exchange.files import Located, find_files, new_file, new_folder, read_bytes, said, too_large
from rhetoric.annotation.exchange.finish import Fields, finish_all, pick
from rhetoric.annotation.exchange.tokens import Tokens, cut, english
from rhetoric.errors import SourceError, say_size
from rhetoric.ingest.document import Found
from rhetoric.labels import FRAMING_PARTS
from rhetoric.record import Range, Record

if TYPE_CHECKING:
    from spacy.tokens import Doc, DocBin, Span

SUFFIX: Final = ".spacy"
_EACH: Final = 1_000  # documents of a file in a folder
_MOST: Final = 50  # bytes of a file unpacked, for each byte that --max-bytes allows a document
# The attribute that holds each field of an item, in each group of spans.
ATTRIBUTES: Final[dict[str, dict[str, str]]] = {
    "passage": {
        name: name for name in ("about", "framing", "framing_score", "frames", "portrayal", "custom", "embedding")
    },
    "framing": {
        **{name: name for name in ("account", "machinery", "actor", "explicit")},
        "cue": "framing_cue",
        "score": "framing_score",
    },
    "contrast": {"a": "a", "b": "b", "cue": "contrast_cue", "score": "contrast_score"},
    "metaphor": {"live": "live", "source": "source", "target": "target", "score": "metaphor_score"},
}
_LISTS: Final = {"passage": "passages", "framing": "framing", "contrast": "contrasts", "metaphor": "metaphors"}


def register() -> None:
    """Make the extension attributes known to spaCy: ``span._.a`` and the rest."""
    import rhetoric.pipeline.contrast
    import rhetoric.pipeline.custom
    import rhetoric.pipeline.encoder
    import rhetoric.pipeline.frames
    import rhetoric.pipeline.framing
    import rhetoric.pipeline.metaphor  # noqa: F401


def write(records: Iterable[Record], path: Path, lost: Counter[str]) -> None:
    """Write one file, or a folder of files part-00000.spacy and so on."""
    register()
    if path.suffix.lower() == SUFFIX:
        with new_file(path) as stream:
            stream.write(_bin(records, lost).to_bytes())
        return
    rest = iter(records)
    with new_folder(path) as folder:
        number = 0
        while batch := list(islice(rest, _EACH)):
            (folder / f"part-{number:05d}{SUFFIX}").write_bytes(_bin(batch, lost).to_bytes())
            number += 1


def _bin(records: Iterable[Record], lost: Counter[str]) -> "DocBin":
    from spacy.tokens import DocBin

    return DocBin(docs=(make_doc(record, lost) for record in records), store_user_data=True)


def make_doc(record: Record, lost: Counter[str]) -> "Doc":
    """Return a record as spaCy has documents; what it cannot hold is counted in ``lost``."""
    from spacy.tokens import Doc

    text, whole = record["text"], cast("Fields", record)
    covered = {group: [(item, _cover(group, item)) for item in whole[_LISTS[group]]] for group in ATTRIBUTES}
    tokens = cut(text, [cover for items in covered.values() for _, cover in items if cover[0] < cover[1]])
    doc = Doc(english().vocab, [text[start:end] for start, end in tokens.ranges], tokens.spaces)
    doc.user_data["rhetoric"] = {
        "id": record["id"],
        "meta": _packable(record["meta"], lost),
        "pipeline": record["pipeline"],
    }
    for group, items in covered.items():
        found: dict[tuple[int, ...], Span] = {}
        for item, cover in items:
            if cover[0] >= cover[1]:
                lost["ranges without a character"] += 1
            elif tuple(cover) in found:
                lost[f"{_LISTS[group]} that cover the same stretch as another"] += 1
            else:
                found[tuple(cover)] = _span(doc, group, item, tokens, cover, lost)
        doc.spans[group] = [*found.values()]
    return doc


def _packable(meta: Any, lost: Counter[str]) -> Any:  # noqa: ANN401 - of any type
    """Return metadata with whole numbers that no 64 bits hold, and hence no DocBin, as text."""

    def whole(digits: str) -> int | str:
        number = int(digits)
        lost["numbers of more than 64 bits, written as text"] += (large := number.bit_length() > 63)
        return digits if large else number

    return json.loads(json.dumps(meta), parse_int=whole)


def _cover(group: str, item: Any) -> Range:  # noqa: ANN401 - one of four TypedDicts
    if group == "passage":
        spans = [[item["start"], item["end"]]]
    elif group == "framing":
        spans = [span for part in FRAMING_PARTS for span in item[part]]
    else:
        spans = [item["span"]] if group == "metaphor" else [item["a"], item["b"], *item["cue"]]
    return [min((start for start, _ in spans), default=0), max((end for _, end in spans), default=0)]


def _span(doc: "Doc", group: str, item: Fields, tokens: Tokens, cover: Range, lost: Counter[str]) -> "Span":
    from spacy.tokens import Span

    labels = {
        "passage": item.get("framing", ""),
        "framing": "unmasking" if item.get("account") and item.get("machinery") else "partial",
        "contrast": item.get("label", ""),
        "metaphor": "live" if item.get("live") else "metaphor",
    }
    first, after = tokens.of(*cover)
    span = Span(doc, first, after, label=labels[group])
    for name, attribute in ATTRIBUTES[group].items():
        if name in item:
            if getattr(span._, attribute) not in (None, item[name]):  # a passage and an instance that fills it
                lost["framing.score beside another framing_score of the same stretch"] += 1
            else:
                span._.set(attribute, item[name])
    return span


def read(path: Path, most: int, lost: Counter[str]) -> Iterator[Found]:
    """Yield the record of each document of a DocBin, or of those in a folder; any DocBin with our groups will do."""
    register()
    return finish_all(_documents(path, most), _take, lost, "docbin")


def _documents(path: Path, most: int) -> Iterator[Located]:
    from spacy.tokens import DocBin

    for place in find_files(path, SUFFIX) if path.is_dir() else [path]:
        try:
            data = read_bytes(place, _MOST * most)
            _check_size(place, data, _MOST * most)
            docs = DocBin(store_user_data=True).from_bytes(data).get_docs(english().vocab)
            for number, doc in enumerate(docs, 1):
                yield f"{place} document {number}", doc
        except SourceError as error:
            yield error.where, error
        except Exception as error:  # spaCy and msgpack raise whatever comes up in a file that is none
            yield str(place), SourceError(str(place), f"cannot be read as a DocBin ({said(error)}).")


def _check_size(place: Path, data: bytes, most: int) -> None:
    """Raise SourceError for a file that unpacks to more than ``most`` bytes."""
    unpacker, total, rest = zlib.decompressobj(), 0, data
    while rest and not unpacker.eof:
        total += len(unpacker.decompress(rest, 1 << 20))
        rest = unpacker.unconsumed_tail
        if total > most:
            raise too_large(str(place), f"this file unpacks to more than {say_size(most)}.")


def _take(doc: "Doc", lost: Counter[str]) -> Iterator[Fields]:
    own = doc.user_data.get("rhetoric") or {}
    made: Fields = _listed(pick(own, "id", "meta", "pipeline"))
    made["text"] = doc.text
    for group, names in ATTRIBUTES.items():
        made[_LISTS[group]] = items = []
        for span in doc.spans.get(group, []):
            told = {name: _listed(value) for name, at in names.items() if (value := getattr(span._, at)) is not None}
            if group == "passage":
                told |= {"start": span.start_char, "end": span.end_char}
            elif group == "contrast":
                told["label"] = span.label_
            elif group == "metaphor":
                told["span"] = [span.start_char, span.end_char]
            items.append(told)
    yield made


def _listed(value: Any) -> Any:  # noqa: ANN401 - msgpack gives tuples for lists
    if isinstance(value, (tuple, list)):
        return [_listed(each) for each in value]
    return {name: _listed(each) for name, each in value.items()} if isinstance(value, dict) else value
