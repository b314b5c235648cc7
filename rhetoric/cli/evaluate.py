"""``rhetoric evaluate``: measure the detectors, or records that were made before, against coded passages."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rhetoric.cli import options as o
from rhetoric.cli.gold import read_any_gold, read_predictions
from rhetoric.cli.outcome import open_console, progress, running
from rhetoric.errors import RhetoricError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rhetoric.gold import Coded
    from rhetoric.record import Record

_KNOWN_CEILING = (
    "Second coder: what one reached on a sister set of this gold (corpora/gold/README.md), not on these passages alone."
)
_UNKNOWN = (
    " These records hold frames or lines of somebody's own. What those were fitted to is not known, so the figures may"
    " be flattered: name the folder that made them, --pipeline FOLDER."
)
Pipeline = Annotated[
    Path | None,
    o.given_folder(
        "Trained detectors to use in place of those that ship. With --records it only names what made them, so"
        " that passages which it was fitted to are counted.",
        metavar="FOLDER",
    ),
]


def evaluate(
    gold: o.Gold,
    records: Annotated[Path | None, o.given_file("Records made before, one a passage.")] = None,
    second: Annotated[Path | None, o.given_file("The same passages by a second coder: the ceiling.")] = None,
    errors: Annotated[
        Path | None,
        typer.Option(metavar="FILE.jsonl", help="Write each wrong passage, coded and said, the surest errors first."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace that file where it exists.")] = False,
    texts: o.Texts = None,
    draws: Annotated[int, typer.Option(min=0, metavar="N", help="Bootstrap draws for the intervals.")] = 200,
    as_json: o.AsJson = False,
    spacy_model: o.SpacyModel = None,
    pipeline: Pipeline = None,
) -> None:
    """Print every metric with its 95 % interval over passages, and what is taken for what.

    A field that nobody coded is left out; frames of your own are measured where --pipeline has them. Figures on
    passages that the detectors were trained on flatter them: the shipped gold is such.

    \b
    rhetoric evaluate my-gold.jsonl
    rhetoric evaluate my-gold.jsonl --pipeline my-detectors/ --errors wrong.jsonl
    rhetoric evaluate my-gold.jsonl --second ben.jsonl --records records.jsonl --json
    """
    with running() as outcome:
        from rhetoric.cli.output import check_lines, open_output, print_json
        from rhetoric.gold import check_ids
        from rhetoric.training.evaluation.errors import confusions, wrong_passages
        from rhetoric.training.evaluation.evaluate import (
            evaluate_gold,
            known_ceiling,
            nowhere,
            own_frames,
            second_coder,
        )
        from rhetoric.training.evaluation.metrics import pair_up

        if records and spacy_model:
            raise RhetoricError(
                "--spacy-model does nothing with --records, which are measured as they are. Leave it away."
            )
        if errors:
            check_lines(str(errors), overwrite, printed="The figures take")
        rows = read_any_gold(gold, texts)
        if not rows:
            raise RhetoricError(f"{gold}: there is no coded passage in it, so nothing to measure on.")
        check_ids(rows, str(gold))
        theirs = read_any_gold(second) if second else []
        check_ids(theirs, str(second))
        made = list(_records(rows, records, spacy_model, pipeline))
        check_ids(made, str(records))
        measured = evaluate_gold(rows, made, draws=draws)
        pairs = pair_up(rows, made)
        cells = confusions(pairs)
        ceiling, note = known_ceiling(rows), _KNOWN_CEILING
        if second:
            ceiling, shared = second_coder(rows, theirs)
            note = f"Second coder: {second.name}, against this gold, on {shared:,} passages that both coded."
        elif ceiling.keys().isdisjoint(measured):
            ceiling, note = {}, "What a second coder would reach is not known: --second FILE, and `rhetoric agreement`."
        seen, said = _seen(rows, made, records, pipeline)
        note += said
        strange = [label for label in own_frames(rows) if f"custom.{label}" not in measured]
        if not measured:
            raise RhetoricError(
                f"{gold}: nothing that is coded there can be measured. {_say_strange(strange)}".rstrip()
            )
        note += f" {_say_strange(strange)}".rstrip()
        if errors:
            with open_output(str(errors)) as write:
                for each in wrong_passages(pairs):
                    write(each)
        if as_json:
            told = {"metrics": {name: asdict(each) for name, each in measured.items()}, "ceiling": ceiling}
            told |= {"passages": len(rows), "seen": seen, "confusions": [asdict(each) for each in cells]}
            print_json(told, indent=1)
        else:
            from rhetoric.report.evaluation import print_evaluation

            print_evaluation(
                measured,
                cells,
                open_console(),
                passages=len(rows),
                nowhere=nowhere(rows, made),
                ceiling=ceiling,
                ceiling_note=note,
                written=str(errors or ""),
            )
        outcome.done = len(rows)


def _seen(rows: "list[Coded]", made: "list[Record]", records: Path | None, pipeline: Path | None) -> tuple[int, str]:
    """Return how many passages the detectors have learned from, and what is to be said of that."""
    from rhetoric.gold import is_among
    from rhetoric.made_by import LINES, parts_that_differ, shipped_parts
    from rhetoric.training.own.folder import fitted_to
    from rhetoric.training.own.passages import trained_on

    by_what_ships = own_part = False
    for record in made:
        differ = parts_that_differ(record["pipeline"].get("parts", {}), shipped_parts())
        by_what_ships |= differ is not None and "encoder" not in differ
        own_part |= not {*LINES}.isdisjoint(differ or ()) or any(each.get("custom") for each in record["passages"])
    shipped = not records or by_what_ships
    known = trained_on() if shipped else set()
    known |= fitted_to(pipeline) if pipeline else set()
    unseen = [row for row in rows if not is_among(row["text"], known)]
    seen = len(rows) - len(unseen)
    said = f" The detectors have learned from {seen:,} of these passages: that flatters the figures." if seen else ""
    portrayed = trained_on("portrayal") if shipped and any(row.get("portrayal") for row in unseen) else set()
    if more := sum(is_among(row["text"], portrayed) for row in unseen):
        said += f" What tells portrayal has learned from {more:,} {'more' if seen else 'of them'}."
    return seen, said + (_UNKNOWN if records and own_part and not pipeline else "")


def _say_strange(labels: list[str]) -> str:
    """Say that coded frames were not measured, and which of the codebook may be meant."""
    from difflib import get_close_matches

    from rhetoric.labels import FRAMES
    from rhetoric.report.safe import quoted

    def said(label: str) -> str:
        near = get_close_matches(label.casefold(), FRAMES, 1)
        return quoted(label, 40) + (f" (did you mean {near[0]}?)" if near else "")

    frames = f"Frames neither of the codebook nor of these detectors are not measured: {', '.join(map(said, labels))}."
    return frames if labels else ""


def _records(
    rows: "list[Coded]", records: Path | None, spacy_model: str | None, pipeline: Path | None
) -> "Iterable[Record]":
    if records:
        return read_predictions(records)
    from rhetoric.analysis import load
    from rhetoric.training.evaluation.evaluate import annotate_gold

    return progress(annotate_gold(rows, load(spacy_model, detectors=pipeline)))
