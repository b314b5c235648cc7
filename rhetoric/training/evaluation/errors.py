"""Where records differ from gold: what was coded by what was said, with counts, and each wrong passage."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rhetoric.gold import Coded
from rhetoric.labels import ABOUT, FRAMES, FRAMING_PARTS, PRESENT
from rhetoric.record import Range, Record
from rhetoric.training.evaluation.counts import (
    characters,
    longest_passage,
    meet,
    nearest,
    pair,
    sides_agree,
    strongest_framing,
)

NOTHING: Final = "-"  # in the place of a span: not coded, or not found
_EITHER: Final = ("absent", "present")


@dataclass(frozen=True)
class Judgement:
    """One thing a passage was coded for, and what the record says of it.

    ``score`` is the probability that the record gives to what it says; None where it states none, as for a span that
    was not found. ``where`` are the words it is about.
    """

    field: str
    coded: str
    said: str
    score: float | None = None
    where: str = ""

    @property
    def wrong(self) -> bool:
        """Whether the record says other than was coded."""
        return self.coded != self.said


@dataclass(frozen=True)
class Cell:
    """How often ``field`` was coded as ``coded`` and said to be ``said``, of how often it was so coded at all."""

    field: str
    coded: str
    said: str
    count: int
    of: int


def confusions(pairs: Iterable[tuple[Coded, Record]]) -> list[Cell]:
    """Return every combination of coded and said that occurs, right ones too, by field and then by count."""
    cells: Counter[tuple[str, str, str]] = Counter()
    coded: Counter[tuple[str, str]] = Counter()
    for row, record in pairs:
        for each in judge(row, record):
            cells[each.field, each.coded, each.said] += 1
            coded[each.field, each.coded] += 1
    order = {field: at for at, field in enumerate(dict.fromkeys(field for field, _, _ in cells))}
    found = [Cell(*cell, count, coded[cell[:2]]) for cell, count in cells.items()]
    return sorted(found, key=lambda each: (order[each.field], -each.count, each.coded, each.said))


def wrong_passages(pairs: Iterable[tuple[Coded, Record]]) -> list[dict[str, Any]]:
    """Return each passage of which the record says something wrong, the surest errors first.

    ``certainty`` is the highest probability that the record gives to something wrong, None where it states none;
    ``wrong`` lists what is, surest first; then ``text``, ``gold`` and ``predicted``, whole.
    """
    found = []
    for row, record in pairs:
        wrong = [each for each in judge(row, record) if each.wrong]
        if not wrong:
            continue
        wrong.sort(key=lambda each: -1.0 if each.score is None else each.score, reverse=True)
        told: list[dict[str, Any]] = [
            {"field": each.field, "coded": each.coded, "said": each.said, "score": each.score}
            | ({"where": each.where} if each.where else {})
            for each in wrong
        ]
        parts: dict[str, Any] = {**record}
        found.append(
            {
                "id": row["id"],
                "certainty": told[0]["score"],
                "wrong": told,
                "text": row["text"],
                "gold": {name: value for name, value in row.items() if name not in ("id", "text")},
                "predicted": {name: parts[name] for name in ("passages", "framing", "contrasts", "metaphors")},
            }
        )
    return sorted(found, key=lambda each: (1.0 if each["certainty"] is None else -each["certainty"], str(each["id"])))


def judge(row: Coded, record: Record) -> Iterator[Judgement]:
    """Yield every judgement on one passage, fields that are not coded left out.

    Spans are paired as the metrics pair them: a contrast by both its sides, a metaphor by a shared character. Of
    account, machinery and cue it is told whether the record marks them where they were coded.
    """
    yield from _labels(row, record)
    if "instances" in row:
        yield from _parts(row, record)
    if "contrasts" in row:
        yield from _contrasts(row, record)
    if "live_metaphors" in row:
        yield from _metaphors(row, record)


def _labels(row: Coded, record: Record) -> Iterator[Judgement]:
    passage, framing = longest_passage(record), strongest_framing(record)
    if "framing" in row:
        yield Judgement("framing", row["framing"], framing["framing"], framing["framing_score"])
    if "about" in row:
        yield _either("about", row["about"], passage["about"], passage["about"] >= ABOUT)
    coded = row.get("frames", {})
    for frame in FRAMES:
        if frame in coded:
            chance = passage["frames"].get(frame, 0.0)
            yield _either(f"frames.{frame}", coded[frame], chance, chance >= PRESENT)
    own = passage.get("custom", {})
    for label in sorted({*coded} & {*own}):
        yield _either(f"custom.{label}", coded[label], own[label]["score"], own[label]["present"])
    told: dict[Any, Any] = {**passage["portrayal"]}
    for country, asked in (row.get("portrayal") or {}).items():
        for what in ("role", "stance"):
            said = str(told[country][what]) if country in told else "not spoken of"
            yield Judgement(f"portrayal.{what}", str(asked[what]), said, where=country)


def _either(field: str, coded: int, chance: float, said: bool) -> Judgement:
    return Judgement(field, _EITHER[bool(coded)], _EITHER[said], round(chance if said else 1 - chance, 4))


def _parts(row: Coded, record: Record) -> Iterator[Judgement]:
    theirs: Sequence[Any] = record["framing"]
    for part in FRAMING_PARTS:
        ours = [span for each in row["instances"] for span in each[part]]
        found = [span for each in theirs for span in each[part]]
        if ours or found:
            said = NOTHING if not found else "there" if characters(ours) & characters(found) else "elsewhere"
            coded = "there" if ours else NOTHING
            score = max((each["score"] for each in theirs if each[part]), default=None)
            yield Judgement(
                f"framing.{part}", coded, said if ours or not found else "there", score, _words(row, ours or found)
            )
    for each in row["instances"]:
        if guess := nearest(each, theirs):
            yield Judgement("framing.actor", each["actor"], guess["actor"])


def _contrasts(row: Coded, record: Record) -> Iterator[Judgement]:
    found = _match(row["contrasts"], record["contrasts"], lambda a, b: sides_agree(a, b["a"], b["b"]))
    for ours, theirs in found:
        where = ours or theirs
        coded, said, score = ours.get("label", NOTHING), theirs.get("label", NOTHING), theirs.get("score")
        yield Judgement("contrast", coded, said, score, _words(row, [where["a"], where["b"]]))


def _metaphors(row: Coded, record: Record) -> Iterator[Judgement]:
    live = [each for each in record["metaphors"] if each.get("live", True)]
    for ours, theirs in _match(row["live_metaphors"], live, lambda a, b: meet(a["span"], b["span"])):
        words = _words(row, [(ours or theirs)["span"]])
        coded, said = ("live" if each else NOTHING for each in (ours, theirs))
        yield Judgement("metaphor", coded, said, theirs.get("score"), words)
        if ours and theirs:
            yield Judgement("metaphor.source", ours["source"], theirs.get("source", NOTHING), None, words)
            yield Judgement("metaphor.target", ours["target"], theirs.get("target", NOTHING), None, words)


def _match(
    gold: Sequence[Any], predicted: Sequence[Any], same: Callable[[Any, Any], bool]
) -> Iterator[tuple[Any, Any]]:
    """Yield what ``pair`` finds, then what of ``gold`` was missed and what was made up, each beside an empty dict."""
    found = pair(gold, predicted, same)
    yield from found
    taken = {id(each) for both in found for each in both}
    yield from ((item, {}) for item in gold if id(item) not in taken)
    yield from (({}, guess) for guess in predicted if id(guess) not in taken)


def _words(row: Coded, spans: Iterable[Range]) -> str:
    return " / ".join(row["text"][start:end] for start, end in spans)
