"""What can go wrong, said so that the user knows what, where, and what to do."""

from importlib import import_module


class RhetoricError(Exception):
    """A failure the user can act on; the command line prints it without a traceback and exits 2."""


class SourceError(RhetoricError):
    """A source that cannot be read.

    ``where`` names it (path, URL, row), ``what`` says what is wrong, ``advice`` what to do.
    """

    def __init__(self, where: str, what: str, advice: str = "") -> None:
        self.where, self.what, self.advice = where, what, advice
        super().__init__(f"{where}: {what}" + (f" {advice}" if advice else ""))


class ModelError(RhetoricError):
    """A model that is missing, damaged, or does not fit this version."""


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
