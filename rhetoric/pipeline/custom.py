"""Frames of the user's own, as ``rhetoric train frames`` fits them to coded passages: in ``span._.custom``.

Each is one logistic model over what the shipped encoder says of a passage, how it embeds it, and the words in it. They
stand beside the ten frames of the codebook, which stay as they are, and come from the folder ``custom`` inside a folder
of detectors.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from rhetoric.errors import ModelError
from rhetoric.pipeline.graph import model_folder, read_files
from rhetoric.pipeline.read import Array, passages, sigmoid
from rhetoric.pipeline.text import text_of
from rhetoric.pipeline.words import Words
from rhetoric.resources import CUSTOM

WEIGHTS: Final = "frames.safetensors"

Span.set_extension("custom", default=None, force=True)


class Custom:
    """Sets ``span._.custom`` of each passage: label -> ``score``, its calibrated probability, and ``present``, whether
    that reaches the line fitted for it. Plain dicts, since a DocBin keeps these.
    """

    def __init__(self, folder: Path) -> None:
        """Load from the folder ``custom`` of a folder of detectors; raises ModelError where it cannot."""
        from safetensors.numpy import load

        inside = folder / CUSTOM
        try:
            settings, files = read_files(inside, [WEIGHTS])
            stored = load(files[WEIGHTS])
            self._passage, self._embedding = (stored[name].astype(np.float32) for name in ("passage", "embedding"))
            self.labels = {str(label): float(line) for label, line in settings["labels"].items()}
            self._words = Words(inside, len(self.labels))
        except (ModelError, ValueError, KeyError, TypeError, AttributeError) as error:
            advice = "Make it again: rhetoric train frames GOLD -o FOLDER --overwrite"
            raise ModelError(f"The frames in {inside} cannot be loaded ({error}). {advice}") from error

    def scores(self, passage: Span) -> Array:
        """Return the log-odds (labels) of an encoded passage."""
        told, place = (np.asarray(each, dtype=np.float32) for each in (passage._.scores, passage._.embedding))
        return np.asarray(told @ self._passage + place @ self._embedding + self._words(text_of(passage)))

    def __call__(self, doc: Doc) -> Doc:
        """Say of each passage which of the labels are present in it."""
        for passage in passages(doc):
            chances = map(float, sigmoid(self.scores(passage)))
            passage._.custom = {
                label: {"score": chance, "present": chance >= line}
                for (label, line), chance in zip(self.labels.items(), chances, strict=True)
            }
        return doc


@Language.factory(
    "rhetoric_custom",
    requires=["span._.scores", "span._.embedding"],
    assigns=["span._.custom"],
    default_config={"folder": None},
)
def make_custom(nlp: Language, name: str, folder: str | None) -> Callable[[Doc], Doc]:
    """Make the component; ``folder`` is a folder of detectors that ``rhetoric train frames`` wrote."""
    return Custom(model_folder(folder))
