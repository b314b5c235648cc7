"""Every command of the application: ``keys`` says which key calls which, and what it is given."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Literal

from textual.screen import ModalScreen

from rhetoric.annotation.coding import Item, items, parts
from rhetoric.annotation.review import edits
from rhetoric.annotation.review.cursor import Cursor
from rhetoric.annotation.review.keys import FOR, FRAME_KEYS
from rhetoric.annotation.review.looks import FRAMES, NAMES, Option, frame_keys, options, portrayed, quote
from rhetoric.annotation.review.queue import SHOWN, Filter, Order
from rhetoric.annotation.review.screens import Ask, Codebook, Help, Menu, Pick
from rhetoric.annotation.review.window import Window
from rhetoric.labels import COUNTRIES
from rhetoric.report.safe import excerpt
from rhetoric.report.words import count
from rhetoric.resources import CORPORA
from rhetoric.scoring.columns import NAMES as SPOKEN

_FIRST: Final = {"instances": "actor", "contrasts": "label", "live_metaphors": "source"}  # the label asked for first
_SECTIONS: Final = {"instances": 1, "contrasts": 2, "live_metaphors": 3}  # of the codebook
_FRAMES: Final = 4
_QUOTED: Final = 40  # characters of the spans that a label is asked for: what opens may lie over them
_QUESTIONS: Final = {
    "actor": "Whose account is it?",
    "label": "Which contrast?",
    "source": "Where is the image from?",
    "target": "What is it about?",
}


def _now(said: object) -> str:
    """Say in a title what stands now, if anything does."""
    return f" (now: {said})" if said else ""


class Commands:
    """Each public method is a command, given what ``keys`` says, or else the key that was pressed.

    They raise RhetoricError for what cannot be done; the window says it.
    """

    def __init__(self, window: Window) -> None:
        self.window, self.session = window, window.session

    @property
    def _cursor(self) -> Cursor:
        return self.window.passage.cursor

    def _chosen(self) -> int:
        if self.window.chosen is None:
            raise edits.Refused("Choose a span first: Tab, or click on it.")
        return self.window.chosen

    def _selected(self) -> list[int]:
        span = self._cursor.selection
        if span is None:
            raise edits.Refused("Nothing is selected but space.")
        return span

    def _need(self, *fields: str) -> None:
        if not {*fields} & {*self.session.review.fields}:
            raise edits.Refused(f"This file is not coded for {edits.KINDS.get(fields[0], fields[0])}.")

    def _ask(self, screen: ModalScreen[Any], take: Callable[[Any], None]) -> None:
        """Open a screen that asks; ``take`` gets what it gives, unless that is None."""

        def answer(found: Any) -> None:  # noqa: ANN401 - what the screen gives
            if found is not None:
                self.window.guard(lambda: take(found))

        self.window.push_screen(screen, answer)

    # Decide

    def finish(self, _: str) -> None:
        """Say that the passage is done: on to the next that is not."""
        self.session.finish()
        if self.session.move_on():
            self.window.arrive()
        else:
            self.window.show()
            done, total = self.session.progress()
            more = f" {total - done} others are not: /" if done < total else ""
            self.window.say(f"All {len(self.session.queue)} shown here are done.{more}")

    def accept(self, _: str) -> None:
        """Accept the chosen item, and choose the next that is open."""
        self._settle(edits.accept)

    def reject(self, _: str) -> None:
        """Reject or delete the chosen item, and choose the next that is open."""
        self._settle(edits.reject)

    def _settle(self, change: Callable[..., edits.Done]) -> None:
        key = self._chosen()
        keys = [item["key"] for _, item in items(self.session.coding)]
        told = self.session.edit(change, key)
        at = keys.index(key)
        still = {item["key"] for _, item in items(self.session.coding) if item["state"] == "open"}
        self.window.choose(next((each for each in (*keys[at + 1 :], *keys[:at]) if each in still), key))
        self.window.say(told)

    def reject_open(self, _: str) -> None:
        """Reject every item that is open."""
        self.window.edit(edits.reject_open)

    def relabel(self, _: str) -> None:
        """Ask for the labels of the chosen item."""
        name, item = edits.find(self.session.coding, self._chosen())[1:]
        self._ask_label(_FIRST[name], item)

    def _ask_label(self, field: str, item: Item) -> None:
        """Ask for one label of an item, and then for the next that it needs."""
        key: int = item["key"]
        number, name, _ = edits.find(self.session.coding, key)
        spans = [span for part, span in parts(name, item) if part != "cue"]
        said = f" “{quote(self.session.entry.text, spans, _QUOTED)}”" if spans else ""
        choices: list[Option] = options(field)
        if field == "actor":
            other = not item["explicit"]
            meaning = "a cue names one of the levels" if other else "no words name the levels: irony, juxtaposition"
            choices += [("e", other, "explicit" if other else "not explicit", meaning)]

        def take(value: str | bool) -> None:
            self.window.edit(edits.relabel, key, "explicit" if isinstance(value, bool) else field, value)
            if field == "source":
                self._ask_label("target", item)

        self._ask(Menu(f"{number}{said}. {_QUESTIONS[field]}{_now(item[field])}", choices), take)

    def take(self, _: str) -> None:
        """Settle what is left as one coder has it."""
        if not self.session.judging:
            raise edits.Refused("This is for adjudicating: settle what is left as one coder has it.")
        voices = self.session.voices
        choices: list[Option] = [
            (key, coder, coder, "all that is not decided here") for key, coder in zip(FRAME_KEYS, voices, strict=False)
        ]
        self._ask(Menu("As who has it?", choices), lambda coder: self.window.edit(edits.take, coder, voices[coder]))

    def history(self, which: Literal["undo", "redo"]) -> None:
        """Take back the last decision, or let it stand again."""
        before = self.session.number
        told = self.session.undo(redo=which == "redo")
        if self.session.number == before:
            self.window.show()
        else:
            self.window.arrive()
        self.window.say(told)

    # Draw spans

    def select(self, what: Literal["begin", "word", "less", "swap"]) -> None:
        """Begin to select, select a word more or less, or move the other end."""
        cursor = self._cursor
        {"begin": cursor.begin, "word": cursor.select_word, "less": cursor.select_less, "swap": cursor.swap}[what]()
        self.window.passage.follow()

    def draw(self, part: str) -> None:
        """Make the selection a part of the chosen item, or of a new one, and ask for its labels."""
        span = self._selected()
        self._need(*FOR[f"draw {part}"])
        before = {item["key"] for _, item in items(self.session.coding)}
        told = self.session.edit(edits.draw, part, span, self.window.chosen)
        drawn = {item["key"] for _, item in items(self.session.coding)} - before
        self._cursor.put(span[1])
        self.window.choose(drawn.pop() if drawn else self._chosen(), move=False)
        name, item = edits.find(self.session.coding, self._chosen())[1:]
        if name == "contrasts" and not item["b"]:
            self.window.say(f"{told} Select the other side, then s.")
            return
        self.window.say(told)
        if not item[_FIRST[name]]:
            self._ask_label(_FIRST[name], item)

    def redraw(self, _: str) -> None:
        """Begin to redraw the first part of the chosen item, or the next where one is being redrawn."""
        key = self._chosen()
        name, item = edits.find(self.session.coding, key)[1:]
        found = parts(name, item)
        at = found.index(self.window.redrawing[1:]) + 1 if self.window.redrawing else 0
        part, (start, end) = found[at % len(found)]
        self.window.redrawing = (key, part, [start, end])
        self._cursor.put(end, start)
        self.window.passage.follow()

    def redrawn(self, how: Literal["keep", "drop"]) -> None:
        """Keep the part as it is drawn now, or take it away."""
        if self.window.redrawing is None:
            raise edits.Refused("Nothing is being redrawn.")
        key, part, old = self.window.redrawing
        told = self.session.edit(edits.redraw, key, part, old, self._selected() if how == "keep" else None)
        self._cursor.drop()
        self.window.choose(key, move=False)
        self.window.say(told)

    def leave(self, _: str) -> None:
        """Select nothing; with nothing selected, choose nothing."""
        if self.window.mode == "read":
            self.window.choose(None)
        self.window.redrawing = None
        self._cursor.drop()

    # Label the passage

    def framing(self, _: str) -> None:
        """Ask for the framing."""
        self._need("framing")
        screen = Menu(f"Framing{_now(self.session.coding['framing'])}", options("framing"))
        self._ask(screen, lambda value: self.window.edit(edits.set_field, "framing", value))

    def about(self, _: str) -> None:
        """Say that the passage is about the matter, or that it is not."""
        self._need("about")
        self.window.edit(edits.set_field, "about", 0 if self.session.coding["about"] else 1)

    def frame(self, key: str) -> None:
        """Say that the frame of a key is present, or absent."""
        self._need("frames")
        frame = frame_keys(self.session.review.frames).get(key)
        if frame is not None:
            self.window.edit(edits.set_frame, frame, 0 if self.session.coding["frames"].get(frame) else 1)

    def frames(self, _: str) -> None:
        """Show every frame with its meaning."""
        self._need("frames")
        said = self.session.coding["frames"]
        choices: list[Option] = [
            (key, key, f"{'■' if said.get(frame) else '·'} {frame}", FRAMES.get(frame, ""))
            for key, frame in frame_keys(self.session.review.frames).items()
        ]
        self._ask(Menu("Which frame is present, or absent again?", choices), self.frame)

    def portray(self, key: str) -> None:
        """Ask how a country is portrayed."""
        self._need("portrayal")
        country = next(each for each in COUNTRIES if each[0] == key)
        unspoken = ("d", "", "–", "it is not spoken of")

        def take(role: str) -> None:
            if not role:
                self.window.edit(edits.set_portrayal, country, None)
                return
            title = f"{NAMES[country]} as {role}: how does the passage speak of it?"
            self._ask(
                Menu(title, options("stance")),
                lambda stance: self.window.edit(edits.set_portrayal, country, {"role": role, "stance": stance}),
            )

        said = self.session.coding["portrayal"].get(country)
        title = f"How does the passage portray {SPOKEN[country]}?{_now(said and portrayed(said))}"
        self._ask(Menu(title, [*options("role"), unspoken]), take)

    def note(self, _: str) -> None:
        """Ask for a note."""
        screen = Ask("Note on this passage (Enter keeps it)", self.session.coding["note"])
        self._ask(screen, lambda said: self.window.edit(edits.set_field, "note", said.strip()))

    # Move

    def move(self, key: str) -> None:
        """Move the cursor by a glyph or a line, to an end of the line, or by a word; with Shift, select."""
        *held, step = key.split("+")
        if "shift" in held:
            self._cursor.begin()
        if "ctrl" in held or step in ("comma", "full_stop"):
            self._cursor.move_word(forward=step in ("right", "full_stop"))
        else:
            self._cursor.move(step, self.window.passage.lines)
        self.window.passage.follow()

    def choose(self, key: str) -> None:
        """Choose an item by its key."""
        self.window.choose(int(key))

    def item(self, which: Literal["next", "previous"]) -> None:
        """Choose the next item, or the one before."""
        keys = [item["key"] for _, item in items(self.session.coding)]
        if not keys:
            raise edits.Refused("There are no spans here. Space selects a word, to draw one.")
        by = {"next": 1, "previous": -1}[which]
        at = keys.index(self.window.chosen) + by if self.window.chosen in keys else min(0, by)
        self.window.choose(keys[at % len(keys)])

    def passage(self, which: Literal["next", "previous"]) -> None:
        """Turn to the next passage, or the one before."""
        if self.session.move({"next": 1, "previous": -1}[which]):
            self.window.arrive()
        else:
            self.window.say({"next": "This is the last one.", "previous": "This is the first one."}[which])

    def go(self, _: str) -> None:
        """Ask where to go."""

        def take(said: str) -> None:
            number = self.session.find(said)
            if number is not None:
                self.session.open(number)
                self.window.arrive()
            elif said:
                self.window.say(f"There is no passage {excerpt(said, 40)}.")

        self._ask(Ask(f"Go to (1 to {len(self.session.review.ids)}, or the beginning of an id)"), take)

    # And further

    def filter(self, _: str) -> None:
        """Ask which passages to show."""
        now = self.session.filter
        by_doubt = now.order == "doubt"
        order: Order = "file" if by_doubt else "doubt"
        told = ("in the order of the file", "") if by_doubt else ("least sure first", "by what the machine doubts")
        choices: list[Option] = [
            (key, replace(now, show=show, label=None), said, "") for show, (key, said) in SHOWN.items()
        ]
        choices.append(("l", "label", "with one label", f"now {now.label}" if now.label else ""))
        choices += [] if self.session.blind else [("s", replace(now, order=order), *told)]
        self._ask(Menu(f"Show{_now(now)}", choices), self._show)

    def _show(self, chosen: Filter | Literal["label"]) -> None:
        if chosen == "label":
            now = self.session.filter
            counts = sorted(self.session.count_labels().items())
            screen = Pick("Passages with this label", counts)
            self._ask(screen, lambda label: self._show(replace(now, label=label)))
            return
        if chosen.show == "differ" and self.session.blind:
            raise edits.Refused("You code blind here: what others say is not shown.")
        found = self.session.choose(chosen)
        if found:
            self.window.arrive()
        self.window.say(f"{count(found, 'passage')}: {chosen}." + ("" if found else " Nothing changed."))

    def lanes(self, _: str) -> None:
        """Draw all spans under the text, or only the chosen one."""
        told = self.window.passage.turn_lanes()
        self.window.show()
        self.window.say(f"Lines under the text: {told}.")

    def codebook(self, _: str) -> None:
        """Open the codebook at what is chosen."""
        found = [name for name, item in items(self.session.coding) if item["key"] == self.window.chosen]
        text = (CORPORA / "codebook.md").read_text(encoding="utf-8")
        self.window.push_screen(Codebook(text, _SECTIONS[found[0]] if found else _FRAMES))

    def help(self, _: str) -> None:
        """List the keys."""
        self.window.push_screen(Help())

    def leave_application(self, _: str) -> None:
        """Leave."""
        self.window.keep()
        self.window.exit()
