"""The window: what is on the screen, and what is chosen in it. It decides nothing."""

from collections.abc import Callable
from typing import Any, Final

from textual.app import App, ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from rhetoric.annotation.coding import Item, items, missing, parts, undecided
from rhetoric.annotation.review import edits
from rhetoric.annotation.review.keys import Mode
from rhetoric.annotation.review.lines import Mark
from rhetoric.annotation.review.looks import bar_label, kind_of
from rhetoric.annotation.review.panels import WIDE, Clickable, Labels, Spans, head, keys_line
from rhetoric.annotation.review.passage import PassageView
from rhetoric.annotation.review.queue import Filter
from rhetoric.annotation.review.session import Session
from rhetoric.errors import RhetoricError
from rhetoric.report.safe import clean, excerpt
from rhetoric.report.words import count

_PAUSE: Final = 0.3  # seconds without a key after which the place of the cursor is stored


def _mark(span: list[int], number: int, name: str, part: str, item: Item) -> Mark:
    label, kind = bar_label(number, name, part, item), kind_of(name, part)
    return Mark(span[0], span[1], label, kind, item["key"], item["state"] == "open")


class Window(App[None]):
    """Shows one session; ``chosen`` is the key of the item that is chosen, if any, ``redrawing`` the key of an item of
    which a part is redrawn, the part, and its span.
    """

    CSS_PATH = "review.tcss"
    TITLE = "rhetoric review"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual's own
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]  # noqa: RUF012

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.chosen: int | None = None
        self.redrawing: tuple[int, str, list[int]] | None = None
        self.passage = PassageView(id="passage")
        self._head, self._foot, self._keys = Static(id="head"), Static(id="said"), Clickable(id="keys")
        self._spans, self._labels = Spans(id="spans"), Labels(id="labels")
        self._said = ""
        self._shown: tuple[Any, ...] = ()  # what the foot shows; to lay it out anew takes longer than all else

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self._head
        with Container(id="body"):
            yield self.passage
            with Vertical(id="side"):
                yield self._spans
                yield self._labels
        yield self._foot
        yield self._keys

    def on_mount(self) -> None:
        """Go to where the coder was."""
        self._keeping = self.set_interval(_PAUSE, self.keep, pause=True)
        place = self.session.place
        self.passage.focus()
        self.call_after_refresh(self._begin, place.get("item"), int(place.get("caret", 0)))

    def _begin(self, item: int | None, caret: int) -> None:
        if "caret" in self.session.place:
            self.chosen = item
            self.show()
            self.passage.cursor.put(caret)
            self.passage.follow()
        else:
            self.arrive()
        if not self.session.queue:
            judging = self.session.judging
            self.say("Coders do not differ on any passage." if judging else "There is no such passage. / shows others.")

    @property
    def mode(self) -> Mode:
        """Whether a selection is being made, or a part redrawn."""
        if self.redrawing is not None:
            return "redraw"
        return "read" if self.passage.cursor.mark is None else "select"

    # Showing

    def show(self) -> None:
        """Show everything as it stands."""
        session, width = self.session, self.size.width
        found = items(session.coding)
        if self.chosen not in [item["key"] for _, item in found]:
            self.chosen = None
        if self.redrawing not in [(item["key"], *part) for name, item in found for part in parts(name, item)]:
            self.redrawing = None  # it was undone, or changed in another window
        marks = [
            _mark(span, number, name, part, item)
            for number, (name, item) in enumerate(found, 1)
            if item["state"] != "rejected" or item["key"] == self.chosen
            for part, span in parts(name, item)
        ]
        self.passage.show(session.entry.text, marks, self.chosen)
        self.passage.border_title = Content(self._title(width))
        self._labels.show(session, wide=width >= WIDE)
        self._spans.show(session, self.chosen, wide=width >= WIDE)
        self._head.update(head(session, width), layout=False)
        self._show_foot()

    def _title(self, width: int) -> str:
        session = self.session
        state = "done" if session.is_done(session.number) else "begun" if session.log.step(session.number) else "new"
        state = "a coder has changed this since" if session.outdated else state
        told = [session.entry.id, state]
        told += [] if session.filter == Filter() else [f"shown: {session.filter}"]
        told += [f"note: {session.coding['note']}"] if session.coding["note"] else []
        return excerpt(" · ".join(told), max(20, width - (8 if width < WIDE else 58)))

    def _show_foot(self) -> None:
        shown = (self._said or self._hint(), self.mode, self.size.width)
        if shown != self._shown[:3]:
            said, room = clean(shown[0]), self.size.width - 2
            rows = -(-len(said) // room) if room > 0 else 1
            self._foot.update(Content(said), layout=max(rows, self._shown[3] if self._shown else 0) > 1)
            fields, judging = self.session.review.fields, self.session.judging
            self._keys.update(keys_line(self.mode, room + 1, 2, fields=fields, judging=judging), layout=False)
            self._shown = (*shown, rows)

    def _hint(self) -> str:
        if self.redrawing:
            return f"Redrawing {self.redrawing[1]}: move this end, Tab moves the other, Enter keeps it."
        if self.mode == "select":
            return "Move to extend the selection, or say with a key what it is."
        left, lacks = undecided(self.session.coding), missing(self.session.coding)
        told = [count(left, "span")] if left else []
        if left and not lacks and not self.session.judging:
            return f"{told[0]} not decided: Enter accepts what is left."
        return f"To decide: {', '.join([*told, *lacks])}." if told or lacks else ""

    def say(self, what: str) -> None:
        """Say something on the line over the keys, until the next key."""
        self._said = what
        self._show_foot()

    def on_resize(self) -> None:
        """Lay out anew."""
        self.call_after_refresh(self.show)

    # What commands do to it

    def arrive(self) -> None:
        """Show the passage that the session has turned to."""
        self.passage.cursor.drop()
        self.choose(next((item["key"] for _, item in items(self.session.coding) if item["state"] == "open"), None))
        if self.chosen is None:
            self.passage.cursor.put(0)
            self.passage.follow()
        self.keep()

    def choose(self, key: int | None, *, move: bool = True) -> None:
        """Choose an item, and bring it and the cursor there."""
        self.chosen, self.redrawing = key, None
        self.show()
        if key is not None and move and self.chosen is not None:
            name, item = edits.find(self.session.coding, key)[1:]
            spans = [span for _, span in parts(name, item)]
            self.passage.cursor.put(min(spans)[0])
            self.passage.reveal(min(spans)[0], max(end for _, end in spans))
            self.passage.refresh()

    def edit(self, change: Callable[..., edits.Done], *rest: Any) -> None:  # noqa: ANN401 - what the edit takes
        """Make an edit and show what follows."""
        told = self.session.edit(change, *rest)
        self.show()
        self.say(told)

    def guard(self, command: Callable[[], None]) -> None:
        """Do something; say what is wrong where it cannot be done."""
        try:
            command()
        except RhetoricError as error:
            self.show()
            self.say(str(error))

    def keep(self) -> None:
        """Store where the coder is."""
        self._keeping.pause()
        self.guard(lambda: self.session.keep(caret=self.passage.cursor.caret, item=self.chosen))
