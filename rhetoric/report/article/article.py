"""One record as the report shows it: the scorecard, the evidence under it, and the passages of the text."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Generic, TypeVar

from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import cell_text
from rhetoric.labels import COUNTRIES, FRAMES, PRESENT, SOURCES, Contrast, Country, Frame, Role, Source
from rhetoric.record import Record
from rhetoric.report.article.doubts import Doubt, find_doubts
from rhetoric.report.detectors import against
from rhetoric.report.evidence import (
    Carrier,
    Evidence,
    Image,
    Pair,
    gather_evidence,
    named_countries,
    passages_with,
    passages_with_own,
)
from rhetoric.report.headline import say_portrayal, strongest_frames
from rhetoric.report.safe import clean, excerpt
from rhetoric.report.words import COUNTRIES as COUNTRY_NAMES
from rhetoric.report.words import ROLES, count, join, whole_percentile
from rhetoric.scoring import Scorecard, score_record
from rhetoric.scoring.groups import last_part, name_of
from rhetoric.scoring.passages import count_passages
from rhetoric.scoring.profile import Profile
from rhetoric.scoring.records import warnings_of
from rhetoric.scoring.uncertainty import FEWEST

_TITLE: Final = 200  # characters
_META: Final = ("author", "date", "source")
_EXCERPT: Final = (600, 240)  # characters of the passage surest of a frame, and of the next
_OWN_EXCERPT: Final = 400  # characters of a passage that carries a frame of the user's own
_SENTENCE: Final = 600  # characters
_STANCES: Final = (("Spoken ill of", -1), ("Spoken well of", 1), ("Neither", 0))
_COMPARED: Final = {
    "unmasking": "accounts unmasked, per 1,000 words",
    "metaphor": "live metaphors, per 1,000 words",
    "contrast": "contrasts, per 1,000 words",
    "us_stance": "stance on the US (more: the better spoken of)",
    "china_stance": "stance on China (more: the better spoken of)",
    **{f"frame_{frame}": f"frame {frame}, share of passages" for frame in FRAMES},
}


@dataclass(frozen=True)
class Passage:
    """A passage to read, the characters ``[start, end)`` of the text: ``number`` from 1 (0: text between passages),
    whether it counts, and the frames present in it with their probabilities, the surest first.
    """

    number: int
    start: int
    end: int
    counted: bool = False
    frames: tuple[tuple[str, float], ...] = ()


Name = TypeVar("Name", bound=str)


@dataclass(frozen=True)
class Shown(Generic[Name]):
    """A frame that is present, one of the ten or the user's own: the numbers of its passages, and those surest of it,
    each with the words to quote, "" where as much of the passage was quoted before.
    """

    frame: Name
    passages: tuple[int, ...]
    carriers: tuple[tuple[Carrier, str], ...]


@dataclass(frozen=True)
class Portrait:
    """A country as the text speaks of it; ``lines`` say its stances and roles, with the numbers of the passages, and
    ``unnamed`` in how many it is not named, so that it is inferred.
    """

    country: Country
    name: str
    said: str
    lines: tuple[tuple[str, list[int]], ...]
    unnamed: str


class Article:
    """One record; ``letter`` tells it from the other of two (A, B), and is empty where it is alone."""

    def __init__(self, record: Record, scorecard: Scorecard, letter: str = "") -> None:
        self.record, self.scorecard, self.letter = record, scorecard, letter
        self.prefix = f"{letter.lower()}-" if letter else ""
        self.evidence: Evidence = gather_evidence(record, scorecard.every_passage)
        self.title = excerpt(name_of(record, short=True), _TITLE) or "Untitled"
        self.enough = scorecard.counted >= FEWEST  # passages for shares and intervals to say anything
        self.counted = count_passages(record, scorecard.every_passage)

    @cached_property
    def named(self) -> dict[int, set[str]]:
        """The countries that each passage names, by its index."""
        return named_countries(self.record)

    @property
    def byline(self) -> list[str]:
        """What is known of the text besides its title: author, date, address."""
        said = [cell_text(self.record["meta"].get(key)) or "" for key in _META]
        found = [
            excerpt(last_part(each) if key == "source" else each, _TITLE) for key, each in zip(_META, said, strict=True)
        ]
        return [each for each in found if each and each != self.title]

    @property
    def warnings(self) -> list[str]:
        """What the reader of the file warned of."""
        return [clean(each) for each in warnings_of(self.record)]

    def passages(self) -> Iterator[Passage]:
        """Yield the passages, and any text between them."""
        text, counted, at = self.record["text"], set(self.counted), 0
        for number, each in enumerate(self.record["passages"], 1):
            if text[at : each["start"]].strip():
                yield Passage(0, at, each["start"])
            frames = sorted(each["frames"].items(), key=lambda item: -item[1])
            present = tuple((frame, chance) for frame, chance in frames if chance >= PRESENT)
            yield Passage(number, each["start"], each["end"], number - 1 in counted, present)
            at = max(at, each["end"])
        if text[at:].strip():
            yield Passage(0, at, len(text))

    def frames(self, sentence: int = _SENTENCE, passages: Sequence[int] = _EXCERPT) -> Iterator[Shown[Frame]]:
        """Yield the frames that are present, the commonest first; each is quoted by at most so many characters of the
        ``sentence`` that carries it, or where that is not known of the passage, as many as ``passages`` says of each.
        """
        quoted: defaultdict[int, int] = defaultdict(int)  # how much of a passage
        for frame in strongest_frames(self.scorecard):
            carriers = []
            for each, limit in zip(self.evidence.frames[frame], passages, strict=False):
                if each.sentence:
                    carriers.append((each, excerpt(each.sentence.text, sentence)))
                    continue
                words = excerpt(each.text, limit)
                carriers.append((each, words if len(words) > quoted[each.passage] else ""))
                quoted[each.passage] = max(len(words), quoted[each.passage])
            present = passages_with(self.record, self.counted, frame)
            yield Shown(frame, tuple(number for number, _ in present), tuple(carriers))

    def own(self, passage: int = _OWN_EXCERPT) -> list[Shown[str]]:
        """Return the frames of the user's own that are present, the commonest first; of a passage that carries one at
        most so many characters are quoted.
        """
        found = []
        for label, carriers in self.evidence.custom.items():
            quoted = tuple((each, excerpt(each.text, passage)) for each in carriers)
            numbers = tuple(number for number, _ in passages_with_own(self.record, self.counted, label))
            found.append(Shown(label, numbers, quoted))
        return sorted((each for each in found if each.passages), key=lambda each: -len(each.passages))

    @property
    def has_sentences(self) -> bool:
        """Whether a frame is quoted by its sentence."""
        return any(each.sentence for carriers in self.evidence.frames.values() for each in carriers)

    @property
    def absent(self) -> list[str]:
        """The frames that are present in no passage."""
        present = set(strongest_frames(self.scorecard))
        return [frame for frame in self.scorecard.frames if frame not in present]

    @property
    def own_absent(self) -> list[str]:
        """The frames of the user's own that are present in no passage."""
        return [clean(label) for label, found in self.scorecard.custom.items() if not found.prevalence.count]

    def contrasts(self) -> list[tuple[Contrast, list[tuple[int, Pair]]]]:
        """Return the contrasts by label, those there are most of first, each with its number."""
        by: defaultdict[Contrast, list[tuple[int, Pair]]] = defaultdict(list)
        for number, pair in enumerate(self.evidence.contrasts, 1):
            by[pair.label].append((number, pair))
        return sorted(by.items(), key=lambda item: -len(item[1]))

    def metaphors(self) -> list[tuple[Source, list[tuple[str, list[tuple[int, Image]]]]]]:
        """Return the live metaphors by source domain, the commonest first, and there by their words, with numbers."""
        by: dict[Source, defaultdict[str, list[tuple[int, Image]]]] = {each: defaultdict(list) for each in SOURCES}
        for number, image in enumerate(self.evidence.metaphors, 1):
            by[image.source][excerpt(image.text, 60).lower()].append((number, image))
        found = [(source, list(words.items())) for source, words in by.items() if words]
        return sorted(found, key=lambda item: -sum(len(images) for _, images in item[1]))

    def portraits(self) -> list[Portrait]:
        """Return how each country is spoken of, with the passages that do so."""
        return [self._portrait(country) for country in COUNTRIES]

    def _portrait(self, country: Country) -> Portrait:
        by_stance: defaultdict[int, list[int]] = defaultdict(list)
        by_role: defaultdict[Role, list[int]] = defaultdict(list)
        inferred: list[int] = []
        for at in self.counted:
            spoken = self.record["passages"][at]["portrayal"].get(country)
            if spoken:
                by_stance[spoken["stance"]].append(at + 1)
                by_role[spoken["role"]].append(at + 1)
                if country not in self.named.get(at, ()):
                    inferred.append(at + 1)
        found = [(said, by_stance[stance]) for said, stance in _STANCES]
        roles = sorted(by_role.items(), key=lambda item: -len(item[1]))
        found += [(ROLES[role].capitalize(), numbers) for role, numbers in roles]
        lines = tuple((f"{said} in {count(len(numbers), 'passage')}", numbers) for said, numbers in found if numbers)
        portrayed, name = self.scorecard.portrayal[country], COUNTRY_NAMES[country]
        if not roles:
            said = "Not spoken of."
        elif self.enough:
            said = say_portrayal(portrayed, others=False)
        else:
            said = f"In {count(portrayed.stance.passages, 'passage')}."
        where = f"passage{'s' if len(inferred) > 1 else ''} {join([str(number) for number in inferred])}"
        unnamed = f"Inferred, not named: {where}." if inferred else ""
        return Portrait(country, f"{name[0].upper()}{name[1:]}", said, lines, unnamed)

    def standing(self) -> list[tuple[str, str, str]]:
        """Return where the text stands out among the profile's: field, percentile and words, the farthest out first;
        then what it has none of, the rarer it is to have none the sooner.
        """
        card = self.scorecard
        places = sorted(card.percentiles.items(), key=lambda item: -abs(item[1] - 50))
        said = [(field, str(whole_percentile(place))) for field, place in places]
        said += [(field, "-") for field, _ in sorted(card.percentile_none.items(), key=lambda item: item[1])]
        return [(_COMPARED[field], place, against(card, field)) for field, place in said if field in _COMPARED]

    def doubts(self) -> list[Doubt]:
        """Return what is unsure."""
        return find_doubts(self.record, self.scorecard, self.evidence, self.counted)


def make_articles(
    records: Sequence[Record], profile: Profile | None, every_passage: bool, detectors: Path | None = None
) -> list[Article]:
    """Score the records and gather what a report shows of them."""
    if len(records) not in (1, 2):
        raise RhetoricError(f"A report is on one text, or on two side by side; here are {len(records)}.")
    letters = ("A", "B") if len(records) == 2 else ("",)
    scored = [
        score_record(record, every_passage=every_passage, profile=profile, detectors=detectors) for record in records
    ]
    return [Article(*each) for each in zip(records, scored, letters, strict=True)]
