"""Metaphor words: VUA-20 and VUA-18 (MIPVU), and zero-shot the verbs of MOH-X and TroFi.

The four share a protocol. Words are joined by single spaces; the logit of a word is the mean over its word pieces, as
in ``rhetoric.pipeline.encoder``; it is found where its probability reaches the one threshold ``metaphor.any``, which is
never chosen on a test set. The sentences of a text are read as the detectors read: in passages; and, as the published
systems have them, each by itself. Precision, recall and F1 are those of the class
metaphor, pooled over all targets. The weights must not have been trained on MOH-X, TroFi or any test text.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.pipeline.encoder import Encoder
from rhetoric.pipeline.layout import SILENT, TOKEN, column
from rhetoric.pipeline.read import sigmoid
from rhetoric.training.baselines.lexicon import METAPHOR, shares
from rhetoric.training.benchmarks.figures import Benchmark, score
from rhetoric.training.benchmarks.published import PUBLISHED
from rhetoric.training.data.metaphors import Sentence, join_passages, read_vua, text_of
from rhetoric.training.evaluation.counts import Count

Says = Callable[[Sequence[str]], Sequence[bool] | NDArray[np.bool_]]  # which words of a sentence are found
Asks = Callable[[Sequence[str]], NDArray[np.float32]]  # the probability of each word of a sentence

LEXICON: Final = "VUA lexicon"
EVERY: Final = "every verb"
HEAD, ALONE = "metaphor head", "metaphor head, each sentence by itself"
_WORDS: Final = 120  # the most in a passage, if it has more than one sentence
_SHARED: Final = "Words joined by spaces, a word's logit the mean over its pieces"
_PASSAGES: Final = f"Sentences of a text in passages of up to {_WORDS} words, and each by itself"


@dataclass(frozen=True)
class WordSet:
    """A benchmark of metaphor words: what is measured, on what, and where the lexicon has its words from."""

    name: str
    part: str
    unit: str
    grouped: str
    learned: tuple[str, tuple[str, ...]]
    protocol: str


SETS: Final[dict[str, WordSet]] = {  # by the name of the file
    "vua20": WordSet(
        "VUA-20",
        "test",
        "official content words",
        "texts",
        ("vua20", ("train",)),
        f"{_PASSAGES}. {_SHARED}. All targets of the 2020 shared task's test set (all parts of speech), and nothing "
        "else.",
    ),
    "vua18": WordSet(
        "VUA-18",
        "test",
        "words and punctuation marks",
        "texts",
        ("vua18", ("train", "dev")),
        f"{_PASSAGES}. {_SHARED}. Every token of Gao et al. (2018), function words and punctuation in, at the "
        "threshold of VUA-20. The targets of some papers differ a little, since they joined or split words anew. "
        "It has 2,694 of the 3,698 sentences that VUA-20 has of these texts, so passages have gaps.",
    ),
    "moh_x": WordSet(
        "MOH-X",
        "all",
        "verbs",
        "sentences",
        ("vua20", ("train",)),
        f"Zero-shot, nothing learned or tuned on them. Each sentence by itself. {_SHARED}; the target verb alone is "
        "looked at.",
    ),
    "trofi": WordSet(
        "TroFi",
        "all",
        "verbs",
        "sentences",
        ("vua20", ("train",)),
        f"Zero-shot, nothing learned or tuned on them; the selection of Gao et al. (2018). Each sentence by itself. "
        f"{_SHARED}; the target verb alone is looked at.",
    ),
}


class Chances:
    """The probability that each word of a sentence is metaphor-related; no sentence is encoded twice."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self._column = encoder, column(TOKEN, "marks", "metaphor")
        self._known: dict[tuple[str, ...], NDArray[np.float32]] = {}

    def __call__(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return a probability for each word; that of a word without pieces is next to none."""
        key = tuple(words)
        if key not in self._known:
            self._known[key] = self._ask(key)
        return self._known[key]

    def _ask(self, words: tuple[str, ...]) -> NDArray[np.float32]:
        encoded = self._encoder.encode(" ".join(words))
        ends = np.cumsum([len(word) + 1 for word in words])
        at = np.searchsorted(ends, [start for start, _ in encoded.ranges], side="right")
        pieces = np.bincount(at, minlength=len(words))
        total = np.bincount(at, weights=encoded.token[:, self._column], minlength=len(words))
        return sigmoid(np.where(pieces > 0, total / np.maximum(pieces, 1), SILENT).astype(np.float32))


def count_metaphors(sentences: Iterable[Sentence], says: Says, by: Callable[[Sentence], str]) -> dict[str, Count]:
    """Count, for each group that ``by`` puts sentences into: metaphors rightly found, found, and there to be found.

    Only targets (labels of 0 or 1) are counted.
    """
    counts: dict[str, Count] = {}
    for sentence in sentences:
        right, predicted, gold = counts.get(by(sentence), (0, 0, 0))
        for label, found in zip(sentence["labels"], says(sentence["tokens"]), strict=True):
            if label >= 0:
                right, predicted, gold = right + int(found and label), predicted + int(found), gold + label
        counts[by(sentence)] = right, predicted, gold
    return counts


def measure_words(key: str, folder: Path, chances: Asks, threshold: float) -> Benchmark:
    """Measure the metaphor head in each way of reading, and the lexicon, on one of ``SETS``; ``folder`` holds the files
    of metaphor words.

    The lexicon calls a metaphor what is one in most of its places in the annotated training part (Gao et al. 2018); it
    is left out where that file is not there. Where the targets are verbs, beside it stands what calling every one of
    them a metaphor gives.
    """
    what = SETS[key]
    sentences = read_vua(folder / f"{key}.jsonl.gz", what.part)
    by = text_of if what.grouped == "texts" else (lambda row: str(row["id"]))
    ways: dict[str, Iterable[Sentence]] = {HEAD: sentences}
    if what.grouped == "texts":
        ways = {HEAD: join_passages(sentences, lambda _: _WORDS), ALONE: sentences}
    counts = {
        way: count_metaphors(rows, lambda words: chances(words) >= np.float32(threshold), by)
        for way, rows in ways.items()
    }
    targets = [label for row in sentences for label in row["labels"] if label >= 0]
    source = folder / f"{what.learned[0]}.jsonl.gz"
    baselines = {}
    if what.unit == "verbs":
        baselines[EVERY] = score(count_metaphors(sentences, lambda words: [True] * len(words), by).values())
    if source.is_file():
        known = shares(row for part in what.learned[1] for row in read_vua(source, part))
        baselines[LEXICON] = score(
            count_metaphors(sentences, lambda words: [known.get(word, 0.0) > METAPHOR for word in words], by).values()
        )
    return {
        "name": what.name,
        "split": what.part,
        "unit": what.unit,
        "count": len(targets),
        "positive": sum(targets),
        "threshold": round(threshold, 4),
        "grouped": what.grouped,
        "groups": len(counts[HEAD]),
        "protocol": what.protocol,
        "measured": {way: score(found.values()) for way, found in counts.items()},
        "baselines": baselines,
        "published": PUBLISHED[key],
    }
