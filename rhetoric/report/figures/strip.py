"""A strip along the document: where in the text each device falls."""

from collections.abc import Iterable
from itertools import chain
from typing import Final

from markupsafe import Markup

from rhetoric.record import Record
from rhetoric.report.evidence import Quote, gather_evidence
from rhetoric.report.figures.svg import COLOURS, GREY, LINE, Figure, element, letters, make_figure, number
from rhetoric.report.words import count
from rhetoric.scoring.passages import count_passages

_FROM, _WIDE = 30, 70  # per cent of the width
_LONG: Final = 1000  # units from the beginning of the text to its end
_ROW: Final = 24  # pixels
_HIGH: Final = 14
_LEAST: Final = 3  # units: what is shorter could not be seen
_COLOURS: Final = {
    "account": COLOURS[0],
    "machinery": COLOURS[1],
    "contrast": "#009E73",
    "metaphor": "#CC79A7",
    "passage": GREY,
}
_THIRDS: Final = ("beginning", "middle", "end")
_Stretch = tuple[int, int]


def draw_strip(record: Record, *, every_passage: bool = False) -> Figure:
    """Draw where accounts, machinery, contrasts and live metaphors stand in a text, from its first character to its
    last; below, which passages count.

    Only what lies in passages that count is drawn, as in a scorecard.
    """
    chosen, found = count_passages(record, every_passage), gather_evidence(record, every_passage)
    whole = [each for each in found.framing if each.complete]
    rows: list[tuple[str, str, list[list[_Stretch]]]] = [  # the stretches of each device
        ("accounts", "account", [_stretches(each.account) for each in whole]),
        ("machinery", "machinery", [_stretches(each.machinery) for each in whole]),
        ("contrasts", "contrast", [[(min(p.a.start, p.b.start), max(p.a.end, p.b.end))] for p in found.contrasts]),
        ("metaphors", "metaphor", [_stretches([each]) for each in found.metaphors]),
    ]
    passages = [[(record["passages"][at]["start"], record["passages"][at]["end"])] for at in chosen]
    length = max(len(record["text"]), 1)
    body: list[Markup] = []
    for at, (label, kind, devices) in enumerate([*rows, ("counted", "passage", passages)]):
        y = at * _ROW
        body.append(letters(label, "0", y + 15, bold=kind != "passage", dim=kind == "passage"))
        body.append(_draw(chain.from_iterable(devices), length, y + 4, kind))
    bottom = _ROW * 5 + 14
    body.append(letters("start of the text", f"{_FROM}%", bottom, dim=True))
    body.append(letters("its end", "100%", bottom, anchor="end", dim=True))
    said = [_say(label, [min(spans)[0] / length for spans in devices]) for label, _, devices in rows]
    counting = "counts" if len(chosen) == 1 else "count"
    passages_said = f"{count(len(chosen), 'passage')} of {len(record['passages'])} {counting}."
    title = "Where in the text each device falls"
    return make_figure(title, " ".join([*said, passages_said]), body, bottom + LINE - 10)


def _stretches(quotes: Iterable[Quote]) -> list[_Stretch]:
    return [(quote.start, quote.end) for quote in quotes]


def _draw(spans: Iterable[_Stretch], length: int, y: float, kind: str) -> Markup:
    """Return one path of all spans, stretched to the width of the picture whatever that is."""
    path = []
    for start, end in spans:
        at, wide = start / length * _LONG, (end - start) / length * _LONG
        wide = max(wide - (1 if kind == "passage" else 0), _LEAST)  # a gap between one passage and the next
        path.append(f"M{number(min(at, _LONG - wide))} 0h{number(wide)}v{_HIGH}h-{number(wide)}z")
    drawn = element("path", d=f"M0 {_HIGH + 2}h{_LONG}", stroke=GREY)
    if path:
        drawn += element("path", kind=kind, d="".join(path), fill=_COLOURS[kind], fill_opacity=0.8)
    return element(
        "svg",
        drawn,
        viewBox=f"0 0 {_LONG} {_HIGH + 2}",
        preserveAspectRatio="none",
        x=f"{_FROM}%",
        y=y,
        width=f"{_WIDE}%",
        height=_HIGH + 2,
    )


def _say(label: str, places: list[float]) -> str:
    """Say how many there are in each third of the text."""
    thirds = [sum(third <= place * 3 < third + 1 for place in places) for third in range(3)]
    where = ", ".join(f"{many} in its {third}" for many, third in zip(thirds, _THIRDS, strict=True) if many)
    return f"{label.capitalize()}: {where or 'none'}."
