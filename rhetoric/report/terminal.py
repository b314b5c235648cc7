"""One document's scorecard for the terminal: the numbers, the evidence under them, and how far to trust them."""

from itertools import islice
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from rhetoric.record import Record
from rhetoric.report.article import say
from rhetoric.report.article.article import Article, Shown
from rhetoric.report.detectors import against, say_corrected, say_reference
from rhetoric.report.evidence import Instance, say_carrier, say_instance, say_whose
from rhetoric.report.headline import say_portrayal, strongest_frames, write_headline, write_scope
from rhetoric.report.numbers import say_estimate, say_interval, say_number
from rhetoric.report.page import Page
from rhetoric.report.safe import clean, quoted
from rhetoric.report.trust import Trust
from rhetoric.report.words import (
    CAVEATS,
    CONTRASTS,
    COUNTRIES,
    FRAMES,
    MEASURED,
    MISREAD,
    OWN_MEASURED,
    SOURCES,
    TIES,
    count,
    join,
)
from rhetoric.scoring import Estimate, Scorecard
from rhetoric.scoring.groups import name_of, say_source
from rhetoric.scoring.profile import profile_files
from rhetoric.scoring.uncertainty import FEWEST

_FRAMES: Final = 4  # frames, unmaskings and source domains shown in full
_INSTANCES: Final = 5
_SOURCES: Final = 6
_EXAMPLES: Final = 2  # of each contrast label
_WORDS: Final = 8  # example words of a source domain
_SENTENCE: Final = 240  # characters of one that carries a frame
_PASSAGE: Final = 180  # and of a passage
_LEVEL: Final = 220  # and of an account or a machinery
_BAR: Final = 10  # columns


def print_scorecard(scorecard: Scorecard, record: Record, trust: Trust, console: Console) -> None:
    """Print the scorecard of one document, with evidence from the ``record`` it was made from."""
    page, article = Page(console), Article(record, scorecard)
    _title(page, article)
    if article.counted:
        headline = write_headline(scorecard, trust)
        if headline:
            page.heading("In short")
            page.paragraph(" ".join(headline), indent=2)
        _frames(page, article, trust)
        _own(page, article)
        _framing(page, article, trust)
        _uncounted(page, article)
        _metaphors(page, article, trust)
        _contrasts(page, article, trust)
        _portrayal(page, article, trust)
        _compared(page, scorecard)
    print_trust(page, trust, MEASURED if article.counted else MEASURED[:1])


def print_trust(page: Page, trust: Trust, measured: tuple[tuple[str, str], ...] = MEASURED) -> None:
    """Print how well each detector did on unseen real passages, and what a score is not.

    ``measured`` pairs what a reader calls a number with its metric.
    """
    page.heading("How far to trust this", "on real passages the detectors had not seen")
    for name, metric in measured:
        number, said = trust.say(metric)
        page.entry(name, f"{number:22}{said}" if number else said, label_width=30, label_style="")
    for note in trust.notes:
        page.paragraph(clean(note), indent=2)
    for caveat in (*MISREAD, *CAVEATS):
        page.paragraph(caveat, indent=2, style="dim")
    shown = [trust.measured[metric] for _, metric in measured if metric in trust.measured]
    best = [each.ceiling for each in shown if each.ceiling is not None]
    if best:
        reach = " to ".join(dict.fromkeys(f"{each(best):.2f}" for each in (min, max)))
        measures = "this measure" if len(shown) == 1 else "these measures"
        coders = f"Two machine coders working apart reach {reach} on {measures}."
        page.paragraph(coders, indent=2, style="dim")


def _title(page: Page, article: Article) -> None:
    name = name_of(article.record)
    page.paragraph(Text(clean(name) or "untitled", "bold"))
    source = say_source(article.scorecard.source or "")
    if source and source != name:
        page.paragraph(clean(source), style="dim")
    page.paragraph(write_scope(article.scorecard))
    for note in article.scorecard.notes:
        page.paragraph(Text(f"Note: {note}", "yellow"))
    if article.scorecard.off_topic and not article.scorecard.scored:
        page.paragraph(Text("--every-passage counts all.", "yellow"))
    for warning in article.warnings:
        page.paragraph(Text(f"Warning: {warning}", "yellow"))


def _frames(page: Page, article: Article, trust: Trust) -> None:
    scorecard = article.scorecard
    frames = list(islice(article.frames(_SENTENCE, (_PASSAGE, _PASSAGE)), _FRAMES))
    page.heading("Strongest frames" if scorecard.scored else "Frames found there", _share_note(scorecard))
    reasons = {scorecard.frames[each.frame].not_corrected for each in frames}
    shared = reasons.pop() if len(reasons) == 1 else None
    if shared:
        page.paragraph(f"No share is corrected for the detectors' errors: {shared}.", indent=2, style="dim")
    if any(carrier.sentence for each in frames for carrier, _ in each.carriers):
        page.paragraph(say.CARRYING, indent=2, style="dim")
    for each in frames:
        number = _share(scorecard.frames[each.frame].prevalence, page.ascii_only)
        number.append(f"  trust: {trust.phrase(f'frames.{each.frame}')}", "dim")
        page.entry(each.frame, number)
        page.entry("", FRAMES[each.frame])
        beside = [say_corrected(scorecard, each.frame)] if article.enough and not shared else []
        beside.append(against(scorecard, f"frame_{each.frame}"))
        if any(beside):
            page.entry("", Text("; ".join(filter(None, beside)), "dim"))
        _carriers(page, each)
    weaker = []
    for frame in strongest_frames(scorecard)[_FRAMES:]:
        share = scorecard.frames[frame].prevalence
        weaker.append(f"{frame} {say_estimate(share, interval=False) if article.enough else share.count}")
    if weaker:
        page.entry("also", join(weaker))
    if article.absent:
        page.entry("not found", join(article.absent))


def _own(page: Page, article: Article) -> None:
    scorecard = article.scorecard
    if not scorecard.custom:
        return
    page.heading("Frames of your own", _share_note(scorecard))
    page.paragraph(OWN_MEASURED, indent=2, style="dim")
    for each in article.own(_PASSAGE):
        found = scorecard.custom[each.frame]
        number = Text.assemble((clean(each.frame), "bold"), "  ", _share(found.prevalence, page.ascii_only))
        if article.enough:
            number.append(f"  mean probability {say_estimate(found.probability, interval=False)}", "dim")
        page.paragraph(number, indent=2)
        _carriers(page, each)
    if article.own_absent:
        page.entry("not found", join(article.own_absent))


def _carriers(page: Page, shown: Shown[Any]) -> None:
    for carrier, words in shown.carriers:
        where = f"passage {carrier.passage}, {say_carrier(carrier)}"
        said = Text.assemble((f"{where}: ", "dim"), (f"“{words}”", "italic"))
        page.entry("", said if words else Text(f"{where}, quoted above", "dim"))


def _framing(page: Page, article: Article, trust: Trust) -> None:
    framing, found = article.scorecard.framing, article.evidence.framing
    page.heading("Whose account is unmasked", _density(framing.density))
    _stand(page, article.scorecard, "unmasking")
    page.paragraph(say.trust_of_accounts(trust), indent=2, style="dim")
    complete = [each for each in found if each.complete]
    said = "No account is set against what the text says drives it."
    if complete:
        said = f"Marked by a cue: {framing.explicit.count}; by wording or irony alone: {framing.implicit.count}."
    page.paragraph(said, indent=2)
    hints = [each for each in found if not each.complete]
    shown = [each for kind in (complete, hints) for each in sorted(kind, key=lambda each: -each.score)[:_INSTANCES]]
    for number, instance in enumerate(found, 1):
        if instance in shown:
            _instance(page, number, instance, trust)
    if hidden := len(found) - len(shown):
        page.paragraph(f"... and {hidden} more (--json gives all).", indent=2, style="dim")


def _uncounted(page: Page, article: Article) -> None:
    """Name what is seen off the matter: the surest of all may lie there, and is neither counted nor shown."""
    if said := say.unmasked_elsewhere(article.record, article.counted):
        page.paragraph(f"{said} --every-passage counts all.", indent=2, style="dim")


def _instance(page: Page, number: int, instance: Instance, trust: Trust) -> None:
    kind = "account" if instance.complete else "hint"
    head = f"{kind} {number}, {say_whose(instance)}, passage {instance.passage}"
    page.paragraph(Text.assemble((head, "bold"), (f", {say_instance(instance, trust)}", "dim")), indent=2)
    for level, quotes in (("account", instance.account), ("machinery", instance.machinery)):
        said = Text(" ... ".join(quoted(quote.text, _LEVEL) for quote in quotes), "italic")
        page.entry(level, said if quotes else "not on the page", indent=4, label_style="cyan")
    cue = ", ".join(quoted(quote.text, 60) for quote in instance.cue) or "none: the wording alone sets them apart"
    page.entry("cue", cue, indent=4, label_style="cyan")


def _metaphors(page: Page, article: Article, trust: Trust) -> None:
    scorecard, found = article.scorecard, article.metaphors()
    page.heading("Live metaphors", _density(scorecard.metaphor))
    _stand(page, scorecard, "metaphor")
    page.paragraph(say.trust_of_metaphors(trust), indent=2, style="dim")
    for source, by_words in found[:_SOURCES]:
        most = sorted(by_words, key=lambda item: -len(item[1]))
        said = [f"{words} ({len(images)})" if len(images) > 1 else words for words, images in most[:_WORDS]]
        examples = ", ".join(said) + (", ..." if len(most) > _WORDS else "")
        number = _rate(scorecard.metaphors[source]).ljust(16)
        page.entry(source, Text.assemble(number, (f"{SOURCES[source]}: ", "dim"), (examples, "italic")))
    rest = [f"{source} {scorecard.metaphors[source].count}" for source, _ in found[_SOURCES:]]
    if rest:
        page.entry("also", join(rest))


def _contrasts(page: Page, article: Article, trust: Trust) -> None:
    page.heading("Contrasts", _density(article.scorecard.contrast))
    _stand(page, article.scorecard, "contrast")
    page.paragraph(say.trust_of_contrasts(trust), indent=2, style="dim")
    found = dict(article.contrasts())
    for label, score in article.scorecard.contrasts.items():
        if label not in found:
            continue
        page.entry(label, Text.assemble(_rate(score), (f"  trust: {trust.phrase(f'contrast.{label}')}", "dim")))
        page.entry("", Text(CONTRASTS[label], "dim"))
        for number, pair in sorted(found[label], key=lambda item: -item[1].score)[:_EXAMPLES]:
            sides = ((quoted(pair.a.text, 90), "italic"), (" against ", "dim"), (quoted(pair.b.text, 90), "italic"))
            page.entry("", Text.assemble((f"contrast {number}, passage {pair.passage}: ", "dim"), *sides))


def _portrayal(page: Page, article: Article, trust: Trust) -> None:
    scorecard = article.scorecard
    page.heading("How the countries are portrayed", "stance from -1, ill, to +1, well" if scorecard.scored else "")
    page.paragraph(say.trust_of_portrayal(trust), indent=2, style="dim")
    for each in article.portraits():
        portrayed = scorecard.portrayal[each.country]
        said = f"{say_portrayal(portrayed)} {each.unnamed}" if portrayed.stance.passages else "not spoken of"
        page.entry(COUNTRIES[each.country], said.rstrip())


def _compared(page: Page, scorecard: Scorecard) -> None:
    if scorecard.profile is None:
        return
    page.heading("Beside other texts")
    how = f" (rhetoric profile show {clean(scorecard.profile)})" if scorecard.profile in profile_files() else ""
    shown = f"{how}. {TIES}"
    page.paragraph(say_reference(scorecard, shown), indent=2)


def _stand(page: Page, scorecard: Scorecard, field: str) -> None:
    if said := say.sentence(against(scorecard, field)):
        page.paragraph(said, indent=2)


def _share(share: Estimate, ascii_only: bool) -> Text:
    if share.passages < FEWEST:
        return Text(f"{share.count} of {count(share.passages, 'passage')}")
    bar = _bar(share.value or 0.0, ascii_only)
    number = Text.assemble((bar, "cyan"), (f" {say_estimate(share, interval=False)}", "bold"))
    return number.append(f"{say_interval(share, 'share')}, {share.count} of {share.passages}")


def _bar(share: float, ascii_only: bool) -> str:
    full = round(share * _BAR)
    return ("#" if ascii_only else "█") * full + ("." if ascii_only else "·") * (_BAR - full)


def _share_note(scorecard: Scorecard) -> str:
    if scorecard.counted < FEWEST:
        return ""
    intervals = any(each.prevalence.low is not None for each in scorecard.frames.values())
    return "share of passages" + (", with 95% interval" if intervals else "")


def _density(found: Estimate) -> str:
    if not found.count or found.passages < FEWEST:
        return f"{found.count}" if found.count else "none"
    return f"{found.count}, or {say_number(found.value or 0.0, 1)} per 1,000 counted words{say_interval(found)}"


def _rate(found: Estimate) -> str:
    return f"{found.count}" if found.passages < FEWEST else f"{found.count} ({say_number(found.value or 0.0, 1)}/1,000)"
