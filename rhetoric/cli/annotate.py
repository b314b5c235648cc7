"""``rhetoric annotate``: write records, to one file or to a run folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rhetoric.cli import options as o
from rhetoric.cli.outcome import progress, running, say_warning
from rhetoric.errors import RhetoricError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from rhetoric.cli.outcome import Outcome
    from rhetoric.corpus.engines.setup import Setup
    from rhetoric.ingest import Failure


@o.with_how
def annotate(
    sources: o.Sources,
    output: Annotated[
        str,
        o.output_option(
            "FILE|FOLDER", "Where the records go: a .jsonl file, - (standard output), or else the folder of a run.", str
        ),
    ] = "-",
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite",
            help="Replace the file; let a run follow other sources or another pipeline; drop what is unreadable.",
        ),
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="In a run: annotate again what could not be annotated before.")
    ] = False,
    embedding: Annotated[
        bool, typer.Option("--embedding", help="Put the embedding of each passage in too; clusters rest on it.")
    ] = False,
    sentences: Annotated[
        bool, typer.Option("--sentences", help="Say which sentence carries each frame too; reports quote it.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, metavar="N", help="In a run: processes that annotate.")] = 1,
    engine: Annotated[str, typer.Option(metavar="local|ray", help="In a run: who annotates.")] = "local",
    address: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Of the Ray cluster; by default one on this machine.")
    ] = None,
    how: o.How = o.DEFAULTS,
) -> None:
    """Annotate documents: a record each, in input order, with every span found in its text.

    A document that fails is reported, is recorded in its place, and does not stop the rest.

    Into a .jsonl file, finished lines are in FILE.part until the end. Into a FOLDER, a run: Parquet tables of
    documents, passages and spans; a run that was stopped, however, goes on with the same command, and one whose
    sources have changed annotates only what is new.

    \b
    rhetoric annotate speeches/ -o records.jsonl
    rhetoric annotate news.csv --text-field body --id-field url -o news-run/ --workers 4
    """
    with running() as outcome:
        from rhetoric.ingest.sources import LINES, check_sources

        check_sources(sources)
        if address is not None and engine != "ray":
            raise RhetoricError("--address is of a Ray cluster. Say --engine ray too.")
        suffix = Path(output).suffix.lower()
        from rhetoric.cli.output import OTHERS, STDOUT, check_output, open_output

        if output != STDOUT and suffix not in LINES:
            if suffix in OTHERS and not Path(output).is_dir():
                advice = "Name a .jsonl file, or a folder for a run, and use `rhetoric export` for other formats."
                raise RhetoricError(f"{output}: records are not written as {suffix}. {advice}")
            from rhetoric.corpus.engines import make_engine
            from rhetoric.corpus.engines.setup import Setup

            detectors = str(how.pipeline) if how.pipeline else None
            setup = Setup(how.spacy_model, detectors, embedding, sentences=sentences)
            started = make_engine(engine, setup, workers, address)
            _to_run(outcome, sources, how, Path(output), started, setup, retry=retry_failed, overwrite=overwrite)
            return
        if retry_failed or workers > 1 or engine != "local":
            raise RhetoricError("--retry-failed, --workers and --engine are for runs. Give a folder: -o FOLDER")
        check_output(output, overwrite)
        from rhetoric.analysis import analyse, load
        from rhetoric.ingest import read
        from rhetoric.report.words import count

        nlp = load(how.spacy_model, detectors=how.pipeline)
        with open_output(output) as write:
            records = analyse(read(sources, options=how), nlp, embedding=embedding, sentences=sentences)
            for item in outcome.count(progress(records, lines=output == STDOUT)):
                write(item)
        failed = f"; {outcome.failed:,} failed" if outcome.failed else ""
        if outcome.failed or output != STDOUT:
            typer.echo(f"{output}: {count(outcome.done, 'document')}{failed}.", err=True)


def _to_run(
    outcome: "Outcome",
    sources: list[str],
    how: o.How,
    folder: Path,
    started: "AbstractContextManager[Any]",
    setup: "Setup",
    *,
    retry: bool,
    overwrite: bool,
) -> None:
    from rhetoric.corpus.run import annotate_run, settings_of
    from rhetoric.corpus.store import is_run, read_manifest
    from rhetoric.ingest import read
    from rhetoric.report.words import count

    settings, kept, known = settings_of(sources, how, setup), 0, list["Failure"]()
    told = is_run(folder) and read_manifest(folder)["complete"]  # then the command that completed it told what failed
    with started as engine:
        made_by = engine.describe()
        given = read(sources, options=how)
        done = annotate_run(
            given, engine, folder, made_by, settings, retry=retry, overwrite=overwrite, warn=say_warning
        )
        try:
            for each in progress(done):
                if each.failed and each.kept and told:
                    known.append(each.failed)
                elif each.failed:
                    outcome.report(each.failed)
                else:
                    outcome.done += 1
                    kept += each.kept
        except KeyboardInterrupt:
            typer.echo(f"stopped: what is finished is kept in {folder}; the same command goes on there.", err=True)
            raise
    if not outcome.done:
        for failure in known:
            outcome.report(failure)
        known.clear()
    said = f"{folder}: {count(outcome.done, 'document')}" + (f", {kept:,} of them kept from before" if kept else "")
    said += f"; {outcome.failed:,} failed (--retry-failed takes them up again)" if outcome.failed else ""
    said += (
        f"; {len(known):,} had failed before (--retry-failed takes them up again, run info lists them)" if known else ""
    )
    typer.echo(f"{said}.", err=True)
