"""The last step of every import: a record is checked field by field, and its text cleaned as ingest cleans texts."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final, cast

from rhetoric.annotation.exchange.files import Located, said
from rhetoric.annotation.exchange.offsets import cleaned
from rhetoric.errors import SourceError
from rhetoric.ingest.document import Failure, Found, json_able, make_document, normalise
from rhetoric.labels import ACTORS, CONTRASTS, COUNTRIES, FRAMING_PARTS, FRAMINGS, ROLES, SOURCES, STANCES, TARGETS
from rhetoric.record import Pipeline, Range, Record

Fields = dict[str, Any]
Make = Callable[[Any, Counter[str]], Iterable[Fields]]
Place = Callable[[Any, str], Range]  # checks a range of the text as it was, and gives that of the cleaned text
IMPORTED: Final = "imported"
SPANS_ONLY: Final = ("prodigy", "doccano")  # tools that show the spans of a record, and keep the rest out of sight
BAD: Final = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OverflowError)


def imported(form: str) -> Pipeline:
    """Return the pipeline of records that no pipeline of ours made, but the tool whose format is ``form``."""
    return {"name": IMPORTED, "version": form, "sha256": ""}


def pick(item: Any, *names: str) -> Fields:  # noqa: ANN401 - a TypedDict, or of JSON
    """Return those of the fields ``names`` that ``item`` has."""
    return {name: item[name] for name in names if name in item}


def shows_codes(record: Record) -> bool:
    """Whether a coder of this record saw what it says of its passages; else that is what the machine said of them."""
    made_by = record["pipeline"]
    return not (made_by["name"] == IMPORTED and made_by["version"] in SPANS_ONLY)


def finish_all(items: Iterable[Located], make: Make, lost: Counter[str], form: str) -> Iterator[Found]:
    """Yield what ``make`` makes of each of ``items``, finished; a Failure for what cannot be read.

    ``make`` gives records whose offsets count code points of their text as it was; they need no id, no metadata, and
    no pipeline where none of ours made them, but the tool whose format is ``form``. It may raise ValueError, KeyError,
    TypeError and the like, which say what is wrong with the item.
    """
    for where, item in items:
        try:
            if isinstance(item, SourceError):
                raise item
            for fields in make(item, lost):
                yield finish(_whole(fields, form), lost)
        except SourceError as error:
            yield Failure.of(error)
        except BAD as error:
            what = f"the field {error} is missing" if isinstance(error, KeyError) else said(error)
            yield Failure(_id_of(item), where, f"{what}.")


def _whole(fields: Fields, form: str) -> Fields:
    made = {"meta": {}, "pipeline": imported(form), **fields}
    return made if "id" in made else {**made, "id": make_document(str(made.get("text", ""))).id}


def _id_of(item: Any) -> str | None:  # noqa: ANN401 - JSON is of any type
    found = item.get("id") if isinstance(item, Mapping) else None
    return found if isinstance(found, str) else None


def finish(fields: Fields, lost: Counter[str]) -> Record:
    """Return a record of ``fields``, checked and cleaned; raises ValueError or TypeError that name the field.

    Offsets follow the text where cleaning changes it. Passages are put in order. A framing instance without any
    span, which nothing could show, is left out and counted in ``lost``.
    """
    text = _of(fields, "text", str)
    if not text.strip():
        raise ValueError("text: there is no text here, only space")
    clean, move = cleaned(text)
    document = make_document(clean, _of(fields, "meta", dict), _of(fields, "id", str))
    pipeline = _of(fields, "pipeline", dict)

    def place(value: Any, where: str) -> Range:  # noqa: ANN401
        if not isinstance(value, list) or len(value) != 2 or not all(type(each) is int for each in value):
            raise ValueError(f"{where} is {str(value)[:40]!r}, not a range [start, end)")
        start, end = value
        if not 0 <= start <= end <= len(text):
            raise ValueError(f"{where} is [{start}, {end}], which lies outside a text of {len(text)} characters")
        return [move(start), move(end)]

    made: Fields = {"id": document.id, "text": clean, "meta": document.meta}
    for name, check in (
        ("passages", _passage),
        ("framing", _framing),
        ("contrasts", _contrast),
        ("metaphors", _metaphor),
    ):
        items = _of(fields, name, list)
        made[name] = [_with_further(check(item, f"{name}[{at}]", place), item) for at, item in enumerate(items)]
    made["passages"].sort(key=lambda passage: (passage["start"], passage["end"]))
    shown = [instance for instance in made["framing"] if any(instance[part] for part in FRAMING_PARTS)]
    lost["framing instances without any span"] += len(made["framing"]) - len(shown)
    made["framing"] = shown
    made_by = {name: _of(pipeline, name, str, "pipeline") for name in ("name", "version", "sha256")}
    if "parts" in pipeline:
        parts = _of(pipeline, "parts", dict, "pipeline")
        made_by["parts"] = {part: _of(parts, part, str, "pipeline.parts") for part in parts}
    made["pipeline"] = json_able(made_by)
    return cast("Record", _with_further(made, fields))


def _with_further(made: Fields, item: Fields) -> Fields:
    return {**made, **json_able({name: value for name, value in item.items() if name not in made})}


def _passage(item: Any, where: str, place: Place) -> Fields:  # noqa: ANN401
    frames, portrayal = _by_label(item, "frames", where, _chance), _of(item, "portrayal", dict, where)
    made: Fields = {
        **_stretch(item, where, place),
        "about": _share(item, "about", where),
        "framing": _label(item, "framing", FRAMINGS, where),
        "framing_score": _share(item, "framing_score", where),
        "frames": frames,
        "portrayal": {country: _portrayal(portrayal, country, where) for country in portrayal},
    }
    if "custom" in item:
        made["custom"] = _by_label(item, "custom", where, _custom)
    if "sentences" in item:
        made["sentences"] = _by_label(item, "sentences", where, partial(_sentence, place=place))
    if "embedding" in item:
        made["embedding"] = [_number(each, f"{where}.embedding") for each in _of(item, "embedding", list, where)]
    return made


def _portrayal(portrayal: Fields, country: Any, where: str) -> Fields:  # noqa: ANN401
    _label({"portrayal": country}, "portrayal", COUNTRIES, where)
    told, where = _of(portrayal, country, dict, f"{where}.portrayal"), f"{where}.portrayal.{country}"
    return {"role": _label(told, "role", ROLES, where), "stance": _label(told, "stance", STANCES, where)}


def _custom(item: Any, where: str) -> Fields:  # noqa: ANN401
    present = _of(item, "present", bool, where)
    return {"score": _share(item, "score", where), "present": present}


def _sentence(item: Any, where: str, place: Place) -> Fields:  # noqa: ANN401
    return {**_stretch(item, where, place), "without": _share(item, "without", where)}


def _framing(item: Any, where: str, place: Place) -> Fields:  # noqa: ANN401
    made: Fields = {part: _ranges(item, part, where, place) for part in FRAMING_PARTS}
    made |= {"actor": _label(item, "actor", ACTORS, where), "explicit": _of(item, "explicit", bool, where)}
    return {**made, "score": _share(item, "score", where)}


def _contrast(item: Any, where: str, place: Place) -> Fields:  # noqa: ANN401
    made: Fields = {"label": _label(item, "label", CONTRASTS, where)}
    made |= {side: place(_of(item, side, list, where), f"{where}.{side}") for side in ("a", "b")}
    return {**made, "cue": _ranges(item, "cue", where, place), "score": _share(item, "score", where)}


def _metaphor(item: Any, where: str, place: Place) -> Fields:  # noqa: ANN401
    span = place(_of(item, "span", list, where), f"{where}.span")
    made: Fields = {"span": span, "live": _of(item, "live", bool, where), "score": _share(item, "score", where)}
    for name, labels in (("source", SOURCES), ("target", TARGETS)):
        if name in item:
            made[name] = _label(item, name, labels, where)
    return made


def _of(item: Any, name: str, kind: type, where: str = "") -> Any:  # noqa: ANN401
    """Return a field of ``item`` of one type; a whole number is no truth value."""
    if not isinstance(item, dict):
        raise TypeError(f"{where or 'this'} is a {type(item).__name__}, not a JSON object")
    place = f"{where}.{name}" if where else name
    if name not in item:
        raise ValueError(f"the field {place} is missing")
    value = item[name]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{place} is a {type(value).__name__}, not a {kind.__name__}")
    return value


def _number(value: Any, where: str) -> float:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= sys.float_info.max:
        raise ValueError(f"{where} is {str(value)[:40]!r}, not a number")
    return value


def _chance(value: Any, where: str) -> float:  # noqa: ANN401
    if not 0 <= _number(value, where) <= 1:
        raise ValueError(f"{where} is {value}, not between 0 and 1")
    return cast("float", value)


def _share(item: Any, name: str, where: str) -> float:  # noqa: ANN401
    return _chance(item.get(name), f"{where}.{name}")


def _by_label(item: Any, name: str, where: str, make: Callable[[Any, str], Any]) -> Fields:  # noqa: ANN401
    """Return a field that says something of labels, which may be the user's own: of any characters."""
    told = _of(item, name, dict, where)
    return {normalise(str(label)): make(each, f"{where}.{name}.{label}") for label, each in told.items()}


def _label(item: Any, name: str, labels: Iterable[Any], where: str) -> Any:  # noqa: ANN401
    value = item.get(name)
    if not any(value == each and type(value) is type(each) for each in labels):
        raise ValueError(f"{where}.{name} is {str(value)[:40]!r}, not one of {', '.join(map(str, labels))}")
    return value


def _stretch(item: Any, where: str, place: Place) -> Fields:  # noqa: ANN401
    start, end = place([_of(item, "start", int, where), _of(item, "end", int, where)], where)
    return {"start": start, "end": end}


def _ranges(item: Any, part: str, where: str, place: Place) -> list[Range]:  # noqa: ANN401
    return [place(each, f"{where}.{part}[{at}]") for at, each in enumerate(_of(item, part, list, where))]
