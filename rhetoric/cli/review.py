"""``rhetoric review``: code passages in the terminal, adjudicate between coders, write gold."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rhetoric.cli import options as o
from rhetoric.cli.outcome import running, say_warning
from rhetoric.cli.review_sources import NAMES, Plan, make_database, sum_sources, tell_sources
from rhetoric.errors import RhetoricError

if TYPE_CHECKING:
    from rhetoric.annotation.store import Review
    from rhetoric.gold import Coded

_SUFFIX: Final = ".sqlite"
_LONGEST: Final = 40  # characters of a coder's name


@o.with_how
def review(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help="A review database (.sqlite) to go on with; else what to make one of: a run, records, a sample, coded"
            " passages (.jsonl), or texts to annotate now.",
        ),
    ],
    coder: Annotated[str | None, typer.Option(metavar="NAME", help="Who codes.")] = None,
    blind: Annotated[bool, typer.Option("--blind", help="Hide what the machine says; this coder stays blind.")] = False,
    adjudicate: Annotated[
        bool, typer.Option("--adjudicate", help="Settle what coders differ on; SOURCE may be their files of codings.")
    ] = False,
    output: Annotated[
        Path | None,
        o.output_option("FILE", "The new database; by default SOURCE.sqlite here."),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES", help=f"In a new database, code only some of {','.join(NAMES)}, or frames by name."
        ),
    ] = None,
    frame: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="In a new database, a frame beside the codebook's.")
    ] = None,
    gold: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the gold: adjudicated, or coded alike. Opens nothing.")
    ] = None,
    codings: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what every coder has coded. Opens nothing.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the files written.")] = False,
    texts: o.Texts = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON how far the work is. Opens nothing.")] = False,
    how: o.How = o.DEFAULTS,
) -> None:
    """Code passages in the terminal, one by one (extra: review).

    Every decision is stored at once, and undoing is one; close the terminal whenever you like and give the same command
    again. Several coders may work on one file at the same time. Without --coder it says how far the work is.

    \b
    rhetoric sample run/ -o sample.jsonl --n 200
    rhetoric review sample.jsonl --coder ada --blind      # makes sample.sqlite, or goes on with it
    rhetoric review sample.sqlite --coder eve --adjudicate
    rhetoric review sample.sqlite --gold gold.jsonl
    """
    with running() as outcome:
        from rhetoric.annotation.review import check_terminal, start
        from rhetoric.annotation.store import Review

        _check_files(gold, codings, overwrite)
        leaves = gold is not None or codings is not None or as_json
        name = _check(coder, leaves=leaves, blind=blind, adjudicate=adjudicate)
        if name is not None:
            check_terminal()
        path = _database(sources, output)
        plan = Plan(sources, adjudicate, only, tuple(frame or ()), texts, how)
        if not path.exists():
            if leaves and not adjudicate:
                advice = f"Code first: rhetoric review {' '.join(sources)} --coder NAME"
                raise RhetoricError(f"{path}: there is no such review database yet, so nobody has coded. {advice}")
            make_database(path, plan, outcome)
        with Review(path) as opened:
            _check_same(opened, sources)
            _check_plan(opened, plan, output)
            if name is not None:
                start(opened, name, adjudicate=adjudicate, blind=blind)
            if codings is not None:  # first: there may be no gold before they are adjudicated
                _write_codings(opened, codings)
            if gold is not None:
                _write_gold(opened, gold)
            _tell(opened, as_json=as_json)
        outcome.done += 1


def _check_files(gold: Path | None, codings: Path | None, overwrite: bool) -> None:
    """Raise RhetoricError where a file cannot be written, before anything is said or done."""
    from rhetoric.cli.output import check_lines

    if gold is not None and gold == codings:
        raise RhetoricError(f"{gold}: --gold and --codings are two files. Name another for one of them.")
    for target in (gold, codings):
        if target is not None:
            check_lines(str(target), overwrite, printed="The state of the work takes")


def _check(coder: str | None, *, leaves: bool, blind: bool, adjudicate: bool) -> str | None:
    """Return the coder's name; raises RhetoricError for options that do not go together."""
    if coder is None:
        if blind or (adjudicate and not leaves):
            raise RhetoricError("Say who you are: --coder NAME")
        return None
    if leaves:
        raise RhetoricError("--gold, --codings and --json open nothing. Leave --coder away.")
    if blind and adjudicate:
        raise RhetoricError("--blind and --adjudicate do not go together: a judge sees what coders say.")
    from rhetoric.report.safe import clean

    if coder in ("machine", "gold"):
        raise RhetoricError(f"--coder {coder}: this name stands for what no coder said. Use another.")
    if not coder.strip() or clean(coder) != coder or len(coder) > _LONGEST:
        raise RhetoricError(f"--coder {coder!r}: use a plain name of at most {_LONGEST} characters.")
    return coder


def _database(sources: list[str], output: Path | None) -> Path:
    """Return the path of the database that the sources are, or become."""
    from rhetoric.annotation.codings import is_database

    bases = [source for source in sources if is_database(Path(source)) or Path(source).suffix == _SUFFIX]
    if bases:
        if len(sources) > 1:
            raise RhetoricError("Name one review database, or what to make one of.")
        if not Path(bases[0]).is_file():
            raise RhetoricError(f"{bases[0]}: there is no such file.")
        return Path(bases[0])
    if output is None and (len(sources) > 1 or sources[0] == "-" or "://" in sources[0]):
        raise RhetoricError("Name the new database: -o FILE.sqlite")
    path = output or Path(f"{Path(sources[0]).resolve().name.removesuffix('.jsonl')}{_SUFFIX}")
    if not path.parent.is_dir():
        raise RhetoricError(f"{path}: there is no folder {path.parent}. Make it first.")
    return path


def _check_same(opened: "Review", sources: list[str]) -> None:
    """Raise RhetoricError where a database that is there was made of something else than ``sources`` are now."""
    if Path(sources[0]).resolve() == opened.path.resolve():
        return
    made_from, sums = tell_sources(sources), sum_sources(sources)
    if len(sums) == len(sources) and sorted(sums.values()) == sorted(opened.checksums.values()):
        return  # the same files, whatever they are called from here
    changed = [source for source, now in sums.items() if opened.checksums.get(source, now) != now]
    if opened.made_from != made_from:
        said = f"this database was made of {opened.made_from}, not of {made_from}"
    elif changed:
        said = f"{', '.join(changed)} changed after this database was made"
    else:
        return
    raise RhetoricError(f"{opened.path}: {said}. Name another with -o, or go on with it: rhetoric review {opened.path}")


def _check_plan(opened: "Review", plan: Plan, output: Path | None) -> None:
    """Raise RhetoricError for options of a new database that the one which is there was not made with."""
    path = opened.path
    if Path(plan.sources[0]).resolve() == path.resolve():
        parts = {"--spacy-model": plan.how.spacy_model, "--pipeline": plan.how.pipeline}
        given = {"-o": output, "--texts": plan.texts, **parts}
        if named := [name for name, value in given.items() if value is not None]:
            said = f"{', '.join(named)} would do nothing, for this database is there already"
            raise RhetoricError(f"{path}: {said}. Leave it away, or name what to make a new one of.")
    if strange := plan.strange(opened.fields, opened.frames):
        said = f"this database is there already, and was made without {', '.join(strange)}"
        raise RhetoricError(
            f"{path}: {said}. Make another with -o FILE.sqlite, or go on with it: rhetoric review {path}"
        )


def _write_codings(opened: "Review", target: Path) -> None:
    from rhetoric.report.words import count

    rows = [row for each in opened.codings().values() for row in each]
    _write(target, rows, "no passage is done")
    typer.echo(f"{target}: {count(len(rows), 'coding')}.", err=True)


def _write_gold(opened: "Review", target: Path) -> None:
    from rhetoric.report.words import count

    found = opened.gold()
    told = {"adjudicated": found.adjudicated, "coded alike": found.alike, "coded by one only": found.once}
    said = ", ".join(f"{number:,} {what}" for what, number in told.items() if number)
    if found.waiting:
        told_of = f"{target}: coders differ on {count(len(found.waiting), 'passage')}, left out until adjudicated"
        say_warning(f"{told_of}: rhetoric review {opened.path} --adjudicate --coder NAME")
    why = "no passage is coded alike or adjudicated yet" if found.waiting else "no passage is done"
    _write(target, found.rows, why)
    typer.echo(f"{target}: {count(len(found.rows), 'passage')}" + (f" ({said})." if said else "."), err=True)


def _write(target: Path, rows: list["Coded"], why_none: str) -> None:
    from rhetoric.annotation.codings import write_codings

    if not rows:
        raise RhetoricError(f"{target}: nothing to write; {why_none}.")
    write_codings(rows, target)


def _tell(opened: "Review", *, as_json: bool) -> None:
    """Print how far the work is."""
    from rhetoric.cli.output import print_json
    from rhetoric.report.safe import clean
    from rhetoric.report.words import count

    work = []
    for task in ("code", "adjudicate"):
        for coder, blind in opened.coders(task).items():
            done, begun = opened.log(coder, task).counts()
            work.append({"coder": coder, "task": task, "blind": blind, "done": done, "begun": begun})
    if as_json:
        told = {"database": str(opened.path), "made_from": opened.made_from, "passages": len(opened.ids), "work": work}
        waiting = opened.gold().waiting
        print_json({**told, "waiting": waiting})
        return
    typer.echo(f"{opened.path}: {count(len(opened.ids), 'passage')}, made of {clean(opened.made_from)}")
    for each in work:
        kind = "adjudicating" if each["task"] == "adjudicate" else "blind" if each["blind"] else ""
        typer.echo(
            f"  {clean(str(each['coder']))}{f' ({kind})' if kind else ''}: {each['done']} done, {each['begun']} begun"
        )
    if not work:
        typer.echo(f"Nobody has begun: rhetoric review {opened.path} --coder NAME")
