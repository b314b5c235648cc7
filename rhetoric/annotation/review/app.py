"""The application: keys and clicks become commands, and the window shows what follows."""

from textual import events

from rhetoric.annotation.review.commands import Commands
from rhetoric.annotation.review.keys import action_of
from rhetoric.annotation.review.passage import PassageView
from rhetoric.annotation.review.session import Session
from rhetoric.annotation.review.window import Window


class ReviewApp(Window):
    """The review application for one session."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._commands = Commands(self)

    def on_key(self, event: events.Key) -> None:
        """Do what a key does in this mode, unless a screen lies over the window."""
        if len(self.screen_stack) == 1 and action_of(event.key, self.mode):
            event.stop()
            event.prevent_default()
            self.action_press(event.key)

    def action_press(self, key: str) -> None:
        """Do what a key does, pressed or clicked on."""
        action = action_of(key, self.mode)
        if action:
            name, _, said = action.partition(" ")
            self.action_do(name, said or key)

    def action_do(self, command: str, said: str) -> None:
        """Do a command, and show what follows."""
        self._said = ""
        self.guard(lambda: getattr(self._commands, command)(said))
        self.passage.refresh()
        self._show_foot()
        self._keeping.reset()
        self._keeping.resume()

    def on_passage_view_pointed(self, message: PassageView.Pointed) -> None:
        """Choose what the mouse points at, and leave the cursor there."""
        self._said = ""
        self.choose(message.key, move=False)

    def on_passage_view_moved(self) -> None:
        """Show the keys for what is selected now."""
        self.redrawing = None
        self.say("")
