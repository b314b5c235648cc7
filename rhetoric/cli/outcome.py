"""How a command ends and what it says on the way: exit codes, errors, progress."""

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import typer

from rhetoric.errors import RhetoricError, advise
from rhetoric.ingest.document import Failure, Found, is_analysed

if TYPE_CHECKING:
    from rich.console import Console

SOME_FAILED: Final = 1
NOTHING_DONE: Final = 2
_BROKEN_PIPE: Final = 141  # what a shell says of a program that SIGPIPE ended
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_WHERE: Final = 160  # characters of what names a document: an address may have any length
Each = TypeVar("Each")


@dataclass
class Outcome:
    """How many documents were done and how many failed."""

    done: int = 0
    failed: int = 0

    def report(self, failure: Failure) -> None:
        """Count a document that failed, and say on standard error what is wrong with it."""
        self.failed += 1
        from rhetoric.report.safe import shorten

        say_error(f"{shorten(failure.source, _WHERE)}: {advise(failure.reason, failure.options, flag)}")

    def count(self, items: Iterable[Found]) -> Iterator[Found]:
        """Yield ``items``; count the records and the failures among them, which are reported."""
        for item in items:
            if is_analysed(item):
                self.done += 1
            else:
                self.report(item)
            yield item


@contextmanager
def running() -> Iterator[Outcome]:
    """Run a command: print a RhetoricError, or an error of the file system, without its traceback, and turn the count
    of failures into an exit code.

    0: every document was done; 1: some failed; 2: none was done; 130: the user stopped it.
    """
    outcome = Outcome()
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="replace")  # what its encoding lacks becomes question marks
    try:
        yield outcome
        sys.stdout.flush()
    except RhetoricError as error:
        say_error(advise(str(error), error.options, flag))
        raise typer.Exit(NOTHING_DONE) from error
    except BrokenPipeError as error:
        _drop_output()  # whoever read our output has left (head, a closed pager)
        raise typer.Exit(_BROKEN_PIPE) from error
    except OSError as error:  # a name that is too long, a folder that may not be entered
        if error.errno in _FULL:
            say_error(f"the output cannot be written ({error.strerror}). Make room, and give the command again.")
            _drop_output()
        else:
            where = f"{error.filename}: " if error.filename else ""
            say_error(f"{where}this cannot be read or written ({error.strerror or error}).")
        raise typer.Exit(NOTHING_DONE) from error
    if outcome.failed:
        raise typer.Exit(SOME_FAILED if outcome.done else NOTHING_DONE)
    if not outcome.done:
        say_error("there was nothing to read. Name a file, a folder, a glob, a URL, or - for standard input.")
        raise typer.Exit(NOTHING_DONE)


def _drop_output() -> None:
    """Write what is left of the output to nowhere: Python would complain when it flushes at exit."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def flag(option: str) -> str:
    """Return what the command line calls an option."""
    return f"--{option.replace('_', '-')}"


def say_error(what: str) -> None:
    """Print an error on standard error, above a progress bar if there is one."""
    _say(f"error: {what}")


def say_warning(what: str) -> None:
    """Print a warning as ``say_error`` prints an error."""
    _say(f"warning: {what}")


def say_step(what: str) -> None:
    """Say what goes on now, where somebody looks."""
    if sys.stderr.isatty():
        typer.echo(what, err=True)


def _say(line: str) -> None:
    from tqdm import tqdm

    from rhetoric.report.safe import clean

    tqdm.write(clean(line), file=sys.stderr)


def progress(
    items: Iterable[Each], *, lines: bool = False, total: int | None = None, unit: str = "documents"
) -> Iterator[Each]:
    """Yield ``items`` with a progress bar on standard error, where that is a terminal; but none where ``lines`` go to
    standard output meanwhile and that is one too: a bar among them would break both.
    """
    from tqdm import tqdm

    yield from tqdm(
        items,
        disable=True if lines and sys.stdout.isatty() else None,
        total=total,
        unit=f" {unit}",
        leave=False,
        delay=1,
        file=sys.stderr,
    )


def open_console() -> "Console":
    """Make the console for standard output."""
    from rhetoric.report.page import make_console

    return make_console()
