"""The JSON API: the same work for programs, described by OpenAPI."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, File, Form, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from rhetoric.ingest import Failure
from rhetoric.record import FailureRecord, Record
from rhetoric.report.evidence import Evidence
from rhetoric.report.trust import Measured
from rhetoric.scoring import Scorecard
from rhetoric.serve import tasks
from rhetoric.serve.asked import Wrong, ask
from rhetoric.serve.desk import Desk
from rhetoric.serve.problems import Problem
from rhetoric.serve.shapes import make_shape, shape_of
from rhetoric.serve.words import in_api

_READ_THESE: Final = "Text, Markdown, HTML, PDF, Word (docx), JSON lines, JSON, CSV, TSV or Parquet."
_TRUSTED: Any = make_shape("Trusted", {**shape_of(Measured).__annotations__, "phrase": str})
_SCORED: Any = make_shape(
    "Scored",
    {
        **shape_of(Scorecard).__annotations__,
        "off_topic": bool,
        "evidence": shape_of(Evidence),
        "trust": dict[str, _TRUSTED],
        "trust_notes": list[str],
        "warnings": list[str],
    },
)
_RECORD: Any = shape_of(Record)
_FAILURE: Any = shape_of(FailureRecord)


class Text(BaseModel):
    """One text, pasted or at a web address; give ``text`` or ``url``, not both."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field("", description="The text itself.", examples=["This is not a race but a relay."])
    url: str = Field("", description="An http or https address of a page or file that holds one text.")
    title: str = Field("", description="What to call it.")
    force: bool = Field(False, description="Go on with text that is not English.")


class TextToScore(Text):
    """One text to score."""

    every_passage: bool = Field(False, description="Count passages that are not about AI between states too.")


Force = Annotated[bool, Form(description="Go on with text that is not English.")]
Every = Annotated[bool, Form(description="Count passages that are not about AI between states too.")]
Column = Annotated[str, Form(description="The column of tables and JSON that it stands in.")]


def _form(
    file: Annotated[UploadFile, File(description=_READ_THESE)],
    title: Annotated[str, Form(description="What to call it.")] = "",
    text_field: Column = "",
    id_field: Column = "",
    force: Force = False,
) -> dict[str, Any]:
    """Return what a form asks for, as the form of a page would."""
    fields = {"title": title, "text_field": text_field, "id_field": id_field}
    return {"file": file, "force": "yes" if force else "", **fields}


FileForm = Annotated[dict[str, Any], Depends(_form)]


class ProblemDetails(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


_DETAILS: Final = {"application/problem+json": {"schema": ProblemDetails.model_json_schema()}}
_PROBLEM: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": said, "content": _DETAILS}
    for status, said in (
        (413, "More than the server takes."),
        (422, "The text cannot be read or analysed, or the request is not valid."),
        (503, "Too many texts are waiting."),
    )
}
_SEVERAL: Final = "It holds several documents. Send such a file to the address that ends in /file."


def make_api(desk: Desk) -> APIRouter:
    """Return the routes of the API."""
    routes = APIRouter(prefix="/api", responses=_PROBLEM)

    @routes.post("/score", response_model=_SCORED, summary="Score one text")
    async def score(body: TextToScore) -> Response:
        """Return the scorecard of a text, with its evidence and how far each number can be trusted."""
        return _json(await _score(desk, await _one(desk, body), body.every_passage))

    @routes.post("/annotate", response_model=_RECORD, summary="Annotate one text")
    async def annotate(body: Text) -> Response:
        """Return the record of a text: every span that was found, with character offsets into `text`."""
        return _json(await _one(desk, body))

    @routes.post("/score/file", response_model=_answers("ScoredFile", _SCORED), summary="Score a file's texts")
    async def score_file(form: FileForm, every_passage: Every = False) -> Response:
        """Return a scorecard for each of the first documents of a file."""
        records, others = await _many(desk, form)
        scored = [await _score(desk, record, every_passage) for record in records]
        return _json({"documents": scored, **others})

    @routes.post("/annotate/file", response_model=_answers("RecordFile", _RECORD), summary="Annotate a file's texts")
    async def annotate_file(form: FileForm) -> Response:
        """Return a record for each of the first documents of a file."""
        records, others = await _many(desk, form)
        return _json({"documents": records, **others})

    return routes


async def _one(desk: Desk, body: Text) -> Record:
    """Return the record of the one text that is asked for; raises Problem where there is none."""
    form = {"text": body.text, "url": body.url, "title": body.title, "force": "yes" if body.force else ""}
    (found,), _ = await _analysed(desk, form, "This request does not say what is needed", one=True)
    if isinstance(found, Failure):
        raise Problem(422, "This text cannot be read", in_api(f"{found.source}: {found.reason}"))
    return found


async def _many(desk: Desk, form: dict[str, Any]) -> tuple[list[Record], dict[str, Any]]:
    """Return the records of a file, and the rest of an answer: what failed in it, and whether there is more in it."""
    found, more = await _analysed(desk, form, "This file cannot be read")
    failed = [each.to_record() for each in found if isinstance(each, Failure)]
    failures = [{**each, "error": in_api(each["error"])} for each in failed]
    return [each for each in found if not isinstance(each, Failure)], {"failures": failures, "more": more}


async def _analysed(
    desk: Desk, form: dict[str, Any], wrong: str, *, one: bool = False
) -> tuple[list[Record | Failure], bool]:
    """Return what becomes of each document that a form asks for, and whether there are more of them.

    Raises Problem, with ``wrong`` for a title where the form is, and where it has several documents and may have one.
    """
    with desk.place():
        asked = await ask(form, "", desk.settings, desk.folder)
        if isinstance(asked, Wrong):
            raise Problem(422, wrong, in_api(asked.said))
        reading = await desk.read(asked)
        if one and len(reading.found) != 1:
            raise Problem(422, "This is not one text", _SEVERAL)
        return [await desk.analyse(document) for document in reading.found], reading.more


async def _score(desk: Desk, record: Record, every_passage: bool) -> dict[str, Any]:
    scored = await desk.score(record, every_passage)
    return {**scored, "notes": [in_api(note) for note in scored["notes"]]}


def _answers(name: str, each: Any) -> Any:  # noqa: ANN401 - a type made at run time
    return make_shape(name, {"documents": list[each], "failures": list[_FAILURE], "more": bool})


def _json(found: object) -> Response:
    return Response(tasks.dump(found), media_type="application/json")
