"""Where results go: standard output, or a file that has its name only once it is complete."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

import typer

from rhetoric.errors import RhetoricError
from rhetoric.writing import json_line, part_of

STDOUT: Final = "-"
# Endings of files that are no lines of JSON. Any other may end the name of a folder: run-2.1, results.v2.
OTHERS: Final = (
    *(".json", ".csv", ".tsv", ".parquet", ".arrow", ".feather", ".xls", ".xlsx", ".ods", ".sqlite", ".db", ".rds"),
    *(".txt", ".md", ".html", ".htm", ".xml", ".pdf", ".doc", ".docx", ".svg", ".png", ".spacy", ".pkl"),
    *(".gz", ".bz2", ".xz", ".zst", ".zip", ".tar", ".tgz", ".7z"),
)


def check_output(output: str, overwrite: bool) -> None:
    """Raise RhetoricError where ``output`` cannot be written, or holds something that would be lost."""
    if output == STDOUT:
        return
    path = Path(output)
    if path.is_dir() or output.endswith(("/", os.sep)):
        raise RhetoricError(f"{output}: this is a folder. Name a file in it.")
    if not path.parent.is_dir():
        raise RhetoricError(f"{output}: there is no folder {path.parent} to write to. Make it first.")
    if path.exists() and not path.is_file():
        raise RhetoricError(f"{output}: this is a device or a pipe, and no file. Name a file.")
    if overwrite:
        return
    if path.exists():
        raise RhetoricError(f"{output}: this file exists. Name another, or replace it with --overwrite.")
    if (part := part_of(path)).exists():
        what = f"{part}: this file holds what a run that was stopped had finished"
        raise RhetoricError(f"{what}. Keep it under another name, or replace it with --overwrite.")


def check_lines(output: str, overwrite: bool, *, printed: str = "") -> None:
    """Raise RhetoricError where lines of JSON cannot be written to ``output``, by its name too, or would stand on
    standard output among what is ``printed`` there.
    """
    if printed and output == STDOUT:
        raise RhetoricError(f"{printed} standard output already. Name a file for the lines: FILE.jsonl")
    if Path(output).suffix.lower() in OTHERS and not Path(output).is_dir():
        raise RhetoricError(f"{output}: this is written as lines of JSON. Name a file that ends in .jsonl")
    check_output(output, overwrite)


def check_file(output: Path, extension: str, overwrite: bool) -> None:
    """Raise RhetoricError where ``output`` has another extension, cannot be written, or would lose what is there."""
    if output.suffix.lower() != extension:
        raise RhetoricError(f"{output}: this is written as {extension} only. Name a file that ends so.")
    check_output(str(output), overwrite)


def check_plot(output: Path, overwrite: bool) -> None:
    """Raise RhetoricError, before anything is analysed, where a plot could not be drawn or written."""
    from rhetoric.report.plots import drawing

    check_file(output, ".svg", overwrite)
    with drawing():
        pass


def write_file(output: Path, text: str) -> None:
    """Write a whole file; raises RhetoricError where it cannot."""
    from rhetoric.annotation.exchange.files import new_file

    with new_file(output) as stream:
        stream.write(text.encode())


def write_plot(output: Path, drawn: str) -> None:
    """Write a plot, and say so; raises RhetoricError where it cannot."""
    write_file(output, drawn)
    typer.echo(f"Written: {output}.", err=True)


def print_json(told: Any, *, indent: int | None = None) -> None:  # noqa: ANN401 - what JSON can hold
    """Print as JSON, on one line where no ``indent`` is given."""
    print_utf8(json.dumps(told, ensure_ascii=False, allow_nan=False, indent=indent) + "\n")


def print_utf8(text: str) -> None:
    """Print what programs read: in UTF-8, whatever the terminal or the pipe would have."""
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))  # names of files need be no text
    sys.stdout.buffer.flush()


@contextmanager
def open_output(output: str) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Give a function that writes an object as one line of JSON, at once; raises RhetoricError where it cannot.

    A file is FILE.part until this ends well, and stays so if it does not, unless no line was written.
    """
    if output == STDOUT:
        yield partial(_write, sys.stdout.buffer)
        return
    part = part_of(Path(output))
    with explained(part):
        stream = part.open("wb")

    def write(item: Mapping[str, Any]) -> None:
        with explained(part):
            _write(stream, item)

    try:
        yield write
        with explained(part):
            stream.close()
            part.replace(output)
    except BaseException:
        with suppress(OSError):  # what could not be written cannot be on closing either
            stream.close()
        if part.is_file() and not part.stat().st_size:
            part.unlink()
        else:
            print(f"stopped: the lines finished so far are in {part}", file=sys.stderr)  # noqa: T201 - the last word
        raise


def _write(stream: IO[bytes], item: Mapping[str, Any]) -> None:
    stream.write(json_line(item))
    stream.flush()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise RhetoricError where ``path`` cannot be written."""
    try:
        yield
    except OSError as error:  # a full disk, a folder that may not be written to
        raise RhetoricError(f"{path}: cannot be written ({error.strerror or error}).") from error
