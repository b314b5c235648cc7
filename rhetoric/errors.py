"""What can go wrong, said so that the user knows what, where, and what to do."""

from collections.abc import Callable, Iterable
from importlib import import_module


class RhetoricError(Exception):
    """A failure the user can act on; the command line prints it without a traceback and exits 2.

    ``options`` are those that its last words advise, by their names in Python; see :func:`advise`.
    """

    def __init__(self, said: str, *options: str) -> None:
        super().__init__(said)
        self.options = options


class SourceError(RhetoricError):
    """A source that cannot be read.

    ``where`` names it (path, URL, row), ``what`` says what is wrong, ``advice`` what to do. ``status`` is that of HTTP
    where a server refused it.
    """

    def __init__(self, where: str, what: str, advice: str = "", *options: str, status: int | None = None) -> None:
        self.where, self.what, self.advice, self.status = where, what, advice, status
        super().__init__(f"{where}: {what}" + (f" {advice}" if advice else ""), *options)


class ModelError(RhetoricError):
    """A model that is missing, damaged, or does not fit this version."""


def advise(said: str, options: Iterable[str], name: Callable[[str], str | None]) -> str:
    """Return what is said, and after it in brackets what its reader calls the ``options`` that it advises: ``name``
    gives that, None for what there is not where one reads it.
    """
    named = ", ".join(filter(None, map(name, options)))
    return f"{said.removesuffix('.')} ({named})." if named else said


def say_size(size: int) -> str:
    """Say how large something is: 20 MB, or the bytes where they are fewer than a million."""
    return f"{size / 1e6:g} MB" if size >= 1_000_000 else f"{size:,} bytes"


def kind_of(value: object) -> str:
    """Return what to call the type of ``value``: list, pandas.Series, polars.DataFrame."""
    home, name = type(value).__module__.partition(".")[0], type(value).__name__
    return name if home == "builtins" else f"{home}.{name}"


def need(what: str, extra: str, *libraries: str) -> None:
    """Raise RhetoricError where one of the ``libraries`` that ``extra`` brings, by the names they are imported by,
    cannot be imported; ``what`` says who needs it, as "Plots need".
    """
    for library in libraries:
        try:
            import_module(library)
        except ImportError as error:
            raise RhetoricError(
                f"{what} what is not installed ({error}). Install it: pip install 'rhetoric-toolkit[{extra}]'"
            ) from error
