"""Every key of the application: what it does, what the help and the last lines of the screen say of it."""

from dataclasses import dataclass
from typing import Final, Literal

from rhetoric.gold import ITEMS

Mode = Literal["read", "select", "redraw"]
ALL: Final[tuple[Mode, ...]] = ("read", "select", "redraw")
# Digits for the codebook's frames; for those that a project adds, what no other action needs.
FRAME_KEYS: Final = "1234567890" + "dijksw" + "ABCDEFGHIJKLMNOPQRSTUVWYZ"


@dataclass(frozen=True)
class Key:
    """Keys (as Textual names them) that call ``action`` in some modes: a command, and what it is given if that is not
    the key.

    ``shown`` and ``label`` are for the last lines of the screen, those of a smaller ``rank`` first and those without
    one never; ``help`` is for the list of keys, under ``group``.
    """

    keys: tuple[str, ...]
    action: str
    shown: str
    label: str
    help: str
    group: str
    modes: tuple[Mode, ...] = ("read",)
    rank: int | None = None


_DRAWN: Final[tuple[Mode, ...]] = ("select", "redraw")
_DECIDE, _SPANS, _LABELS, _MOVE, _MORE = "Decide", "Draw spans", "Label the passage", "Move", "And further"

KEYS: Final[tuple[Key, ...]] = (
    Key(("enter",), "finish", "Enter", "done", "the passage is done; on to the next that is not", _DECIDE, rank=1),
    Key(("a",), "accept", "a", "accept", "accept the chosen span", _DECIDE, rank=2),
    Key(("x", "delete"), "reject", "x", "reject", "reject the chosen span; delete it if you drew it", _DECIDE, rank=3),
    Key(("X",), "reject_open", "X", "", "reject every span that is not decided", _DECIDE),
    Key(("r",), "relabel", "r", "relabel", "give the chosen span another label", _DECIDE, rank=4),
    Key(("e",), "redraw", "e", "redraw", "redraw a part of the chosen span", _DECIDE, rank=6),
    Key(("t",), "take", "t", "take", "adjudicating: all that is left as one coder has it", _DECIDE),
    Key(("z", "ctrl+z"), "history undo", "z", "undo", "undo the last decision, in whatever passage", _DECIDE, ALL, 10),
    Key(("y", "ctrl+y"), "history redo", "y", "redo", "redo it", _DECIDE, ALL, 15),
    Key(("space",), "select word", "Space", "select", "select the word at the cursor, then one more", _SPANS, rank=7),
    Key(("space",), "select word", "Space", "word more", "", _SPANS, _DRAWN, 6),
    Key(("backspace",), "select less", "Backspace", "word less", "one word less", _SPANS, _DRAWN, 7),
    Key(("v",), "select begin", "v", "", "select from the cursor on: move to extend", _SPANS),
    Key(("tab",), "select swap", "Tab", "other end", "move the other end of the selection", _SPANS, _DRAWN, 8),
    Key(("a",), "draw account", "a", "account", "the selection is an account", _SPANS, ("select",), 1),
    Key(("m",), "draw machinery", "m", "machinery", "... a machinery", _SPANS, ("select",), 2),
    Key(("c",), "draw cue", "c", "cue", "... a cue of the chosen framing or contrast", _SPANS, ("select",), 3),
    Key(("s",), "draw side", "s", "side", "... a side of a contrast, first or second", _SPANS, ("select",), 4),
    Key(("l",), "draw live", "l", "live metaphor", "... a live metaphor", _SPANS, ("select",), 5),
    Key(("enter",), "redrawn keep", "Enter", "keep", "redrawing: keep it", _SPANS, ("redraw",), 1),
    Key(("e",), "redraw", "e", "next part", "redrawing: the next part", _SPANS, ("redraw",), 2),
    Key(("x", "delete"), "redrawn drop", "x", "take away", "redrawing: take the part away", _SPANS, ("redraw",), 3),
    Key(("escape",), "leave", "Esc", "cancel", "", _SPANS, _DRAWN, 9),
    Key(("f",), "framing", "f", "framing", "framing: unmasking, partial, none", _LABELS, rank=12),
    Key(("b",), "about", "b", "about", "is it about the matter?", _LABELS, rank=13),
    Key(tuple(FRAME_KEYS), "frame", "1-0", "frames", "a frame is present, or absent again", _LABELS, rank=11),
    Key(("m",), "frames", "m", "", "every frame with its meaning", _LABELS),
    Key(("u",), "portray", "u", "US", "how the US is portrayed", _LABELS, rank=14),
    Key(("c",), "portray", "c", "China", "how China is portrayed", _LABELS, rank=14),
    Key(("o",), "note", "o", "note", "write a note on the passage", _LABELS, rank=16),
    Key(("tab",), "item next", "Tab", "next span", "choose the next span (Shift+Tab: the one before)", _MOVE, rank=5),
    Key(("shift+tab",), "item previous", "", "", "", _MOVE),
    Key(("n", "pagedown"), "passage next", "n", "next", "the next passage", _MOVE, rank=8),
    Key(("p", "pageup"), "passage previous", "p", "previous", "the passage before", _MOVE, rank=9),
    Key(("g",), "go", "g", "go to", "go to a passage, by its number or id", _MOVE, rank=18),
    Key(("left", "right", "up", "down"), "move", "Arrows", "", "move the cursor; with Shift: select", _MOVE, ALL),
    Key(("comma", "full_stop"), "move", ", .", "", "a word back, a word on (also Ctrl+arrows)", _MOVE, ALL),
    Key(("ctrl+left", "ctrl+right", "ctrl+shift+left", "ctrl+shift+right"), "move", "", "", "", _MOVE, ALL),
    Key(("shift+left", "shift+right", "shift+up", "shift+down"), "move", "", "", "", _MOVE, ALL),
    Key(("home", "end", "shift+home", "shift+end"), "move", "Home End", "", "the ends of the line", _MOVE, ALL),
    Key(("escape",), "leave", "Esc", "", "choose no span, so that what you draw is a new one", _MOVE),
    Key(("slash",), "filter", "/", "filter", "which passages are shown, and in what order", _MORE, rank=17),
    Key(("l",), "lanes", "l", "", "lines under the text: all, or of the chosen span", _MORE),
    Key(("question_mark",), "codebook", "?", "codebook", "what the codebook says of this", _MORE, ALL, 19),
    Key(("h", "f1"), "help", "h", "keys", "this list", _MORE, ALL, 20),
    Key(("q", "ctrl+q"), "leave_application", "q", "quit", "leave; everything is stored already", _MORE, rank=21),
)

# The fields of the gold that an action is for: where none of them is coded, the screen does not offer it.
FOR: Final[dict[str, tuple[str, ...]]] = {
    "framing": ("framing",),
    "about": ("about",),
    "frame": ("frames",),
    "portray": ("portrayal",),
    "draw account": ("instances",),
    "draw machinery": ("instances",),
    "draw cue": ("instances", "contrasts"),
    "draw side": ("contrasts",),
    "draw live": ("live_metaphors",),
    **dict.fromkeys(("accept", "reject", "relabel", "redraw", "item next", "select word"), ITEMS),
}


def action_of(key: str, mode: Mode) -> str | None:
    """Return the action that a key calls in a mode."""
    return next((each.action for each in KEYS if key in each.keys and mode in each.modes), None)
