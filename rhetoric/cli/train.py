"""``rhetoric train``: make what ships, from data to measured weights; or frames and lines of one's own on top of it."""

from pathlib import Path
from typing import Annotated

import typer

from rhetoric.cli import options as o
from rhetoric.cli.gold import read_any_gold
from rhetoric.cli.outcome import open_console, progress, running, say_step
from rhetoric.cli.output import print_json
from rhetoric.errors import RhetoricError
from rhetoric.resources import CORPORA, CUSTOM, DECISIONS, DETECTORS, MODELS

train = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Fit frames and lines of your own; or train what ships.",
)

Data = Annotated[Path, o.given_folder("Folder with ud/, metaphor/ and discourse/.")]
GOLD = CORPORA / "gold"
Work = Annotated[
    Path, typer.Option(metavar="DIR", help="Folder for checkpoints; finished steps in it are not done again.")
]
Output = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Where the model goes; the shipped one is replaced by default.")
]
DocumentField = Annotated[
    str, typer.Option(metavar="FIELD", help="The field that names the document of a passage; else its id before #.")
]
BuiltOn = Annotated[
    Path | None, o.given_folder("Detectors to build on, in place of those that ship.", metavar="FOLDER")
]
Fitted = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Where they go; the detectors built on are replaced by default.")
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a folder that this command made.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]


@train.command("frames", short_help="Fit frames of your own to coded passages.", no_args_is_help=True)
def frames(
    gold: o.Gold,
    output: Annotated[Path, o.output_option("FOLDER", "Where the detectors with your frames go.")],
    label: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="A frame to fit; may be repeated. [default: all that are not the codebook's]"
        ),
    ] = None,
    document: DocumentField = "slug",
    texts: o.Texts = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    spacy_model: o.SpacyModel = None,
    pipeline: BuiltOn = None,
) -> None:
    """Fit frames of your own to a few hundred coded passages, and measure them on documents held out.

    It takes minutes on a CPU, and scikit-learn, but no PyTorch. FOLDER then holds the detectors that ship, your frames
    beside them, and a card that says how good they are; --pipeline FOLDER uses it. A frame that is not better for sure
    than calling it present everywhere is measured, but not written.

    \b
    rhetoric train frames my-gold.jsonl -o my-detectors/
    rhetoric annotate speeches/ --pipeline my-detectors/ -o records.jsonl
    """
    with running() as outcome:
        _check_folder(output, pipeline, overwrite, "frames", CUSTOM, DECISIONS)
        from rhetoric.training.own.frames import train_frames

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
            print_json(trained.to_dict())
        else:
            from rhetoric.report.own import print_frames
            from rhetoric.training.own.frames_card import readings
            from rhetoric.training.own.results import say_passages

            read = {frame.label: readings(frame) for frame in trained.frames}
            print_frames(trained, read, say_passages(trained), str(output), open_console())
        if not trained.written:
            raise RhetoricError(
                "No frame is better for sure on documents held out than calling it present everywhere, so nothing was "
                "written: code more passages, of more documents."
            )
        outcome.done = len(trained.written)


@train.command("decisions", short_help="Draw the detectors' lines as your coders do.", no_args_is_help=True)
def decisions(
    gold: o.Gold,
    output: Annotated[Path, o.output_option("FOLDER", "Where the detectors with your lines go.")],
    document: DocumentField = "slug",
    texts: o.Texts = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    spacy_model: o.SpacyModel = None,
    pipeline: BuiltOn = None,
) -> None:
    """Draw the detectors' lines as your coders do, after a few hundred coded passages, and measure them on documents
    held out.

    What decides on framing, cues, contrasts, live metaphors, frames and aboutness is fitted to your coding, starting
    from what there is, and kept where that is better; where nothing is, nothing is written. It takes minutes on a CPU,
    and scikit-learn, but no PyTorch. Portrayal, and source and target of metaphors, stay as they are.

    \b
    rhetoric train decisions my-gold.jsonl -o my-detectors/
    rhetoric annotate speeches/ --pipeline my-detectors/ -o records.jsonl
    """
    with running() as outcome:
        _check_folder(output, pipeline, overwrite, "decisions", DECISIONS, CUSTOM)
        from rhetoric.training.own.decisions import train_decisions
        from rhetoric.training.own.decisions_card import fate, notes
        from rhetoric.training.own.results import reading

        decided = train_decisions(
            read_any_gold(gold, texts),
            output,
            document=document,
            base=pipeline or DETECTORS,
            spacy_model=spacy_model,
            source=gold.name,
            progress=progress,
            say=say_step,
        )
        if as_json:
            print_json({"written": bool(decided.redrawn), **decided.to_dict()})
        else:
            from rhetoric.report.own import print_decisions
            from rhetoric.training.own.lines import LINES

            fates = {name: fate(decided, name) for name in LINES}
            words = {name: reading(name, each.difference) for name, each in decided.compared.items()}
            print_decisions(decided, fates, words, notes(decided), str(output), open_console())
        if not decided.redrawn:
            raise RhetoricError(
                "No line is better for sure on documents held out, so nothing was written: go on with the detectors "
                "there are, or code more passages, of more documents."
            )
        outcome.done = len(decided.redrawn)


def _check_folder(output: Path, base: Path | None, overwrite: bool, command: str, part: str, other: str) -> None:
    """Raise RhetoricError where something in the place of the new folder would be lost: what ``command``, which writes
    ``part``, has not made, and the ``other`` part where it is not built on; or where ``output`` lies in ``base``.
    """
    if base and base.resolve() in output.resolve().parents:
        raise RhetoricError(f"{output}: this lies in the folder that it is to be built on. Name another.")
    if not output.exists() or (output.is_dir() and not any(output.iterdir())):
        return
    if not (output / part).is_dir():
        raise RhetoricError(
            f"{output}: this is there already, and is no folder that `train {command}` made. Name another."
        )
    if not overwrite:
        raise RhetoricError(f"{output}: this folder exists. Name another, or replace it with --overwrite.")
    if (output / other).is_dir() and not (base and base.resolve() == output.resolve()):
        raise RhetoricError(
            f"{output}: what is in {output / other} would be lost. Keep it with --pipeline {output}, or name another."
        )


@train.command("parser", short_help="Train the English pipeline (extra: train).")
def parser(
    data: Data,
    texts: Annotated[Path, o.given_folder("Folder of .txt files for word vectors.")],
    work: Work = Path("runs/parser"),
    output: Output = None,
) -> None:
    """Train the English pipeline on EWT and GUM: about an hour on one core."""
    with running() as outcome:
        from rhetoric.training.recipes import train_parser_recipe

        train_parser_recipe(data, texts, work, output or MODELS / "english")
        outcome.done = 1


@train.command("detectors", short_help="Train and measure the detectors (extra: train).")
def detectors(
    data: Data,
    texts: Annotated[Path, o.given_folder("Folder of the .txt files that the gold's offsets count in.")],
    gold: Annotated[
        Path | None, o.given_folder("Folder with the coded passages; the gold that ships if not given.")
    ] = None,
    teacher: Annotated[
        Path | None,
        o.given_folder(
            "Folder of all-mpnet-base-v2 (config, tokenizer.json, safetensors), from which the detectors learn; "
            "wants a GPU. What ships was trained with it."
        ),
    ] = None,
    work: Work = Path("runs/detectors"),
    output: Output = None,
) -> None:
    """Cross-validate, train and measure the detectors: half an hour on a GPU with a teacher, half a day on a CPU
    without.
    """
    with running() as outcome:
        from rhetoric.training.recipes import train_detectors_recipe

        train_detectors_recipe(
            data, texts, work, output or DETECTORS, gold=gold or GOLD, teacher=teacher, progress=typer.echo
        )
        outcome.done = 1


@train.command("metaphors", short_help="Fit what finds metaphor-related words anew (extra: train).")
def metaphors(
    data: Annotated[Path, o.given_folder("Folder with metaphor/, and discourse/ to measure contrasts on.")],
    pipeline: BuiltOn = None,
    output: Fitted = None,
) -> None:
    """Fit the head of metaphor-related words, as `train detectors` does last, and measure it on the public benchmarks.

    It takes ten minutes on a CPU; all else in the weights stays as it is.
    """
    with running() as outcome:
        from rhetoric.training.recipes import train_metaphors_recipe

        train_metaphors_recipe(data, pipeline or DETECTORS, output or pipeline or DETECTORS, progress=typer.echo)
        outcome.done = 1


@train.command("portrayal", short_help="Fit how a named country is portrayed anew (extra: train).")
def portrayal(
    texts: Annotated[Path, o.given_folder("Folder of the .txt files that the gold's offsets count in.")],
    gold: Annotated[
        Path | None, o.given_folder("Folder with the coded passages; the gold that ships if not given.")
    ] = None,
    pipeline: BuiltOn = None,
    output: Fitted = None,
) -> None:
    """Fit what tells how a named country is portrayed, as `train detectors` does last, and measure it, also with the
    countries exchanged.

    It takes a quarter of an hour on a CPU; all else in the weights stays as it is. Passages whose text
    is not there are left out.
    """
    with running() as outcome:
        from rhetoric.training.recipes import train_portrayal_recipe

        train_portrayal_recipe(
            texts, gold or GOLD, pipeline or DETECTORS, output or pipeline or DETECTORS, progress=typer.echo
        )
        outcome.done = 1
