"""``rhetoric annotate``: write records, to one file or to a run folder."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rhetoric.cli import options as o
from rhetoric.cli.run import progress, running, say_warning
from rhetoric.errors import RhetoricError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from rhetoric.cli.run import Run
    from rhetoric.corpus.engines.setup import Setup
    from rhetoric.record import FailureRecord


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
    with running() as run:
        from rhetoric.ingest.sources import LINES, check_sources

        check_sources(sources)
        if address is not None and engine != "ray":
            raise RhetoricError("--address is of a Ray cluster. Say --engine ray too.")
        suffix = Path(output).suffix.lower()
        from rhetoric.cli.output import STDOUT, TABLES, check_output, open_output

        if output != STDOUT and suffix not in LINES:
            if suffix in TABLES and not Path(output).is_dir():
                advice = "Name a .jsonl file, or a folder for a run, and use `rhetoric export` for other formats."
                raise RhetoricError(f"{output}: records are not written as {suffix}. {advice}")
            from rhetoric.corpus.engines.setup import Setup

            if engine not in ("local", "ray"):
                raise RhetoricError(f"There is no engine {engine!r}. Choose local or ray.")
            detectors = str(how.pipeline) if how.pipeline else None
            setup = Setup(how.spacy_model, detectors, embedding, _share(workers), sentences)
            started = _start(engine, setup, workers, address)
            _to_run(run, sources, how, Path(output), started, setup, retry=retry_failed, overwrite=overwrite)
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
            for item in run.count(progress(records, lines=output == STDOUT)):
                write(item)
        failed = f"; {run.failed:,} failed" if run.failed else ""
        if run.failed or output != STDOUT:
            typer.echo(f"{output}: {count(run.done, 'document')}{failed}.", err=True)


def _share(workers: int) -> int:
    """Return the threads of each of several workers: the machine's cores, shared out."""
    return 0 if workers == 1 else max(1, (os.cpu_count() or 1) // workers)


def _start(engine: str, setup: "Setup", workers: int, address: str | None) -> "AbstractContextManager[Any]":
    if engine == "ray":
        from rhetoric.corpus.engines.ray import RayEngine

        return RayEngine(setup, workers, address)
    from rhetoric.corpus.engines.local import LocalEngine

    return LocalEngine(setup, workers)


def _path_of(source: str) -> str | None:
    """Return where a source lies, whatever folder it is named from; None where it is no path."""
    from rhetoric.ingest.sources import is_url

    # Links stay as they are: what one leads to may change, as other sources may.
    return None if source == "-" or is_url(source) else _written(os.path.abspath(source))  # noqa: PTH100 - Path keeps ".."


def _written(name: str) -> str:
    """Return a name as it can be written: those of files are any bytes, and need be no text."""
    return name.encode("utf-8", "backslashreplace").decode()


def _to_run(
    run: "Run",
    sources: list[str],
    how: o.How,
    folder: Path,
    started: "AbstractContextManager[Any]",
    setup: "Setup",
    *,
    retry: bool,
    overwrite: bool,
) -> None:
    from rhetoric.corpus.run import annotate_run
    from rhetoric.corpus.store import is_run, read_manifest
    from rhetoric.ingest import read
    from rhetoric.report.words import count

    settings = {
        "sources": [_written(source) for source in sources],
        "paths": [_path_of(source) for source in sources],
        "text_field": how.text_field,
        "id_field": how.id_field,
        "force": how.force,
        "embedding": setup.embedding,
        "sentences": setup.sentences,
    }
    kept, known = 0, list["FailureRecord"]()
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
                    run.report(each.failed)
                else:
                    run.done += 1
                    kept += each.kept
        except KeyboardInterrupt:
            typer.echo(f"stopped: what is finished is kept in {folder}; the same command goes on there.", err=True)
            raise
    if not run.done:
        for failure in known:
            run.report(failure)
        known.clear()
    said = f"{folder}: {count(run.done, 'document')}" + (f", {kept:,} of them kept from before" if kept else "")
    said += f"; {run.failed:,} failed (--retry-failed takes them up again)" if run.failed else ""
    said += (
        f"; {len(known):,} had failed before (--retry-failed takes them up again, run info lists them)" if known else ""
    )
    typer.echo(f"{said}.", err=True)
