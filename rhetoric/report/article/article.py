"""One record as the report shows it: the scorecard, the evidence under it, and the text cut into marked passages."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import cell_text
from rhetoric.labels import COUNTRIES, FRAMES, PRESENT, SOURCES, Contrast, Country, Frame, Role, Source
from rhetoric.record import Record
from rhetoric.report.article import say
from rhetoric.report.article.doubts import Doubt, find_doubts
from rhetoric.report.article.marks import Mark, Segment, cut_segments, find_marks
from rhetoric.report.article.own import Own, find_own
from rhetoric.report.evidence import Carrier, Evidence, Image, Pair, gather_evidence
from rhetoric.report.headline import say_portrayal, strongest_frames
from rhetoric.report.safe import brief, clean
from rhetoric.report.trust import Trust
from rhetoric.report.words import COUNTRIES as COUNTRY_NAMES
from rhetoric.report.words import ROLES, count, whole_percentile
from rhetoric.scoring import Scorecard, score_record
from rhetoric.scoring.groups import last_part, name_of
from rhetoric.scoring.passages import count_passages
from rhetoric.scoring.profile import Profile
from rhetoric.scoring.records import warnings_of
from rhetoric.scoring.uncertainty import FEWEST

_TITLE: Final = 200  # characters
_META: Final = ("author", "date", "source")
_EXCERPT: Final = (600, 240)  # characters of the passage surest of a frame, and of the next
_SENTENCE: Final = 600  # characters
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
    """A passage to read: ``number`` from 1, whether it counts, its frames with their probabilities, its segments."""

    number: int
    counted: bool
    about: float
    frames: tuple[tuple[Frame, float], ...]
    unmasking: bool
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Shown:
    """A frame that is present: in which passages, and those surest of it, each with the words to quote: the sentence
    that carries it, or where that is not known the passage, unless as much of it was quoted before.
    """

    frame: Frame
    passages: tuple[tuple[int, float], ...]
    carriers: tuple[tuple[Carrier, str], ...]


@dataclass(frozen=True)
class Portrait:
    """A country as the text speaks of it; ``ill``, ``well``, ``neither`` and ``roles`` hold numbers of passages."""

    country: Country
    name: str
    said: str
    ill: tuple[int, ...]
    neither: tuple[int, ...]
    well: tuple[int, ...]
    roles: tuple[tuple[Role, tuple[int, ...]], ...]

    def lines(self) -> list[tuple[str, tuple[int, ...]]]:
        """Return what to say of its stances and roles, each with the passages that it is said of, a line each."""
        stances = (("Spoken ill of", self.ill), ("Spoken well of", self.well), ("Neither", self.neither))
        found = [*stances, *((ROLES[role].capitalize(), numbers) for role, numbers in self.roles)]
        return [(f"{said} in {count(len(numbers), 'passage')}", numbers) for said, numbers in found if numbers]


class Article:
    """One record; ``letter`` tells it from the other of two (A, B), and is empty where it is alone."""

    def __init__(self, record: Record, scorecard: Scorecard, letter: str = "") -> None:
        self.record, self.scorecard, self.letter = record, scorecard, letter
        self.prefix = f"{letter.lower()}-" if letter else ""
        self.evidence: Evidence = gather_evidence(scorecard, record)
        self.title = brief(name_of(record, short=True), _TITLE) or "Untitled"
        self.enough = scorecard.counted >= FEWEST  # passages for shares and intervals to say anything
        self.counted = count_passages(record, scorecard.every_passage)

    @property
    def at(self) -> int:
        """0 for the first of two or the only one, 1 for the second."""
        return int(self.letter == "B")

    @property
    def byline(self) -> list[str]:
        """What is known of the text besides its title: author, date, address."""
        said = [cell_text(self.record["meta"].get(key)) or "" for key in _META]
        found = [
            brief(last_part(each) if key == "source" else each, _TITLE) for key, each in zip(_META, said, strict=True)
        ]
        return [each for each in found if each and each != self.title]

    @property
    def warnings(self) -> list[str]:
        """What the reader of the file warned of."""
        return [clean(each) for each in warnings_of(self.record)]

    def explain(self, trust: Trust) -> dict[str, str]:
        """Return what to say of each entry: f1, c2, m3."""
        found = self.evidence
        said = {f"f{n}": say.explain_instance(n, each, trust) for n, each in enumerate(found.framing, 1)}
        said |= {f"c{n}": say.explain_pair(n, each) for n, each in enumerate(found.contrasts, 1)}
        return said | {f"m{n}": say.explain_image(n, each) for n, each in enumerate(found.metaphors, 1)}

    def passages(self) -> Iterator[Passage]:
        """Yield the passages with their marks, and any text between passages as one that does not count (number 0)."""
        text, counted, at = self.record["text"], set(self.counted), 0
        marks = self._marks_by_passage()
        for number, each in enumerate(self.record["passages"], 1):
            if text[at : each["start"]].strip():
                yield self._between(at, each["start"])
            frames = sorted(each["frames"].items(), key=lambda item: -item[1])
            yield Passage(
                number=number,
                counted=number - 1 in counted,
                about=each["about"],
                frames=tuple((frame, chance) for frame, chance in frames if chance >= PRESENT),
                unmasking=each["framing"] == "unmasking",
                segments=tuple(cut_segments(text, each["start"], each["end"], marks[number])),
            )
            at = max(at, each["end"])
        if text[at:].strip():
            yield self._between(at, len(text))

    def _between(self, start: int, end: int) -> Passage:
        return Passage(0, False, 0.0, (), False, tuple(cut_segments(self.record["text"], start, end, ())))

    def _marks_by_passage(self) -> defaultdict[int, list[Mark]]:
        found: defaultdict[int, list[Mark]] = defaultdict(list)
        passages = self.record["passages"]
        starts = [passage["start"] for passage in passages]
        for mark in find_marks(self.evidence):
            at = max(bisect_right(starts, mark.start) - 1, 0)
            while at < len(passages) and starts[at] < mark.end:
                found[at + 1].append(mark)
                at += 1
        return found

    def frames(self) -> Iterator[Shown]:
        """Yield the frames that are present, the commonest first."""
        quoted: dict[int, int] = {}  # how much of a passage
        for frame in strongest_frames(self.scorecard):
            chances = [(at + 1, self.record["passages"][at]["frames"].get(frame, 0.0)) for at in self.counted]
            carriers = []
            for each, limit in zip(self.evidence.frames[frame], _EXCERPT, strict=False):
                if each.sentence:
                    carriers.append((each, brief(each.sentence.text, _SENTENCE)))
                    continue
                words = brief(each.text, limit)
                carriers.append((each, words if len(words) > quoted.get(each.passage, 0) else ""))
                quoted[each.passage] = max(len(words), quoted.get(each.passage, 0))
            yield Shown(frame, tuple(each for each in chances if each[1] >= PRESENT), tuple(carriers))

    @property
    def has_sentences(self) -> bool:
        """Whether a frame is quoted by its sentence."""
        return any(each.sentence for carriers in self.evidence.frames.values() for each in carriers)

    @property
    def absent(self) -> list[str]:
        """The frames that are present in no passage."""
        present = set(strongest_frames(self.scorecard))
        return [frame for frame in self.scorecard.frames if frame not in present]

    def own(self) -> list[Own]:
        """Return the frames of the user's own that are present, the commonest first."""
        return find_own(self.record, self.scorecard, self.evidence, self.counted)

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
            by[image.source][brief(image.text, 60).lower()].append((number, image))
        found = [(source, list(words.items())) for source, words in by.items() if words]
        return sorted(found, key=lambda item: -sum(len(images) for _, images in item[1]))

    def portraits(self) -> list[Portrait]:
        """Return how each country is spoken of, with the passages that do so."""
        return [self._portrait(country) for country in COUNTRIES]

    def _portrait(self, country: Country) -> Portrait:
        spoken = [(at + 1, self.record["passages"][at]["portrayal"].get(country)) for at in self.counted]
        there = [(number, each) for number, each in spoken if each]
        stances = {stance: tuple(n for n, each in there if each["stance"] == stance) for stance in (-1, 0, 1)}
        cast: defaultdict[Role, list[int]] = defaultdict(list)
        for number, each in there:
            cast[each["role"]].append(number)
        roles = sorted(((role, tuple(numbers)) for role, numbers in cast.items()), key=lambda item: -len(item[1]))
        said = self._say_portrayal(country) if roles else "Not spoken of."
        return Portrait(country, COUNTRY_NAMES[country], said, stances[-1], stances[0], stances[1], tuple(roles))

    def _say_portrayal(self, country: Country) -> str:
        portrayed = self.scorecard.portrayal[country]
        if not self.enough:
            return f"In {count(portrayed.stance.passages, 'passage')}."
        return say_portrayal(portrayed, others=False)

    def standing(self) -> list[tuple[str, int, str]]:
        """Return where the text stands out among the profile's: field, percentile and words, the farthest out first."""
        said = [(field, place) for field, place in self.scorecard.percentiles.items() if field in _COMPARED]
        said.sort(key=lambda item: -abs(item[1] - 50))
        return [
            (_COMPARED[field], whole_percentile(place), say.against(self.scorecard, field)) for field, place in said
        ]

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
