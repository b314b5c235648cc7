"""``rhetoric run``: look at runs, check them, merge them, take records out of them."""

from pathlib import Path
from typing import Annotated

import typer

from rhetoric.cli import options as o
from rhetoric.cli.outcome import open_console, progress, running
from rhetoric.cli.output import print_json
from rhetoric.errors import RhetoricError

runs = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look at runs, check and merge them.")

Folder = Annotated[Path, typer.Argument(metavar="RUN", help="A folder that `rhetoric annotate` wrote.")]


@runs.command("info")
def info(folder: Folder, as_json: o.AsJson = False) -> None:
    """Print what a run holds, what made it, and which documents failed."""
    with running() as outcome:
        from rhetoric.corpus.store import COUNTS, Store, read_manifest

        told = read_manifest(folder)
        counts = {name: sum(shard[name] for shard in told["shards"]) for name in COUNTS}
        store = Store(folder)
        missing = [path for shard in told["shards"] for path in store.missing(shard)]
        whole = [shard for shard in told["shards"] if not store.missing(shard)]
        failures = [failure for shard in whole for failure in store.failures(shard)]
        said = {
            "complete": told["complete"] and not missing,
            "missing": [str(path.relative_to(folder)) for path in missing],
            "counts": counts,
            "finished": store.journal.count(),  # and in no table yet
            "pipeline": told["pipeline"],
            "settings": told["settings"],
            "shards": len(told["shards"]),
            "failures": failures,
        }
        if as_json:
            print_json(said, indent=1)
        else:
            from rhetoric.report.runs import show_run
            from rhetoric.report.words import count

            show_run(str(folder), said, open_console())
            if said["finished"]:
                more = f"about {count(said['finished'], 'document')} finished that are in no table yet"
                typer.echo(f"  and {more}: its command is at work still, or was stopped")
        outcome.done = 1


@runs.command("verify", short_help="Check that a run is complete and sound.")
def verify(folder: Folder, as_json: o.AsJson = False) -> None:
    """Check that a run is complete and that every file in it is the one that was written; exit code 2 where not."""
    with running() as outcome:
        from rhetoric.corpus.run import verify_run

        wrong = verify_run(folder)
        if as_json:
            print_json({"sound": not wrong, "wrong": wrong}, indent=1)
        if wrong:
            raise RhetoricError(f"{folder}: " + " ".join(wrong))
        if not as_json:
            from rhetoric.report.safe import clean

            typer.echo(f"{clean(str(folder))}: sound.")
        outcome.done = 1


@runs.command("merge", short_help="Make one run of several.")
def merge(
    folders: Annotated[list[Path], typer.Argument(metavar="RUN", help="Runs of the same pipeline.")],
    output: Annotated[Path, o.output_option("FOLDER", "The new run.")],
) -> None:
    """Make one run of several; a document in more than one is taken once, from a run in which it did not fail.

    It is the same where its id and its text are, wherever it was read.
    """
    with running() as outcome:
        from rhetoric.corpus.merge import merge_runs
        from rhetoric.report.words import count

        failed = 0
        for each in progress(merge_runs(folders, output)):
            failed += each.failed is not None
            outcome.done += each.failed is None
        told = f" and {failed:,} that had failed" if failed else ""
        typer.echo(f"{output}: {count(outcome.done, 'document')}{told}.", err=True)


@runs.command("export", short_help="Write the records of a run as JSON lines.")
def export(
    folder: Folder,
    output: o.Lines = "-",
    overwrite: o.Overwrite = False,
) -> None:
    """Write the records of a run as JSON lines, and what failed in its place (`rhetoric export`: other formats)."""
    with running() as outcome:
        from rhetoric.cli.output import STDOUT, check_lines, open_output
        from rhetoric.corpus.run import read_run
        from rhetoric.report.words import count

        check_lines(output, overwrite)
        failed = 0
        with open_output(output) as write:
            for item in progress(read_run(folder), lines=output == STDOUT):
                failed += "error" in item
                outcome.done += 1
                write(item)
        if failed:
            typer.echo(
                f"{output}: {failed:,} of {count(outcome.done, 'line')} are no records, but say what failed.", err=True
            )
