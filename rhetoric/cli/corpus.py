"""``rhetoric corpus``: public texts on the matter: which there are, and fetching them."""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rhetoric.cli import options as o
from rhetoric.cli.outcome import flag, open_console, progress, running, say_error
from rhetoric.cli.output import print_json
from rhetoric.errors import advise
from rhetoric.ingest import ReadOptions

if TYPE_CHECKING:
    from rhetoric.corpus.catalogue import Entry

_NAMED = 3  # texts that fail for one reason; a network that is down fails them all

corpus = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List public strategy texts, and fetch them.")

Voice = Annotated[list[str] | None, typer.Option(metavar="CODE", help="Only of this country: US, CN, ...; repeatable.")]
Type = Annotated[list[str] | None, typer.Option(metavar="TYPE", help="Only of this type: government, speech, ...")]
Year = Annotated[list[str] | None, typer.Option(metavar="YEAR", help="Only of this year, or of 2016-2019.")]
Catalogue = Annotated[Path | None, o.given_file("A catalogue of your own: CSV with slug and url.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, a line a text.")]


@corpus.command("list", short_help="List the texts of the catalogue.")
def list_texts(
    voice: Voice = None, type: Type = None, year: Year = None, catalogue: Catalogue = None, as_json: Json = False
) -> None:
    """List the texts of the catalogue: 139 by governments, speakers and essayists, and controls on other matters.

    \b
    rhetoric corpus list --voice CN --year 2016-2020
    """
    with running() as outcome:
        chosen = _chosen([], voice, type, year, catalogue)
        outcome.done = 1
        if as_json:
            for entry in chosen:
                print_json(asdict(entry))
        else:
            from rhetoric.report.catalogue import print_catalogue

            print_catalogue(chosen, open_console())


@corpus.command("info", short_help="Print what is known of one text.", no_args_is_help=True)
def info(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="The text's name in the catalogue.")],
    catalogue: Catalogue = None,
    as_json: Json = False,
) -> None:
    """Print what is known of one text: author, date, rights, where it is fetched from."""
    with running() as outcome:
        (entry,) = _chosen([slug], None, None, None, catalogue)
        outcome.done = 1
        if as_json:
            print_json(asdict(entry))
        else:
            from rhetoric.report.catalogue import print_entry

            print_entry(entry, open_console())


@corpus.command("fetch", short_help="Fetch texts, and record where each came from.", no_args_is_help=True)
def fetch(
    output: Annotated[Path, o.output_option("DIR", "Where they go.")],
    slugs: Annotated[
        list[str] | None, typer.Argument(metavar="SLUG", help="Texts by name; else all that the filters let through.")
    ] = None,
    voice: Voice = None,
    type: Type = None,
    year: Year = None,
    catalogue: Catalogue = None,
    pause: Annotated[float, typer.Option(min=0.0, metavar="SECONDS", help="Between two requests to one host.")] = 1.0,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Fetch again what is there already.")] = False,
    as_json: Json = False,
    force: o.Force = o.DEFAULTS.force,
    allow_private: o.AllowPrivate = o.DEFAULTS.allow_private,
    max_bytes: o.MaxBytes = o.DEFAULTS.max_bytes,
    timeout: o.Timeout = o.DEFAULTS.timeout,
) -> None:
    """Fetch texts into DIR/texts/SLUG.txt, check them, and record where each came from in DIR/provenance.jsonl.

    What the catalogue tells of them (voice, type, date, ...) goes into DIR/texts.csv, for --meta. What is there already
    is not fetched again. The rights of each text are its publisher's: see rhetoric corpus info.

    \b
    rhetoric corpus fetch -o corpus --voice US --voice CN
    rhetoric compare corpus --meta corpus/texts.csv --by voice
    """
    with running() as outcome:
        from tqdm import tqdm

        from rhetoric.corpus.fetch import fetch_texts
        from rhetoric.report.catalogue import say_fetched, say_summary

        chosen = _chosen(slugs or [], voice, type, year, catalogue)
        how = ReadOptions(force=force, allow_private=allow_private, max_bytes=max_bytes, timeout=timeout)
        seen: Counter[str] = Counter()
        failed: Counter[str] = Counter()  # by what is wrong
        found = fetch_texts(chosen, output, how, pause=pause, overwrite=overwrite)
        for each in progress(found, lines=as_json, total=len(chosen), unit="texts"):
            seen["kept" if each.kept and each.status != "failed" else each.status] += 1
            if each.status == "failed":
                outcome.failed += 1
                note = advise(each.note, each.options, flag)
                failed[note] += 1
                if failed[note] <= _NAMED:
                    say_error(f"{each.slug}: {note}")
            else:
                outcome.done += 1
            if as_json:
                print_json(asdict(each))
            elif each.status != "failed" and not each.kept:
                tqdm.write(say_fetched(each), file=sys.stdout)
        for note, times in failed.items():
            if times > _NAMED:
                say_error(f"{times - _NAMED} more, which provenance.jsonl names, for the same reason: {note}")
        if not as_json:
            typer.echo(say_summary(seen, str(output)))


def _chosen(
    slugs: Sequence[str],
    voice: list[str] | None,
    type: list[str] | None,
    year: list[str] | None,
    catalogue: Path | None,
) -> "list[Entry]":
    from rhetoric.corpus.catalogue import SHIPPED, read_catalogue, select
    from rhetoric.errors import RhetoricError

    entries = read_catalogue(catalogue or SHIPPED)
    chosen = select(entries, slugs, voice=voice or (), type=type or (), year=year or ())
    if not chosen:
        raise RhetoricError(f"None of the {len(entries)} texts is of all these at once. Ask for less.")
    return chosen
