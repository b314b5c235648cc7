"""What a word and those around it say of it: log-odds of being a live metaphor, or a cue of framing.

A linear model over words, endings and neighbours, learned from coded passages. It knows by heart what the encoder only
takes in by and by (that *billed as* is a cue, that *playbook* is an image); decisions weigh both.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Span

from rhetoric.pipeline.graph import broken, read_files

LABELS: Final = ("live", "cue")
PHRASES, PHRASE_WEIGHTS = "phrases.txt", "phrases.safetensors"
_ENDINGS: Final = ("'s", "’s", "ing", "ed", "es", "s")
_AROUND: Final = 5  # words on either side whose presence counts, wherever they stand
_STEM: Final = 3  # letters that are left of a word at least


def features(words: Sequence[str]) -> list[list[str]]:
    """Return the names of the features of each word of a passage."""
    lower = [word.lower() for word in words]
    stems = [_stem(word) for word in lower]
    padded = ["_"] * _AROUND + stems + ["_"] * _AROUND
    found = []
    for at, (word, stem) in enumerate(zip(lower, stems, strict=True)):
        around = padded[at : at + 2 * _AROUND + 1]
        before, after = around[_AROUND - 1], around[_AROUND + 1]
        near = [
            f"w {word}", f"s {stem}", f"- {before}", f"+ {after}", f"-- {around[_AROUND - 2]}",
            f"++ {around[_AROUND + 2]}", f"-s {before} {stem}", f"s+ {stem} {after}", f"p {word[:4]}", f"e {word[-3:]}",
        ]  # fmt: skip
        found.append(near + [f"c {each}" for each in (*around[:_AROUND], *around[_AROUND + 1 :])])
    return found


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > _STEM:
            return word[: -len(ending)]
    return word


class Phrases:
    """Called with the words of a passage, returns log-odds (words × LABELS)."""

    def __init__(self, folder: Path) -> None:
        """Load from a model folder; raises ModelError where a file is missing, damaged or not the one measured."""
        from safetensors.numpy import load

        _, files = read_files(folder, [PHRASES, PHRASE_WEIGHTS])
        try:
            stored = load(files[PHRASE_WEIGHTS])
            self._weights = stored["weights"].astype(np.float32)
            self._alone = stored["alone"].astype(np.float32)
            names = files[PHRASES].decode("utf-8").splitlines()
            if self._weights.shape != (len(names), len(LABELS)):
                raise ValueError("weights and names do not match")
        except Exception as error:
            raise broken(folder, error) from error
        self._columns = {name: at for at, name in enumerate(names)}

    def __call__(self, words: Sequence[str]) -> NDArray[np.float32]:
        """See the class."""
        found = np.empty((len(words), len(LABELS)), dtype=np.float32)
        for at, names in enumerate(features(words)):
            known = [column for name in names if (column := self._columns.get(name)) is not None]
            found[at] = self._weights[known].sum(axis=0) + self._alone
        return found

    def of(self, passage: Span) -> NDArray[np.float32]:
        """Return the log-odds (tokens × LABELS) of the tokens of a passage; white space is no word and says nothing."""
        found = np.tile(self._alone, (len(passage), 1))
        words = [at for at, token in enumerate(passage) if not token.is_space]
        if words:
            found[words] = self([passage[at].text for at in words])
        return found


@lru_cache(maxsize=4)
def load_phrases(folder: Path) -> Phrases:
    """Load a model folder's phrases once a process."""
    return Phrases(folder)
