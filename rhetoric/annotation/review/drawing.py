"""Actions that select, draw and redraw spans."""

from rhetoric.annotation.coding import items
from rhetoric.annotation.review import edits
from rhetoric.annotation.review.actions import sentence
from rhetoric.annotation.review.deciding import Deciding
from rhetoric.annotation.review.keys import FOR


class Drawing(Deciding):
    """Select words, say what they are, redraw a part of what is there."""

    def select(self, _: str) -> None:
        """Begin to select."""
        self._cursor.begin()

    def select_word(self, _: str) -> None:
        """Select a word, or one more."""
        self._cursor.select_word()

    def select_less(self, _: str) -> None:
        """Select a word less."""
        self._cursor.select_less()

    def swap(self, _: str) -> None:
        """Move the other end."""
        self._cursor.swap()

    def draw_account(self, _: str) -> None:
        """The selection is an account."""
        self._draw("account")

    def draw_machinery(self, _: str) -> None:
        """The selection is a machinery."""
        self._draw("machinery")

    def draw_cue(self, _: str) -> None:
        """The selection is a cue."""
        self._draw("cue")

    def draw_side(self, _: str) -> None:
        """The selection is a side of a contrast."""
        self._draw("side")

    def draw_live(self, _: str) -> None:
        """The selection is a live metaphor."""
        self._draw("live")

    def _draw(self, part: str) -> None:
        span = self._cursor.selection
        if span is None:
            raise edits.Refused("Nothing is selected but space.")
        fields = FOR[f"draw_{part}"]
        if not {*fields} & {*self.session.review.fields}:
            raise edits.Refused(f"This file is not coded for {edits.KINDS[fields[0]]}.")
        before = {item["key"] for _, item in items(self.session.coding)}
        told = self.session.edit(edits.draw, part, span, self.app.chosen)
        drawn = {item["key"] for _, item in items(self.session.coding)} - before
        self._cursor.put(span[1])
        key = drawn.pop() if drawn else self._chosen()
        self.app.choose(key, move=False)
        self.app.say(sentence(told))
        _, name, item = edits.find(self.session.coding, key)
        if name == "contrasts" and item["b"] and not item["label"]:
            self.ask_labels(key, "label", item)
        elif name == "contrasts" and not item["b"]:
            self.app.say(f"{sentence(told)} Select the other side, then s.")
        elif name == "live_metaphors" and not item["source"]:
            self.ask_labels(key, "source", item)
        elif name == "instances" and not item["actor"]:
            self.ask_labels(key, "actor", item)

    def redraw(self, _: str) -> None:
        """Redraw a part of the chosen item: its first, and again the next."""
        self.app.redraw(self._chosen())

    def redraw_keep(self, _: str) -> None:
        """Keep the part as it is drawn now."""
        span = self._cursor.selection
        if span is None:
            raise edits.Refused("Nothing is selected but space.")
        self._redrawn(span)

    def redraw_drop(self, _: str) -> None:
        """Take the part away."""
        self._redrawn(None)

    def _redrawn(self, span: list[int] | None) -> None:
        if self.app.redrawing is None:
            raise edits.Refused("Nothing is being redrawn.")
        key, part, old = self.app.redrawing
        told = self.session.edit(edits.redraw, key, part, old, span)
        self.leave("")
        self.app.choose(key, move=False)
        self.app.say(sentence(told))

    def leave(self, _: str) -> None:
        """Select nothing; with nothing selected, choose nothing."""
        if self.app.mode == "read":
            self.app.choose(None)
        self.app.redrawing = None
        self._cursor.drop()
