"""Train without each fold in turn: what comes out is measured on the fold that it has not seen."""

import shutil
from collections.abc import Callable
from pathlib import Path

from rhetoric.pipeline.layout import PASSAGE, TOKEN, VECTOR, width
from rhetoric.training.detectors import Recipe, describe, train_detectors
from rhetoric.training.export import export
from rhetoric.training.gold import FOLDS, Coded, by_time, split
from rhetoric.training.phrases import fit_phrases
from rhetoric.training.words import fit_words


def settings(recipe: Recipe) -> dict[str, object]:
    """Return what is stored with exported weights."""
    return {"columns": [width(TOKEN) + VECTOR, width(PASSAGE)], "recipe": describe(recipe)}


def train_folds(
    rows: list[Coded],
    silver: list[Coded],
    written: list[Coded],
    vua: Path,
    start: Path,
    work: Path,
    recipe: Recipe,
    *,
    progress: Callable[[str], None] = print,
) -> list[Path]:
    """Return the folder of exported weights of each fold, trained where it is not there yet.

    ``silver`` passages are trained on where their document is not held out, ``written`` ones always: their writers
    wrote nothing of ``rows``. ``start`` is what ``train_start`` wrote.
    """
    folders = [work / f"fold-{fold}" for fold in range(FOLDS)]
    for fold, folder in enumerate(folders):
        if not (folder / "config.json").is_file():  # written last
            first, later = by_time(split(rows + silver, fold, FOLDS)[0] + written)
            kept = first + later
            progress(f"fold {fold}: training on {len(kept)} passages")
            network = train_detectors(first, later, vua, start, work, recipe, f"fold {fold}")
            shutil.rmtree(folder, ignore_errors=True)
            fit_words(kept, folder)
            fit_phrases(kept, folder)
            export(network, folder, settings(recipe))
    return folders
