"""Keyword tables for the terminal: shares of documents by group, and where keyword and model disagree."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rhetoric.labels import ABOUT
from rhetoric.report.numbers import say_number
from rhetoric.report.page import Page, print_whole, ruled_table
from rhetoric.report.safe import excerpt, quoted, shorten
from rhetoric.report.words import count, join
from rhetoric.scoring.copies import say_copies
from rhetoric.scoring.cset import FRAMES, SCORER, TERMS
from rhetoric.scoring.groups import NOWHERE
from rhetoric.scoring.keyword_agreement import KeywordAgreement, KeywordAgreements, KeywordDisagreement, Who
from rhetoric.scoring.keyword_table import KeywordTable, Row, Share, Shares
from rhetoric.scoring.percent import hundredths, percent

_ROWS: Final = 30  # groups shown
_WHAT: Final[dict[Who, str]] = {"keyword": "Only the keywords say competition", "model": "Only the model says race"}


def print_keywords(found: KeywordTable, console: Console, *, left_out: int = 0) -> None:
    """Print each table, then in how many documents each term occurs."""
    page = Page(console)
    for table in found.tables:
        rows = table.rows()
        page.heading(f"Frames by {excerpt(table.by, 40)}", f"{SCORER}: keyword expressions")
        page.paragraph("")
        print_whole(console, _table(table, rows))
        if rows and rows[-1].group == NOWHERE:
            said = f"{count(rows[-1].documents, 'document')} without {excerpt(table.by, 40)} in the metadata"
            page.paragraph(f"{said}; --meta FILE.csv adds it.", style="dim")
        if len(rows) > _ROWS:
            page.paragraph(f"... and {len(rows) - _ROWS} more groups (--json has all).", style="dim")
    page.paragraph("")
    page.paragraph(
        "Documents that mention AI, and of these how many and what share have a keyword of the frame in title or text, "
        "with 95% interval (Wilson). Keywords do not tell who speaks, nor whether a frame is rejected.",
        style="dim",
    )
    if left_out:
        page.paragraph(f"{count(left_out, 'document')} left out, as asked.")
    if found.copies:
        page.paragraph(say_copies(found.copies))
    page.heading("Terms", "documents in which they occur")
    for frame in FRAMES:
        terms = [f"{term} {found.terms[frame][term]:,}" for term in TERMS[frame] if found.terms[frame][term]]
        page.entry(frame.replace("_", " "), ", ".join(terms) or "none", label_width=20)


def _table(table: Shares, rows: Sequence[Row]) -> Table:
    frames = [frame.replace("_", "\n", 1).replace("_", " ") for frame in FRAMES]
    drawn = ruled_table(excerpt(table.by, 30), "docu-\nments", "with\nAI", *frames, broken=True)
    drawn.columns[0].min_width = 12
    for row in [*rows[:_ROWS], table.total()]:
        cells = [shorten(row.group, 30), f"{row.documents:,}", f"{row.ai:,}", *map(_say, row.frames.values())]
        drawn.add_row(*map(Text, cells), style="bold" if row.group == "all" else "")
    return drawn


def _say(share: Share) -> str:
    if share.value is None or share.low is None or share.high is None:
        return "-"
    digits = 1 if share.value < 0.1 else 0  # the shares of that study are of one or two in a hundred
    low, high = (hundredths(each, digits) for each in (share.low, share.high))
    return f"{share.count:,} {percent(share.value, digits)} ({low}-{high})"


def print_keyword_agreements(found: KeywordAgreements, console: Console, *, show: int = 5) -> None:
    """Print how far keyword and model agree, and the ``show`` strongest disagreements of each kind."""
    page = Page(console)
    page.heading("Keyword and model", "competition by keyword, race by the detectors; neither is the truth")
    for name, each in (("documents", found.documents), ("passages", found.passages)):
        page.entry(name, _counts(each), label_width=11)
    for name, each in (("documents", found.documents), ("passages", found.passages)):
        for who, what in _WHAT.items():
            cases = each.worst(who)
            if not cases or not show:
                continue
            page.paragraph("")
            shown = f", {show} of {len(cases)}" if len(cases) > show else ""
            page.paragraph(Text(f"{what}: {name}{shown}", "bold"))
            for case in cases[:show]:
                _print_case(page, case)


def _counts(each: KeywordAgreement) -> str:
    kappa = "" if each.kappa is None else f"; kappa {say_number(each.kappa, 2)}"
    parts = [f"{each.both:,} both", f"{each.keyword_only:,} only keyword", f"{each.model_only:,} only model"]
    return f"{join([*parts, f'{each.neither:,} neither'])}, of {each.total:,}{kappa}"


def _print_case(page: Page, case: KeywordDisagreement) -> None:
    where = f", passage {case.passage}" if case.passage else ""
    on_topic = "" if case.about >= ABOUT else f", about the matter {percent(case.about)}"
    hits = join([quoted(hit, 50) for hit in case.hits[:3]])
    found = f"; found: {hits}" if hits else ""
    page.paragraph(f"{shorten(case.title, 70)}{where} (race {percent(case.race)}{on_topic}{found})", indent=2)
    if case.text:
        page.paragraph(Text(quoted(case.text, 300), "italic"), indent=4)
