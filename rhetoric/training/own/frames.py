"""Frames of a user's own, from coded passages to a folder of detectors: on a CPU, in minutes, without PyTorch.

The shipped encoder stays as it is; each frame is a small model on top of it (``model``). What is measured is
measured on documents that the model, its words, its calibration and its line have not seen.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.errors import RhetoricError, SourceError, need
from rhetoric.gold import Coded, is_among, text_sum
from rhetoric.labels import FRAMES
from rhetoric.pipeline.custom import WEIGHTS
from rhetoric.pipeline.graph import read_files
from rhetoric.pipeline.words import VOCABULARY
from rhetoric.pipeline.words import WEIGHTS as WORDS
from rhetoric.resources import CUSTOM, DETECTORS, SCORES, SETTINGS
from rhetoric.training.decisions.questions import gold_passage
from rhetoric.training.decisions.words import write_arrays, write_words
from rhetoric.training.evaluation.frames import average_precision, compare_rankings, measure_frame
from rhetoric.training.own import model
from rhetoric.training.own.folder import CARD, new_folder
from rhetoric.training.own.frames_card import frames_card, pointer
from rhetoric.training.own.passages import check_texts, split_documents, take_passages, too_few, trained_on
from rhetoric.training.own.results import Frame, Trained
from rhetoric.writing import checksum, write_json

_FEWEST_DOCUMENTS: Final = 2  # to fit on one and measure on another
_LEARNED: Final = 0.5  # share of the passages that are learned from once more, to see what coding more would do
_LONGEST: Final = 60  # characters of a label
_LEAST: Final = ("rhetoric_paragraphs", "rhetoric_passages", "rhetoric_encoder")  # what training needs of ours


def train_frames(
    rows: Sequence[Coded],
    output: Path,
    *,
    labels: Sequence[str] = (),
    document: str = "slug",
    base: Path = DETECTORS,
    spacy_model: str | None = None,
    source: str = "",
    progress: Callable[[Iterable[Coded]], Iterable[Coded]] = iter,
) -> Trained:
    """Fit frames of ``rows`` on top of the detectors in ``base`` and write them, measured, to the folder ``output``.

    ``labels`` are those in ``frames`` of the rows that the codebook does not have, if not named. ``document`` is the
    field that says which document a passage is of; a row without it is of the document that its id names before "#".
    A frame that is not usable is measured, but not written; where none is, there is no folder. ``source`` is what the
    card calls the coded passages. Raises RhetoricError where no label can be fitted, or scikit-learn is not installed.
    """
    need("Fitting to your own coding needs", "cluster", "sklearn")
    check_rows(rows)
    taken = take_passages(rows, document)
    rows = taken.rows
    wanted = check_labels(tuple(dict.fromkeys(labels)) or own_labels(rows))
    left_out = {label: why for label in wanted if (why := _unfit(rows, taken.documents, label))}
    fit = [label for label in wanted if label not in left_out]
    if not fit:
        raise RhetoricError(" ".join(f"{label}: {why}" for label, why in left_out.items()))
    passages = _encode(rows, taken.documents, base, spacy_model, progress)
    shipped = trained_on()
    vectorizer = model.fit_vectorizer(passages.texts)
    found, weights = [], []
    for label in fit:
        frame, its = _fit(label, rows, passages, vectorizer, shipped)
        found.append(frame)
        weights.append(its)
    trained = Trained(found, left_out, taken.repeats, taken.contradict, taken.named)
    if trained.written:
        shas = sorted({text_sum(row["text"]) for row in rows})
        kept = [its for frame, its in zip(found, weights, strict=True) if frame.usable]
        _write(trained, kept, vectorizer, base, output, source, shas)
    return trained


def check_rows(rows: Sequence[Coded]) -> None:
    """Raise SourceError for a passage without text or frames, and for a code that is neither 0 nor 1."""
    check_texts(rows)
    for row in rows:
        if not isinstance(row.get("frames"), dict):
            said, advice = "no frames were coded in this passage.", 'It needs "frames": {"LABEL": 0 or 1}.'
            raise SourceError(str(row["id"]), said, advice)
        for label, code in row["frames"].items():
            if code not in (0, 1):
                said = f"frame {label!r} is {code!r}, and not 0 or 1."
                raise SourceError(str(row["id"]), said, "Leave a frame out where nobody coded it.")


def own_labels(rows: Sequence[Coded]) -> tuple[str, ...]:
    """Return the frames that the codebook does not have, by name; raises RhetoricError where there are none."""
    found = sorted({label for row in rows for label in row["frames"]} - {*FRAMES})
    if not found:
        advice = "To fit one of these to your own coding, name it: --label race"
        raise RhetoricError(f"All frames coded here are the codebook's, which the detectors know. {advice}")
    return tuple(found)


def check_labels(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``labels``; raises RhetoricError for one that can stand in no table."""
    bad = [label for label in labels if not label.strip() or len(label) > _LONGEST or not label.isprintable()]
    if bad:
        raise RhetoricError(f"{bad[0][:100]!r} is no name for a frame: at most {_LONGEST} characters of plain text.")
    return labels


def _unfit(rows: Sequence[Coded], documents: Sequence[str], label: str) -> str:
    """Say why a label cannot be fitted and measured; nothing where it can."""
    sides: dict[str, list[str]] = {"with": [], "without": []}
    for row, document in zip(rows, documents, strict=True):
        if label in row["frames"]:
            sides["with" if row["frames"][label] else "without"].append(document)
    return too_few(sides, _FEWEST_DOCUMENTS)


def _encode(
    rows: Sequence[Coded],
    documents: list[str],
    base: Path,
    spacy_model: str | None,
    progress: Callable[[Iterable[Coded]], Iterable[Coded]],
) -> model.Encoded:
    from rhetoric.analysis import load
    from rhetoric.pipeline.text import text_of

    nlp = load(spacy_model, detectors=base)
    left_out = [name for name in nlp.pipe_names if name.startswith("rhetoric_") and name not in _LEAST]
    texts, scores, embeddings = [], [], []
    for row in progress(rows):
        with nlp.memory_zone():
            doc = nlp(row["text"], disable=left_out)
            if not doc.spans["passage"]:
                raise SourceError(str(row["id"]), "there are no words in this passage.")
            passage = gold_passage(doc)
            texts.append(text_of(passage))
            scores.append(passage._.scores)
            embeddings.append(passage._.embedding)
    return model.Encoded(texts, documents, np.array(scores), np.array(embeddings))


def _fit(
    label: str,
    rows: Sequence[Coded],
    passages: model.Encoded,
    vectorizer: Any,  # noqa: ANN401
    shipped: set[str],
) -> tuple[Frame, model.Weights]:
    chosen = np.array([label in row["frames"] for row in rows])
    coded = [row for row in rows if label in row["frames"]]
    present: NDArray[np.bool_] = np.array([bool(row["frames"][label]) for row in coded])
    here = passages.take(chosen)
    rarer = present if 2 * present.sum() <= len(present) else ~present
    folds = split_documents(here.documents, rarer)
    odds = model.hold_out(here, present, folds)
    chances, said = np.zeros(len(present)), np.zeros(len(present), dtype=bool)
    for held, its, line in model.nested(odds, present, folds):
        chances[held], said[held] = its, its >= line
    slope, alone = model.calibrate(odds, present)
    line = model.best_line(model.chance(slope * odds + alone), present)
    weights = model.fit_weights(vectorizer.transform(here.texts), here, present).calibrated(slope, alone)
    words_only = model.hold_out(here, present, folds, words_only=True)
    half = model.hold_out(here, present, folds, share=_LEARNED)
    frame = Frame(
        label,
        len(present),
        int(present.sum()),
        len(set(here.documents)),
        len(folds),
        line,
        measure_frame(chances, said, present),
        round(average_precision(words_only, present), 4),
        round(average_precision(half, present), 4),
        compare_rankings(chances, half, present),
        round(2 * float(present.mean()) / (1 + float(present.mean())), 4),
        sum(is_among(row["text"], shipped) for row in coded),
    )
    return frame, weights


def _write(
    trained: Trained,
    weights: Sequence[model.Weights],
    vectorizer: Any,  # noqa: ANN401
    base: Path,
    output: Path,
    source: str,
    shas: list[str],
) -> None:
    """Write the folder: the detectors of ``base`` as they are, and beside them the frames with scores and card.

    ``shas`` are the checksums of the passages that they were fitted to.
    """
    settings, _ = read_files(base, [])
    lines = {frame.label: frame.line for frame in trained.written}
    with new_folder(base, output, CUSTOM, pointer(lines)) as whole:
        inside = whole / CUSTOM
        words = np.stack([each.words for each in weights], axis=1)
        write_words(inside, vectorizer, words, np.array([each.alone for each in weights]), np.float32)
        read = {
            "passage": np.stack([each.passage for each in weights], axis=1),
            "embedding": np.stack([each.embedding for each in weights], axis=1),
        }
        write_arrays(inside / WEIGHTS, read, np.float32)
        checksums = {name: checksum(inside / name) for name in (WORDS, WEIGHTS, VOCABULARY)}
        write_json(inside / SETTINGS, {"labels": lines, "sha256": checksums})
        write_json(inside / SCORES, {**trained.to_dict(), "shas": shas})
        (inside / CARD).write_text(frames_card(trained, settings, source), encoding="utf-8")
        # In the settings of the whole, so that a record's checksum tells whose frames are in it.
        write_json(whole / SETTINGS, {**settings, CUSTOM: checksum(inside / SETTINGS)})
