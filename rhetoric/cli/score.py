"""``rhetoric score``: print scorecards."""

from itertools import chain
from typing import Annotated

import typer

from rhetoric.cli import options as o
from rhetoric.cli import sources as s
from rhetoric.cli.outcome import open_console, running, say_warning
from rhetoric.cli.output import print_json, print_utf8
from rhetoric.errors import RhetoricError


@o.with_how
def score(
    sources: s.RecordSources,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON, a line a document: scorecard, evidence and trust.")
    ] = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print a table for R, pandas, spreadsheets: a row a document, no percentiles.")
    ] = False,
    every_passage: o.EveryPassage = False,
    profile: o.Profile = "",
    how: o.How = o.DEFAULTS,
) -> None:
    """Print how a text frames US-China AI competition; several texts give a table.

    Records, of a run or a .jsonl file, are scored as they are.

    \b
    rhetoric score corpora/essay.txt
    rhetoric score speeches/*.pdf --json > scores.jsonl
    rhetoric score run/ --csv > scores.csv
    rhetoric score article.txt --pipeline my-detectors/
    """
    with running() as outcome:
        from rhetoric.report.trust import find_trust
        from rhetoric.scoring import score_record

        against = o.choose_profile(profile)
        if as_csv:
            _warn_of(profile, "--csv")
        find_trust(how.pipeline)  # damaged figures are told before anything is annotated
        if as_json and as_csv:
            raise RhetoricError("--json and --csv are two ways to print. Choose one.")
        one = len(sources) == 1 and not as_csv
        wanted = as_json or (None if one else False)  # a table shows no sentences
        records = s.take_records(sources, outcome, how, lines=as_json or as_csv, sentences=wanted, figures=True)
        scored = (
            (score_record(record, every_passage=every_passage, profile=against, detectors=how.pipeline), record)
            for record in records
        )
        if as_json:
            from rhetoric.report.evidence import to_dict

            for scorecard, record in scored:
                print_json(to_dict(scorecard, record, find_trust(how.pipeline, [record["pipeline"]])))
            return
        if as_csv:
            from rhetoric.report.rows import write_rows

            print_utf8(write_rows(scorecard for scorecard, _ in scored))
            return
        first, second = next(scored, None), next(scored, None)
        if first and not second:
            from rhetoric.report.terminal import print_scorecard

            print_scorecard(*first, find_trust(how.pipeline, [first[1]["pipeline"]]), open_console())
        elif first and second:
            from rhetoric.report.table import print_table
            from rhetoric.report.words import count
            from rhetoric.scoring.copies import text_digest
            from rhetoric.scoring.groups import name_of

            cards, called, made_by, texts = [], [], {}, set()
            for scorecard, record in chain((first, second), scored):
                cards.append(scorecard)
                called.append(name_of(record))
                texts.add(text_digest(record))
                made_by[record["pipeline"]["sha256"]] = record["pipeline"]
            _warn_of(profile, "a table of several texts")
            print_table(cards, find_trust(how.pipeline, made_by.values()), open_console(), called=called)
            if copies := len(cards) - len(texts):
                say_warning(
                    f"{count(copies, 'row')} of the table {'repeats' if copies == 1 else 'repeat'} the text of another."
                )


def _warn_of(profile: str, view: str) -> None:
    if profile not in ("", "none"):
        say_warning(f"--profile did nothing: {view} has no percentiles. --json has them.")
