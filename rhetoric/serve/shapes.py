"""What the API takes and gives. The shapes of the toolkit's own types are said once, in the types themselves."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Final, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from fastapi import Depends, File, Form, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from rhetoric.record import Record
from rhetoric.report.evidence import Evidence
from rhetoric.report.trust import Measured
from rhetoric.scoring import Scorecard


@cache
def shape_of(kind: Any) -> Any:  # noqa: ANN401 - types of all sorts
    """Return ``kind`` with every dataclass and TypedDict in it as a TypedDict that pydantic takes on any Python."""
    if is_typeddict(kind) or is_dataclass(kind):
        hints = get_type_hints(kind, include_extras=True)
        names = [field.name for field in fields(kind)] if is_dataclass(kind) else list(hints)
        return make_shape(kind.__name__, {name: shape_of(hints[name]) for name in names})
    origin, arguments = get_origin(kind), tuple(shape_of(each) for each in get_args(kind))
    if origin in (Union, types.UnionType):
        return Union[arguments]  # noqa: UP007 - made of a tuple
    if origin in (list, dict, tuple, Mapping):
        return (dict if origin is Mapping else origin)[arguments]
    return NotRequired[arguments[0]] if origin is NotRequired else kind


def make_shape(name: str, entries: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return a TypedDict of these entries."""
    maker: Any = TypedDict  # a name and entries that are computed are beyond what type checkers follow
    return maker(name, entries)


_TRUSTED: Any = make_shape("Trusted", {**shape_of(Measured).__annotations__, "phrase": str})
SCORED: Any = make_shape(
    "Scored",
    {
        **shape_of(Scorecard).__annotations__,
        "off_topic": bool,
        "evidence": shape_of(Evidence),
        "trust": dict[str, _TRUSTED],
        "trust_notes": list[str],
        "bars": dict[str, float],
        "warnings": list[str],
    },
)
RECORD: Any = shape_of(Record)
_FAILURE: Any = make_shape("Failure", {"id": str | None, "source": str, "error": str})
_OTHERS: Final[dict[str, Any]] = {"failures": list[_FAILURE], "more": bool}
SCORED_FILE: Any = make_shape("ScoredFile", {"documents": list[SCORED], **_OTHERS})
RECORD_FILE: Any = make_shape("RecordFile", {"documents": list[RECORD], **_OTHERS})


_TEXT_FIELD: Final = "The column of the text in tables and JSON; if empty: text."
_ID_FIELD: Final = "The column of the id in tables and JSON; if empty: id, where there is one."


class Text(BaseModel):
    """One text, pasted or at a web address; give ``text`` or ``url``, not both."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field("", description="The text itself.", examples=["This is not a race but a relay."])
    url: str = Field("", description="An http or https address of a page or file that holds one text.")
    title: str = Field("", description="What to call it.")
    text_field: str = Field("", description=_TEXT_FIELD)
    id_field: str = Field("", description=_ID_FIELD)
    force: bool = Field(False, description="Go on with text that is not English.")


class TextToScore(Text):
    """One text to score."""

    every_passage: bool = Field(False, description="Count passages that are not about AI between states too.")


_Sent = Annotated[
    UploadFile,
    File(description="Text, Markdown, HTML, PDF, Word (docx), JSON lines, JSON, CSV, TSV or Parquet."),
]
_Title = Annotated[str, Form(description="What to call it.")]
_TextField = Annotated[str, Form(description=_TEXT_FIELD)]
_IdField = Annotated[str, Form(description=_ID_FIELD)]
_Force = Annotated[bool, Form(description="Go on with text that is not English.")]
Every = Annotated[bool, Form(description="Count passages that are not about AI between states too.")]


def _form(
    file: _Sent, title: _Title = "", text_field: _TextField = "", id_field: _IdField = "", force: _Force = False
) -> dict[str, Any]:
    """Return what was sent as a form of a page would have it."""
    named = {"title": title, "text_field": text_field, "id_field": id_field}
    return {"file": file, "force": "yes" if force else "", **named}


FileForm = Annotated[dict[str, Any], Depends(_form)]


class ProblemDetails(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


_DETAILS: Final = {"application/problem+json": {"schema": ProblemDetails.model_json_schema()}}
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": said, "content": _DETAILS}
    for status, said in (
        (413, "More than the server takes."),
        (422, "The text cannot be read or analysed, or the request is not valid."),
        (503, "Too many texts are waiting."),
    )
}
