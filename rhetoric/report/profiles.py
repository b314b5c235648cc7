"""A reference profile for the terminal: what it is built from, and how each field is distributed."""

from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rhetoric.report.numbers import say_value
from rhetoric.report.page import Page, print_whole, ruled_table
from rhetoric.report.safe import clean, excerpt
from rhetoric.report.words import count
from rhetoric.scoring.columns import column_list
from rhetoric.scoring.groups import date_part
from rhetoric.scoring.notes import say_learned
from rhetoric.scoring.percent import round_half_up
from rhetoric.scoring.profile import Profile

_SHARES: Final = (0.1, 0.5, 0.9)


def print_profile(profile: Profile, console: Console, *, briefly: bool = False) -> None:
    """Print a profile; ``briefly`` leaves the documents and the fields out."""
    page = Page(console)
    page.paragraph(Text(f"The profile {clean(profile.name)}", "bold"))
    if profile.about:
        page.paragraph(clean(profile.about))
    which = "passages" if profile.every_passage else "passages about the matter"
    said = f"{count(len(profile.documents), 'document')} with {profile.least} or more {which}"
    were = "was" if profile.left_out == 1 else "were"
    fewer = f"; {profile.left_out:,} had fewer and {were} left out" if profile.left_out else ""
    page.paragraph(f"{said}{fewer}.")
    if learned := _sum(profile, "learned"):
        page.paragraph(say_learned(learned, _sum(profile, "counted")))
    for told, name in (("voice", "voices"), ("type", "types")):
        groups = profile.groups(told)
        said = ", ".join(f"{excerpt(group, 40)} ({many})" for group, many in groups.items())
        untold = _untold(profile, sum(groups.values()))
        page.entry(name, f"{said}{untold}" if said else "the metadata do not tell", indent=0, label_width=8)
    dates = sorted((_when(each["date"]), each["date"]) for each in profile.documents if "date" in each)
    known = [date for when, date in dates if when]
    if known:
        said = f"{excerpt(known[0], 20)} to {excerpt(known[-1], 20)}{_untold(profile, len(known))}"
        page.entry("dates", said, indent=0, label_width=8)
    made_by = f"{clean(profile.pipeline['name'])} {clean(profile.pipeline['version'])}"
    page.paragraph(f"Annotated by {made_by} ({clean(profile.pipeline['sha256'])[:12]}).", style="dim")
    if briefly:
        return
    page.heading("Documents")
    for each in profile.documents:
        told = ", ".join(clean(each[key]) for key in ("author", "voice", "type", "date") if key in each)
        title = excerpt(each.get("title", each["id"]), 90)
        page.paragraph(f"{title}{f' ({told})' if told else ''}", indent=2)
    page.heading("Fields", "a tenth of the documents lies below the first number, half below the second")
    page.paragraph("")
    print_whole(console, _table(profile))


def _untold(profile: Profile, told: int) -> str:
    untold = len(profile.documents) - told
    return f"; of {untold:,} the metadata do not tell" if untold else ""


def _when(date: str) -> str:
    return date_part(date, "month") or date_part(date, "year") or ""


def _sum(profile: Profile, field: str) -> int:
    """Return what a whole number comes to over all documents of the profile, 0 where it is not in it."""
    each = profile.fields.get(field)
    return round(each.mean * each.documents) if each else 0


def _table(profile: Profile) -> Table:
    table = ruled_table("field", "10%", "50%", "90%", "mean", "documents")
    units = {column.name: column.unit for column in column_list()}
    for name, each in profile.fields.items():
        unit = units.get(name, "share")
        numbers = [each.quantile(share) for share in _SHARES] + [each.mean]
        cells = [f"{round_half_up(value):,}" if unit == "whole number" else say_value(value, unit) for value in numbers]
        table.add_row(*(Text(cell) for cell in (excerpt(name, 40), *cells, f"{each.documents}")))
    return table
