"""Which sentence carries a frame: the one without which the detector is least sure that the passage carries it.

A sentence is left out, and the rest of the passage is read again, by the same encoder and the same words (erasure: Li,
Monroe and Jurafsky 2016, arXiv:1612.08220). So the sentence comes from the detector that found the frame, and not from
another one that would explain it. To save time only the passages surest of a frame are read again, and there the
sentences whose words weigh most for it: a book takes little longer than an article.
"""

from typing import TYPE_CHECKING, Any, Final

from rhetoric.labels import ABOUT, FRAMES, PRESENT, Frame
from rhetoric.record import Sentence

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span, Token

CARRIERS: Final = 2  # passages that are read again for a frame: those that a report quotes
TRIED: Final = 2  # sentences of a passage that are left out for a frame; more find a better one too seldom
_DIGITS: Final = 4  # as records have them, by which a report chooses what to quote


def find_sentences(nlp: "Language", doc: "Doc") -> list[dict[str, Sentence]]:
    """Return, for each passage of ``doc``, the sentence that carries each frame that it is among the surest of.

    ``doc`` was analysed by ``nlp``. The surest are two passages among those about the matter and two among all, so that
    the answer is there whichever of them count. There is none where a passage has but one sentence, or where the frame
    is as sure without it.
    """
    encoder, frames = (_pipe(nlp, name) for name in ("encoder", "frames"))
    passages: list[Span] = list(doc.spans["passage"])
    tried: dict[tuple[int, Frame], list[Span]] = {}
    for at, frame in _choose(passages):
        rests = [(_text(_without(passages[at], each)), each) for each in _sentences(passages[at])]
        rests.sort(key=lambda rest: float(frames.words(rest[0])[FRAMES.index(frame)]))  # of two equals the first
        tried[at, frame] = [sentence for _, sentence in rests[:TRIED]]
    places = dict.fromkeys((at, each.start, each.end) for (at, _), many in tried.items() for each in many)
    copy = _copy(nlp, [_without(passages[at], doc[start:end]) for at, start, end in places])
    left = dict(zip(places, frames(encoder(copy)).spans["passage"], strict=True)) if places else {}
    found: list[dict[str, Sentence]] = [{} for _ in passages]
    for (at, frame), sentences in tried.items():
        chances = [(_chance(left[at, each.start, each.end], frame), each) for each in sentences]
        without, sentence = min(chances, key=lambda chance: chance[0], default=(1.0, passages[at]))
        if without < _chance(passages[at], frame):
            found[at][frame] = {"start": sentence.start_char, "end": sentence.end_char, "without": without}
    return found


def _pipe(nlp: "Language", name: str) -> Any:  # noqa: ANN401 - a pipe is called with a Doc, whatever its class
    return nlp.get_pipe(f"rhetoric_{name}")


def _chance(passage: "Span", frame: Frame) -> float:
    return round(float(passage._.frames[frame]), _DIGITS)


def _choose(passages: "list[Span]") -> "list[tuple[int, Frame]]":
    """Return which passages, by number from 0, to read again for which frame."""
    found: list[tuple[int, Frame]] = []
    for frame in FRAMES:
        present = [at for at, span in enumerate(passages) if _chance(span, frame) >= PRESENT]
        surest = sorted(present, key=lambda at: -_chance(passages[at], frame))  # of two equals the first
        about = [at for at in surest if round(passages[at]._.about, _DIGITS) >= ABOUT]
        found += [(at, frame) for at in sorted({*surest[:CARRIERS], *about[:CARRIERS]})]
    return found


def _sentences(passage: "Span") -> "list[Span]":
    """Return the sentences of a passage, without the space around them; none where there is only one."""
    doc = passage.doc
    starts = [token.i for token in passage if token.is_sent_start and token.i > passage.start]
    found = []
    for begin, end in zip([passage.start, *starts], [*starts, passage.end], strict=True):
        said = [token.i for token in doc[begin:end] if not token.is_space]
        if said:
            found.append(doc[said[0] : said[-1] + 1])
    return found if len(found) > 1 else []


def _without(passage: "Span", sentence: "Span") -> "list[Token]":
    return [token for token in passage if not sentence.start <= token.i < sentence.end]


def _text(tokens: "list[Token]") -> str:
    return "".join(token.text_with_ws for token in tokens)


def _copy(nlp: "Language", rests: "list[list[Token]]") -> "Doc":
    """Return a document whose passages are those tokens."""
    from spacy.tokens import Doc

    words = [token.text for rest in rests for token in rest]
    spaces = [bool(token.whitespace_) for rest in rests for token in rest]
    copy, at = Doc(nlp.vocab, words=words, spaces=spaces), 0
    spans = []
    for rest in rests:
        spans.append(copy[at : at + len(rest)])
        at += len(rest)
    copy.spans["passage"] = spans
    return copy
