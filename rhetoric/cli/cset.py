"""``rhetoric cset``: the keyword expressions of a published study over your corpus, and where the model disagrees."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from rhetoric.cli import options as o
from rhetoric.cli import sources as s
from rhetoric.cli.metadata import MetaFile, MetaId, metadata, no_column
from rhetoric.cli.outcome import open_console, running, say_warning
from rhetoric.cli.output import check_lines, open_output, print_json
from rhetoric.errors import RhetoricError
from rhetoric.ingest import Document, Failure

if TYPE_CHECKING:
    from rhetoric.ingest.document import Found
    from rhetoric.record import Record
    from rhetoric.scoring.keyword_table import KeywordTable


@o.with_how
def cset(
    sources: s.RecordSources,
    by: Annotated[
        list[str] | None, typer.Option(metavar="year|COLUMN", help="A table by this; may be repeated. [default: year]")
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=VALUE", help="Leave out documents, such as press wires; may be repeated."),
    ] = None,
    keywords_only: Annotated[
        bool, typer.Option("--keywords-only", help="Do not annotate: quick, but nothing to disagree with.")
    ] = False,
    show: Annotated[
        int, typer.Option(min=0, metavar="N", help="Disagreements printed of each kind; --json has all.")
    ] = 5,
    output: Annotated[
        str | None, o.output_option("FILE.jsonl", "Write flags and counts, a line a document.", str)
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the output where it exists.")] = False,
    meta: MetaFile = None,
    meta_id: MetaId = None,
    as_json: o.AsJson = False,
    how: o.How = o.DEFAULTS,
) -> None:
    """Count four frames by the keyword expressions of CSET's "Contending Frames" (2021), as that study's tables do.

    Shares are of the documents that mention AI; a text that stands more than once counts once. Below stand documents
    and passages where the expressions for competition and the frame "race" of the detectors disagree.

    \b
    rhetoric cset news.jsonl --text-field body --by year --by outlet
    rhetoric cset news.jsonl --by year --without "outlet=PR Newswire" --keywords-only
    rhetoric cset records.jsonl --meta texts.csv --by voice --json
    """
    with running() as outcome:
        from contextlib import ExitStack

        from rhetoric.scoring.cset import score_keywords
        from rhetoric.scoring.keyword_agreement import KeywordAgreements
        from rhetoric.scoring.keyword_table import KeywordTable

        if output:
            check_lines(output, overwrite, printed="The tables take")
        unwanted = dict.fromkeys(map(_pair, without or []), 0)  # how many documents each leaves out
        make = _without_passages if keywords_only else None
        records = s.take_records(sources, outcome, how, lines=as_json, make=make, meta=metadata(meta, meta_id))
        found, agreements, left_out = KeywordTable.by(*dict.fromkeys(by or ["year"])), KeywordAgreements(), 0
        columns: set[str] = set()
        with ExitStack() as stack:
            write = stack.enter_context(open_output(output)) if output else None
            for record in records:
                if named := [pair for pair in unwanted if _is(record, *pair)]:
                    unwanted |= {pair: unwanted[pair] + 1 for pair in named}
                    left_out += 1
                    continue
                columns.update(record["meta"])
                keywords = score_keywords(record)
                new = found.add(record, keywords)
                if new and not keywords_only:  # records hold what the model says, asked for or not
                    agreements.add(record, keywords)
                if write:
                    write(keywords.to_row())
        for column, value in (pair for pair, times in unwanted.items() if not times):
            say_warning(f"--without {column}={value} left out nothing: no document has that value there.")
        if not outcome.done:
            return
        _check_columns(found, by or [], columns)
        if as_json:
            agreed = {"documents": agreements.documents.to_dict(), "passages": agreements.passages.to_dict()}
            said = {**found.to_dict(), "left_out": left_out, "agreement": agreed if agreements.passages.total else None}
            print_json(said)
        else:
            from rhetoric.report.keywords import print_keyword_agreements, print_keywords

            console = open_console()
            print_keywords(found, console, left_out=left_out)
            if agreements.passages.total:
                print_keyword_agreements(agreements, console, show=show)


def _check_columns(found: "KeywordTable", by: list[str], columns: set[str]) -> None:
    """Raise RhetoricError where a table was asked for ``by`` what none of its documents tells."""
    from rhetoric.scoring.groups import NOWHERE

    for table in found.tables:
        if table.by in by and {*table.groups} == {NOWHERE}:
            raise no_column(table.by, columns)


def _pair(written: str) -> tuple[str, str]:
    column, sign, value = written.partition("=")
    if not sign or not column:
        raise RhetoricError(f"--without {written}: this is written COLUMN=VALUE.")
    return column, value


def _is(record: "Record", column: str, value: str) -> bool:
    from rhetoric.scoring.groups import tell

    return (tell(record, column) or "").casefold() == value.casefold()


def _without_passages(documents: "Iterator[Document | Failure]") -> "Iterator[Found]":
    for document in documents:
        if isinstance(document, Failure):
            yield document
            continue
        yield {
            "id": document.id,
            "text": document.text,
            "meta": document.meta,
            "passages": [],
            "framing": [],
            "contrasts": [],
            "metaphors": [],
            "pipeline": {"name": "", "version": "", "sha256": ""},
        }
