"""spaCy's dependency parser, let parse what lies between two sentence starts that are set, paragraph by paragraph.

It would take a long document as one row of steps. Paragraphs go through it side by side, a few at a time, so that what
it has computed of their words stays near the processor.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import DEP, HEAD, ORTH, SENT_START, SPACY
from spacy.language import Language
from spacy.pipeline.dep_parser import DEFAULT_PARSER_MODEL, DependencyParser
from spacy.tokens import Doc
from thinc.api import Model

_TOGETHER = 1_200  # tokens that go through it side by side


class ParagraphParser(DependencyParser):
    """A ``DependencyParser`` whose sentences keep to starts that are set, as its do, and that sees nothing across
    them.
    """

    def predict(self, docs: Iterable[Doc]) -> list[list[Doc]]:
        """Return the stretches of each document, parsed."""
        found = [list(_stretches(doc)) for doc in ([docs] if isinstance(docs, Doc) else docs)]
        for batch in _batches([each for stretches in found for each in stretches]):
            super().set_annotations(batch, super().predict(batch))
        return found

    def set_annotations(self, docs: Sequence[Doc], found: list[list[Doc]]) -> None:
        """Give each document the arcs of its stretches."""
        for doc, stretches in zip(docs, found, strict=True):
            if stretches:
                barred = doc.to_array(SENT_START).astype(np.int64) == -1
                arcs: Any = np.concatenate([each.to_array([HEAD, DEP]) for each in stretches])
                doc.from_array([HEAD, DEP], arcs)
                _join(doc, arcs, barred)


def _join(doc: Doc, arcs: Any, barred: NDArray[np.bool_]) -> None:  # noqa: ANN401 - spaCy's stub has them wrong
    """Hang what begins a sentence where none may begin on the sentence before: a word that the parser gives no head is
    a root, and a sentence begins with what hangs on it.
    """
    begun = np.flatnonzero(doc.to_array(SENT_START) == 1)
    wrong = barred[begun]
    wrong[:1] = False
    if wrong.any():
        roots = np.flatnonzero(arcs[:, 0] == 0)  # one a sentence
        before = roots[np.maximum.accumulate(np.where(wrong, 0, np.arange(len(roots))))]
        arcs[roots, 0] = (before - roots).astype(np.uint64)
        arcs[roots[wrong], 1] = doc.vocab.strings.add("parataxis")
        doc.from_array([HEAD, DEP], arcs)


def _stretches(doc: Doc) -> Iterator[Doc]:
    """Yield what lies between sentence starts that are set as documents of their own."""
    set_ = doc.to_array(SENT_START).astype(np.int64)
    starts = np.flatnonzero(set_[1:] == 1) + 1
    none = set_ == -1  # where no sentence may begin
    words: Any = doc.to_array(ORTH).tolist()  # spaCy takes their numbers for words, whatever its stub says
    spaces = (doc.to_array(SPACY) == 1).tolist()
    for start, end in zip([0, *starts], [*starts, len(doc)], strict=True):
        if start < end:
            stretch = Doc(doc.vocab, words=words[start:end], spaces=spaces[start:end])
            barred: Any = np.where(none[start:end], -1, 0).astype(np.uint64)
            stretch.from_array(SENT_START, barred)
            stretch.tensor = doc.tensor[start:end]  # what the layers below say of its words
            yield stretch


def _batches(stretches: Iterable[Doc]) -> Iterator[list[Doc]]:
    batch: list[Doc] = []
    tokens = 0
    for each in stretches:
        batch.append(each)
        tokens += len(each)
        if tokens >= _TOGETHER:
            yield batch
            batch, tokens = [], 0
    if batch:
        yield batch


@Language.factory(
    "rhetoric_parser",
    assigns=["token.dep", "token.head", "token.is_sent_start", "doc.sents"],
    default_config={
        "moves": None,
        "update_with_oracle_cut_size": 100,
        "learn_tokens": False,
        "min_action_freq": 30,
        "model": DEFAULT_PARSER_MODEL,
        "scorer": {"@scorers": "spacy.parser_scorer.v1"},
    },
)
def make_parser(
    nlp: Language,
    name: str,
    model: Model,
    moves: Any,  # noqa: ANN401 - spaCy has no type for it
    update_with_oracle_cut_size: int,
    learn_tokens: bool,
    min_action_freq: int,
    scorer: Callable[..., Any] | None,
) -> ParagraphParser:
    """Make the parser; its settings are those of spaCy's ``parser`` (https://spacy.io/api/dependencyparser)."""
    return ParagraphParser(
        nlp.vocab,
        model,
        name,
        moves,
        update_with_oracle_cut_size=update_with_oracle_cut_size,
        learn_tokens=learn_tokens,
        min_action_freq=min_action_freq,
        scorer=scorer,
    )
