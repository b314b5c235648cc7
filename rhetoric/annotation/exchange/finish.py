"""The last step of every import: a record is checked, and its text cleaned as ingest cleans texts."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final, cast

from rhetoric.annotation.exchange.files import Located, said
from rhetoric.annotation.exchange.offsets import cleaned
from rhetoric.errors import SourceError
from rhetoric.ingest.document import Failure, Found, json_able, make_document, normalise
from rhetoric.labels import FRAMING_PARTS
from rhetoric.record import Pipeline, Range, Record

Fields = dict[str, Any]
Make = Callable[[Any, Counter[str]], Iterable[Fields]]
Place = Callable[[Range, str], Range]  # checks a range of the text as it was, and gives that of the cleaned text
ITEMS: Final = ("passages", "framing", "contrasts", "metaphors")
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
    """Return a record of ``fields``, checked and cleaned; raises ValueError that names the field.

    Offsets follow the text where cleaning changes it. Passages are put in order. A framing instance without any
    span, which nothing could show, is left out and counted in ``lost``.
    """
    made = _checked(fields)
    text = made["text"]
    if not text.strip():
        raise ValueError("text: there is no text here, only space")
    clean, move = cleaned(text)

    def place(span: Range, where: str) -> Range:
        start, end = span
        if not 0 <= start <= end <= len(text):
            raise ValueError(f"{where} is [{start}, {end}], which lies outside a text of {len(text)} characters")
        return [move(start), move(end)]

    for name in ITEMS:
        for at, item in enumerate(made[name]):
            _place_all(item, f"{name}[{at}]", place)
            made[name][at] = _with_further(item, fields[name][at])
    made["passages"].sort(key=lambda passage: (passage["start"], passage["end"]))
    shown = [instance for instance in made["framing"] if any(instance[part] for part in FRAMING_PARTS)]
    lost["framing instances without any span"] += len(made["framing"]) - len(shown)
    document = make_document(clean, made["meta"], made["id"])
    made |= {"id": document.id, "text": clean, "meta": document.meta, "framing": shown}
    return cast("Record", _with_further({**made, "pipeline": json_able(made["pipeline"])}, fields))


@cache
def _shape() -> Any:  # noqa: ANN401 - a TypeAdapter
    from pydantic import TypeAdapter

    return TypeAdapter(Record)


def _checked(fields: Fields) -> Fields:
    """Return those of the fields that a record has, if each is what it should be, in new lists and dicts."""
    from pydantic import ValidationError

    try:
        return cast("Fields", _shape().validate_python(fields, strict=True))
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        where = "".join(f"[{at}]" if isinstance(at, int) else f".{at}" for at in wrong["loc"]).removeprefix(".")
        if wrong["type"] == "missing":
            raise ValueError(f"the field {where} is missing") from error
        what = wrong["msg"].replace("Input", "it", 1)
        raise ValueError(f"{where or 'this'} is {repr(wrong['input'])[:40]}: {what}") from error


def _place_all(item: Fields, where: str, place: Place) -> None:
    """Place every range of an item, and clean the labels in it that may be the user's own, of any characters."""
    if "start" in item:
        item["start"], item["end"] = place([item["start"], item["end"]], where)
    for name, value in item.items():
        if name in ("a", "b", "span"):
            item[name] = place(value, f"{where}.{name}")
        elif name in FRAMING_PARTS:
            item[name] = [place(each, f"{where}.{name}[{at}]") for at, each in enumerate(value)]
        elif name in ("frames", "custom", "sentences"):
            for label, each in value.items() if name == "sentences" else ():
                _place_all(each, f"{where}.sentences.{label}", place)
            item[name] = {normalise(label): each for label, each in value.items()}


def _with_further(made: Fields, item: Fields) -> Fields:
    return {**made, **json_able({name: value for name, value in item.items() if name not in made})}
