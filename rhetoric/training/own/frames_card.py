"""The card of frames that a user has fitted, written from the measurements: no figure in it is typed by hand."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from rhetoric.training.own.folder import fill_card, plain
from rhetoric.training.own.results import Frame, Trained, say_passages
from rhetoric.writing import table_row

_POINTER: Final = """\
> This folder holds the detectors described below and, beside them, frames of somebody's own: {labels}.
> They are described, with how good they are, in [custom/README.md](custom/README.md).

"""
_ALIKE: Final = 0.05  # of average precision: what is surely nearer is as good
_CARD: Final = """\
# Frames of one's own: {labels}

Fitted by `rhetoric train frames` to {source}, on top of the detectors whose `config.json` lists the encoder
`{encoder}`. Use them with `rhetoric annotate SOURCE --pipeline FOLDER`, where FOLDER is the one that this folder
`custom` is in. In a record each passage has, under `custom`, for each frame its probability (`score`) and whether that
reaches the line below (`present`). The codebook's frames stay as they are; scorecards,
tables, comparisons, trends and reports show these beside them.

## How good they are

{held} ({folds}): the model, its words, its calibration and its line saw none of the passages
that it is measured on here{nor}. 95 % bootstrap intervals over passages; the calibration error is above 0 even of
perfect probabilities, the more the fewer passages there are, and its interval leans upward.

| frame | passages | present | documents | F1 | precision | recall | average precision | calibration error | line |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}

Beside it, so that the figures mean something:

| frame | F1, always present | average precision: by chance | words alone | half of the passages | all |
| --- | ---: | ---: | ---: | ---: | ---: |
{beside}

{readings}
How far the coding can be relied on is another question: have a second coder code some of the passages, and measure it
with `rhetoric agreement`. No detector can be surer than its coders are.

## How they are made

One logistic regression a frame over the logits of the encoder's passage heads, the passage's embedding, and TF-IDF of
its words and pairs of words. Probabilities are calibrated (Platt 1999) and the line chosen, for F1, on passages held
out. {left_out}
"""


def pointer(labels: Iterable[str]) -> str:
    """Return what the card of the whole folder says of the frames in it."""
    return _POINTER.format(labels=_names(labels))


def frames_card(trained: Trained, settings: Mapping[str, Any], source: str) -> str:
    """Write the card; ``settings`` are those of the detectors that the frames are fitted on top of."""
    folds = sorted({frame.folds for frame in trained.frames})
    left_out = "".join(f"Not fitted: {plain(label)} ({why[:-1]}). " for label, why in trained.left_out.items())
    said = [f"{plain(frame.label)}: {each}" for frame in trained.frames for each in readings(frame)]
    return fill_card(
        _CARD,
        settings,
        source,
        labels=_names(frame.label for frame in trained.written),
        held="On documents that were held out" if trained.named else "On passages that were held out",
        folds=f"cross-validation, {' or '.join(map(str, folds))} folds{' of whole documents' * trained.named}",
        nor=", nor any other of their documents" * trained.named,
        rows="\n".join(_row(frame, trained.named) for frame in trained.frames),
        beside="\n".join(map(_beside, trained.frames)),
        readings="".join(f"- {each}\n" for each in said + say_passages(trained)),
        left_out=left_out,
    )


def readings(frame: Frame) -> list[str]:
    """Say in plain words what the figures of a frame mean, and what would help; nothing where all is plain."""
    found = []
    ranked, gain = frame.measured["average_precision"], frame.gain
    if not frame.usable:
        found.append("no better, for sure, than calling it present everywhere: not written. Code more passages.")
    if ranked.high is not None and ranked.high < frame.words_only:
        found.append("the mere words do better by themselves than with what the encoder says.")
    elif ranked.low is not None and ranked.low <= frame.words_only:
        found.append("what the encoder says adds nothing sure to the mere words.")
    low, high = gain.low or 0.0, gain.high or 0.0
    over = f"average precision {gain.value:+.2f} [{low:+.2f}, {high:+.2f}] over half of them"
    if low > -_ALIKE and high < _ALIKE:
        if frame.usable:
            found.append("half of the passages did as well: code other kinds of text rather than more of the same.")
    elif low > 0:
        found.append(f"it is still getting better with more passages ({over}): coding more is worth while.")
    elif high < 0:
        found.append("half of the passages did better, which is chance: with so few, these figures say little.")
    else:
        found.append(f"whether more passages make it better cannot be told ({over}).")
    if frame.documents < 10:
        found.append(f"it was measured on {frame.documents} documents only; on others it may do worse.")
    if frame.seen:
        found.append(
            f"{frame.seen} of the passages are among those that the shipped detectors have learned from. That flatters "
            "these figures very much; on passages of your own, expect less."
        )
    return found


def _row(frame: Frame, named: bool) -> str:
    names = ("f1", "precision", "recall", "average_precision", "ece")
    cells = [plain(frame.label), frame.passages, frame.present, frame.documents if named else "–"]
    return table_row([*cells, *(frame.measured[name] for name in names), frame.line])


def _beside(frame: Frame) -> str:
    chance = frame.present / frame.passages
    ranked = frame.measured["average_precision"].value
    numbers = (frame.always, chance, frame.words_only, frame.half, ranked)
    return table_row([plain(frame.label), *(f"{number:.3f}" for number in numbers)])


def _names(labels: Iterable[str]) -> str:
    return ", ".join(f"`{plain(label)}`" for label in labels)
