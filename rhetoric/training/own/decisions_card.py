"""The card of lines that a user has had drawn, written from the measurements: no figure in it is typed by hand."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from rhetoric.training.own.folder import fill_card
from rhetoric.training.own.lines import LINES
from rhetoric.training.own.results import Decided, reading, say_passages
from rhetoric.writing import table_row

_POINTER: Final = """\
> In this folder these lines were drawn after somebody's own coding: {lines}. How good they are is in
> [decisions/README.md](decisions/README.md); the figures below are those of the detectors before that.

"""
_CARD: Final = """\
# Lines of one's own: {lines}

Drawn by `rhetoric train decisions` after {source}, on top of the detectors whose `config.json` lists the encoder
`{encoder}`. Use them with `rhetoric annotate SOURCE --pipeline FOLDER`, where FOLDER is the one that this folder
`decisions` is in. Encoder and words are as they were; only `decisions` and `thresholds` in `config.json` are
other ones. The portrayal of countries, and source and target of metaphors, are not drawn anew.

| line | passages coded | with it | what became of it |
| --- | ---: | ---: | --- |
{lines_table}

## How good they are

{held}: the lines
that each passage is measured on here were drawn, and chosen, without {its}. "Before" are the detectors that
these were built on, on the very same passages. 95 % bootstrap intervals over passages, those of the difference from
the same draws. `ece` is an error of calibration: less is better. It is above 0 even of perfect probabilities, the more
the fewer passages there are, and its interval leans upward.

| metric | yours | before | difference | reads |
| --- | ---: | ---: | ---: | --- |
{rows}

{told}
The threshold and the weights of a line are new only where that was better, in 95 of 100 bootstrap draws, on documents
that they were not fitted to; then that whole choice was made again without each fold and measured on it, and a line
that lost there was left as it was. That last look flatters the figures of the lines kept a little.

{notes}
How far the coding can be relied on is another question: have a second coder code some of the passages, and measure it
with `rhetoric agreement`. No detector can be surer than its coders are.

## How they were made

Each decision is a logistic regression over what the encoder and the words say. It was fitted to the coding from the
weights that were there before, with a penalty on leaving them, so that few passages move it little. Then the threshold
was chosen. `about` and `frames` have none: a half is their line, so the weight that stands alone is moved instead,
which costs them calibration where it gains F1.
"""


def pointer(lines: Iterable[str]) -> str:
    """Return what the card of the whole folder says of the ``lines`` in it."""
    return _POINTER.format(lines=", ".join(lines))


def decisions_card(decided: Decided, settings: Mapping[str, Any], source: str) -> str:
    """Write the card; ``settings`` are those of the detectors that the lines are drawn on top of."""
    return fill_card(
        _CARD,
        settings,
        source,
        lines=", ".join(decided.redrawn),
        lines_table="\n".join(
            table_row([name, decided.passages[name], decided.present[name], fate(decided, name)]) for name in LINES
        ),
        held=_held(decided),
        its="its document" if decided.named else "it",
        rows="\n".join(
            table_row([name, each.ours, each.theirs, each.difference, reading(name, each.difference)])
            for name, each in decided.compared.items()
        ),
        told="".join(f"- {each}\n" for each in summary(decided)),
        notes="".join(f"- {each}\n" for each in notes(decided)),
    )


def _held(decided: Decided) -> str:
    if not decided.named:
        return f"On passages that were held out (cross-validation, {decided.folds} folds)"
    folds = f"cross-validation, {decided.folds} folds of whole documents, {decided.documents} documents"
    return f"On documents that were held out ({folds})"


def fate(decided: Decided, name: str) -> str:
    """Say what became of a line."""
    if name in decided.left_out:
        return f"as before: {decided.left_out[name]}"
    if name not in decided.redrawn:
        return "as before: none drawn anew was better for sure on documents held out"
    its = decided.redrawn[name]
    what = ["new weights"] if its.fitted else []
    if its.after != its.before:
        name_of = LINES[name].threshold
        told = f"{name_of} {its.after:g}, was {its.before:g}"
        what.append(told if name_of else f"moved so that what was a chance of {its.after:g} is a half now")
    return "; ".join(what)


def summary(decided: Decided) -> list[str]:
    """Say which metrics got better, which worse, and which cannot be told."""
    by_word: dict[str, list[str]] = {}
    for name, each in decided.compared.items():
        by_word.setdefault(reading(name, each.difference), []).append(name)
    said = {
        "better": "Better on documents held out",
        "worse": "Worse",
        "cannot be told": "Changed, and cannot be told whether better or worse",
        "the same": "The same",
    }
    return [f"{begin}: {', '.join(by_word[word])}." for word, begin in said.items() if word in by_word]


def notes(decided: Decided) -> list[str]:
    """Say what to keep in mind; nothing where all is plain."""
    found = []
    if decided.redrawn:
        found.append(
            "With --pipeline, scorecards and reports say how far a number can be trusted by these figures where a line "
            "was drawn anew."
        )
    if {"about", "frames"} & {*decided.redrawn}:
        found.append("No share of a frame is corrected for errors, since nobody has counted those of these lines.")
    if decided.documents < 10:
        found.append(f"It was measured on {decided.documents} documents only; on others it may do worse.")
    if decided.seen:
        found.append(
            f"{decided.seen} of the passages are among those that the detectors have learned from, or that the lines "
            "before were drawn by. On these nothing can be learned of what is gained on passages of your own."
        )
    return found + say_passages(decided)
