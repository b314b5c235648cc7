"""``rhetoric score``: print scorecards."""

import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rhetoric.cli import options as o
from rhetoric.cli import sources as s
from rhetoric.cli.output import print_json
from rhetoric.cli.run import Run, open_console, progress, running
from rhetoric.ingest import ReadOptions

if TYPE_CHECKING:
    from rhetoric.record import FailureRecord, Record
    from rhetoric.scoring import Profile, Scorecard

    Scored = tuple[Scorecard, Record]


def score(
    sources: s.RecordSources,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON, a line a document: scorecard, evidence and trust.")
    ] = False,
    every_passage: o.EveryPassage = False,
    profile: o.Profile = "",
    text_field: o.TextField = o.DEFAULTS.text_field,
    id_field: o.IdField = o.DEFAULTS.id_field,
    force: o.Force = o.DEFAULTS.force,
    allow_private: o.AllowPrivate = o.DEFAULTS.allow_private,
    max_bytes: o.MaxBytes = o.DEFAULTS.max_bytes,
    timeout: o.Timeout = o.DEFAULTS.timeout,
    spacy_model: o.SpacyModel = None,
    pipeline: o.Pipeline = None,
) -> None:
    """Print how a text frames US-China AI competition; several texts give a table.

    Records, of a run or a .jsonl file, are scored as they are.

    \b
    rhetoric score corpora/essay.txt
    rhetoric score speeches/*.pdf --json > scores.jsonl
    rhetoric score article.txt --pipeline my-detectors/
    """
    with running() as run:
        from rhetoric.report.trust import find_trust

        against = o.choose_profile(profile)
        find_trust(pipeline)  # damaged figures are told before anything is annotated
        chosen = ReadOptions(text_field, id_field, force, allow_private, max_bytes, timeout)
        bar = not as_json or not sys.stdout.isatty()  # a bar among the lines would break both
        wanted = as_json or (None if len(sources) == 1 else False)  # a table of several shows no sentences
        found = s.records_from(sources, chosen, spacy_model=spacy_model, pipeline=pipeline, sentences=wanted)
        scored = _scored(progress(found, shown=bar), run, every_passage, against, pipeline)
        if as_json:
            from rhetoric.report.evidence import to_dict

            for scorecard, record in scored:
                print_json(to_dict(scorecard, record, find_trust(pipeline, [record["pipeline"]])))
            return
        first, second = next(scored, None), next(scored, None)
        if first and not second:
            from rhetoric.report.terminal import print_scorecard

            print_scorecard(*first, find_trust(pipeline, [first[1]["pipeline"]]), open_console())
        elif first and second:
            from rhetoric.report.table import print_table
            from rhetoric.scoring.groups import name_of

            cards, called, made_by = [], [], {}
            for scorecard, record in chain((first, second), scored):
                cards.append(scorecard)
                called.append(name_of(record))
                made_by[record["pipeline"]["sha256"]] = record["pipeline"]
            print_table(cards, find_trust(pipeline, made_by.values()), open_console(), called=called)


def _scored(
    items: "Iterable[Record | FailureRecord]",
    run: Run,
    every_passage: bool,
    profile: "Profile | None",
    detectors: Path | None,
) -> "Iterator[Scored]":
    """Score each record; report each failure and leave it out."""
    from rhetoric.scoring import score_record

    for record in s.good_records(items, run):
        yield score_record(record, every_passage=every_passage, profile=profile, detectors=detectors), record
