"""From words that are likely in an account, a machinery or a cue to the stretches that are marked.

A stretch of an account or a machinery lies in one sentence, and where it ends a few words before the end of its clause
it goes on to it: what coders mark often begins in the midst of a clause, but mostly ends with one.
"""

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Span, Token

from rhetoric.pipeline.clauses import CLOSING, OPENING, with_mates
from rhetoric.pipeline.read import Array, runs, trim
from rhetoric.pipeline.text import text_of

Chosen = NDArray[np.bool_]
_BRIDGE: Final = 3  # tokens: a comma or an aside does not end an account
_SHORTEST: Final = 2  # tokens of an account or a machinery; a cue may be one word
_WHOLE: Final = 4  # tokens: beside a stretch that is as long, a shorter one is a scrap
_REST: Final = 3  # tokens that may be missing at the end of a clause
_NO_CUE: Final = frozenset(
    ("ADP", "AUX", "CCONJ", "DET", "PART", "PRON", "SCONJ")
)  # by their tags, where there are any
# By the parse, what describes a noun after it, and what joins other words to one after it.
_DESCRIBES: Final = frozenset(("amod", "compound"))
_JOINS: Final = frozenset(("aux", "aux:pass", "case", "cc", "cop", "det", "mark", "nmod:poss"))
_STOPS: Final = frozenset((",", ";", ":", ".", "(", ")", "–", "—", "--"))  # a clause begins after them
# Where no word of a part is sure: the stretch around the likeliest words, of chances averaged over neighbours.
_NEAR: Final = 0.5  # of the highest average: what belongs to it
_AROUND: Final = 5  # tokens that are averaged
_ASIDE: Final = 8  # tokens: what such a stretch may hold in its midst


def find_stretches(passage: Span, chosen: Chosen, taken: Chosen) -> list[Span]:
    """Return the stretches of an account or a machinery of which these words were ``chosen``; words between them belong
    to them, too, where there are few and none is ``taken`` by the other.
    """
    found = _join(passage, chosen, taken, _BRIDGE)
    return _complete(passage, [(a, b) for a, b in found if b - a >= _SHORTEST], taken)


def find_likeliest(passage: Span, chance: Array, taken: Chosen) -> list[Span]:
    """Return the stretch around the words with the highest ``chance`` (tokens); something in any case."""
    window = np.ones(min(_AROUND, len(chance)))
    chance = np.where(taken, 0.0, chance)  # before neighbours get their share of it
    near = np.convolve(chance, window, "same") / np.convolve(np.ones(len(chance)), window, "same")
    near = np.where(taken, 0.0, near)
    found = _join(passage, (near >= _NEAR * near.max()) & ~taken, taken, _ASIDE)
    # Where there are nothing but marks: all that is not taken, and all there is where everything is.
    return (
        _complete(passage, found, taken)
        or _spans(passage, runs((~taken).tolist()))
        or [trim(passage.doc, passage.start, passage.end)]
    )


def find_cues(passage: Span, chosen: Chosen) -> list[Span]:
    """Return the stretches of a cue of which these words were ``chosen``; no "the" or "to" by itself."""
    return [span for span in _spans(passage, runs(chosen.tolist())) if len(span) > 1 or span[0].pos_ not in _NO_CUE]


def keep_cues_whole(part: list[Span], other: list[Span], cues: list[Span]) -> list[Span]:
    """Let what begins or ends in the midst of a cue take in all of it, where the ``other`` part leaves room, and leave
    out what is cue and nothing else where more of the part is found.
    """
    found: list[Span] = []
    for span in part:
        start = min([span.start, *(cue.start for cue in cues if cue.start < span.start < cue.end)])
        end = max([span.end, *(cue.end for cue in cues if cue.start < span.end < cue.end)])
        if any(start < each.end and each.start < end for each in other):
            start, end = span.start, span.end
        if found and start < found[-1].end:  # one ends in the cue in which the next one begins
            start = found.pop().start
        found.append(span.doc[start:end])
    return [span for span in found if not any(cue.start <= span.start and span.end <= cue.end for cue in cues)] or found


def keep_marks_paired(passage: Span, part: list[Span]) -> list[Span]:
    """Let each stretch have both of two quotation marks or brackets, or neither, where they stand at its ends."""
    text, before = text_of(passage), passage.start_char
    found = (with_mates(text, span.start_char - before, span.end_char - before) for span in part)
    # By whole tokens: a mark that is part of one (":)") takes the rest with it.
    return [
        passage.char_span(first, last, alignment_mode="expand") or span
        for (first, last), span in zip(found, part, strict=True)
    ]


def mark_tokens(passage: Span, spans: list[Span]) -> Chosen:
    """Return which tokens of a passage are in ``spans``."""
    found = np.zeros(len(passage), dtype=np.bool_)
    for span in spans:
        found[span.start - passage.start : span.end - passage.start] = True
    return found


def _join(passage: Span, chosen: Chosen, taken: Chosen, bridge: int) -> list[tuple[int, int]]:
    """Return where chosen tokens follow one another in a sentence; as many as ``bridge`` may be missing between them,
    none of them taken.
    """
    begun = [at for at, token in enumerate(passage) if token.is_sent_start]
    found: list[tuple[int, int]] = []
    for first, end in runs(chosen.tolist()):
        for a, b in pairwise([first, *(at for at in begun if first < at < end), end]):
            last = found[-1][1] if found else a - bridge - 1
            between = range(last, a + 1)  # up to the next chosen token
            if a - last <= bridge and not taken[last:a].any() and not any(at in between for at in begun):
                found[-1] = (found[-1][0], b)
            else:
                found.append((a, b))
    return found


def _complete(passage: Span, found: list[tuple[int, int]], taken: Chosen) -> list[Span]:
    """Let each stretch begin with its first phrase and go on to the end of its clause where that is near, and leave out
    scraps.
    """
    words = [*passage]
    ends = [at for at in range(1, len(words)) if words[at].is_sent_start or words[at - 1].text in _STOPS]
    ends.append(len(words))
    whole = []
    for a, b in found:
        while _begins_phrase(words, a) and not taken[a - 1]:
            a -= 1
        end = next(at for at in ends if at >= b)
        if end - b > _REST or taken[b:end].any():
            end = _phrase_end(words, a, b, taken)
        whole.append((a, end))
    spans = _spans(passage, whole)
    return [_unjoined(span) for span in [span for span in spans if len(span) >= _WHOLE] or spans]


def _begins_phrase(words: list[Token], at: int) -> bool:
    """Whether the word before is of the noun phrase in whose midst a stretch begins, as far as tags tell."""
    inside = at > 0 and not words[at].is_punct and not words[at].is_sent_start
    return inside and words[at - 1].pos_ in ("ADJ", "DET")


def _phrase_end(words: list[Token], start: int, end: int, taken: Chosen) -> int:
    """Return where a stretch ends that may end in the midst of a phrase, as far as the parse tells: with the noun that
    its last word describes, where that is near, or before words that join it to what follows.
    """
    last = words[end - 1]
    if last.dep_ in _DESCRIBES and last.head.i > last.i:
        after = end + last.head.i - last.i
        apart = any(word.is_punct and word.whitespace_ for word in words[end:after])  # a dash, and no hyphen
        return after if after - end <= _REST and not apart and not taken[end:after].any() else end
    while end - start > 1 and words[end - 1].dep_ in _JOINS and words[end - 1].head.i > words[end - 1].i:
        end -= 1
    return end


def _spans(passage: Span, found: list[tuple[int, int]]) -> list[Span]:
    spans = [trim(passage.doc, passage.start + a, passage.start + b) for a, b in found]
    return [span for span in spans if any(letter.isalnum() for letter in span.text)]


def _unjoined(span: Span) -> Span:
    """Return a stretch without the words at its ends that join it to what stands around it."""
    text = span.text
    opening = OPENING.match(text)
    start = opening.end() if opening else 0
    closing = CLOSING.search(text, start)
    kept = span.char_span(start, closing.start() if closing else len(text))
    return trim(span.doc, kept.start, kept.end) if kept else span
