"""``rhetoric evaluate``: measure the detectors, or records that were made before, against coded passages."""

import json
from pathlib import Path
from typing import Annotated

import typer

from rhetoric.cli.options import SpacyModel
from rhetoric.cli.run import running

File = typer.Option(exists=True, dir_okay=False)


def evaluate(
    gold: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Coded passages, one a line.")],
    records: Annotated[Path | None, File] = None,
    texts: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Folder of texts, for gold kept as offsets.")
    ] = None,
    draws: Annotated[int, typer.Option(min=0, help="Bootstrap draws for the intervals.")] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    spacy_model: SpacyModel = None,
) -> None:
    """Print every metric of the codebook with its 95 % interval over passages.

    Figures on passages that the detectors were trained on flatter them: the shipped gold is such.

    \b
    rhetoric evaluate my-gold.jsonl
    rhetoric evaluate my-gold.jsonl --records records.jsonl --json
    """
    with running() as run:
        from dataclasses import asdict

        from rhetoric.training.gold import read_gold, with_texts
        from rhetoric.training.metrics import evaluate as measure
        from rhetoric.training.predict import predict, read_records

        rows = read_gold(gold)
        if texts:
            rows = with_texts(rows, texts)
        found = measure(rows, read_records(records) if records else predict(rows, spacy_model), draws=draws)
        if as_json:
            typer.echo(json.dumps({name: asdict(each) for name, each in found.items()}, indent=1))
        else:
            width = max(map(len, found))
            for name, each in found.items():
                typer.echo(f"{name:{width}}  {each}")
        run.done = len(rows)
