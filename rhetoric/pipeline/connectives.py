"""Connectives of contrast in ``doc.spans["connective"]``: *but*, *however*, *even though*, where they connect.

As the Penn Discourse Treebank has them (PDTB 3.0, Webber et al. 2019): explicit comparison and substitution. They are
fewer than the cues of the codebook, which counts *not* and *than*. No pipeline has this component unless it is added.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from rhetoric.errors import ModelError
from rhetoric.pipeline.graph import broken, model_folder, read_files
from rhetoric.pipeline.read import Array, decide, passages, runs, token_score

GROUP = "connective"
STORED: Final = "connectives"  # in the settings of a model folder
FEATURES: Final = ("encoder", "usual", "capital", "opens")
_FARTHEST: Final = 8.0  # log-odds
_BREAKS: Final = set(",;:.!?—–-")


class Connectives:
    """Adds a span for each stretch of words that connects, labelled ``connective``, with ``connective_score``."""

    def __init__(self, weights: Array, usual: Mapping[str, float], threshold: float = 0.5) -> None:
        """Decide by ``weights`` (one a feature, the last one alone); ``usual`` are the log-odds of each word, in lower
        case, to be part of a connective wherever it stands. No other word is one.
        """
        self.weights, self.usual, self.threshold = weights, usual, threshold

    def __call__(self, doc: Doc) -> Doc:
        """See the class."""
        found = []
        for passage in passages(doc):
            chances = decide(features_of(passage, self.usual), self.weights)
            for start, end in runs(chances >= self.threshold):
                span = Span(doc, passage.start + start, passage.start + end, label="connective")
                span._.connective_score = float(chances[start:end].max())
                found.append(span)
        doc.spans[GROUP] = found
        return doc


Span.set_extension("connective_score", default=None, force=True)


def features_of(passage: Span, usual: Mapping[str, float]) -> Array:
    """Return the features of each token (tokens × FEATURES): log-odds by the encoder and of the word, whether it has a
    capital letter, whether it opens a sentence or follows a break.
    """
    found = np.empty((len(passage), len(FEATURES)), dtype=np.float32)
    found[:, 0] = token_score(passage, "marks", "contrast-cue").clip(-_FARTHEST, _FARTHEST)
    words = [token.text for token in passage]
    found[:, 1] = [usual.get(word.lower(), -_FARTHEST) for word in words]
    found[:, 2] = [word[:1].isupper() for word in words]
    before = "."
    for at, word in enumerate(words):
        found[at, 3] = before[-1] in _BREAKS
        before = word if word.strip() else before  # a line may end between the two
    return found


@Language.factory(
    "rhetoric_connective",
    requires=["doc.tensor", "span._.scores"],
    assigns=["doc.spans"],
    default_config={"threshold": 0.5, "folder": None},
)
def make_connective(nlp: Language, name: str, threshold: float, folder: str | None) -> Callable[[Doc], Doc]:
    """Make the component; ``threshold`` is the probability from which a word connects."""
    return load_connectives(model_folder(folder), threshold)


def load_connectives(folder: Path, threshold: float = 0.5) -> Connectives:
    """Load from a model folder; raises ModelError where it cannot."""
    settings, _ = read_files(folder, [])
    if STORED not in settings:
        raise ModelError(f"The detectors in {folder} were made before connectives were. Make them again.")
    try:
        stored = settings[STORED]
        weights = np.array([stored["weights"][feature] for feature in (*FEATURES, "alone")], dtype=np.float32)
        usual = {str(word): float(odds) for word, odds in stored["usual"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise broken(folder, error) from error
    return Connectives(weights, usual, threshold)
