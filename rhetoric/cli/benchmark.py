"""``rhetoric benchmark speed``: words a second on your machine and your texts."""

import json
from dataclasses import asdict

import typer

from rhetoric.cli import options as o
from rhetoric.cli.run import running

benchmark = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Measure speed on this machine.")


@benchmark.callback()
def _keep_the_name() -> None:
    """Measure speed on this machine."""


@benchmark.command("speed")
def speed(sources: o.Sources, as_json: bool = typer.Option(False, "--json", help="Print JSON.")) -> None:
    """Time the whole analysis and the bare parse of the same texts in the same run."""
    with running() as run:
        from rhetoric.analysis import load
        from rhetoric.ingest import Failure, read
        from rhetoric.speed import measure_speed

        documents = []
        for item in read(sources):
            if isinstance(item, Failure):
                run.report({"id": item.id, "source": item.source, "error": item.reason})
            else:
                documents.append(item)
        run.done = len(documents)
        if documents:
            found = measure_speed(documents, load())
            if as_json:
                typer.echo(json.dumps([asdict(each) for each in found]))
            else:
                for each in found:
                    typer.echo(f"{each.name:10}{each.words_per_second:8,.0f} words/s  {each.times_parse:5.2f} x parse")
