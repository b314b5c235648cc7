"""``rhetoric import``: the files of other tools as records."""

from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from rhetoric.cli import options as o
from rhetoric.cli.export import NAMES, Json, tell
from rhetoric.cli.outcome import progress, running
from rhetoric.cli.sources import good_records
from rhetoric.errors import RhetoricError


def import_(
    source: Annotated[Path, typer.Argument(metavar="PATH", help="The file or folder that the tool exported.")],
    form: Annotated[str, typer.Option("--from", metavar="FORMAT", help=f"One of {NAMES}.")],
    output: Annotated[str, o.output_option("FILE", "Where the records go: a .jsonl file, or -.", str)] = "-",
    overwrite: o.Overwrite = False,
    as_json: Json = False,
    max_bytes: o.MaxBytes = o.DEFAULTS.max_bytes,
) -> None:
    """Read the annotations of another tool and write records, which every other command reads.

    A document that cannot be read is reported, with file, line and field, and does not stop the rest. What a coder
    drew without links is joined by where it stands; what cannot be joined is counted.

    \b
    rhetoric import project-1.json --from label-studio -o records.jsonl
    rhetoric import corpus/ --from brat -o records.jsonl
    """
    with running() as outcome:
        from rhetoric.annotation.exchange.formats import get_format
        from rhetoric.cli.output import STDOUT, check_lines, open_output

        chosen = get_format(form)
        check_lines(output, overwrite, printed="The counts take" if as_json else "")
        if not source.exists():
            raise RhetoricError(f"{source}: there is no such file or folder.")
        lost: Counter[str] = Counter()
        records = good_records(chosen.read(source, max_bytes, lost), outcome)
        first = next(records, None)  # a file of another format leaves nothing behind
        if first is not None:
            with open_output(output) as write:
                for record in progress(chain([first], records), lines=output == STDOUT):
                    write(record)
        tell(output, f"from {chosen.tool}", "Not taken", lost, outcome, as_json)
