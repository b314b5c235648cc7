"""Whole files written at once: a profile, a plot."""

from pathlib import Path

from rhetoric.errors import RhetoricError


def check_file(output: Path, extension: str, overwrite: bool) -> None:
    """Raise RhetoricError where ``output`` has another extension, cannot be written, or would lose what is there."""
    from rhetoric.cli.output import check_output

    if output.suffix.lower() != extension:
        raise RhetoricError(f"{output}: this is written as {extension} only. Name a file that ends so.")
    check_output(str(output), overwrite)


def write_file(output: Path, text: str) -> None:
    """Write a text file that has its name only once it is complete; raises RhetoricError where it cannot."""
    from rhetoric.annotation.exchange.files import new_file

    with new_file(output) as stream:
        stream.write(text.encode())
