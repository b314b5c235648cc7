"""A run on the terminal: what it holds, what made it, what failed."""

from typing import TYPE_CHECKING, Any, Final

from rhetoric.report.safe import clean
from rhetoric.report.words import count

if TYPE_CHECKING:
    from rich.console import Console

_SHOWN: Final = 20  # failures, or files


def show_run(where: str, told: dict[str, Any], console: "Console") -> None:
    """Print what ``rhetoric run info`` tells of a run."""
    counts, made_by = told["counts"], told["pipeline"]
    state = "complete" if told["complete"] else "not complete: give its command again"
    lines = [
        f"{where}: {state}",
        f"  {count(counts['documents'] - counts['failed'], 'document')}, {count(counts['words'], 'word')}, "
        f"{count(counts['passages'], 'passage')}; "
        f"{count(counts['framing'], 'framing instance')}, {count(counts['contrast'], 'contrast')}, "
        f"{count(counts['metaphor'], 'metaphor-related word')} (live or not)",
        f"  made by {made_by['name']} {made_by['version']}, weights and configuration {made_by['sha256'][:12]}",
        f"  sources: {', '.join(map(str, told['settings'].get('sources', ['merged runs'])))}",
    ]
    lost, failures = told["missing"], told["failures"]
    if lost:
        more = f" and {len(lost) - _SHOWN:,} more" if len(lost) > _SHOWN else ""
        lines.append(f"  {count(len(lost), 'file')} missing: {', '.join(lost[:_SHOWN])}{more}")
    if failures:
        lines.append(f"  {len(failures):,} failed (annotate with --retry-failed takes them up again):")
        lines += [f"    {each['source']}: {each['error']}" for each in failures[:_SHOWN]]
        if len(failures) > _SHOWN:
            lines.append(f"    and {len(failures) - _SHOWN:,} more (--json names all)")
    for line in lines:
        margin = line[: len(line) - len(line.lstrip())]
        console.print(margin + clean(line), markup=False, highlight=False, soft_wrap=True)
