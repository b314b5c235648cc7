"""``rhetoric train``: make what ships, from data to measured weights; needs the training extra."""

from pathlib import Path
from typing import Annotated

import typer

from rhetoric.cli.run import running
from rhetoric.resources import CORPORA

train = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Train and measure the models (extra: train).")

Data = Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder with ud/, metaphor/ and discourse/.")]
GOLD = CORPORA / "gold"
Work = Annotated[Path, typer.Option(help="Folder for checkpoints; finished steps in it are not done again.")]
Output = Annotated[Path | None, typer.Option(help="Where the model goes; the shipped one is replaced by default.")]


@train.command("parser")
def parser(
    data: Data,
    texts: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder of .txt files for word vectors.")],
    work: Work = Path("runs/parser"),
    output: Output = None,
) -> None:
    """Train the English pipeline on EWT and GUM: about an hour on one core."""
    with running() as run:
        from rhetoric.resources import MODELS
        from rhetoric.training.recipes import train_parser_recipe

        train_parser_recipe(data, texts, work, output or MODELS / "english")
        run.done = 1


@train.command("detectors")
def detectors(
    data: Data,
    texts: Annotated[
        Path,
        typer.Option(exists=True, file_okay=False, help="Folder of the .txt files that the gold's offsets count in."),
    ],
    gold: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder with the coded passages.")] = GOLD,
    work: Work = Path("runs/detectors"),
    output: Output = None,
) -> None:
    """Cross-validate, train and measure the detectors: about two hours and a half on two cores."""
    with running() as run:
        from rhetoric.resources import MODELS
        from rhetoric.training.recipes import train_detectors_recipe

        train_detectors_recipe(data, texts, work, output or MODELS / "detectors", gold=gold, progress=typer.echo)
        run.done = 1
