"""Every action of the application: ``keys`` says which key calls which."""

from typing import Final

from rhetoric.annotation.coding import items
from rhetoric.annotation.review.drawing import Drawing
from rhetoric.annotation.review.moving import Moving
from rhetoric.annotation.review.screens import Codebook, Help
from rhetoric.resources import CORPORA

_SECTIONS: Final = {"instances": 1, "contrasts": 2, "live_metaphors": 3}
_FRAMES: Final = 4


class Commands(Drawing, Moving):
    """All of them; further those that change how the screen looks."""

    def lanes(self, _: str) -> None:
        """Draw all spans under the text, or only the chosen one."""
        passage = self.app.passage
        passage.drawn_lanes = {"auto": "all", "all": "chosen", "chosen": "auto"}[passage.drawn_lanes]  # type: ignore[assignment]
        told = {"auto": "as many as fit", "all": "all", "chosen": "of the chosen span"}[passage.drawn_lanes]
        self.app.show()
        self.app.say(f"Lines under the text: {told}.")

    def codebook(self, _: str) -> None:
        """Open the codebook at what is chosen."""
        found = [name for name, item in items(self.session.coding) if item["key"] == self.app.chosen]
        text = (CORPORA / "codebook.md").read_text(encoding="utf-8")
        self.app.push_screen(Codebook(text, _SECTIONS[found[0]] if found else _FRAMES))

    def help(self, _: str) -> None:
        """List the keys."""
        self.app.push_screen(Help())

    def leave_application(self, _: str) -> None:
        """Leave."""
        self.app.keep()
        self.app.exit()
