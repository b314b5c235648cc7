"""What the mere words of a passage say of it: words and pairs of words, by TF-IDF, weighed for each passage label.

The encoder reads how a thing is said; a frame is often told by what is named. Neither does as well alone.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from rhetoric.labels import FRAMES
from rhetoric.pipeline.graph import broken, once_a_process, read_files
from rhetoric.pipeline.read import Array

WEIGHTS, VOCABULARY = "words.safetensors", "words.txt"
LABELS: Final = (*FRAMES, "partial")
_KEPT: Final = 1000  # passages, more than most documents have
_WORD: Final = re.compile(r"\w\w+")


def terms(text: str) -> Iterator[str]:
    """Yield the words of two letters or more and the pairs of neighbours, in lower case."""
    words = _WORD.findall(text.lower())
    yield from words
    yield from (f"{one} {other}" for one, other in pairwise(words))


class Words:
    """Log-odds of each label by the words of a text (TF-IDF as scikit-learn has it, with ``1 + log`` of counts and unit
    length). What they say of the latest texts is kept: two detectors ask.
    """

    def __init__(self, folder: Path, labels: int = len(LABELS)) -> None:
        """Load from a model folder; raises ModelError where it cannot, or finds another number of ``labels``."""
        from safetensors import SafetensorError
        from safetensors.numpy import load

        files = read_files(folder, [WEIGHTS, VOCABULARY])[1]
        try:
            self._columns = {term: at for at, term in enumerate(files[VOCABULARY].decode("utf-8").splitlines())}
            stored = load(files[WEIGHTS])
            self._rarity, self._weights = stored["rarity"].astype(np.float32), stored["weights"].astype(np.float32)
            self._alone = stored["alone"].astype(np.float32)
            if self._alone.shape != (labels,):
                raise ValueError(f"{WEIGHTS} has another number of labels than {labels}")
        except (SafetensorError, ValueError, KeyError) as error:
            raise broken(folder, error) from error
        self._made_of = folder, labels
        self._said = lru_cache(maxsize=_KEPT)(self._say)

    def __reduce__(self) -> tuple[Any, ...]:
        return Words, self._made_of

    def __call__(self, text: str) -> Array:
        """Return the log-odds (labels) of one text."""
        return self._said(text)

    def _say(self, text: str) -> Array:
        counts = Counter(at for at in map(self._columns.get, terms(text)) if at is not None)
        if not counts:
            return self._alone
        columns = np.fromiter(counts, dtype=np.int64)
        heavy = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32))) * self._rarity[columns]
        return np.asarray(heavy / np.linalg.norm(heavy) @ self._weights[columns] + self._alone, dtype=np.float32)


@once_a_process
def load_words(folder: Path) -> Words:
    """Load the words of a model folder."""
    return Words(folder)
