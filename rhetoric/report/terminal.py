"""One document's scorecard for the terminal: the numbers, the evidence under them, and how far to trust them."""

from collections import Counter
from typing import Final

from rich.console import Console
from rich.text import Text

from rhetoric.labels import Source
from rhetoric.record import Record
from rhetoric.report.detectors import against, say_corrected, say_reference
from rhetoric.report.evidence import Evidence, Instance, gather_evidence, say_carrier, say_instance
from rhetoric.report.headline import say_portrayal, strongest_frames, write_headline, write_scope
from rhetoric.report.numbers import say_estimate, say_interval, say_number
from rhetoric.report.page import Page
from rhetoric.report.safe import clean, excerpt, quoted
from rhetoric.report.trust import Trust, tenths
from rhetoric.report.words import (
    ACTORS,
    CAVEATS,
    CONTRASTS,
    COUNTRIES,
    FRAMES,
    MEASURED,
    OWN_MEASURED,
    SOURCES,
    TIES,
    count,
    join,
)
from rhetoric.scoring import Estimate, Scorecard
from rhetoric.scoring.groups import name_of, say_source
from rhetoric.scoring.passages import count_passages, uncounted_unmasking
from rhetoric.scoring.profile import profile_files
from rhetoric.scoring.records import warnings_of
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
_CARRYING: Final = (
    "Quoted is the sentence that carries a frame. The numbers say how sure the detector is that its passage carries "
    "the frame, and how sure it would be were that sentence left out."
)


def print_scorecard(scorecard: Scorecard, record: Record, trust: Trust, console: Console) -> None:
    """Print the scorecard of one document, with evidence from the ``record`` it was made from."""
    page = Page(console)
    _title(page, scorecard, record)
    if scorecard.counted:
        evidence = gather_evidence(scorecard, record)
        headline = write_headline(scorecard, trust)
        if headline:
            page.heading("In short")
            page.paragraph(" ".join(headline), indent=2)
        _frames(page, scorecard, evidence, trust)
        _own(page, scorecard, evidence)
        _framing(page, scorecard, evidence, trust)
        _uncounted(page, scorecard, record)
        _metaphors(page, scorecard, evidence, trust)
        _contrasts(page, scorecard, evidence, trust)
        _portrayal(page, scorecard, trust)
        _compared(page, scorecard)
    print_trust(page, trust, MEASURED if scorecard.counted else MEASURED[:1])


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
    for caveat in CAVEATS:
        page.paragraph(caveat, indent=2, style="dim")
    shown = [trust.measured[metric] for _, metric in measured if metric in trust.measured]
    best = [each.ceiling for each in shown if each.ceiling is not None]
    if best:
        reach = " to ".join(dict.fromkeys(f"{each(best):.2f}" for each in (min, max)))
        measures = "this measure" if len(shown) == 1 else "these measures"
        coders = f"Two machine coders working apart reach {reach} on {measures}."
        page.paragraph(coders, indent=2, style="dim")


def _title(page: Page, scorecard: Scorecard, record: Record) -> None:
    name = name_of(record)
    page.paragraph(Text(clean(name) or "untitled", "bold"))
    source = say_source(scorecard.source or "")
    if source and source != name:
        page.paragraph(clean(source), style="dim")
    page.paragraph(write_scope(scorecard))
    for note in scorecard.notes:
        page.paragraph(Text(f"Note: {note}", "yellow"))
    for warning in warnings_of(record):
        page.paragraph(Text(f"Warning: {clean(warning)}", "yellow"))


def _frames(page: Page, scorecard: Scorecard, evidence: Evidence, trust: Trust) -> None:
    strongest, shown = strongest_frames(scorecard), set[int]()
    few = scorecard.counted < FEWEST  # no share of so few says anything
    page.heading("Strongest frames" if scorecard.scored else "Frames found there", _share_note(scorecard))
    reasons = {scorecard.frames[frame].not_corrected for frame in strongest[:_FRAMES]}
    shared = reasons.pop() if len(reasons) == 1 else None
    if shared:
        page.paragraph(f"No share is corrected for the detectors' errors: {shared}.", indent=2, style="dim")
    if any(each.sentence for frame in strongest[:_FRAMES] for each in evidence.frames[frame]):
        page.paragraph(_CARRYING, indent=2, style="dim")
    for frame in strongest[:_FRAMES]:
        share = scorecard.frames[frame].prevalence
        number = _share(share, page.ascii_only)
        number.append(f"  trust: {trust.phrase(f'frames.{frame}')}", "dim")
        page.entry(frame, number)
        page.entry("", FRAMES[frame])
        beside = [] if shared or few else [say_corrected(scorecard, frame)]
        beside.append(against(scorecard, f"frame_{frame}"))
        if any(beside):
            page.entry("", Text("; ".join(filter(None, beside)), "dim"))
        for carrier in evidence.frames[frame]:
            where = f"passage {carrier.passage}, {say_carrier(carrier)}"
            if carrier.sentence:
                _quote(page, where, carrier.sentence.text, _SENTENCE)
            elif carrier.passage in shown:
                page.entry("", Text(f"{where}, quoted above", "dim"))
            else:
                _quote(page, where, carrier.text, _PASSAGE)
                shown.add(carrier.passage)
    shares = {frame: scorecard.frames[frame].prevalence for frame in strongest[_FRAMES:]}
    weaker = [f"{frame} {each.count if few else say_estimate(each, interval=False)}" for frame, each in shares.items()]
    absent = [frame for frame in scorecard.frames if frame not in strongest]
    if weaker:
        page.entry("also", join(weaker))
    if absent:
        page.entry("not found", join(list(absent)))


def _own(page: Page, scorecard: Scorecard, evidence: Evidence) -> None:
    if not scorecard.custom:
        return
    few = scorecard.counted < FEWEST
    page.heading("Frames of your own", _share_note(scorecard))
    page.paragraph(OWN_MEASURED, indent=2, style="dim")
    present = [label for label, found in scorecard.custom.items() if found.prevalence.count]
    for label in sorted(present, key=lambda label: -(scorecard.custom[label].prevalence.count or 0)):
        found = scorecard.custom[label]
        share = found.prevalence
        number = Text.assemble((clean(label), "bold"), "  ", _share(share, page.ascii_only))
        if not few:
            number.append(f"  mean probability {say_estimate(found.probability, interval=False)}", "dim")
        page.paragraph(number, indent=2)
        for carrier in evidence.custom[label]:
            _quote(page, f"passage {carrier.passage}, {say_carrier(carrier)}", carrier.text, _PASSAGE)
    absent = [clean(label) for label in scorecard.custom if label not in present]
    if absent:
        page.entry("not found", join(absent))


def _framing(page: Page, scorecard: Scorecard, evidence: Evidence, trust: Trust) -> None:
    framing = scorecard.framing
    page.heading("Whose account is unmasked", _density(framing.density))
    _stand(page, scorecard, "unmasking")
    right, found = (trust.measured.get(f"framing.unmasking.{each}") for each in ("precision", "recall"))
    if right and found:
        trusted = (
            f"On unseen texts {tenths(right.value)} unmasking passages reported are right, and of those that there are "
            f"{tenths(found.value)} are found{found.by}; whose account, where one is found: "
            f"{trust.phrase('framing.actor.found')}."
        )
        page.paragraph(trusted, indent=2, style="dim")
    complete = [each for each in evidence.framing if each.complete]
    said = "No account is set against what the text says drives it."
    if complete:
        said = f"Marked by a cue: {framing.explicit.count}; by wording or irony alone: {framing.implicit.count}."
    page.paragraph(said, indent=2)
    hints = [each for each in evidence.framing if not each.complete]
    shown = [each for kind in (complete, hints) for each in sorted(kind, key=lambda each: -each.score)[:_INSTANCES]]
    for number, instance in enumerate(evidence.framing, 1):
        if instance in shown:
            _instance(page, number, instance, trust)
    if hidden := len(evidence.framing) - len(shown):
        page.paragraph(f"... and {hidden} more (--json gives all).", indent=2, style="dim")


def _uncounted(page: Page, scorecard: Scorecard, record: Record) -> None:
    """Name what is seen off the matter: the surest of all may lie there, and is neither counted nor shown."""
    others = uncounted_unmasking(record, count_passages(record, scorecard.every_passage))
    if others:
        where = f"passage{'s' if len(others) > 1 else ''} {join([str(at + 1) for at in others])}"
        said = f"Not counted, since not about the matter, though an account seems to be unmasked there: {where}."
        page.paragraph(f"{said} --every-passage counts all.", indent=2, style="dim")


def _instance(page: Page, number: int, instance: Instance, trust: Trust) -> None:
    kind = "account" if instance.complete else "hint"
    head = f"{kind} {number}, of {ACTORS[instance.actor]}, passage {instance.passage}"
    page.paragraph(Text.assemble((head, "bold"), (f", {say_instance(instance, trust)}", "dim")), indent=2)
    for level, quotes in (("account", instance.account), ("machinery", instance.machinery)):
        said = Text(" ... ".join(quoted(quote.text, _LEVEL) for quote in quotes), "italic")
        page.entry(level, said if quotes else "not on the page", indent=4, label_style="cyan")
    cue = ", ".join(quoted(quote.text, 60) for quote in instance.cue) or "none: the wording alone sets them apart"
    page.entry("cue", cue, indent=4, label_style="cyan")


def _metaphors(page: Page, scorecard: Scorecard, evidence: Evidence, trust: Trust) -> None:
    page.heading("Live metaphors", _density(scorecard.metaphor))
    _stand(page, scorecard, "metaphor")
    trusted = f"Metaphors: {trust.phrase('metaphor.live')}; source domain: {trust.phrase('metaphor.source')}."
    page.paragraph(trusted, indent=2, style="dim")
    found = sorted(scorecard.metaphors.items(), key=lambda item: -(item[1].count or 0))
    found = [(source, score) for source, score in found if score.count]
    for source, score in found[:_SOURCES]:
        number = _rate(score).ljust(16)
        what = (f"{SOURCES[source]}: ", "dim")
        page.entry(source, Text.assemble(number, what, (_examples(evidence, source), "italic")))
    rest = [f"{source} {score.count}" for source, score in found[_SOURCES:]]
    if rest:
        page.entry("also", join(rest))


def _examples(evidence: Evidence, source: Source) -> str:
    said = Counter(excerpt(image.text, 40).lower() for image in evidence.metaphors if image.source == source)
    most = [f"{word} ({times})" if times > 1 else word for word, times in said.most_common(_WORDS)]
    return ", ".join(most) + (", ..." if len(said) > _WORDS else "")


def _contrasts(page: Page, scorecard: Scorecard, evidence: Evidence, trust: Trust) -> None:
    page.heading("Contrasts", _density(scorecard.contrast))
    _stand(page, scorecard, "contrast")
    trusted = f"Contrasts: {trust.phrase('contrast.any')}; with their label: {trust.phrase('contrast.labelled')}."
    page.paragraph(trusted, indent=2, style="dim")
    for label, score in scorecard.contrasts.items():
        pairs = [(number, pair) for number, pair in enumerate(evidence.contrasts, 1) if pair.label == label]
        if not pairs:
            continue
        page.entry(label, Text.assemble(_rate(score), (f"  trust: {trust.phrase(f'contrast.{label}')}", "dim")))
        page.entry("", Text(CONTRASTS[label], "dim"))
        for number, pair in sorted(pairs, key=lambda item: -item[1].score)[:_EXAMPLES]:
            sides = ((quoted(pair.a.text, 90), "italic"), (" against ", "dim"), (quoted(pair.b.text, 90), "italic"))
            page.entry("", Text.assemble((f"contrast {number}, passage {pair.passage}: ", "dim"), *sides))


def _portrayal(page: Page, scorecard: Scorecard, trust: Trust) -> None:
    page.heading("How the countries are portrayed", "stance from -1, ill, to +1, well" if scorecard.scored else "")
    trusted = f"Role: {trust.phrase('portrayal.role')}; stance: {trust.phrase('portrayal.stance')}."
    page.paragraph(trusted, indent=2, style="dim")
    for country, portrayed in scorecard.portrayal.items():
        page.entry(COUNTRIES[country], say_portrayal(portrayed) if portrayed.stance.passages else "not spoken of")


def _compared(page: Page, scorecard: Scorecard) -> None:
    if scorecard.profile is None:
        return
    page.heading("Beside other texts")
    how = f" (rhetoric profile show {clean(scorecard.profile)})" if scorecard.profile in profile_files() else ""
    shown = f"{how}. {TIES}"
    page.paragraph(say_reference(scorecard, shown), indent=2)


def _stand(page: Page, scorecard: Scorecard, field: str) -> None:
    said = against(scorecard, field)
    if said:
        page.paragraph(f"{said[0].upper()}{said[1:]}.", indent=2)


def _quote(page: Page, where: str, text: str, limit: int) -> None:
    page.entry("", Text.assemble((f"{where}: ", "dim"), (quoted(text, limit), "italic")))


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
    return f"{found.count}, or {say_number(found.value or 0.0, 1)} per 1,000 words{say_interval(found)}"


def _rate(found: Estimate) -> str:
    return f"{found.count}" if found.passages < FEWEST else f"{found.count} ({say_number(found.value or 0.0, 1)}/1,000)"
