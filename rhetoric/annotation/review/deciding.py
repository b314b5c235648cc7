"""Actions that decide: on the chosen span, on the labels of the passage, on the whole."""

from collections.abc import Callable
from typing import Any, Final

from rhetoric.annotation.coding import items
from rhetoric.annotation.review import edits
from rhetoric.annotation.review.actions import Actions, sentence
from rhetoric.annotation.review.keys import FRAME_KEYS
from rhetoric.annotation.review.looks import NAMES, Option, frame_keys, frame_meaning, options
from rhetoric.annotation.review.screens import Ask
from rhetoric.labels import COUNTRIES

_QUESTIONS: Final = {
    "actor": "Whose account is it?",
    "label": "Which contrast?",
    "source": "Where is the image from?",
    "target": "What is it about?",
}


class Deciding(Actions):
    """Accept, reject, relabel, undo; framing, about, frames, portrayal, a note."""

    def finish(self, _: str) -> None:
        """The passage is done: on to the next that is not."""
        self.session.finish()
        if self.session.move_on():
            self.app.arrive()
        else:
            self.app.show()
            progress = self.session.progress()
            more = "" if progress.done >= progress.total else f" {progress.total - progress.done} others are not: /"
            self.app.say(f"All {len(self.session.queue)} shown here are done.{more}")

    def accept(self, _: str) -> None:
        """Accept the chosen item, and choose the next that is open."""
        self._settle(edits.accept)

    def reject(self, _: str) -> None:
        """Reject or delete the chosen item, and choose the next that is open."""
        self._settle(edits.reject)

    def reject_open(self, _: str) -> None:
        """Reject every item that is open."""
        self.app.edit(edits.reject_open)

    def _settle(self, change: Callable[..., edits.Done]) -> None:
        key = self._chosen()
        found = items(self.session.coding)
        at = next(number for number, (_, item) in enumerate(found) if item["key"] == key)
        told = self.session.edit(change, key)
        order: list[int] = [item["key"] for _, item in (*found[at + 1 :], *found[:at])]
        still = {item["key"] for _, item in items(self.session.coding) if item["state"] == "open"}
        following = next((each for each in order if each in still), None)
        self.app.choose(key if following is None else following)
        self.app.say(sentence(told))

    def relabel(self, _: str) -> None:
        """Ask for the labels of the chosen item."""
        key = self._chosen()
        name, item = edits.find(self.session.coding, key)[1:]
        self.ask_labels(key, {"instances": "actor", "contrasts": "label"}.get(name, "source"), item)

    def ask_labels(self, key: int, field: str, item: dict[str, Any]) -> None:
        """Ask for one label of an item, and then for the next that it needs."""
        number = edits.find(self.session.coding, key)[0]
        choices: list[Option] = options(field)
        if field == "actor":
            other = not item["explicit"]
            meaning = "a cue names one of the levels" if other else "no words name the levels: irony, juxtaposition"
            choices += [("e", other, "explicit" if other else "not explicit", meaning)]

        def take(value: Any) -> None:  # noqa: ANN401
            self.app.edit(edits.relabel, key, "explicit" if isinstance(value, bool) else field, value)
            if field == "source":
                self.ask_labels(key, "target", item)

        self._ask(f"{number}. {_QUESTIONS[field]}", choices, take)

    def take(self, _: str) -> None:
        """Settle what is left as one coder has it."""
        if not self.session.judging:
            raise edits.Refused("This is for adjudicating: settle what is left as one coder has it.")
        choices: list[Option] = [
            (key, coder, coder, "all that is not decided here")
            for key, coder in zip(FRAME_KEYS, self.session.voices, strict=False)
        ]
        self._ask("As who has it?", choices, lambda coder: self.app.edit(edits.take, coder, self.session.voices[coder]))

    def undo(self, _: str) -> None:
        """Take back the last decision."""
        self._back(redo=False)

    def redo(self, _: str) -> None:
        """Let it stand again."""
        self._back(redo=True)

    def _back(self, *, redo: bool) -> None:
        before = self.session.number
        told = self.session.undo(redo=redo)
        if self.session.number == before:
            self.app.show()
        else:
            self.app.arrive()
        self.app.say(told)

    def framing(self, _: str) -> None:
        """Ask for the framing."""
        self._need("framing")
        self._ask("Framing", options("framing"), lambda value: self.app.edit(edits.set_field, "framing", value))

    def about(self, _: str) -> None:
        """Say that the passage is about the matter, or that it is not."""
        self._need("about")
        self.app.edit(edits.set_field, "about", 0 if self.session.coding["about"] else 1)

    def frame(self, key: str) -> None:
        """Say that a frame is present, or absent."""
        self._need("frames")
        frame = {each: frame for frame, each in frame_keys(self.session.review.frames).items()}.get(key)
        if frame is not None:
            self.app.edit(edits.set_frame, frame, 0 if self.session.coding["frames"].get(frame) else 1)

    def frames(self, _: str) -> None:
        """Show every frame with its meaning."""
        self._need("frames")
        keys = frame_keys(self.session.review.frames)
        choices: list[Option] = [
            (key, key, f"{'■' if self.session.coding['frames'].get(frame) else '·'} {frame}", frame_meaning(frame))
            for frame, key in keys.items()
        ]
        self._ask("Which frame is present, or absent again?", choices, self.frame)

    def portray(self, key: str) -> None:
        """Ask how a country is portrayed."""
        self._need("portrayal")
        country = next(each for each in COUNTRIES if each[0] == key)

        def stance(role: str | None) -> None:
            if role is None:
                self.app.edit(edits.set_portrayal, country, None)
                return
            title = f"{NAMES[country]} as {role}: how does the passage speak of it?"

            def take(value: int) -> None:
                self.app.edit(edits.set_portrayal, country, {"role": role, "stance": value})

            self._ask(title, options("stance"), take)

        choices = [*options("role"), ("d", None, "–", "it is not spoken of")]
        self._ask(f"How does the passage portray {NAMES[country]}?", choices, stance)

    def note(self, _: str) -> None:
        """Ask for a note."""

        def answer(said: str | None) -> None:
            if said is not None:
                self.app.guard(lambda: self.app.edit(edits.set_field, "note", said.strip()))

        self.app.push_screen(Ask("Note on this passage (Enter keeps it)", self.session.coding["note"]), answer)
