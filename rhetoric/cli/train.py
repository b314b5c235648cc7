"""``rhetoric train``: make what ships, from data to measured weights; or frames of one's own on top of it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from rhetoric.cli import options as o
from rhetoric.cli.gold import read_any_gold
from rhetoric.cli.run import open_console, progress, running
from rhetoric.errors import RhetoricError
from rhetoric.resources import CORPORA

train = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Fit frames of your own to coded passages; or train what ships (extra: train).",
)

Data = Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder with ud/, metaphor/ and discourse/.")]
GOLD = CORPORA / "gold"
Work = Annotated[Path, typer.Option(help="Folder for checkpoints; finished steps in it are not done again.")]
Output = Annotated[Path | None, typer.Option(help="Where the model goes; the shipped one is replaced by default.")]


@train.command("frames", no_args_is_help=True)
def frames(
    gold: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            metavar="GOLD",
            help="Coded passages (.jsonl), or a review database, of which the gold is taken.",
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the detectors with your frames go.")
    ],
    label: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="A frame to fit; may be repeated. [default: all that are not the codebook's]"
        ),
    ] = None,
    document: Annotated[
        str, typer.Option(metavar="FIELD", help="The field that names the document of a passage; else its id before #.")
    ] = "slug",
    texts: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Folder of texts, for gold kept as offsets.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a folder that this command made.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    spacy_model: o.SpacyModel = None,
    pipeline: o.Pipeline = None,
) -> None:
    """Fit frames of your own to a few hundred coded passages, and measure them on documents held out.

    It takes minutes on a CPU, and scikit-learn, but no PyTorch. FOLDER then holds the detectors that ship, your frames
    beside them, and a card that says how good they are; --pipeline FOLDER uses it.

    \b
    rhetoric train frames my-gold.jsonl -o my-detectors/
    rhetoric annotate speeches/ --pipeline my-detectors/ -o records.jsonl
    """
    with running() as run:
        _check_folder(output, overwrite)
        from rhetoric.pipeline.thresholds import DETECTORS
        from rhetoric.training.own import train_frames

        trained = train_frames(
            read_any_gold(gold, texts),
            output,
            labels=label or (),
            document=document,
            base=pipeline or DETECTORS,
            spacy_model=spacy_model,
            source=gold.name,
            progress=progress,
        )
        if as_json:
            typer.echo(json.dumps(trained.to_dict(), ensure_ascii=False, allow_nan=False))
        else:
            from rhetoric.report.own import print_frames
            from rhetoric.training.own_card import readings

            told = {frame.label: readings(frame) for frame in trained.frames}
            print_frames(trained, told, str(output), open_console())
        run.done = len(trained.frames)


def _check_folder(output: Path, overwrite: bool) -> None:
    """Raise RhetoricError where something in the place of the new folder would be lost."""
    from rhetoric.pipeline.custom import has_custom

    if not output.exists():
        return
    if output.is_dir() and not any(output.iterdir()):
        return
    if not (output.is_dir() and has_custom(output)):
        raise RhetoricError(
            f"{output}: this is there already, and is no folder that `train frames` made. Name another."
        )
    if not overwrite:
        raise RhetoricError(f"{output}: this folder exists. Name another, or replace it with --overwrite.")


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
    teacher: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Folder of all-mpnet-base-v2 (config, tokenizer.json, safetensors), from which the detectors learn; "
            "wants a GPU. What ships was trained with it.",
        ),
    ] = None,
    work: Work = Path("runs/detectors"),
    output: Output = None,
) -> None:
    """Cross-validate, train and measure the detectors: half an hour on a GPU with a teacher, half a day on a CPU
    without.
    """
    with running() as run:
        from rhetoric.resources import MODELS
        from rhetoric.training.recipes import train_detectors_recipe

        train_detectors_recipe(
            data, texts, work, output or MODELS / "detectors", gold=gold, teacher=teacher, progress=typer.echo
        )
        run.done = 1
