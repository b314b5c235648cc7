"""Frames and lines of a user's own, just fitted, for the terminal: how good they are, what that means, what to do."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from rhetoric.report.numbers import say_figure
from rhetoric.report.page import Page, print_whole, ruled_table
from rhetoric.report.safe import clean, excerpt
from rhetoric.report.words import count

if TYPE_CHECKING:
    from rhetoric.training.own.results import Decided, Trained

_NARROWEST: Final = 110  # columns


def print_frames(
    trained: "Trained", readings: Mapping[str, Sequence[str]], told: Sequence[str], output: str, console: Console
) -> None:
    """Print each frame with its figures on held-out documents, ``readings`` of them (by label), what there is to keep
    in mind of the passages (``told``), and how to use the folder ``output``, where it was written.
    """
    page = Page(console)
    page.heading("Frames of your own", "measured on documents held out")
    page.paragraph("")
    table = ruled_table("frame", "present in", "F1", "precision", "recall", "average\nprecision", "line", broken=True)
    table.columns[0].min_width = 14
    for frame in trained.frames:
        shown = [say_figure(frame.measured[name]) for name in ("f1", "precision", "recall", "average_precision")]
        cells = [excerpt(frame.label, 30), f"{frame.present:,} of {frame.passages:,}", *shown, f"{frame.line:.2f}"]
        table.add_row(*map(Text, cells))
    print_whole(console, table, columns=_NARROWEST)
    page.paragraph("")
    for frame in trained.frames:
        beside = (
            f"Calling it present everywhere has F1 {frame.always:.2f}; average precision is "
            f"{frame.present / frame.passages:.2f} by chance, {frame.words_only:.2f} by words alone."
        )
        said = " ".join(each[0].upper() + each[1:] for each in readings[frame.label])
        page.entry(excerpt(frame.label, 18), f"{beside} {said}", label_width=20, indent=0)
    for label, why in trained.left_out.items():
        page.entry(excerpt(label, 18), f"not fitted: {clean(why)}", label_width=20, indent=0)
    for note in told:
        page.paragraph(clean(note))
    page.paragraph("")
    page.paragraph(
        "F1, precision, recall: passages where the frame counts as present, from the line on. Average precision: how "
        "well passages are ranked, wherever the line is. Intervals are 95 %, over passages.",
        style="dim",
    )
    if trained.written:
        _print_use(page, clean(output), "custom")


def print_decisions(
    decided: "Decided",
    fates: Mapping[str, str],
    readings: Mapping[str, str],
    told: Sequence[str],
    output: str,
    console: Console,
) -> None:
    """Print what became of each line (``fates``), the metrics that changed with what that means (``readings``), what
    there is to keep in mind (``told``), and how to use the folder ``output``, where it was written.
    """
    page = Page(console)
    page.heading("Lines of your own", "measured on documents held out")
    page.paragraph("")
    for name, fate in fates.items():
        counts = f" ({decided.present[name]:,} of {count(decided.passages[name], 'passage')} have it)"
        page.entry(name, fate + (counts if decided.passages[name] else ""), label_width=23, indent=0)
    page.paragraph("")
    table = ruled_table("metric", "yours", "before", "difference")
    table.add_column("reads", no_wrap=True)
    for name, each in decided.compared.items():
        if readings[name] != "the same":
            values = f"{each.ours.value:.3f}", f"{each.theirs.value:.3f}", say_figure(each.difference, 3, signed=True)
            table.add_row(*map(Text, (name, *values, readings[name])))
    if table.row_count:
        print_whole(console, table, columns=_NARROWEST)
        same = sum(word == "the same" for word in readings.values())
        if same:
            page.paragraph(f"{count(same, 'other metric')} as before.")
        page.paragraph("")
    for note in told:
        page.paragraph(clean(note))
    if table.row_count:
        page.paragraph(
            "Intervals are 95 %, over passages, of the difference on the same passages. ece is an error of "
            "calibration: less is better; few passages make it seem larger. Portrayal, and source and target of "
            "metaphors, are not drawn anew.",
            style="dim",
        )
    if decided.redrawn:
        _print_use(page, clean(output), "decisions")


def _print_use(page: Page, folder: str, part: str) -> None:
    page.paragraph(f"Written to {folder}, with a card: {folder}/{part}/README.md")
    page.paragraph(f"Use it: rhetoric annotate SOURCE --pipeline {folder} -o records.jsonl")
