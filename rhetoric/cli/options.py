"""The options that every command shares, in one place."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from rhetoric.ingest import ReadOptions

if TYPE_CHECKING:
    from rhetoric import scoring


@dataclass(frozen=True)
class How(ReadOptions):
    """How to read, and how what is no record yet becomes one: parsed by ``spacy_model``, with the detectors in the
    folder ``pipeline``.
    """

    spacy_model: str | None = None
    pipeline: Path | None = None


DEFAULTS: Final = How()


def given_file(help: str, *names: str) -> Any:  # noqa: ANN401 - as typer.Option has it
    """Make an option that names a file which is there."""
    return typer.Option(*names, exists=True, dir_okay=False, metavar="FILE", help=help)


def given_folder(help: str, *, metavar: str = "DIR") -> Any:  # noqa: ANN401 - as typer.Option has it
    """Make an option that names a folder which is there."""
    return typer.Option(exists=True, file_okay=False, metavar=metavar, help=help)


def output_option(metavar: str, help: str, kind: Callable[[str], Any] = Path) -> Any:  # noqa: ANN401 - as typer.Option has it
    """Make the option ``-o``, which needs a name: an empty one, as of a variable that is not set, would be the folder
    that one is in.
    """

    def parse(given: str) -> Any:  # noqa: ANN401 - what kind makes
        if not given:
            raise typer.BadParameter("this is empty. Name where the results go.")
        return kind(given)

    return typer.Option("--output", "-o", parser=parse, metavar=metavar, help=help)


Sources = Annotated[
    list[str],
    typer.Argument(metavar="SOURCE", help="Files, folders, globs, http(s) URLs, or - for standard input."),
]
TextField = Annotated[str, typer.Option(metavar="NAME", help="Column of the text in JSONL, CSV and Parquet input.")]
IdField = Annotated[
    str | None, typer.Option(metavar="NAME", help='Column of the id there; if not given, "id" where there is one.')
]
Force = Annotated[bool, typer.Option("--force", help="Go on with text that is not English.")]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Let URLs reach private and loopback addresses.")]
MaxBytes = Annotated[
    int,
    typer.Option(
        min=1,
        callback=lambda bytes: min(bytes, 10**18),  # no platform counts many more
        metavar="BYTES",
        help="Largest file, download or record's text to read; of its text, 1,000,000 characters are the most.",
    ),
]
Timeout = Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="Longest time for one URL.")]
Gold = Annotated[
    Path,
    typer.Argument(
        exists=True,
        dir_okay=False,
        metavar="GOLD",
        help="Coded passages (.jsonl), or a review database, of which the gold is taken.",
    ),
]
Texts = Annotated[Path | None, given_folder("Folder of texts, for gold kept as offsets.")]
SpacyModel = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="An installed spaCy pipeline to parse with, in place of the one that ships."),
]
Pipeline = Annotated[
    Path | None, given_folder("Trained detectors to use in place of those that ship.", metavar="FOLDER")
]
_HOW: Final = {  # the fields of How
    "text_field": TextField,
    "id_field": IdField,
    "force": Force,
    "allow_private": AllowPrivate,
    "max_bytes": MaxBytes,
    "timeout": Timeout,
    "spacy_model": SpacyModel,
    "pipeline": Pipeline,
}
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Lines = Annotated[str, output_option("FILE", "A .jsonl file, or -.", str)]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the file where it exists.")]
Seed = Annotated[int, typer.Option(min=0, metavar="N", help="Start of the random numbers; the same gives the same.")]
EveryPassage = Annotated[
    bool, typer.Option("--every-passage", help="Count passages that are not about AI between states too.")
]
Profile = Annotated[
    str, typer.Option(metavar="NAME|FILE", help="Profile to compare with; none for none. [default: strategy]")
]


def with_how(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that takes ``how: How`` an option for each of its fields, in its place."""

    @wraps(command)
    def run(**given: Any) -> None:  # noqa: ANN401 - what the options of a command are
        fields = {name: given.pop(name) for name in _HOW}
        command(**given, how=How(**fields))

    options = [
        Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=getattr(DEFAULTS, name), annotation=option)
        for name, option in _HOW.items()
    ]
    whole = signature(command)
    parameters: list[Parameter] = []
    for each in whole.parameters.values():
        parameters += options if each.name == "how" else [each]
    run.__signature__ = whole.replace(parameters=parameters)  # type: ignore[attr-defined]  # Typer goes by it
    return run


def choose_profile(named: str) -> "scoring.Profile | None":
    """Return the profile that ``--profile`` names, the one that ships where it is not given, None for none."""
    from rhetoric.scoring.profile import find_profile, shipped_profile

    return None if named == "none" else find_profile(named) if named else shipped_profile()
