"""Somebody at the keyboard of the review application, for tests; they are skipped where that cannot be."""

import asyncio
import html
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("textual", reason="needs the extra review")

from textual.pilot import Pilot

from annotation.makers import span
from rhetoric.annotation.coding import suggest_gold
from rhetoric.annotation.codings import read_codings
from rhetoric.annotation.review.app import ReviewApp
from rhetoric.annotation.review.glyphs import glyphs
from rhetoric.annotation.review.session import Session
from rhetoric.annotation.store import Entry, Review, create_review

NARROW, WIDE = (80, 24), (140, 40)
CELL = 12.2  # how wide a cell is in a screenshot
TEXT = "They call it a shield for all. It is no shield but a subsidy, and rivals wait."


class Hand:
    """Somebody at the keyboard."""

    def __init__(self, app: ReviewApp, pilot: Pilot) -> None:
        self.app, self.pilot, self.session = app, pilot, app.session

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def select(self, said: str) -> None:
        """Select a stretch of the passage with the keys that do it glyph by glyph."""
        cursor = self.app.passage.cursor
        start, end = span(cursor.text, said)
        stops = [glyph.start for glyph in glyphs(cursor.text)]
        if start < cursor.caret or start - cursor.caret > 12:
            cursor.put(start)
        await self.press(*["right"] * (stops.index(start) - stops.index(cursor.caret)))
        await self.press(*["shift+right"] * sum(start <= at < end for at in stops))

    @property
    def seen(self) -> str:
        """All that is on the screen, line by line."""
        rows: dict[int, str] = {}
        drawn = re.findall(r'<text[^>]* x="([\d.]+)"[^>]*-line-(\d+)\)">(.*?)</text>', self.app.export_screenshot())
        for x, row, said in drawn:
            told = rows.get(int(row), "").ljust(round(float(x) / CELL))
            rows[int(row)] = told + html.unescape(said).replace("\xa0", " ")
        return "\n".join(rows[row] for row in sorted(rows))


def work(
    path: Path,
    what: Callable[[Hand], Awaitable[None]],
    *,
    coder: str = "ada",
    size: tuple[int, int] = NARROW,
    **named: Any,
) -> None:
    """Let somebody work on a review database."""

    async def run() -> None:
        with Review(path) as review:
            app = ReviewApp(Session(review, coder, **named))
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                await what(Hand(app, pilot))

    asyncio.run(run())


def put_forward(path: Path, rows: list[dict[str, Any]]) -> Path:
    create_review(path, [Entry(row["id"], row["text"], {}, suggest_gold(row, "gold")) for row in rows], "tests")
    return path


def codings_of(path: Path, coder: str = "ada") -> list[dict[str, Any]]:
    rows = read_codings(path).get(coder, [])
    return [{name: value for name, value in row.items() if name != "coder"} for row in rows]
