"""Contrasts by the cue words of the codebook, section 2; antithesis has none, it is in the wording."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from rhetoric.labels import Contrast
from rhetoric.pipeline.clauses import clause_after, clause_before, last_stop, matches, split_sentences, trim, whole
from rhetoric.record import ContrastPair, Range

CUE: Final = whole(
    "rather than|instead of|in place of|not(?! only)|never|less|than|it is|it was|it['’]s|they are|they['’]re"
    "|but(?! also)|yet|although|even though|though|even if|despite|however|still"
    "|while|whereas|unlike|by contrast|on the other hand|in theory|on paper|in practice|in reality"
)
_BETWEEN: Final[dict[str, Contrast]] = {  # the sides stand before and after
    **dict.fromkeys(("rather than", "instead of", "in place of"), "correction"),
    **dict.fromkeys(("but", "yet", "still"), "concession"),
}
_BESIDE: Final[dict[str, Contrast]] = {  # the cue opens one side, which may come first
    **dict.fromkeys(("although", "even though", "though", "even if", "despite"), "concession"),
    **dict.fromkeys(("while", "whereas", "unlike"), "opposition"),
}
_INSIDE: Final[dict[str, Contrast]] = {  # the cue stands anywhere in the second side
    "however": "concession",
    "by contrast": "opposition",
    "on the other hand": "opposition",
}
_LABELS: Final = {**_BETWEEN, **_BESIDE, **_INSIDE}
_OPENS: Final = {"less": "less", "in theory": "theory", "on paper": "theory"}  # first halves
_STOPS: Final = ";:—–"


class _Cue(NamedTuple):
    words: str
    start: int
    end: int


@dataclass
class _Reader:
    """Goes through a text cue by cue and remembers the first half of a pair (not … but, in theory … in practice)."""

    text: str
    previous: tuple[int, int] | None = None  # the sentence before
    sentence: tuple[int, int] = (0, 0)
    opened: dict[str, _Cue] = field(default_factory=dict)

    def read(self) -> Iterator[ContrastPair]:
        for sentence in split_sentences(self.text):
            self.sentence = sentence
            self.opened.pop("less", None)
            if "not" in self.opened and self.previous and self.opened["not"].start < self.previous[0]:
                del self.opened["not"]
            for found in matches(CUE, self.text, *self.sentence):
                cue = _Cue(*found)
                yield from self._follow(cue)
            self.previous = sentence

    def _follow(self, cue: _Cue) -> Iterator[ContrastPair]:
        if cue.words in _OPENS:
            self.opened[_OPENS[cue.words]] = cue
        else:
            yield from _READ.get(cue.words, _Reader._single)(self, cue)

    def _denied(self, cue: _Cue) -> Iterator[ContrastPair]:
        if self.text[self.sentence[0] : cue.start].rstrip().endswith((",", " and")):  # X, not Y
            yield self._around("correction", cue, _STOPS + ",")
        else:
            self.opened["not"] = cue

    def _closed(self, cue: _Cue) -> Iterator[ContrastPair]:
        opener = "less" if cue.words == "than" else "not"
        if opener in self.opened and self.opened[opener].start >= self.sentence[0]:  # not X but Y, less X than Y
            first = self.opened.pop(opener)
            a = trim(self.text, first.end, cue.start)
            yield _make("correction", a, clause_after(self.text, cue.end, self.sentence[1], _STOPS + ","), first, cue)
        elif opener == "not":
            yield from self._single(cue)

    def _replaced(self, cue: _Cue) -> Iterator[ContrastPair]:
        before = self.text[: cue.start].rstrip()[-1:]
        if "not" in self.opened and before in {*",.!?-", *_STOPS}:  # it is not X. It is Y
            first = self.opened.pop("not")
            a = clause_after(self.text, first.end, cue.start, _STOPS + ".")
            yield _make("correction", a, clause_after(self.text, cue.end, self.sentence[1], _STOPS), first)

    def _practice(self, cue: _Cue) -> Iterator[ContrastPair]:
        if "theory" in self.opened:
            first = self.opened.pop("theory")
            a = clause_after(self.text, first.start, cue.start, _STOPS + ".")
            yield _make("concession", a, trim(self.text, cue.start, self.sentence[1]), first, cue)

    def _single(self, cue: _Cue) -> Iterator[ContrastPair]:
        label = _LABELS[cue.words]
        start, end = self.sentence
        before = trim(self.text, start, cue.start)
        opens = before[0] == before[1]
        if cue.words in _BESIDE and opens:
            comma = self.text.find(",", cue.end, end)
            if comma >= 0:
                yield _make(label, trim(self.text, cue.end, comma), trim(self.text, comma, end), cue)
        elif opens or cue.words in _INSIDE:
            yield from self._backward(label, cue, opens)
        elif cue.words == "still" or (cue.words == "yet" and not self._joins(cue)):
            return  # they tell the time
        else:
            yield self._around(label, cue, _STOPS + "," if label == "correction" else _STOPS)

    def _joins(self, cue: _Cue) -> bool:
        return self.text[self.sentence[0] : cue.start].rstrip().endswith((",", " and", *_STOPS))

    def _backward(self, label: Contrast, cue: _Cue, opens: bool) -> Iterator[ContrastPair]:
        start, end = self.sentence
        cut = last_stop(self.text, start, cue.start, _STOPS)
        if cut is not None:
            yield _make(label, trim(self.text, start, cut), trim(self.text, cut, end), cue)
        elif self.previous:
            yield _make(label, trim(self.text, *self.previous), trim(self.text, cue.end if opens else start, end), cue)

    def _around(self, label: Contrast, cue: _Cue, stops: str) -> ContrastPair:
        start, end = self.sentence
        a = clause_before(self.text, start, cue.start, stops)
        return _make(label, a, clause_after(self.text, cue.end, end, stops), cue)


_READ: Final[dict[str, Callable[[_Reader, _Cue], Iterator[ContrastPair]]]] = {  # the others stand alone
    **dict.fromkeys(("not", "never"), _Reader._denied),
    **dict.fromkeys(("than", "but"), _Reader._closed),
    **dict.fromkeys(("in practice", "in reality"), _Reader._practice),
    **dict.fromkeys(("it is", "it was", "it's", "it’s", "they are", "they're", "they’re"), _Reader._replaced),
}


def _make(label: Contrast, a: Range, b: Range, *cues: _Cue) -> ContrastPair:
    return {"label": label, "a": a, "b": b, "cue": [[cue.start, cue.end] for cue in cues], "score": 1.0}


def find_contrasts(text: str) -> list[ContrastPair]:
    """Return the contrasts that cues of ``text`` point at, in text order; their score is 1, a cue knows no doubt."""
    found = [each for each in _Reader(text).read() if each["a"][0] < each["a"][1] <= each["b"][0] < each["b"][1]]
    return sorted(found, key=lambda each: (each["a"], each["b"]))
