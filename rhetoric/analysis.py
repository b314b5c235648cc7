"""Analysing: one spaCy pipeline from text to record; documents in, records out, in order and one at a time."""

import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from rhetoric.errors import ModelError, RhetoricError
from rhetoric.ingest.document import Document, Failure, Found, make_document
from rhetoric.ingest.sources import names_file
from rhetoric.made_by import describe
from rhetoric.record import Metaphor, Passage, Pipeline, Record
from rhetoric.resources import CUSTOM, DETECTORS, MODELS

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

ENGLISH = MODELS / "english"
_LONGEST_RUN = 3_000
_NO_PROSE = re.compile(rf"\S{{{_LONGEST_RUN}}}")
# Those that read trained weights, or thresholds stored with them, are told their folder.
PIPES = {
    "passages": False,
    "actors": False,
    "encoder": True,
    "frames": True,
    "framing": True,
    "contrast": True,
    "metaphor": True,
}
_PARAGRAPHS = "rhetoric_paragraphs"
_MARK = "token.is_sent_start"  # what marks sentences assigns
_OURS = (_PARAGRAPHS, *(f"rhetoric_{name}" for name in PIPES))
# One document at a time, whatever the thread: a pipeline's words, and the threads of BLAS, are nobody's alone.
_TURN = RLock()
# What no record holds: pipes that assign nothing else (a lemmatiser, a recogniser of names) are left out.
UNREAD = {"token.lemma", "doc.ents", "token.ent_iob", "token.ent_type", "token.ent_kb_id", "doc.cats"}


def load(spacy_model: str | None = None, *, detectors: str | Path | None = None) -> "Language":
    """Return the whole pipeline: English, then passages, actors, the encoder and the detectors.

    ``spacy_model`` names an installed spaCy pipeline (or a folder) to parse with instead of the shipped one; it must
    mark sentences. ``detectors`` is a folder of trained detectors, the shipped ones by default. A pipeline that was
    saved with ``nlp.to_disk`` has these pipes, and is loaded with ``spacy.load``. Raises ModelError.

    Threads may share it through this module's functions, which take turns; ``nlp(text)`` and ``nlp.pipe`` take none, so
    call them in no other thread meanwhile.

    The pipes keep what they find in attributes of spaCy's spans, which they set with ``force``: extensions of your own
    to ``Span`` with the same names are replaced, without a word. The names are ``about``, ``frames``, ``portrayal``,
    ``scores``, ``embedding`` and ``custom`` of passages; ``framing``, ``framing_score``, ``account``, ``machinery``,
    ``framing_cue``, ``actor`` and ``explicit`` of framing; ``a``, ``b``, ``contrast_cue`` and ``contrast_score`` of
    contrasts; ``live``, ``source``, ``target`` and ``metaphor_score`` of metaphors; ``connective_score``.
    """
    import spacy

    from rhetoric.pipeline.blas import use_numpy
    from rhetoric.pipeline.encoder import load_encoder

    source = spacy_model or str(ENGLISH)
    try:
        with ThreadPoolExecutor(1) as pool:  # the graph is unfolded while spaCy reads its files
            encoder = pool.submit(load_encoder, Path(detectors) if detectors else DETECTORS)
            nlp = spacy.load(source)
        encoder.result()
    except (OSError, ValueError) as error:
        advice = "Reinstall rhetoric-toolkit."
        if spacy_model:
            advice = f"Install it (python -m spacy download {source}), or name the folder that it lies in."
        raise ModelError(f"The spaCy pipeline {source} cannot be loaded ({error}). {advice}") from error
    if not any(name in nlp.pipe_names for name in _marking(nlp)):
        raise ModelError(f"The spaCy pipeline {source} marks no sentences. Use one with a parser or a senter.")
    known = [name for name in _OURS if name in nlp.component_names]
    if known:
        what = f"The spaCy pipeline {source} has pipes of this toolkit in it already ({', '.join(known)})"
        raise ModelError(f"{what}. Load it with spacy.load({source!r}), which gives it back as it was saved.")
    if not nlp.meta.get("sha256"):
        nlp.meta["sha256"] = _weights_of(nlp)
    use_numpy(nlp)
    nlp.add_pipe(_PARAGRAPHS, first=True)
    # In whatever folder a saved pipeline is loaded.
    folder = {"folder": str(Path(detectors).absolute())} if detectors else {}
    for name, trained in PIPES.items():
        nlp.add_pipe(f"rhetoric_{name}", config=folder if trained else {})
    if detectors and (Path(detectors) / CUSTOM).is_dir():
        nlp.add_pipe("rhetoric_custom", config=folder)
    return nlp


def _weights_of(nlp: "Language") -> str:
    """Return a checksum of all that a spaCy pipeline has learned: `spacy train` calls each one pipeline 0.0.0."""
    total = hashlib.sha256(nlp.to_bytes(exclude=["vocab"]))
    total.update(nlp.vocab.vectors.to_bytes())
    return total.hexdigest()


@lru_cache(maxsize=1)
def _shipped() -> "Language":
    return load()


def _pipeline(nlp: "Language | None") -> "Language":
    """Return the shipped pipeline, loaded once, or another one that has every pipe; raises RhetoricError else."""
    if nlp is None:
        with _TURN:
            return _shipped()
    missing = [name for name in _OURS if name not in nlp.pipe_names]
    marking = _marking(nlp)
    if not any(name in nlp.pipe_names for name in marking):
        missing += marking  # none where a pipe of the user's own marks them and does not say so
    if missing:
        what = f"This pipeline lacks {', '.join(missing)}, or has them disabled, so it makes no whole records."
        raise RhetoricError(f"{what} Use the one that rhetoric.load() gives.")
    return nlp


def _marking(nlp: "Language") -> list[str]:
    """Return the pipes, disabled ones too, that mark sentences. Where paragraphs end sentences do, but these are not
    all.
    """
    return [name for name in nlp.component_names if name != _PARAGRAPHS and _MARK in nlp.get_pipe_meta(name).assigns]


def analyse(
    documents: Iterable[Document | Failure],
    nlp: "Language | None" = None,
    *,
    embedding: bool = False,
    sentences: bool = False,
) -> Iterator[Found]:
    """Yield a record for each document, lazily and in order, and a Failure for each that cannot be analysed.

    ``embedding`` puts the embedding of each passage into the record; clusters rest on it. ``sentences`` puts in which
    sentence carries each frame in the passages surest of it; reports quote them. Raises RhetoricError where ``nlp``
    lacks a pipe, TypeError for what is no Document.

    Threads may share a pipeline: they take turns, a document each, and so are no faster than one. What is faster is
    processes.
    """
    chosen = _pipeline(nlp)
    with _TURN:
        made_by = describe(chosen)
    for document in documents:
        if isinstance(document, Failure):
            yield document
            continue
        if not isinstance(document, Document):
            what = f"analyse takes Documents, not {type(document).__name__}"
            raise TypeError(
                f"{what}: make one with rhetoric.ingest.make_document(text), or use rhetoric.annotate(text)."
            )
        found: Found
        try:
            found = _make(chosen, document, made_by, embedding, sentences)
        except RhetoricError as error:
            found = document.failure(str(error))
        except Exception as error:  # one document must not end a run over ten thousand
            found = document.failure(f"cannot be analysed ({type(error).__name__}: {str(error)[:200]}).")
        yield found


def annotate(text: str, *, nlp: "Language | None" = None, embedding: bool = False, sentences: bool = False) -> Record:
    """Return the record of one text, as :func:`analyse` does; raises RhetoricError where there is no text in it.

    Its ranges count characters of the record's ``text``, which has line breaks normalised and control characters
    removed, and not of the text that was given.
    """
    if not isinstance(text, str):
        advice = "Read files with rhetoric.read, and give its documents to rhetoric.analyse."
        raise TypeError(f"annotate takes a text as str, not {type(text).__name__}. {advice}")
    if names_file(text):
        said = f"{text!r} was taken as a text of that wording. To read what it names: rhetoric.read([{text!r}])"
        warnings.warn(said, stacklevel=2)
    chosen = _pipeline(nlp)
    with _TURN:
        made_by = describe(chosen)
    return _make(chosen, make_document(text), made_by, embedding, sentences)


def _make(nlp: "Language", document: Document, made_by: Pipeline, embedding: bool, sentences: bool) -> Record:
    _check_text(document.text, nlp.max_length)
    with _TURN, _zone(nlp):
        doc = nlp(document.text, disable=unread(nlp))
        record = make_record(doc, document, made_by, embedding=embedding)
        if sentences:
            _add_sentences(record, nlp, doc)
        return record


def _zone(nlp: "Language") -> AbstractContextManager[object]:
    """Return where new words are kept until a document is done: else all those of a corpus would stay in memory. In a
    zone of the caller's they are the caller's; so ask for it when it is nobody else's turn.
    """
    in_one: bool = nlp.vocab.in_memory_zone  # type: ignore[attr-defined]  # spaCy's stub lacks it
    return nullcontext() if in_one else nlp.memory_zone()


def unread(nlp: "Language") -> list[str]:
    """Return the pipes that find what no record holds; analysing leaves them out."""
    return [name for name in nlp.pipe_names if set(nlp.get_pipe_meta(name).assigns or [""]) <= UNREAD]


def _check_text(text: str, longest: int) -> None:
    """Raise RhetoricError for a text that is empty, that memory would not hold, or that is no prose.

    A parse takes some 4 GB for a million characters; spaCy's tokeniser is quadratic in runs without a space.
    """
    if not text.strip():
        raise RhetoricError("There is no text here, only space.")
    if len(text) > longest:
        raise RhetoricError(
            f"{len(text):,} characters are over the limit of {longest:,}. Split it, by chapter perhaps."
        )
    run = _NO_PROSE.search(text)
    if run:
        what = f"there are {_LONGEST_RUN:,} characters without a space, from character {run.start():,} on"
        raise RhetoricError(f"{what}: that is no prose. Take them out.")


def make_record(doc: "Doc", document: Document, made_by: Pipeline, *, embedding: bool = False) -> Record:
    """Return the record of an analysed ``doc``, with the passages' embeddings if asked for.

    Numbers are rounded to four digits, those of embeddings to three, so that records compare as text.
    """
    return {
        "id": document.id,
        "text": doc.text,
        "meta": document.meta,
        "passages": [_passage(span, embedding) for span in doc.spans["passage"]],
        "framing": [
            {
                "account": span._.account,
                "machinery": span._.machinery,
                "cue": span._.framing_cue,
                "actor": span._.actor,
                "explicit": span._.explicit,
                "score": round(span._.framing_score, 4),
            }
            for span in doc.spans["framing"]
        ],
        "contrasts": [
            {
                "label": span.label_,
                "a": span._.a,
                "b": span._.b,
                "cue": span._.contrast_cue,
                "score": round(span._.contrast_score, 4),
            }
            for span in doc.spans["contrast"]
        ],
        "metaphors": [_metaphor(span) for span in doc.spans["metaphor"]],
        "pipeline": made_by,
    }


def _passage(span: "Span", embedding: bool) -> Passage:
    found: Passage = {
        "start": span.start_char,
        "end": span.end_char,
        "about": round(span._.about, 4),
        "framing": span._.framing,
        "framing_score": round(span._.framing_score, 4),
        "frames": {frame: round(chance, 4) for frame, chance in span._.frames.items()},
        "portrayal": span._.portrayal,
    }
    if span.has_extension("custom") and span._.custom is not None:
        found["custom"] = {
            label: {"score": round(said["score"], 4), "present": said["present"]}
            for label, said in span._.custom.items()
        }
    return {**found, "embedding": [round(each, 3) + 0.0 for each in span._.embedding]} if embedding else found


def _add_sentences(record: Record, nlp: "Language", doc: "Doc") -> None:
    from rhetoric.pipeline.sentences import find_sentences

    for passage, found in zip(record["passages"], find_sentences(nlp, doc), strict=True):
        if found:
            passage["sentences"] = found


def _metaphor(span: "Span") -> Metaphor:
    found: Metaphor = {
        "span": [span.start_char, span.end_char],
        "live": span._.live,
        "score": round(span._.metaphor_score, 4),
    }
    return {**found, "source": span._.source, "target": span._.target} if span._.live else found
