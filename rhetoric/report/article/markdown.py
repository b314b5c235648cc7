"""The report as Markdown: the same sentences, numbers and quotations, to paste into a draft or keep beside one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from rhetoric.record import Record
from rhetoric.report.article import pair, say
from rhetoric.report.article.article import Article, Shown, make_articles
from rhetoric.report.article.doubts import say_doubt
from rhetoric.report.detectors import against, say_corrected
from rhetoric.report.evidence import Quote, say_carrier, say_instance, say_whose
from rhetoric.report.headline import write_headline, write_scope
from rhetoric.report.numbers import say_estimate
from rhetoric.report.safe import clean
from rhetoric.report.trust import Trust, find_trust
from rhetoric.report.words import (
    CAVEATS,
    CONTRASTS,
    FRAMES,
    LIMITS,
    MEASURED,
    OWN_MEASURED,
    SOURCES,
    join,
)
from rhetoric.scoring.percent import percent
from rhetoric.scoring.profile import Profile

# An underscore between letters is no emphasis, and is left alone.
_SPECIAL: Final = re.compile(r"([\\`*{}\[\]|~$^]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
_FIRST: Final = re.compile(r"^([#+\-=:]|\d+(?=[.)]))")  # what makes a list or a heading where a line begins with it
_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def _escape(text: str) -> str:
    """Return what :func:`escape` does for text that no line begins with: a number there makes no list."""
    return _SPECIAL.sub(r"\\\1", clean(text)).translate(_ENTITIES)


def escape(text: str) -> str:
    """Return other people's text on one line, such that Markdown shows every character of it and acts on none."""
    said = _escape(text)
    first = _FIRST.match(said)
    if not first:
        return said
    at = first.end() if first[0].isdigit() else 0
    return f"{said[:at]}\\{said[at:]}"


def make_markdown(
    records: Sequence[Record],
    *,
    profile: Profile | None = None,
    every_passage: bool = False,
    detectors: Path | None = None,
) -> str:
    """Return the report on one record, or on two, as Markdown without any HTML in it; else as ``make_page``."""
    articles = make_articles(records, profile, every_passage, detectors)
    apart, trust = pair.set_apart(articles), find_trust(detectors, [record["pipeline"] for record in records])
    titles = " beside ".join(f"{_letter(each)}{escape(each.title)}" for each in articles)
    lines = [f"# {titles}", *(_apart(apart) if apart else ())]
    for each in articles:
        lines += _article(each, trust)
    lines += _trust(trust, scored=any(each.counted for each in articles))
    lines += ["## How this was made", *say.method(trust), *(_made_by(each) for each in articles)]
    return "\n\n".join(lines) + "\n"


def _letter(article: Article) -> str:
    return f"{article.letter}: " if article.letter else ""


def _made_by(article: Article) -> str:
    made = article.scorecard.pipeline
    said = f"{_letter(article)}{clean(made['name'])}, rhetoric {clean(made['version'])}, weights {made['sha256'][:12]}"
    return escape(f"{said}; text {article.record['id'][:80]}.")


def _article(article: Article, trust: Trust) -> Iterator[str]:
    card, head = article.scorecard, _letter(article)
    yield f"## {head}In short"
    if article.byline:
        yield " · ".join(escape(each) for each in article.byline)
    for note in card.notes:
        yield f"> {escape(note)}"
    for warning in article.warnings:
        yield f"> Warning: {escape(warning)}"
    if article.enough:
        yield " ".join(write_headline(card, trust))
    yield write_scope(card)
    if article.enough:
        yield "A detector found this, and it errs."
    if article.counted:
        yield from _findings(article, trust, head)
    yield f"## {head}Beside other texts"
    yield escape(say.say_reference(card))
    if article.standing():
        yield _table(("field", "percentile", "in words"), ((n, f"{p}", w) for n, p, w in article.standing()))
    yield f"## {head}The text, by passage"
    for each in article.passages():
        what = join([f"{frame} {percent(chance)}" for frame, chance in each.frames]) if each.counted else "not counted"
        what = what if article.counted else ""
        label = f"**{each.number}**{f' ({what})' if what else ''} " if each.number else ""
        yield label + escape(article.record["text"][each.start : each.end])


def _findings(article: Article, trust: Trust, head: str) -> Iterator[str]:
    yield f"## {head}Frames"
    yield from _frames(article, trust)
    if article.scorecard.custom:
        yield f"## {head}Frames of your own"
        yield from _own(article)
    yield f"## {head}Whose account is unmasked"
    yield from _framing(article, trust)
    yield f"## {head}How the two countries are portrayed"
    for portrait in article.portraits():
        yield f"**{portrait.name}.** {portrait.said} {portrait.unnamed}".rstrip()
        if portrait.lines:
            yield "\n".join(f"- {said}: {join([str(n) for n in numbers])}" for said, numbers in portrait.lines)
    yield say.trust_of_portrayal(trust)
    yield f"## {head}Live metaphors"
    yield f"{escape(say.live_metaphors(article.scorecard))} {say.trust_of_metaphors(trust)}"
    for source, by_words in article.metaphors():
        said = [f"{escape(words)}{f' ({len(images)})' if len(images) > 1 else ''}" for words, images in by_words]
        many = article.scorecard.metaphors[source].count
        yield f"**{source}** ({many}; {SOURCES[source]}): {', '.join(said)}"
    yield f"## {head}Contrasts"
    yield from _contrasts(article, trust)
    doubts = article.doubts()
    if doubts:
        yield f"## {head}What it is unsure of"
        yield "\n".join(f"- {escape(say_doubt(each))}" for each in doubts)


def _frames(article: Article, trust: Trust) -> Iterator[str]:
    card = article.scorecard
    if article.has_sentences:
        yield say.CARRYING
    for shown in article.frames():
        about = FRAMES[shown.frame]
        yield f"**{shown.frame}** ({say.say_frame(card.frames[shown.frame])}). {about} {_where(shown)}"
        for carrier, text in shown.carriers:
            place = f"passage {carrier.passage}, {say_carrier(carrier)}"
            yield f"> {escape(text)} ({place})" if text else say.sentence(f"{place}, quoted above")
        beside = [f"detector of this frame: {trust.phrase(f'frames.{shown.frame}')}"]
        if article.enough:
            beside = [against(card, f"frame_{shown.frame}"), say_corrected(card, shown.frame), *beside]
        yield say.sentence(escape("; ".join(filter(None, beside))))
    if article.absent:
        yield f"Not found: {join(article.absent)}."


def _own(article: Article) -> Iterator[str]:
    yield escape(OWN_MEASURED)
    for shown in article.own():
        said = say.say_own(article.scorecard.custom[shown.frame])
        yield f"**{escape(shown.frame)}** ({said}). {_where(shown)}"
        for carrier, text in shown.carriers:
            yield f"> {escape(text)} (passage {carrier.passage}, {say_carrier(carrier)})"
    if article.own_absent:
        yield f"Not found: {escape(join(article.own_absent))}."


def _where(shown: Shown[Any]) -> str:
    return f"In {'passage' if len(shown.passages) == 1 else 'passages'} {join([str(n) for n in shown.passages])}."


def _framing(article: Article, trust: Trust) -> Iterator[str]:
    yield escape(say.unmasked(article.scorecard))
    yield say.trust_of_accounts(trust)
    for number, each in enumerate(article.evidence.framing, 1):
        name = "Account" if each.complete else "A hint: account"
        lines = [
            f"**{number}. {name} {say_whose(each)}** (passage {each.passage}, {say_instance(each, trust)})",
            "",
        ]
        lines += [f"- account: {_quote(each.account) or 'not on the page'}"]
        lines += [f"- machinery: {_quote(each.machinery) or 'not on the page'}"]
        lines += [f"- cue: {_quote(each.cue) or 'none'}"]
        yield "\n".join(lines)
    if others := say.unmasked_elsewhere(article.record, article.counted):
        yield others


def _contrasts(article: Article, trust: Trust) -> Iterator[str]:
    yield f"{escape(say.contrasts(article.scorecard))} {say.trust_of_contrasts(trust)}"
    for label, pairs in article.contrasts():
        lines = [f"**{label}** ({len(pairs)}). {CONTRASTS[label]} {say.trust_of_contrast(trust, label)}", ""]
        for number, each in pairs:
            where = f"passage {each.passage}, {say.sure(each.score)}"
            lines.append(f"- **{number}.** {_quote((each.a,))} against {_quote((each.b,))} ({where})")
        yield "\n".join(lines)


def _apart(apart: pair.Apart | str) -> Iterator[str]:
    yield "## What sets them apart"
    if isinstance(apart, str):
        yield apart
        return
    yield pair.say_sure(apart)
    if not apart.rows:
        return
    rows = (
        (meaning, say_estimate(row.a, row.unit), say_estimate(row.b, row.unit), pair.say_apart(row))
        for row, meaning in apart.rows
    )
    yield _table(("field", "A", "B", "A minus B"), rows)
    yield from (escape(note) for note in apart.comparison.notes)
    for at, letter in enumerate("AB"):
        images, passages = pair.say_distinctive(apart.comparison, at)
        yield f"**Most distinctive of {letter}.** Metaphors that it prefers: {_escape(images or 'none surely')}."
        for number, why, text in passages:
            yield f"> {escape(text)} (passage {number}, {why})"


def _trust(trust: Trust, *, scored: bool) -> Iterator[str]:
    yield "## How often it errs"
    yield "Measured on passages of real texts that the detectors had not seen."
    shown = MEASURED if scored else MEASURED[:1]
    yield _table(("what", "measure", "in words"), ((name, *trust.say(metric)) for name, metric in shown))
    yield from (escape(note) for note in trust.notes)
    yield "## What it cannot know"
    yield "\n".join(f"- {each}" for each in LIMITS)
    yield from CAVEATS


def _quote(quotes: tuple[Quote, ...]) -> str:
    return " … ".join(f"“{escape(quote.text)}”" for quote in quotes)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([_escape(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
