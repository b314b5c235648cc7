"""``rhetoric annotate``: write records."""

import sys
from typing import TYPE_CHECKING, Annotated, cast

import typer

from rhetoric.cli import options as o
from rhetoric.cli.run import progress, running
from rhetoric.ingest import ReadOptions

if TYPE_CHECKING:
    from rhetoric.record import FailureRecord


def annotate(
    sources: o.Sources,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Where the records go; - is standard output.")
    ] = "-",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the output where it exists.")] = False,
    embedding: Annotated[
        bool, typer.Option("--embedding", help="Put the embedding of each passage in too; clusters rest on it.")
    ] = False,
    text_field: o.TextField = o.DEFAULTS.text_field,
    id_field: o.IdField = o.DEFAULTS.id_field,
    force: o.Force = o.DEFAULTS.force,
    allow_private: o.AllowPrivate = o.DEFAULTS.allow_private,
    max_bytes: o.MaxBytes = o.DEFAULTS.max_bytes,
    timeout: o.Timeout = o.DEFAULTS.timeout,
    spacy_model: o.SpacyModel = None,
) -> None:
    """Write one record a document as JSON lines, in input order, with every span found in its text.

    A document that fails is reported, keeps its line (with "error"), and does not stop the run. Finished lines are in
    FILE.part until the run ends.

    \b
    rhetoric annotate speeches/ -o records.jsonl
    rhetoric annotate news.csv --text-field body --id-field url -o records.jsonl
    """
    with running() as run:
        from rhetoric.cli.output import check_output, open_output

        check_output(output, overwrite)
        from rhetoric.analysis import analyse, load
        from rhetoric.ingest import read

        nlp = load(spacy_model)
        chosen = ReadOptions(text_field, id_field, force, allow_private, max_bytes, timeout)
        with open_output(output) as write:
            bar = output != "-" or not sys.stdout.isatty()  # a bar among the lines would break both
            records = analyse(read(sources, options=chosen), nlp, embedding=embedding)
            for item in progress(records, shown=bar):
                if "error" in item:
                    run.report(cast("FailureRecord", item))
                else:
                    run.done += 1
                write(item)
        if run.failed:
            typer.echo(f"{run.failed} of {run.done + run.failed} documents failed.", err=True)
