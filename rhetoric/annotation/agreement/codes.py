"""What there is to agree on in a coded passage: labels, each with its values, and spans, each with its label."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rhetoric.annotation.agreement.shared import Shared
from rhetoric.gold import Coded
from rhetoric.labels import CONTRASTS, COUNTRIES, FRAMES, FRAMING_PARTS, SOURCES
from rhetoric.training.evaluation.counts import meet

Value = str | int
Span = tuple[int, ...]
# The span fields that say all there is to say of a span, its labels included.
WHOLE: Final = ("framing.account", "framing.machinery", "framing.cue", "contrast with label", "metaphor with both")


@dataclass(frozen=True, order=True)
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

    def by_coder(self, rows: Mapping[str, Coded]) -> dict[str, dict[str, Value]]:
        """Return what each coder's row of a passage says of each unit that is coded."""
        return {
            coder: {unit: value for unit, value in self.say(row).items() if value is not None}
            for coder, row in rows.items()
        }


@dataclass(frozen=True)
class SpanField:
    """Spans of one kind: the ``parts`` of what is marked in the field ``of`` a passage, with the labels that count.

    ``only`` is the label, or the source, that it must have. Every span of a framing instance is something of its own.
    """

    name: str
    of: str
    parts: tuple[str, ...]
    labels: tuple[str, ...] = ()
    only: str | None = None

    def by_coder(self, rows: Mapping[str, Coded]) -> dict[str, frozenset[Item]]:
        """Return the spans of each coder's row of a passage, of those who coded this field."""
        return {coder: frozenset(self._items(row[self.of])) for coder, row in rows.items() if self.of in row}

    def _items(self, marked: Iterable[Any]) -> Iterator[Item]:
        for each in marked:
            if self.of == "instances":
                yield from (Item(((*span,),)) for part in self.parts for span in each[part])
            elif self.only in (None, each.get("label"), each.get("source")):
                sides = sorted((*each[part],) for part in self.parts)
                yield Item(tuple(sides), tuple(str(each.get(label)) for label in self.labels))


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
    contrast, metaphor = ("contrasts", ("a", "b")), ("live_metaphors", ("span",))
    return [
        *(SpanField(f"framing.{part}", "instances", (part,)) for part in FRAMING_PARTS),
        SpanField("contrast", *contrast),
        SpanField("contrast with label", *contrast, ("label",)),
        *(SpanField(f"contrast.{label}", *contrast, only=label) for label in CONTRASTS),
        SpanField("metaphor", *metaphor),
        SpanField("metaphor with source", *metaphor, ("source",)),
        SpanField("metaphor with target", *metaphor, ("target",)),
        SpanField("metaphor with both", *metaphor, ("source", "target")),
        *(SpanField(f"metaphor.{source}", *metaphor, only=source) for source in SOURCES),
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
