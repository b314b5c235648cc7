"""``rhetoric sample``: draw passages to code."""

import json
from pathlib import Path
from typing import Annotated

import typer

from rhetoric.cli import options as o
from rhetoric.cli import sources as s
from rhetoric.cli.metadata import MetaFile, MetaId, metadata
from rhetoric.cli.outcome import running
from rhetoric.cli.output import STDOUT
from rhetoric.errors import RhetoricError


@o.with_how
def sample(
    sources: s.RecordSources,
    output: o.Lines = "-",
    n: Annotated[int, typer.Option("--n", "-n", min=1, metavar="N", help="How many passages.")] = 200,
    by: Annotated[str, typer.Option(metavar="random|stratified|uncertain", help="How they are drawn.")] = "random",
    stratum: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="frame, framing, about, contrast, source, document, or a column of the metadata."
        ),
    ] = None,
    min_words: Annotated[
        int, typer.Option(min=1, metavar="N", help="Leave out shorter passages: headings, captions.")
    ] = 8,
    seed: o.Seed = 0,
    without: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, metavar="FILE", help="Samples or codings not to draw from again."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON what was drawn from what.")] = False,
    overwrite: o.Overwrite = False,
    meta: MetaFile = None,
    meta_id: MetaId = None,
    how: o.How = o.DEFAULTS,
) -> None:
    """Draw passages to code, each a record of its own: what `rhetoric review` opens.

    Random: every passage of --min-words has the same chance. Stratified: as many of each kind, so that rare ones are
    there; "chance" in the record says with what chance a passage of its kind was drawn, to weigh counts by 1/chance.
    Uncertain: where the detectors are likeliest to be wrong, which is good to train on and bad to measure on.

    The same corpus and seed give the same passages in whatever order the corpus comes, and none twice.

    \b
    rhetoric sample run/ -o sample.jsonl --n 200
    rhetoric sample run/ -o rare.jsonl --by stratified --stratum frame --without sample.jsonl
    """
    with running() as outcome:
        from rhetoric.annotation.sample import WAYS, draw
        from rhetoric.cli.output import check_lines, open_output, print_json
        from rhetoric.ingest.sources import check_sources

        check_sources(sources, records=True)
        if by not in WAYS:
            raise RhetoricError(f"--by {by}: choose one of {', '.join(WAYS)}.")
        check_lines(output, overwrite, printed="What was drawn from what takes" if as_json else "")
        barred = {mark for path in without or () for mark in _digests(path)}
        records = s.take_records(sources, outcome, how, lines=output == STDOUT, meta=metadata(meta, meta_id))
        found = draw(records, n, by, stratum=stratum, seed=seed, without=barred, min_words=min_words)
        if not outcome.done:
            return
        if not found.rows:
            raise RhetoricError("There is no passage to draw: all were left out.")
        with open_output(output) as write:
            for record in found.rows:
                write(record)
        if as_json:
            print_json(found.to_dict())
        else:
            _tell(found.to_dict(), output, n, min_words)


def _digests(path: Path) -> set[str]:
    from rhetoric.annotation.codings import is_database
    from rhetoric.annotation.passages import digest

    if is_database(path):
        from rhetoric.annotation.store import Review

        with Review(path) as review:
            return {digest(entry.text) for entry in review.entries()}
    try:
        with path.open(encoding="utf-8-sig") as lines:
            return {digest(json.loads(line)["text"]) for line in lines if line.strip()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        said = f"its lines are no passages with a text ({type(error).__name__})"
        raise RhetoricError(f"{path}: {said}. Name a sample, codings, or a review database.") from error


def _tell(told: dict, output: str, n: int, min_words: int) -> None:
    from rhetoric.report.safe import clean
    from rhetoric.report.words import count, join

    where = "" if output == STDOUT else f"{output}: "
    rest = [f"{told['short']:,} have fewer than {min_words} words"] if told["short"] else []
    rest += [f"{told['repeated']:,} are repeated"] if told["repeated"] else []
    rest += [f"{told['left_out']:,} were left out"] if told["left_out"] else []
    drawn = f"{count(told['drawn'], 'passage')} drawn" + (" (there are no more)" if told["drawn"] < n else "")
    of = f"from {count(told['passages'], 'passage')} of {count(told['documents'], 'document')}"
    typer.echo(f"{where}{drawn}, {told['by']}, {of}" + (f", of which {join(rest)}" if rest else "") + ".", err=True)
    for each in told["strata"]:
        typer.echo(f"  {each['drawn']:>6,} of {each['passages']:>7,}  {clean(each['name'])}", err=True)
