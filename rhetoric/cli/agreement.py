"""``rhetoric agreement``: how far coders say the same, and where they do not."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from rhetoric.cli import options as o
from rhetoric.cli.outcome import open_console, running, say_error


def agreement(
    codings: Annotated[
        list[Path],
        typer.Argument(
            exists=True,
            dir_okay=False,
            metavar="FILE",
            help='Coded passages (.jsonl), one coder each or with a "coder" field, or a review database.',
        ),
    ],
    coder: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Compare only these coders; may be repeated.")
    ] = None,
    disagreements: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write what there is to adjudicate to a .csv or .jsonl file."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace that file where it exists.")] = False,
    texts: o.Texts = None,
    gamma: Annotated[
        bool, typer.Option("--gamma", help="Gamma of the spans too (extra: gamma); it takes its time.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with every label and pair of coders.")] = False,
) -> None:
    """Measure how far coders agree: Krippendorff's alpha for labels, F1 between coders for spans.

    Passages are the same where their ids are. Every figure has its 95 % interval over passages, how many passages are
    under it, and a word on how to read it.

    \b
    rhetoric agreement anna.jsonl ben.jsonl
    rhetoric agreement review.sqlite --disagreements to-settle.csv
    rhetoric agreement anna.jsonl ben.jsonl chen.jsonl --coder anna --coder chen --json
    """
    with running() as outcome:
        from rhetoric.annotation.agreement import (
            list_disagreements,
            measure_agreement,
            read_coders,
            share,
            write_disagreements,
        )
        from rhetoric.annotation.agreement.gamma import Gamma, measure_gamma
        from rhetoric.cli.output import check_output, print_json

        if disagreements:
            check_output(str(disagreements), overwrite)
        shared = share(read_coders(codings, texts), coder or ())
        for passage in shared.other_text[:5]:
            say_error(f"{passage}: left out, the coders did not have the same text.")
        if len(shared.other_text) > 5:
            say_error(f"and {len(shared.other_text) - 5:,} more passages with other texts.")
        found = measure_agreement(shared)
        gammas: list[Gamma] = list(measure_gamma(shared)) if gamma else []
        differing = list_disagreements(shared)
        if disagreements:
            write_disagreements(differing, shared.coders, disagreements)
        if as_json:
            told = {**found.to_dict(), "disagreements": len(differing)}
            told |= {"gamma": [asdict(each) for each in gammas]} if gamma else {}
            print_json(told)
        else:
            from rhetoric.report.agreement import print_agreement

            print_agreement(found, gammas, differing, open_console(), written=str(disagreements or ""))
        outcome.done = found.passages
