"""Actions that move: the cursor, from span to span, from passage to passage; and what is shown."""

from typing import Any

from rhetoric.annotation.coding import items
from rhetoric.annotation.review import edits
from rhetoric.annotation.review.actions import Actions
from rhetoric.annotation.review.looks import Option
from rhetoric.annotation.review.queue import SHOWN, Filter
from rhetoric.annotation.review.screens import Ask, Pick
from rhetoric.report.safe import excerpt
from rhetoric.report.words import count


class Moving(Actions):
    """Move the cursor, choose spans, turn to passages, choose which are shown."""

    def move(self, key: str) -> None:
        """Move the cursor by a glyph or a line, or to an end of the line; with Shift, select."""
        step = key.removeprefix("shift+")
        if step != key:
            self._cursor.begin()
        self._cursor.move(step, self.app.passage.lines)

    def word(self, key: str) -> None:
        """Move by a word; with Shift, select."""
        if "shift" in key:
            self._cursor.begin()
        self._cursor.move_word(forward=key.endswith(("full_stop", "right")))

    def next_item(self, _: str) -> None:
        """Choose the next item."""
        self._step_item(1)

    def previous_item(self, _: str) -> None:
        """Choose the item before."""
        self._step_item(-1)

    def _step_item(self, by: int) -> None:
        keys = [item["key"] for _, item in items(self.session.coding)]
        if not keys:
            raise edits.Refused("There are no spans here. Space selects a word, to draw one.")
        at = keys.index(self.app.chosen) + by if self.app.chosen in keys else (0 if by > 0 else -1)
        self.app.choose(keys[at % len(keys)])

    def next(self, _: str) -> None:
        """Turn to the next passage."""
        self._turn(1, "This is the last one.")

    def previous(self, _: str) -> None:
        """Turn to the passage before."""
        self._turn(-1, "This is the first one.")

    def _turn(self, by: int, told: str) -> None:
        if self.session.move(by):
            self.app.arrive()
        else:
            self.app.say(told)

    def go(self, _: str) -> None:
        """Ask where to go."""

        def answer(said: str | None) -> None:
            if said:
                number = self.session.find(said)
                if number is None:
                    self.app.say(f"There is no passage {excerpt(said, 40)}.")
                else:
                    self.session.open(number)
                    self.app.arrive()

        self.app.push_screen(Ask(f"Go to (1 to {len(self.session.review.ids)}, or the beginning of an id)"), answer)

    def filter(self, _: str) -> None:
        """Ask which passages to show."""
        chosen = self.session.filter
        keys = {"a": "all", "u": "uncoded", "d": "coded", "n": "noted", "c": "differ"}
        choices: list[Option] = [(key, (show, None), SHOWN[show], "") for key, show in keys.items()]  # type: ignore[index]
        choices.append(("l", ("label", None), "with one label", f"now {chosen.label}" if chosen.label else ""))
        by_doubt = chosen.order == "doubt"
        told = ("in the order of the file", "") if by_doubt else ("least sure first", "by what the machine doubts")
        choices.append(("s", ("order", None), *told))
        self._ask(f"Show (now: {chosen})", choices, lambda value: self._show(value[0]))

    def _show(self, what: Any) -> None:  # noqa: ANN401
        now = self.session.filter
        if what == "order":
            self._filter(Filter(now.show, now.label, "file" if now.order == "doubt" else "doubt"))
        elif what == "label":
            counts = sorted(self.session.count_labels().items())

            def answer(label: str | None) -> None:
                if label:
                    self.app.guard(lambda: self._filter(Filter(now.show, label, now.order)))

            self.app.push_screen(Pick("Passages with this label", counts), answer)
        else:
            self._filter(Filter(what, None, now.order))

    def _filter(self, chosen: Filter) -> None:
        if chosen.show == "differ" and self.session.blind:
            raise edits.Refused("You code blind here: what others say is not shown.")
        found = self.session.choose(chosen)
        if found:
            self.app.arrive()
        self.app.say(f"{count(found, 'passage')}: {chosen}." + ("" if found else " Nothing changed."))
