"""What stands around the passage: head, spans, labels, the last word, and the keys."""

from collections.abc import Callable, Sequence
from typing import Any

from rich.style import Style
from rich.text import Text
from textual.containers import VerticalScroll
from textual.reactive import Reactive
from textual.widgets import Static

from rhetoric.annotation.coding import Item, items, parts
from rhetoric.annotation.review.edits import KINDS
from rhetoric.annotation.review.keys import FOR, KEYS, Mode
from rhetoric.annotation.review.looks import COLOURS, NAMES, STATES, frame_keys, kind_of, label_of, portrayed, quote
from rhetoric.annotation.review.session import Session
from rhetoric.gold import ITEMS, Coded
from rhetoric.labels import FRAMINGS
from rhetoric.report.safe import clean

WIDE = 110  # cells from which the panels stand beside the passage
_NAME = 12  # characters of a coder's name beside what they say
_KEY = {"framing": "f", "about": "b"}
_UNSURE = (0.2, 0.8)  # chances between which the machine is unsure


def click(action: str, *said: str) -> Style:
    """Return what lets a click on a text call an action, of the application or the screen, with what it is given."""
    return Style.from_meta({"@click": (action, said)})


class Clickable(Static):
    """Lines of text of which parts do something where they are clicked on, without looking like links."""

    auto_links = Reactive(False)


def head(session: Session, width: int) -> Text:
    """Return the first line: who works on what, where they are, and how far."""
    done, total = session.progress()
    task = "adjudicating" if session.judging else "blind" if session.blind else ""
    left = Text(f" {clean(' · '.join(filter(None, [session.review.path.name, session.log.coder, task])))}")
    at = session.position()
    place = f"{at + 1 if at is not None else '–'}/{len(session.queue)}"
    share = done / max(1, total)
    bar = "█" * round(10 * share) + "░" * (10 - round(10 * share))
    right = f"{place} · {done} of {total} done {bar} {int(100 * share)}%"
    left.truncate(max(9, width - len(right) - 2), overflow="ellipsis", pad=True)
    return Text(f"{left} {right} ", style="bold")


class Spans(VerticalScroll):
    """The items of the passage, in the order of the text; a click chooses one."""

    can_focus = False

    def compose(self) -> Any:  # noqa: ANN401 - Textual's
        """Hold the lines."""
        yield Clickable(id="span-lines")

    def show(self, session: Session, chosen: int | None, *, wide: bool) -> None:
        """Show the items of a passage and which is chosen."""
        text, at, width = Text(no_wrap=True, overflow="ellipsis"), 0, max(20, self.size.width - 2)
        chosen_at = (0, 1)
        found = items(session.coding)
        for number, (name, item) in enumerate(found, 1):
            spans = parts(name, item)
            told = [span for part, span in spans if part != "cue"]
            kind = kind_of(name, spans[0][0])
            line = Text(f"{STATES[item['state']]} {number:>2} ")
            line.append(KINDS[name], Style(color=COLOURS[kind], bold=True))
            line.append(f" {label_of(name, item)}{_who(session, item)}")
            if wide:
                for span in told:
                    line.append(f"\n     {quote(session.entry.text, [span], width - 6)}", "italic")
            else:
                line.append(f" {quote(session.entry.text, told, width - line.cell_len - 1)}")
            rows = 1 + wide * len(told)
            if item["state"] == "rejected":
                line.stylize("strike dim")
            if item["key"] == chosen:
                line.stylize("reverse")
                chosen_at = (at, rows)
            at += rows
            line.stylize(click("app.do", "choose", str(item["key"])))
            text.append_text(line)
            text.append("\n" if number < len(found) else "")
        if not found:
            drawn = {*ITEMS} & {*session.review.fields}
            said = "No spans. Space selects a word, to draw one." if drawn else "Spans are not coded here."
            text.append(said, "dim")
        self.query_one("#span-lines", Clickable).update(text)
        self.call_after_refresh(self._bring, *chosen_at)

    def _bring(self, top: int, rows: int) -> None:
        height = self.scrollable_content_region.height
        if not self.scroll_offset.y <= top <= self.scroll_offset.y + height - rows:
            self.scroll_to(y=max(0, top - (height - rows) // 2), animate=False)


def _who(session: Session, item: Item) -> str:
    """Say how sure the machine is of an item, or which coders put it forward where not all do."""
    score = f" {_percent(item['score'])}" if "score" in item else ""
    if not session.judging or len(item["by"]) in (0, len(session.voices)):
        return score
    return f"{score} [{', '.join(map(clean, item['by']))}]"


class Labels(Clickable):
    """The labels of the passage: frames, framing, about, portrayal; a click changes one."""

    def show(self, session: Session, *, wide: bool) -> None:
        """Show the labels of a passage."""
        fields, frames = session.review.fields, session.review.frames
        column, width = (22, 45) if wide else (16, max(16, self.app.size.width - 2))
        lines: list[Text] = []
        if "frames" in fields:
            cells = [self._frame(session, frame, key, wide) for key, frame in frame_keys(frames).items()]
            for cell in cells:
                cell.truncate(width, overflow="ellipsis")
            rows = -(-len(cells) // 2)
            lines = _columns(
                [cell for row in range(rows) for cell in cells[row::rows]] if wide else cells, column, width
            )
        suggested = session.entry.suggested or {}
        rest: list[Text] = []
        if "framing" in fields:
            put_forward = suggested.get("framing") == session.coding["framing"]
            rest.append(self._label(session, "framing", {each: each for each in FRAMINGS}, scored=put_forward))
        if "about" in fields:
            rest.append(self._label(session, "about", {1: "yes", 0: "no"}, scored=wide))
        rest += [self._portrayal(session, country) for country in NAMES] if "portrayal" in fields else []
        lines = [*rest, *lines] if wide else [*lines, *_columns(rest, 1, width, gap=2)]
        self.update(Text("\n").join(lines))

    def _frame(self, session: Session, frame: str, key: str, wide: bool) -> Text:
        present = session.coding["frames"].get(frame, 0)
        sign = "?" if present is None else "■" if present else "·" if frame in session.coding["frames"] else "–"
        cell = Text(f"{key}{sign} {clean(frame)}", "bold" if present else "")
        hint = _voices(session, lambda row: "" if row.get("frames", {}).get(frame) else None) if present is None else ""
        chance = _scores(session).get("frames", {}).get(frame)
        if hint or (wide and chance is not None):
            cell.append(f" {hint or _percent(chance)}", "not bold")
        elif chance is not None and _UNSURE[0] < chance < _UNSURE[1]:
            cell.append("?", "not bold")
        cell.stylize(click("app.do", "frame", key))
        return cell

    def _label(self, session: Session, field: str, names: dict[Any, str], *, scored: bool) -> Text:
        value = session.coding[field]
        cell = Text(f"{_KEY[field]} {field} ").append("?" if value is None else names[value], "bold")
        hint = _voices(session, lambda row: names.get(row.get(field))) if value is None else ""
        score = _scores(session).get(field) if scored else None
        cell.append(f" {hint}" if hint else f" {_percent(score)}" if score is not None else "")
        cell.stylize(click("app.do", field, ""))
        return cell

    def _portrayal(self, session: Session, country: str) -> Text:
        portrayal, key = session.coding["portrayal"], country[0]
        cell = Text(f"{key} {NAMES[country]} ")
        if country in portrayal and portrayal[country] is None:
            hint = _voices(session, lambda row: portrayed(row.get("portrayal", {}).get(country)))
            cell.append(f"? {hint}")
        else:
            cell.append(portrayed(portrayal.get(country)), "bold" if country in portrayal else "")
        cell.stylize(click("app.do", "portray", key))
        return cell


def _scores(session: Session) -> dict[str, Any]:
    if session.blind or session.judging or not session.entry.suggested:
        return {}
    found: dict[str, Any] = session.entry.suggested.get("scores", {})
    return found


def _percent(chance: float) -> str:
    return f".{min(99, int(100 * chance)):02}"


def _voices(session: Session, say: Callable[[Coded], str | None]) -> str:
    """Return the coders with what each says, without those of whose coding ``say`` makes None."""
    told = [(_short(clean(coder)), say(row)) for coder, row in session.voices.items()]
    said = ", ".join(f"{coder} {value}".strip() for coder, value in told if value is not None)
    return f"[{said}]" if said else ""


def _short(coder: str) -> str:
    """Cut the middle out of a long name: coders are often told apart by a number at the end."""
    return coder if len(coder) <= _NAME else f"{coder[: _NAME - 7]}…{coder[-6:]}"


def _columns(cells: list[Text], column: int, width: int, *, gap: int = 1) -> list[Text]:
    """Put cells side by side in columns, a long one in several, with a gap between them of so many cells of the screen
    at least; none is broken in two at the end of a line.
    """
    lines: list[Text] = []
    for cell in cells:
        at = -(-(lines[-1].cell_len + gap) // column) * column if lines else width
        if at + cell.cell_len <= width:
            lines[-1].append(" " * (at - lines[-1].cell_len)).append_text(cell)
        else:
            lines.append(cell)
    return lines


def keys_line(mode: Mode, width: int, rows: int, *, fields: Sequence[str], judging: bool) -> Text:
    """Return the keys of a mode that have room and serve one of the ``fields`` coded, the most needed first; a click
    does what the key does.
    """
    shown = [key for key in KEYS if mode in key.modes and key.rank is not None]
    shown = [key for key in shown if key.action not in FOR or set(FOR[key.action]) & set(fields)]
    shown += [key for key in KEYS if judging and mode == "read" and key.action == "take"]
    lines, line = [], Text()
    for key in sorted(shown, key=lambda each: each.rank if each.rank is not None else 4.5):
        cell = Text(f" {key.shown} ", "reverse").append(f" {key.label}", "not reverse")
        cell.stylize(click("app.press", key.keys[0]))
        if line.cell_len + cell.cell_len + 2 > width:
            lines.append(line)
            line = Text()
        line.append(" ").append_text(cell).append(" ")
    return Text("\n").join([*lines, line][:rows])
