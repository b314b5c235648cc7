"""The JSON API: the same work for programs, described by OpenAPI."""

from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from rhetoric.ingest.document import Found, is_analysed, normalise
from rhetoric.record import Record
from rhetoric.serve import shapes, tasks
from rhetoric.serve.asked import Wrong, ask, in_api
from rhetoric.serve.desk import Desk
from rhetoric.serve.problems import NEEDED, Problem

_SEVERAL: Final = "It holds several documents. Send such a file to the address that ends in /file."


def make_api(desk: Desk) -> APIRouter:
    """Return the routes of the API."""
    routes = APIRouter(prefix="/api", responses=shapes.PROBLEMS)

    @routes.post("/score", response_model=shapes.SCORED, summary="Score one text")
    async def score(body: shapes.TextToScore) -> Response:
        """Return the scorecard of a text, with its evidence and how far each number can be trusted."""
        return _json(await desk.score(await _one(desk, body), body.every_passage))

    @routes.post("/annotate", response_model=shapes.RECORD, summary="Annotate one text")
    async def annotate(body: shapes.Text) -> Response:
        """Return the record of a text: every span that was found, with character offsets into `text`."""
        return _json(await _one(desk, body))

    @routes.post("/score/file", response_model=shapes.SCORED_FILE, summary="Score a file's texts")
    async def score_file(form: shapes.FileForm, every_passage: shapes.Every = False) -> Response:
        """Return a scorecard for each of the first documents of a file."""
        records, others = await _many(desk, form)
        scored = [await desk.score(record, every_passage) for record in records]
        return _json({"documents": scored, **others})

    @routes.post("/annotate/file", response_model=shapes.RECORD_FILE, summary="Annotate a file's texts")
    async def annotate_file(form: shapes.FileForm) -> Response:
        """Return a record for each of the first documents of a file."""
        records, others = await _many(desk, form)
        return _json({"documents": records, **others})

    return routes


async def _one(desk: Desk, body: shapes.Text) -> Record:
    """Return the record of the one text that is asked for; raises Problem where there is none."""
    if bool(normalise(body.text).strip()) == bool(normalise(body.url).strip()):
        raise Problem(422, NEEDED, "Give either text or url; a file goes to the address that ends in /file.")
    form = {**body.model_dump(), "force": "yes" if body.force else ""}
    (found,), _ = await _analysed(desk, form, NEEDED, one=True)
    if not is_analysed(found):
        raise Problem(422, "This text cannot be read", f"{found.source}: {in_api(found, form=False)}")
    return found


async def _many(desk: Desk, form: dict[str, Any]) -> tuple[list[Record], dict[str, Any]]:
    """Return the records of a file, and the rest of an answer: what failed in it, and whether there is more in it."""
    found, more = await _analysed(desk, form, "This file cannot be read")
    failures = [{**each, "error": in_api(each, form=True)} for each in found if not is_analysed(each)]
    return [each for each in found if is_analysed(each)], {"failures": failures, "more": more}


async def _analysed(desk: Desk, form: dict[str, Any], wrong: str, *, one: bool = False) -> tuple[list[Found], bool]:
    """Return what becomes of each document that a form asks for, and whether there are more of them.

    Raises Problem, with ``wrong`` for a title where the form is, and where it has several documents and may have one.
    """
    with desk.place():
        asked = await ask(form, "", desk.settings, desk.folder)
        if isinstance(asked, Wrong):
            raise Problem(422, wrong, asked.said)
        reading = await desk.read(asked)
        if one and len(reading.found) != 1:
            raise Problem(422, "This is not one text", _SEVERAL)
        return [await desk.analyse(document) for document in reading.found], reading.more


def _json(found: object) -> Response:
    return Response(tasks.dump(found), media_type="application/json")
