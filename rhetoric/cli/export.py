"""``rhetoric export``: records into the formats of other tools."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rhetoric.cli.options import DEFAULTS, MaxBytes, output_option
from rhetoric.cli.outcome import progress, running
from rhetoric.cli.sources import good_records
from rhetoric.errors import RhetoricError, SourceError
from rhetoric.ingest.document import Found

if TYPE_CHECKING:
    from rhetoric.annotation.exchange.finish import Fields
    from rhetoric.annotation.exchange.formats import Format
    from rhetoric.cli.outcome import Outcome

NAMES = "jsonl|docbin|prodigy|label-studio|doccano|brat|inception|csv|parquet|gold"
Json = Annotated[bool, typer.Option("--json", help="Print the counts as JSON on standard output.")]


def export(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="Records or gold (.jsonl), or a run.")],
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help=f"One of {NAMES}.")],
    output: Annotated[Path, output_option("PATH", "The new file or folder.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file. A folder is never replaced.")] = False,
    as_json: Json = False,
    max_bytes: MaxBytes = DEFAULTS.max_bytes,
) -> None:
    """Write records in the format of another tool. What it cannot carry is said, and counted.

    brat, inception and label-studio are folders; csv, parquet and docbin are folders too, or one file where PATH
    ends in .csv, .parquet or .spacy.

    \b
    rhetoric export records.jsonl --to label-studio -o labelling/
    rhetoric export run/ --to docbin -o corpus.spacy
    rhetoric export records.jsonl --to csv -o tables/
    """
    with running() as outcome:
        from rhetoric.annotation.exchange.formats import get_format

        form = get_format(to)
        check_place(form, output, overwrite)
        lost: Counter[str] = Counter()
        records = good_records(_records(source, max_bytes, lost), outcome)
        first = next(records, None)
        if first is not None:
            form.write(chain([first], progress(records)), output, lost)
        tell(str(output), f"for {form.tool}", "Not carried", lost, outcome, as_json)


def _records(source: Path, max_bytes: int, lost: Counter[str]) -> Iterator[Found]:
    """Read a run, or a file of records or of coded passages; each is checked, for not everybody's files are ours."""
    from rhetoric.annotation.codings import is_database
    from rhetoric.annotation.exchange import gold, jsonl
    from rhetoric.annotation.exchange.files import read_lines
    from rhetoric.annotation.exchange.finish import finish_all
    from rhetoric.corpus.store import is_run
    from rhetoric.gold import FIELDS

    if is_run(source):
        from rhetoric.corpus.run import read_run

        for item in read_run(source):
            yield from finish_all([(f"{source}: {item['id']}", item)], jsonl.take, lost, "jsonl")
        return
    if source.is_dir():
        raise SourceError(str(source), "this folder is no run.", "Annotate its texts first: rhetoric annotate")
    head: Fields = next((item for _, item in read_lines(source, max_bytes) if isinstance(item, dict)), {})
    if "passages" in head or "error" in head:
        yield from jsonl.read(source, max_bytes, lost)
    elif any(name in head for name in FIELDS):
        yield from gold.read(source, max_bytes, lost)
    else:
        advice = "Make records of it first: rhetoric annotate, or rhetoric import for the files of other tools."
        if is_database(source):
            advice = f"Write what was coded first: rhetoric review {source} --gold FILE.jsonl"
        raise SourceError(str(source), "this file holds neither records nor coded passages.", advice)


def check_place(form: "Format", output: Path, overwrite: bool) -> None:
    """Raise RhetoricError where ``output`` cannot be a new file or folder of the format."""
    from rhetoric.cli.output import STDOUT, check_output

    if str(output) == STDOUT:
        raise RhetoricError("Nothing is exported to standard output. Name a new file or folder: -o PATH")
    if output.suffix.lower() in form.suffixes:
        check_output(str(output), overwrite)
    elif form.shape == "file":
        raise RhetoricError(f"{output}: {form.name} is one file. Name it with the ending {form.suffixes[0]}")
    elif output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise RhetoricError(f"{output}: {form.name} needs a new folder, or an empty one. Name another.")
    elif not output.absolute().parent.is_dir():
        raise RhetoricError(f"{output}: there is no folder {output.parent} to write to. Make it first.")


def tell(output: str, tool: str, what: str, lost: Counter[str], outcome: "Outcome", as_json: bool) -> None:
    """Say on standard error what was done and what was lost on the way, and print it as JSON if asked.

    Raises RhetoricError where nothing was done, and nothing failed.
    """
    from rhetoric.cli.output import print_json
    from rhetoric.report.safe import clean
    from rhetoric.report.words import count

    counts = {name: number for name, number in sorted(lost.items()) if number}
    if outcome.done:
        typer.echo(clean(f"{output}: {count(outcome.done, 'document')} {tool}."), err=True)
    if counts:
        typer.echo(f"{what}: " + "; ".join(f"{name} ({number:,})" for name, number in counts.items()) + ".", err=True)
    if as_json:
        key = what.lower().replace(" ", "_")
        print_json({"documents": outcome.done, "failed": outcome.failed, key: counts}, indent=1)
    if not outcome.done and not outcome.failed:
        raise RhetoricError("There was no document to take, so nothing is written.")
