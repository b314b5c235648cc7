"""One encoder pass a document: contextual vectors of its tokens, in ``doc.tensor``.

The encoder is MiniLM (Wang et al. 2020, arXiv:2002.10957) as an ONNX graph with int8 weights. A passage is encoded by itself:
dynamic quantisation scales by the largest value in a batch, so batch mates would change each other's vectors.
"""

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from rhetoric.errors import ModelError
from rhetoric.pipeline.passages import GROUP as PASSAGE
from rhetoric.resources import MODELS

Vectors = NDArray[np.float32]
_OVERLAP = 64  # pieces shared by neighbouring windows of a passage that is too long for one


class Encoder:
    """Token vectors of a text, from an ONNX graph with ``input_ids`` and ``attention_mask`` in, ``vectors`` out."""

    def __init__(self, folder: Path) -> None:
        """Load the graph and its tokenizer; raises ModelError where a file is missing or damaged."""
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            self.width: int = config["width"]
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            options = onnxruntime.SessionOptions()
            options.log_severity_level = 3
            graph = str(folder / "encoder.onnx")
            self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # each library raises its own kinds for a damaged file
            raise ModelError(f"The encoder in {folder} cannot be loaded ({error}). Reinstall rhetoric-toolkit.") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(config["max_pieces"], stride=_OVERLAP)

    def pieces(self, text: str) -> tuple[Vectors, list[tuple[int, int]]]:
        """Return a vector (pieces × width) and a character range of ``text`` for each word piece."""
        first = self._tokenizer.encode(text)
        vectors: list[Vectors] = []
        ranges: list[tuple[int, int]] = []
        for window in [first, *first.overflowing]:
            ids = np.array([window.ids], dtype=np.int64)
            (out,) = self._session.run(["vectors"], {"input_ids": ids, "attention_mask": np.ones_like(ids)})
            keep = [i for i, (a, b) in enumerate(window.offsets) if b > a]
            vectors.append(out[0][keep])
            ranges.extend(window.offsets[i] for i in keep)
        return np.concatenate(vectors), ranges

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc.tensor`` (tokens × width): the mean of each token's pieces, zero outside passages."""
        tensor = np.zeros((len(doc), self.width), dtype=np.float32)
        counts = np.zeros((len(doc), 1), dtype=np.float32)
        for passage in doc.spans.get(PASSAGE, [doc[:]] if len(doc) else []):
            vectors, ranges = self.pieces(passage.text)
            token, base = passage.start, passage.start_char
            for vector, (start, end) in sorted(zip(vectors, ranges, strict=True), key=lambda pair: pair[1]):
                while token < passage.end - 1 and doc[token].idx + len(doc[token]) <= base + start:
                    token += 1
                at = token
                while at < passage.end and doc[at].idx < base + end:  # a piece may touch several tokens
                    tensor[at] += vector
                    counts[at] += 1
                    at += 1
        doc.tensor = tensor / np.maximum(counts, 1)
        return doc


@lru_cache(maxsize=2)
def load_encoder(folder: Path) -> Encoder:
    """Load an encoder once a process."""
    return Encoder(folder)


@Language.factory("rhetoric_encoder", requires=["doc.spans"], assigns=["doc.tensor"], default_config={"folder": None})
def make_encoder(nlp: Language, name: str, folder: str | None) -> Callable[[Doc], Doc]:
    """Make the component that encodes passages; ``folder`` is a model folder, the shipped one by default."""
    encoder: Any = load_encoder(Path(folder) if folder else MODELS / "encoder")
    return lambda doc: encoder(doc)
