"""The command line, one file a command. Nothing heavy is imported before a command runs."""

from typing import Annotated

import typer
from typer.core import TyperArgument

from rhetoric.cli import (
    agreement,
    annotate,
    benchmark,
    cluster,
    compare,
    corpus,
    cset,
    evaluate,
    export,
    import_,
    profile,
    report,
    review,
    runs,
    sample,
    score,
    serve,
    train,
    trend,
)
from rhetoric.cli.quick import defer_spacy_commands

# Typer says beside the name of an argument of what Python type it is; its name and its help say what to give.
TyperArgument.display_type_rich = lambda self, ctx: None  # type: ignore[method-assign]

app = typer.Typer(
    name="rhetoric",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: Rich takes longer to import than the rest
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("score", short_help="Print a text's scorecard with its evidence.", no_args_is_help=True)(score.score)
app.command("report", short_help="Write a page to read and send on.", no_args_is_help=True)(report.report)
app.command("annotate", short_help="Annotate documents: records, or a run.", no_args_is_help=True)(annotate.annotate)
app.command("evaluate", short_help="Measure records against gold.", no_args_is_help=True)(evaluate.evaluate)
app.command("sample", short_help="Draw passages to code.", no_args_is_help=True)(sample.sample)
app.command("review", short_help="Code passages in the terminal.", no_args_is_help=True)(review.review)
app.command("agreement", short_help="Measure how far coders agree.", no_args_is_help=True)(agreement.agreement)
app.command("compare", short_help="Compare two sides, field by field.", no_args_is_help=True)(compare.compare)
app.command("trend", short_help="Follow fields over time.", no_args_is_help=True)(trend.trend)
app.command("cluster", short_help="Group texts by how they frame.", no_args_is_help=True)(cluster.cluster)
app.command("serve", short_help="Start a local web application.")(serve.serve)
app.command("cset", short_help="Count frames by a study's keywords.", no_args_is_help=True)(cset.cset)
app.command("export", short_help="Write records for another tool.", no_args_is_help=True)(export.export)
app.command("import", short_help="Read what another tool wrote.", no_args_is_help=True)(import_.import_)
app.add_typer(runs.runs, name="run")
app.add_typer(corpus.corpus, name="corpus")
app.add_typer(profile.profile, name="profile")
app.add_typer(benchmark.benchmark, name="benchmark")
app.add_typer(train.train, name="train")


def _print_version(asked: bool) -> None:
    if asked:
        from rhetoric import __version__

        typer.echo(f"rhetoric {__version__}")
        raise typer.Exit


@app.callback()
def rhetoric(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Read how a text frames US-China AI competition, with the evidence marked in it.

    It finds whose official account is unmasked, live metaphors, contrasts and ten frames, and says how far to trust
    each number.

    \b
    rhetoric score article.txt
    rhetoric score https://example.org/speech.html
    rhetoric annotate speeches/ -o records.jsonl
    rhetoric compare us/ china/
    """


def main() -> None:
    """Run the command line, the console script ``rhetoric``."""
    defer_spacy_commands()
    app()
