"""One encoder pass a document: what it says of every token in ``doc.tensor``, of every passage in ``span._.scores``.

The unit vector in ``span._.embedding`` places a passage by how it frames, whatever its topic.

The encoder is MiniLM (Wang et al. 2020, arXiv:2002.10957), fine-tuned with its heads and stored as one ONNX graph that
multiplies in int8. Texts of like length go through it together, those of one document only, so that a record never
depends on what was analysed beside it. It runs on threads of its own, beside the parse.
"""

import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IDX, LENGTH
from spacy.language import Language
from spacy.tokens import Doc, Span

from rhetoric.errors import ModelError
from rhetoric.pipeline.graph import broken, model_folder, once_a_process, open_graph, read_files, threads
from rhetoric.pipeline.layout import COLUMNS, SILENT, TOKEN, TOKEN_COLUMNS, width
from rhetoric.pipeline.length import count_words
from rhetoric.pipeline.paragraphs import split_paragraphs
from rhetoric.pipeline.passages import GROUP, WHOLE
from rhetoric.pipeline.text import text_of

Scores = NDArray[np.float32]
GRAPH, TOKENIZER = "encoder.onnx", "tokenizer.json"
OUTPUTS = ("token", "passage", "embedding")
_OVERLAP = 64  # pieces shared by neighbouring windows of a passage that is too long for one
_BATCH = 512  # pieces a run, padding included: enough to keep a core busy, few enough to share out
_RUN = 12  # pieces of padding that take as long as one more run
_AHEAD = 4  # documents that are encoded before they are asked for: what waits takes memory

for _name in ("scores", "embedding"):
    Span.set_extension(_name, default=None, force=True)


@dataclass(frozen=True)
class Encoded:
    """One text: ``token`` (pieces × TOKEN_COLUMNS), the character range of each piece, ``passage`` (PASSAGE) logits, a
    unit ``embedding`` (EMBEDDING).
    """

    token: Scores
    ranges: list[tuple[int, int]]
    passage: Scores
    embedding: Scores


@dataclass(frozen=True)
class _Pending:
    """One text on its way through the graph: each of its windows, the run that reads it, its row in that run."""

    parts: list[tuple[Any, Future[tuple[Scores, Scores, Scores]], int]]

    def result(self) -> Encoded:
        """Wait for what is said of the text."""
        token: list[Scores] = []
        passage: list[Scores] = []
        embedding: list[Scores] = []
        ranges: list[tuple[int, int]] = []
        for window, run, row in self.parts:
            said, whole, place = run.result()
            offsets = window.offsets  # made anew at each look
            keep = [at for at, (start, end) in enumerate(offsets) if end > start]
            token.append(said[row, keep])
            ranges.extend(offsets[at] for at in keep)
            passage.append(whole[row])
            embedding.append(place[row])
        middle: Scores = np.mean(embedding, axis=0, dtype=np.float32)
        middle /= max(float(np.linalg.norm(middle)), 1e-6)
        return Encoded(np.concatenate(token), ranges, np.mean(passage, axis=0, dtype=np.float32), middle)


class Encoder:
    """The graph and its tokenizer: ``input_ids`` and ``attention_mask`` in, ``OUTPUTS`` out."""

    def __init__(self, folder: Path) -> None:
        """Load from a model folder; raises ModelError where a file is missing, damaged or not the one measured."""
        from tokenizers import Tokenizer

        self.folder = folder
        self.settings, files = read_files(folder, [GRAPH, TOKENIZER])
        self._session = open_graph(folder, files[GRAPH])
        try:
            self._tokenizer = Tokenizer.from_str(files[TOKENIZER].decode("utf-8"))
        except Exception as error:  # the library raises kinds of its own
            raise broken(folder, error) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self.settings["max_pieces"], stride=_OVERLAP)
        self._begun: weakref.WeakKeyDictionary[Doc, tuple[dict[str, _Pending], weakref.finalize[..., Doc]]]
        self._begun = weakref.WeakKeyDictionary()

    def __reduce__(self) -> tuple[Any, ...]:  # a graph cannot be sent to another process, its folder can
        return load_encoder, (self.folder,)

    def encode(self, text: str) -> Encoded:
        """Encode one text; one longer than a window is read in overlapping windows whose passage logits are
        averaged.
        """
        return self._submit([text])[text].result()

    def begin(self, doc: Doc) -> None:
        """Begin to encode a document that is not parsed yet: the paragraphs that are sure to be passages."""
        if len(self._begun) >= _AHEAD:
            return
        text = text_of(doc)
        paragraphs = (text[start:end] for start, end in split_paragraphs(text))
        found = self._submit([each for each in paragraphs if count_words(each) <= WHOLE])
        # Where the parse fails or is interrupted, nobody asks for them any more.
        self._begun[doc] = found, weakref.finalize(doc, _cancel, list(found.values()))

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc.tensor`` (tokens × TOKEN_COLUMNS, a token's pieces averaged), and ``span._.scores`` and
        ``span._.embedding`` of each passage. Raises ValueError where the document has not been cut into passages.
        """
        if GROUP not in doc.spans:
            raise ValueError("No passages here: add the pipe 'rhetoric_passages' before 'rhetoric_encoder'.")
        passages = [(span, text_of(span)) for span in doc.spans[GROUP]]
        found: dict[str, _Pending] = {}
        if doc in self._begun:
            found, given_up = self._begun.pop(doc)
            given_up.detach()
        found |= self._submit([text for _, text in passages if text not in found])
        tensor: Any = np.zeros((len(doc), TOKEN_COLUMNS), dtype=np.float32)  # spaCy's stub has doubles
        counts = np.zeros(len(doc), dtype=np.int64)
        at: Any = doc.to_array([IDX, LENGTH])  # whole numbers, whatever spaCy's stub says
        starts, lengths = at.astype(np.int64).T
        for span, text in passages:
            encoded = found[text].result()
            span._.scores = encoded.passage.tolist()
            span._.embedding = encoded.embedding.tolist()
            here = slice(span.start, span.end)
            begin = starts[here] - span.start_char
            token, piece = _meet(encoded.ranges, begin, begin + lengths[here])
            if len(token):
                first = np.flatnonzero(np.diff(token, prepend=-1))  # where the pieces of each token begin
                tensor[here][token[first]] = np.add.reduceat(encoded.token[piece], first, axis=0)
                counts[here][token[first]] = np.diff(first, append=len(token))
        tensor[counts == 0, : width(TOKEN)] = SILENT
        np.divide(tensor, np.maximum(counts, 1, dtype=np.float32)[:, None], out=tensor)
        doc.tensor = tensor
        return doc

    def _submit(self, texts: Iterable[str]) -> dict[str, _Pending]:
        read = {text: self._tokenizer.encode(text) for text in texts}
        windows = [(text, window) for text, first in read.items() for window in (first, *first.overflowing)]
        found: dict[str, _Pending] = {text: _Pending([]) for text in read}
        places: dict[int, tuple[Future[tuple[Scores, Scores, Scores]], int]] = {}
        for batch in make_batches([len(window.ids) for _, window in windows]):
            run = threads().submit(self._run, [windows[at][1].ids for at in batch])
            places |= {at: (run, row) for row, at in enumerate(batch)}
        for at, (text, window) in enumerate(windows):
            found[text].parts.append((window, *places[at]))
        return found

    def _run(self, batch: list[list[int]]) -> tuple[Scores, Scores, Scores]:
        ids = np.zeros((len(batch), max(map(len, batch))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, pieces in enumerate(batch):
            ids[row, : len(pieces)] = pieces
            mask[row, : len(pieces)] = 1
        token, passage, embedding = self._session.run(OUTPUTS, {"input_ids": ids, "attention_mask": mask})
        return token, passage, embedding


def make_batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield positions in ``lengths`` that go through the graph together, the longest first: as many as are worth their
    padding.
    """
    batch: list[int] = []
    for at in sorted(range(len(lengths)), key=lambda each: -lengths[each]):
        longest = lengths[batch[0]] if batch else 0
        if batch and (longest * (len(batch) + 1) > _BATCH or longest - lengths[at] > _RUN):
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def _meet(
    ranges: list[tuple[int, int]], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which token meets which piece, by token; a piece may meet several tokens, a token several pieces."""
    pieces = np.array(ranges, dtype=np.int64).reshape(-1, 2)
    first = np.searchsorted(ends, pieces[:, 0], side="right")
    met = np.maximum(np.searchsorted(starts, pieces[:, 1], side="left") - first, 0)
    piece = np.repeat(np.arange(len(pieces)), met)
    token = np.arange(len(piece)) + np.repeat(first - np.cumsum(met) + met, met)
    order = np.lexsort((piece, token))
    return token[order], piece[order]


def _cancel(pending: Iterable[_Pending]) -> None:
    for each in pending:
        for _, run, _ in each.parts:
            run.cancel()


@once_a_process
def load_encoder(folder: Path) -> Encoder:
    """Load the encoder of a model folder."""
    return Encoder(folder)


@Language.factory(
    "rhetoric_encoder",
    requires=["doc.spans"],
    assigns=["doc.tensor", "span._.scores", "span._.embedding"],
    default_config={"folder": None},
)
def make_encoder(nlp: Language, name: str, folder: str | None) -> Callable[[Doc], Doc]:
    """Make the component that encodes passages; ``folder`` is a model folder, the shipped one by default.

    Raises ModelError where it was made by another version.
    """
    where = model_folder(folder)
    encoder = load_encoder(where)
    if encoder.settings.get("columns") != COLUMNS:
        raise ModelError(f"The encoder in {where} was made by another version. Reinstall rhetoric-toolkit.")
    return encoder
