"""What all actions share: the application, its session, questions. ``keys`` names every public method of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rhetoric.annotation.review import edits
from rhetoric.annotation.review.cursor import Cursor
from rhetoric.annotation.review.looks import Option
from rhetoric.annotation.review.screens import Menu

if TYPE_CHECKING:
    from rhetoric.annotation.review.app import ReviewApp


def sentence(told: str) -> str:
    """Make a sentence of words that begin small."""
    return f"{told[:1].upper()}{told[1:]}."


class Actions:
    """Actions of the application ``app``, given the key that was pressed; raise RhetoricError for what cannot be."""

    def __init__(self, app: "ReviewApp") -> None:
        self.app, self.session = app, app.session

    @property
    def _cursor(self) -> Cursor:
        return self.app.passage.cursor

    def _chosen(self) -> int:
        if self.app.chosen is None:
            raise edits.Refused("Choose a span first: Tab, or click on it.")
        return self.app.chosen

    def _ask(self, title: str, choices: list[Option], take: Callable[[Any], None]) -> None:
        def answer(found: tuple[Any] | None) -> None:
            if found is not None:
                self.app.guard(lambda: take(found[0]))

        self.app.push_screen(Menu(title, choices), answer)

    def _need(self, field: str) -> None:
        if field not in self.session.review.fields:
            raise edits.Refused(f"This file is not coded for {field}.")
