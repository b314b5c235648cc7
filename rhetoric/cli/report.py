"""``rhetoric report``: one text, or two side by side, as a page to read, check and send on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rhetoric.cli import options as o
from rhetoric.cli import sources as s
from rhetoric.cli.metadata import MetaFile, MetaId, metadata
from rhetoric.cli.outcome import running
from rhetoric.errors import RhetoricError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rhetoric.record import Record

_KINDS: Final = (".html", ".htm", ".md")
_MOST: Final = 2


@o.with_how
def report(
    sources: s.RecordSources,
    output: Annotated[Path, o.output_option("FILE", "Where it goes: .html for a page, .md for Markdown.")],
    every_passage: o.EveryPassage = False,
    profile: o.Profile = "",
    meta: MetaFile = None,
    meta_id: MetaId = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the report where it exists.")] = False,
    how: o.How = o.DEFAULTS,
) -> None:
    """Write a report: what a text does, in plain sentences, with every mark in the text and how far to trust it.

    Two texts are set side by side. The page needs no network and no other file.

    \b
    rhetoric report article.html -o report.html
    rhetoric report https://example.org/speech.html -o report.html
    rhetoric report washington.txt beijing.txt -o both.html
    rhetoric report article.docx -o report.md
    """
    with running() as outcome:
        from rhetoric.cli.output import write_file
        from rhetoric.report.article import make_markdown, make_page

        _check(output, overwrite)
        against = o.choose_profile(profile)
        found = s.take_records(sources, outcome, how, meta=metadata(meta, meta_id), sentences=True, figures=True)
        records = _few(found)
        if outcome.failed or not records:
            outcome.done = 0  # of two texts one alone is not what was asked for
            return
        make = make_markdown if output.suffix.lower() == ".md" else make_page
        write_file(output, make(records, profile=against, every_passage=every_passage, detectors=how.pipeline))
        typer.echo(f"Written: {output}. Open it in a browser." if make is make_page else f"Written: {output}.")


def _check(output: Path, overwrite: bool) -> None:
    """Raise RhetoricError, before anything is analysed, where the report could not be written."""
    from rhetoric.cli.output import check_file

    extension = output.suffix.lower()
    if extension not in _KINDS:
        what = f"{output}: a report is a page or Markdown. Name a file that ends in .html or .md"
        raise RhetoricError(f"{what}; for a PDF, open the page in a browser and print it.")
    check_file(output, extension, overwrite)


def _few(records: "Iterator[Record]") -> "list[Record]":
    """Return the records, of which there may be one or two; raises RhetoricError as soon as there is a third."""
    found: list[Record] = []
    for record in records:
        if len(found) == _MOST:
            what = "A report is on one text, or on two side by side, and these sources hold more"
            raise RhetoricError(f"{what}. Name one or two, or see them in a table: rhetoric score SOURCE...")
        found.append(record)
    return found
