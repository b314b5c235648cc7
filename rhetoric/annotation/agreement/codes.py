"""What there is to agree on in a coded passage: labels, each with its values, and spans, each with its label."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rhetoric.annotation.agreement.shared import Shared
from rhetoric.gold import Coded
from rhetoric.labels import CONTRASTS, COUNTRIES, FRAMES, FRAMING_PARTS, SOURCES
from rhetoric.training.evaluation.counts import meet

Value = str | int
Span = tuple[int, int]
# The span fields that say all there is to say of a span, its labels included.
WHOLE: Final = ("framing.account", "framing.machinery", "framing.cue", "contrast with label", "metaphor with both")


@dataclass(frozen=True)
class Item:
    """Something marked in a passage: ``spans`` (a contrast has two, its sides in text order) and its labels."""

    spans: tuple[Span, ...]
    labels: tuple[str, ...] = ()

    def meets(self, other: "Item") -> bool:
        """Whether each span shares a character with one of the other's; the sides of a contrast in either order."""
        ways = [other.spans, other.spans[::-1]] if len(self.spans) > 1 else [other.spans]
        return any(all(meet([*a], [*b]) for a, b in zip(self.spans, way, strict=True)) for way in ways)


@dataclass(frozen=True)
class LabelField:
    """A label: ``say`` gives what a coder said of each unit of a passage, None for what is not coded.

    A unit is the passage, or one country in it. Distances between values are ``interval`` where they are numbers.
    """

    name: str
    say: Callable[[Coded], Mapping[str, Value | None]]
    interval: bool = False

    def values(self, row: Coded) -> dict[str, Value]:
        """Return what a coder said of each unit that is coded."""
        return {unit: value for unit, value in self.say(row).items() if value is not None}


@dataclass(frozen=True)
class SpanField:
    """Spans of one kind: ``items`` gives those of a passage, None where the coder did not code this field."""

    name: str
    items: Callable[[Coded], frozenset[Item] | None]

    def by_coder(self, rows: Mapping[str, Coded]) -> dict[str, frozenset[Item]]:
        """Return the spans of each coder's row of a passage, of those who coded this field."""
        return {coder: found for coder, row in rows.items() if (found := self.items(row)) is not None}


def label_fields(shared: Shared) -> list[LabelField]:
    """Return the labels to agree on: those of the codebook, and whatever further frames were coded."""
    rows = [row for by in shared.rows.values() for row in by.values()]
    own = {frame for row in rows for frame in row.get("frames", {})} - {*FRAMES}
    return [
        LabelField("framing", lambda row: {"framing": row.get("framing")}),
        LabelField("framing.actor", _actor),
        LabelField("framing.explicit", _explicit),
        LabelField("about", lambda row: {"about": row.get("about")}),
        *(LabelField(f"frames.{frame}", _frame(frame)) for frame in (*FRAMES, *sorted(own))),
        LabelField("portrayal.spoken", _spoken),
        LabelField("portrayal.role", lambda row: _portrayal(row, "role")),
        LabelField("portrayal.stance", lambda row: _portrayal(row, "stance"), interval=True),
    ]


def span_fields() -> list[SpanField]:
    """Return the spans to agree on. A metaphor's and a contrast's labels count where the field's name says so."""
    return [
        *(SpanField(f"framing.{part}", _part(part)) for part in FRAMING_PARTS),
        SpanField("contrast", _contrasts()),
        SpanField("contrast with label", _contrasts(labelled=True)),
        *(SpanField(f"contrast.{label}", _contrasts(only=label)) for label in CONTRASTS),
        SpanField("metaphor", _metaphors(())),
        SpanField("metaphor with source", _metaphors(("source",))),
        SpanField("metaphor with target", _metaphors(("target",))),
        SpanField("metaphor with both", _metaphors(("source", "target"))),
        *(SpanField(f"metaphor.{source}", _metaphors((), only=source)) for source in SOURCES),
    ]


def _actor(row: Coded) -> dict[str, str | None]:
    # A passage with several instances has all their actors as one value, so that their order cannot matter.
    actors = sorted({each["actor"] for each in row.get("instances", ())})
    return {"actor": " and ".join(actors) or None}


def _explicit(row: Coded) -> dict[str, int | None]:
    found = [bool(each["explicit"]) for each in row.get("instances", ()) if "explicit" in each]
    return {"explicit": int(any(found)) if found else None}


def _frame(frame: str) -> Callable[[Coded], dict[str, int | None]]:
    return lambda row: {frame: row.get("frames", {}).get(frame)}


def _spoken(row: Coded) -> dict[str, Value]:
    said = row.get("portrayal")
    return {} if said is None else {country: int(country in said) for country in COUNTRIES}


def _portrayal(row: Coded, what: str) -> dict[str, Value]:
    return {country: said[what] for country, said in (row.get("portrayal") or {}).items()}


def _items(name: str, make: Callable[[Any], Iterable[Item]]) -> Callable[[Coded], frozenset[Item] | None]:
    return lambda row: frozenset(item for each in row[name] for item in make(each)) if name in row else None


def _part(part: str) -> Callable[[Coded], frozenset[Item] | None]:
    return _items("instances", lambda each: [Item((_span(span),)) for span in each[part]])


def _contrasts(*, labelled: bool = False, only: str | None = None) -> Callable[[Coded], frozenset[Item] | None]:
    def make(each: Any) -> list[Item]:  # noqa: ANN401 - JSON
        sides = tuple(sorted((_span(each["a"]), _span(each["b"]))))
        return [Item(sides, (each["label"],) if labelled else ())] if only in (None, each["label"]) else []

    return _items("contrasts", make)


def _metaphors(names: Sequence[str], only: str | None = None) -> Callable[[Coded], frozenset[Item] | None]:
    def make(each: Any) -> list[Item]:  # noqa: ANN401 - JSON
        labels = tuple(str(each.get(name)) for name in names)
        return [Item((_span(each["span"]),), labels)] if only in (None, each.get("source")) else []

    return _items("live_metaphors", make)


def _span(span: list[int]) -> Span:
    return span[0], span[1]
