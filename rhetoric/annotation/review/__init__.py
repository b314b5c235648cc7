"""The review application: passages coded in a terminal. ``session`` is what happens, the rest is how it looks."""

import sys
from typing import TYPE_CHECKING

from rhetoric.errors import RhetoricError, need

if TYPE_CHECKING:
    from rhetoric.annotation.store import Review


def check_terminal() -> None:
    """Raise RhetoricError where the application cannot run: its library is missing, or this is no terminal."""
    need("Review needs", "review", "textual")
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):  # the last is what Textual draws to
        raise RhetoricError("Review needs a terminal to draw in; here input, output or errors go elsewhere.")


def start(review: "Review", coder: str, *, adjudicate: bool = False, blind: bool = False) -> None:
    """Let ``coder`` work on a review database until they leave; raises RhetoricError where that cannot be."""
    check_terminal()
    from rhetoric.annotation.review.app import ReviewApp
    from rhetoric.annotation.review.session import Session

    ReviewApp(Session(review, coder, adjudicate=adjudicate, blind=blind)).run()
    review.check()  # so that it is said at the latest now
