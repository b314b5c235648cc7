"""Train without each fold in turn: what comes out is measured on the fold that it has not seen."""

import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from rhetoric.gold import FOLDS, Coded, split, without_repeats
from rhetoric.pipeline.layout import COLUMNS
from rhetoric.resources import SETTINGS
from rhetoric.training.data.metaphors import VUA, read_vua
from rhetoric.training.data.passages import Gold
from rhetoric.training.decisions.words import fit_words
from rhetoric.training.encoder.export import export
from rhetoric.training.encoder.portrayal import fit_portrayal
from rhetoric.training.encoder.related import fit_related
from rhetoric.training.encoder.train import MAX_PIECES, Recipe, train_detectors
from rhetoric.training.weights import write_settings


def train_folds(
    passages: Gold,
    texts: list[Coded],
    data: Path,
    work: Path,
    recipe: Recipe,
    *,
    teacher: Path | None = None,
    progress: Callable[[str], None] = print,
) -> list[Path]:
    """Return the folder of exported weights of each fold, trained where it is not there yet.

    Passages and whole ``texts`` are used where their document or writer is not held out, ``written`` ones always: their
    writers wrote nothing that is measured. What repeats a passage that is measured in a fold is not learned there.
    """
    folders = [work / f"fold-{fold}" for fold in range(FOLDS)]
    measured = passages.coded + passages.others + passages.denials
    for fold, folder in enumerate(folders):
        held = split(measured, fold, FOLDS)[1]
        kept = split(passages.coded + passages.silver, fold, FOLDS)[0]
        kept = without_repeats(kept + passages.written, held)
        last = without_repeats(split(passages.last, fold, FOLDS)[0], held)
        whole = split(texts, fold, FOLDS)[0]
        make_weights(kept, last, whole, data, folder, recipe, teacher=teacher, progress=progress)
    return folders


def make_weights(
    rows: list[Coded],
    last: list[Coded],
    texts: list[Coded],
    data: Path,
    folder: Path,
    recipe: Recipe,
    *,
    teacher: Path | None = None,
    progress: Callable[[str], None] = print,
) -> None:
    """Train on ``rows``, then on those to learn ``last``, and write all weights to ``folder``, and how they came about,
    unless they are there.
    """
    if (folder / SETTINGS).is_file():  # written last
        return
    progress(f"{folder.name}: training on {len(rows) + len(last)} passages")
    made = train_detectors(rows, last, texts, data, folder.parent, recipe, folder.name, teacher)
    shutil.rmtree(folder, ignore_errors=True)
    fit_words(rows, folder)
    export(made.network, folder)
    fit_related(folder, read_vua(data / VUA, "train"), progress, recipe.seed)
    fit_portrayal(folder, rows + last, progress, recipe.seed)
    settings = {"max_pieces": MAX_PIECES, "columns": COLUMNS, "recipe": asdict(recipe), "trained": made.told()}
    write_settings(folder, settings)
