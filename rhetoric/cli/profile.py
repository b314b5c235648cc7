"""``rhetoric profile``: reference profiles that texts are compared with."""

from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from rhetoric.cli import options as o
from rhetoric.cli import sources as s
from rhetoric.cli.metadata import MetaFile, MetaId, metadata
from rhetoric.cli.outcome import open_console, running
from rhetoric.cli.output import check_file, print_utf8, write_file

profile = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Build, list and show reference profiles.")


@profile.command("build", short_help="Write how every field is distributed over documents.", no_args_is_help=True)
@o.with_how
def build(
    sources: s.RecordSources,
    output: Annotated[Path, o.output_option("NAME.json", "Where the profile goes.")],
    about: Annotated[str, typer.Option(metavar="TEXT", help="What the documents are, in a sentence or two.")] = "",
    least: Annotated[
        int, typer.Option(min=1, metavar="N", help="Counted passages that a document needs to be in it.")
    ] = 5,
    meta: MetaFile = None,
    meta_id: MetaId = None,
    every_passage: o.EveryPassage = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the profile where it exists.")] = False,
    how: o.How = o.DEFAULTS,
) -> None:
    """Write how every field is distributed over documents, and which documents they are; none of their text.

    The profile's name is that of its file. Use it with: rhetoric score TEXT --profile NAME.json

    \b
    rhetoric profile build records.jsonl -o strategy.json --meta texts.csv --about "Strategy texts, 2016 to 2026."
    """
    with running() as outcome:
        from rhetoric.report.profiles import print_profile
        from rhetoric.scoring.build import build_profile
        from rhetoric.scoring.copies import say_copies

        check_file(output, ".json", overwrite)
        records = s.take_records(sources, outcome, how, meta=metadata(meta, meta_id))
        if not (first := next(records, None)):
            return  # why is said already
        built = build_profile(
            chain([first], records), name=output.stem, about=about, every_passage=every_passage, least=least
        )
        write_file(output, built.to_json())
        print_profile(built, open_console(), briefly=True)
        if copies := outcome.done - len(built.documents) - built.left_out:
            typer.echo(say_copies(copies), err=True)


@profile.command("list")
def list_profiles() -> None:
    """List the profiles that ship, with what they are about."""
    with running() as outcome:
        from rhetoric.report.page import Page
        from rhetoric.report.safe import clean
        from rhetoric.report.words import count
        from rhetoric.scoring.profile import profile_files, read_profile

        page = Page(open_console())
        for name, path in profile_files().items():
            found = read_profile(path)
            page.entry(clean(name), f"{count(len(found.documents), 'text')}. {clean(found.about)}", indent=0)
        outcome.done = 1


@profile.command("show", short_help="Print what a profile is built from, and its fields.", no_args_is_help=True)
def show(
    named: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A profile that ships, or a file of one.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the profile as JSON.")] = False,
) -> None:
    """Print what a profile is built from, and how each field is distributed."""
    with running() as outcome:
        from rhetoric.report.profiles import print_profile
        from rhetoric.scoring.profile import find_profile

        found = find_profile(named)
        if as_json:
            print_utf8(found.to_json())
        else:
            print_profile(found, open_console())
        outcome.done = 1
