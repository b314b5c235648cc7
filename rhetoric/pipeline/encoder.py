"""One encoder pass a document: what it says of every token in ``doc.tensor``, of every passage in ``span._.scores``.

The encoder is MiniLM (Wang et al. 2020, arXiv:2002.10957), fine-tuned with its heads and stored as one ONNX graph with
int8 weights, which are unfolded at loading. A passage is encoded by itself, so that a record never depends on what was
analysed beside it.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span

from rhetoric.errors import ModelError
from rhetoric.pipeline.layout import PASSAGE, SILENT, TOKEN, width
from rhetoric.pipeline.passages import GROUP
from rhetoric.pipeline.thresholds import DETECTORS, SETTINGS

Scores = NDArray[np.float32]
GRAPH, TOKENIZER = "encoder.onnx", "tokenizer.json"
_OVERLAP = 64  # pieces shared by neighbouring windows of a passage that is too long for one

Span.set_extension("scores", default=None, force=True)


@dataclass(frozen=True)
class Encoded:
    """One text: ``token`` (pieces × TOKEN) logits, the character range of each piece, ``passage`` (PASSAGE) logits."""

    token: Scores
    ranges: list[tuple[int, int]]
    passage: Scores


class Encoder:
    """The graph and its tokenizer: ``input_ids`` and ``attention_mask`` in, ``token`` and ``passage`` logits out."""

    def __init__(self, folder: Path) -> None:
        """Load from a model folder; raises ModelError where a file is missing, damaged or not the one measured."""
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            self.settings: dict[str, Any] = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
            files = {name: (folder / name).read_bytes() for name in (GRAPH, TOKENIZER)}
            for name, data in files.items():
                if hashlib.sha256(data).hexdigest() != self.settings["sha256"][name]:
                    raise ValueError(f"{name} does not match its checksum")
            self._tokenizer = Tokenizer.from_str(files[TOKENIZER].decode("utf-8"))
            onnxruntime.disable_telemetry_events()
            options = onnxruntime.SessionOptions()
            options.log_severity_level = 3
            options.add_session_config_entry(
                "session.intra_op.allow_spinning", "0"
            )  # idle threads leave the cores alone
            options.add_session_config_entry("session.disable_quant_qdq", "1")  # unfold int8 weights once, at loading
            self._session = onnxruntime.InferenceSession(files[GRAPH], options, providers=["CPUExecutionProvider"])
        except Exception as error:  # each library raises its own kinds for a damaged file
            raise ModelError(
                f"The encoder in {folder} cannot be loaded ({error}). Reinstall rhetoric-toolkit."
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self.settings["max_pieces"], stride=_OVERLAP)

    def encode(self, text: str) -> Encoded:
        """Encode one text; one longer than a window is read in overlapping windows whose passage logits are
        averaged.
        """
        first = self._tokenizer.encode(text)
        token: list[Scores] = []
        passage: list[Scores] = []
        ranges: list[tuple[int, int]] = []
        for window in [first, *first.overflowing]:
            ids = np.array([window.ids], dtype=np.int64)
            feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
            said, whole = self._session.run(["token", "passage"], feed)
            keep = [i for i, (start, end) in enumerate(window.offsets) if end > start]
            token.append(said[0][keep])
            ranges.extend(window.offsets[i] for i in keep)
            passage.append(whole[0])
        return Encoded(np.concatenate(token), ranges, np.mean(passage, axis=0, dtype=np.float32))

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc.tensor`` (tokens × TOKEN logits, a token's pieces averaged) and ``span._.scores`` of each
        passage. Raises ValueError where the document has not been cut into passages.
        """
        if GROUP not in doc.spans:
            raise ValueError("No passages here: add the pipe 'rhetoric_passages' before 'rhetoric_encoder'.")
        tensor = np.zeros((len(doc), width(TOKEN)), dtype=np.float32)
        counts = np.zeros((len(doc), 1), dtype=np.float32)
        for passage in doc.spans[GROUP]:
            encoded = self.encode(passage.text)
            passage._.scores = encoded.passage.tolist()
            token, base = passage.start, passage.start_char
            for row in sorted(range(len(encoded.ranges)), key=lambda i: encoded.ranges[i]):
                start, end = encoded.ranges[row]
                while token < passage.end - 1 and doc[token].idx + len(doc[token]) <= base + start:
                    token += 1
                at = token
                while at < passage.end and doc[at].idx < base + end:  # a piece may touch several tokens
                    tensor[at] += encoded.token[row]
                    counts[at] += 1
                    at += 1
        tensor[counts[:, 0] == 0] = SILENT
        doc.tensor = tensor / np.maximum(counts, 1)
        return doc


@lru_cache(maxsize=2)
def load_encoder(folder: Path) -> Encoder:
    """Load an encoder once a process."""
    return Encoder(folder)


@Language.factory(
    "rhetoric_encoder",
    requires=["doc.spans"],
    assigns=["doc.tensor", "span._.scores"],
    default_config={"folder": None},
)
def make_encoder(nlp: Language, name: str, folder: str | None) -> Callable[[Doc], Doc]:
    """Make the component that encodes passages; ``folder`` is a model folder, the shipped one by default."""
    encoder = load_encoder(Path(folder) if folder else DETECTORS)
    if encoder.settings.get("columns") != [width(TOKEN), width(PASSAGE)]:
        raise ModelError(
            f"The encoder in {folder or DETECTORS} was made by another version. Reinstall rhetoric-toolkit."
        )
    return encoder
