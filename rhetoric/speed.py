"""How fast analysing is, as a ratio: the whole pipeline against its own parse and its own encoder, in the same run."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rhetoric.ingest import Document
from rhetoric.pipeline.passages import count_words

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass(frozen=True)
class Speed:
    """Words a second of one way of running, and how much time it takes for each second of the bare parse."""

    name: str
    words_per_second: float
    times_parse: float


@contextmanager
def _only_parsing(nlp: "Language") -> Iterator[None]:
    ours = [name for name in nlp.pipe_names if name.startswith("rhetoric_") and name != "rhetoric_paragraphs"]
    with nlp.select_pipes(disable=ours):
        yield


def measure_speed(documents: list[Document], nlp: "Language") -> list[Speed]:
    """Time the bare parse and the whole analysis, text by text in turn, so that a drift of the machine meets both
    alike.

    The first text is analysed once before, to warm up. Raises ValueError without documents.
    """
    if not documents:
        raise ValueError("Nothing to time.")
    nlp(documents[0].text[:2000])
    seconds = {"parse": 0.0, "analysis": 0.0}
    for document in documents:
        with _only_parsing(nlp):
            seconds["parse"] += _timed(nlp, document.text)
        seconds["analysis"] += _timed(nlp, document.text)
    words = sum(count_words(document.text) for document in documents)
    return [Speed(name, words / taken, taken / seconds["parse"]) for name, taken in seconds.items()]


def _timed(run: Callable[[str], object], text: str) -> float:
    start = time.perf_counter()
    run(text)
    return time.perf_counter() - start
