"""Coded passages to agree on, and what is measured of them."""

from typing import Any

import pytest
from hypothesis import settings
from training.makers import coded, steady

from rhetoric.annotation.agreement import (
    Agreement,
    share,
)

Row = dict[str, Any]


few = settings(steady, max_examples=10)  # each example measures everything twice


def measure(**codings: list[Row]) -> Agreement:
    pytest.importorskip("krippendorff", reason="needs the extra agreement")
    pytest.importorskip("scipy", reason="needs the extra agreement")
    from rhetoric.annotation.agreement import measure_agreement

    return measure_agreement(share(codings))


def label(found: Agreement, field: str) -> Any:
    return next(each for each in found.labels if each.field == field)


def spans(found: Agreement, field: str) -> Any:
    return next(each for each in found.spans if each.field == field)


def rows(*codes: Row) -> list[Row]:
    return [coded(f"p-{at}", "x" * 200, **each) for at, each in enumerate(codes)]


def metaphors(*places: tuple[int, int], source: str = "war", target: str = "ai") -> Row:
    return {"live_metaphors": [{"span": [*place], "source": source, "target": target} for place in places]}


def contrast(a: tuple[int, int], b: tuple[int, int], label: str = "correction") -> Row:
    return {"contrasts": [{"label": label, "a": [*a], "b": [*b], "cue": []}]}


def instance(actor: str = "us", **parts: list[list[int]]) -> Row:
    return {"account": [], "machinery": [], "cue": [], **parts, "actor": actor, "explicit": True}


CODES: list[Row] = [
    {"framing": "unmasking", "frames": {"race": 1}, **metaphors((0, 5))},
    {"framing": "none", "frames": {"race": 0}, **metaphors((2, 9), (20, 30))},
    {"framing": "partial", "frames": {"race": 0}},
]


def differing() -> tuple[list[Row], list[Row]]:
    text = "=The engine of growth stalls; the engine room is on fire."
    instances = [instance(account=[[5, 11]], machinery=[[15, 21]])]
    one = coded("p", text, framing="unmasking", instances=instances, **metaphors((5, 11), (34, 45)))
    other = coded("p", text, framing="none", **metaphors((5, 21), (34, 45), source="machine"))
    same = coded("q", text)
    most = coded("r", text, about=1, **metaphors((0, 3), (5, 11), (15, 21), (22, 28), (34, 45), (52, 56)))
    return [same, one, most], [same, other, coded("r", text)]
