"""Keyword against model: where ``cset-2021`` and the frame ``race`` say different things of documents and passages."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from rhetoric.labels import ABOUT, PRESENT
from rhetoric.record import Passage, Record
from rhetoric.scoring.cset import COMPETITION, Hit, Keywords
from rhetoric.scoring.groups import name_of
from rhetoric.scoring.passages import KEPT, find_passage
from rhetoric.scoring.uncertainty import rounded

Who = Literal["keyword", "model"]
_Where = tuple[int, int, int, str] | tuple[None, None, None, None]
_NOWHERE: Final = (None, None, None, None)
_BEFORE: Final = 200  # of the characters kept of a passage, how many before what the keyword found


@dataclass(frozen=True)
class KeywordDisagreement:
    """A document or a passage that only ``found_by`` says to frame AI as a competition.

    ``race`` and ``about`` are the passage's probabilities, for a document those of the passage on the matter that is
    likeliest ``race``; ``hits`` are the words that the expressions found. ``passage`` (from 1), ``start``, ``end`` and
    ``text`` are None for a document.
    """

    found_by: Who
    document: str
    title: str
    race: float
    about: float
    hits: tuple[str, ...]
    passage: int | None = None
    start: int | None = None
    end: int | None = None
    text: str | None = None

    @property
    def distance(self) -> float:
        """How far apart the two are: the model's probability, counted from the side of the keyword."""
        return 1 - self.race if self.found_by == "keyword" else self.race


@dataclass
class KeywordAgreement:
    """How often keyword and model agree over ``documents`` or ``passages``, and each case in which they do not."""

    both: int = 0
    keyword_only: int = 0
    model_only: int = 0
    neither: int = 0
    cases: list[KeywordDisagreement] = field(default_factory=list)

    def add(
        self, record: Record, keyword: bool, hits: Sequence[Hit], passage: Passage, where: _Where = _NOWHERE
    ) -> None:
        """Count a document or a passage of a record: whether the ``keyword`` says so, for its ``hits``, and whether the
        model does of ``passage``. ``where`` is what a disagreement tells of a passage: number, start, end and text.
        """
        race, about = _race(passage), passage["about"]
        model = about >= ABOUT and race >= PRESENT
        self.both += keyword and model
        self.keyword_only += keyword and not model
        self.model_only += model and not keyword
        self.neither += not (keyword or model)
        if keyword is not model:
            words = tuple(record["text"][hit.start : hit.end] for hit in hits)
            who: Who = "model" if model else "keyword"
            case = KeywordDisagreement(who, record["id"], name_of(record), race, about, words, *where)
            self.cases.append(case)

    @property
    def total(self) -> int:
        """How many units there are."""
        return self.both + self.keyword_only + self.model_only + self.neither

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: agreement beyond chance, 1 at most; None where either says the same of every unit."""
        total, keyword, model = self.total, self.both + self.keyword_only, self.both + self.model_only
        chance = keyword * model + (total - keyword) * (total - model)
        if not total or keyword in (0, total) or model in (0, total):
            return None
        return rounded((total * (self.both + self.neither) - chance) / (total * total - chance))

    def worst(self, found_by: Who) -> list[KeywordDisagreement]:
        """Return the cases that only ``found_by`` found, those first where the two are farthest apart, then by name."""
        cases = (each for each in self.cases if each.found_by == found_by)
        return sorted(cases, key=lambda each: (-each.distance, each.document, each.passage or 0, each.title))

    def to_dict(self) -> dict[str, Any]:
        """Return the counts, kappa and the cases as nested dicts and lists that JSON can hold."""
        cases = [asdict(each) for who in ("keyword", "model") for each in self.worst(who)]
        counts = {name: getattr(self, name) for name in ("both", "keyword_only", "model_only", "neither", "kappa")}
        return {**counts, "cases": cases}


@dataclass
class KeywordAgreements:
    """Keyword against model over documents and over passages, added up record by record.

    The model says ``race`` of a passage that is about the matter and frames it so, both at probability 0.5, and of a
    document with such a passage; the keyword of a passage in which an expression of the competition frame begins, and
    of a document that has one in its title or text. Neither is the truth.
    """

    documents: KeywordAgreement = field(default_factory=KeywordAgreement)
    passages: KeywordAgreement = field(default_factory=KeywordAgreement)

    def add(self, record: Record, found: Keywords) -> None:
        """Add a record and what :func:`score_keywords` says of it; one without passages, not annotated, is left out."""
        if not record["passages"]:
            return
        hits = [hit for hit in found.hits if hit.frame == COMPETITION]
        by_passage: defaultdict[int | None, list[Hit]] = defaultdict(list)
        for hit in hits:
            by_passage[find_passage(record, hit.start)].append(hit)
        for at, passage in enumerate(record["passages"]):
            here, start, end = by_passage[at], passage["start"], passage["end"]
            kept = max(start, here[0].start - _BEFORE) if here else start
            if kept > start and not record["text"][kept - 1].isspace():  # amid a word: begin with the next
                kept = max(kept, record["text"].find(" ", kept, here[0].start) + 1)
            said = record["text"][kept : min(end, kept + KEPT)]
            self.passages.add(record, bool(here), here, passage, (at + 1, start, end, said))
        strongest = max(record["passages"], key=lambda each: (each["about"] >= ABOUT, _race(each)))
        self.documents.add(record, found.frames[COMPETITION], hits, strongest)


def _race(passage: Passage) -> float:
    return passage["frames"].get("race", 0.0)  # records made by others may lack it
