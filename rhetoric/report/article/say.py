"""Numbers and findings of a report in plain words, for the page and for Markdown alike."""

from collections.abc import Sequence
from typing import Final

from rhetoric.labels import ABOUT, PRESENT, SPOKEN, Contrast
from rhetoric.record import Record
from rhetoric.report import detectors
from rhetoric.report.evidence import Evidence, Image, Instance, Pair, Quote, say_instance, say_whose
from rhetoric.report.numbers import say_estimate, say_interval, say_number
from rhetoric.report.safe import quoted
from rhetoric.report.trust import Trust
from rhetoric.report.words import BARS, CONTRASTS, METHOD, SOURCES, TARGETS, count, join
from rhetoric.scoring import Estimate, Scorecard
from rhetoric.scoring.passages import uncounted_unmasking
from rhetoric.scoring.percent import percent
from rhetoric.scoring.scorecard import FrameScore

_QUOTE: Final = 110  # characters of a quotation in an explanation
CARRYING: Final = (
    "A frame is quoted by the sentence that carries it; where no single one does, by the passage. Of the two numbers "
    "beside it the first says how sure the detector is that the passage carries the frame, the second how sure it "
    "would be were this sentence left out. The lower the second, the more hangs on the sentence; where it stays high, "
    "others carry the frame too."
)


def sentence(said: str) -> str:
    """Make a sentence of words: a capital, a full stop; of nothing nothing."""
    return f"{said[0].upper()}{said[1:].rstrip('.')}." if said else ""


def counted(found: Estimate, one: str, more: str) -> str:
    """Say how many of a thing there are, and how many that is per 1,000 counted words."""
    if not found.count:
        return f"No {more}."
    many = f"{found.count:,} {one if found.count == 1 else more}"
    if found.low is None:  # too few passages for a rate
        return f"{many}."
    return f"{many}, or {say_number(found.value or 0.0, 1)} per 1,000 counted words{say_interval(found)}."


def unmasked(scorecard: Scorecard) -> str:
    """Say how many accounts are unmasked, how many of them with a cue, and where that places the text."""
    framing = scorecard.framing
    if framing.density.count:
        said = counted(framing.density, "account unmasked", "accounts unmasked")
        said += f" Marked by a cue: {framing.explicit.count}; by wording or irony alone: {framing.implicit.count}."
    else:
        said = "No account is seen to be set against what the text says drives it."
    return _placed(scorecard, "unmasking", said)


def unmasked_elsewhere(record: Record, passages: Sequence[int]) -> str:
    """Say where an account seems to be unmasked outside the ``passages`` that count, nothing where nowhere."""
    others = [str(at + 1) for at in uncounted_unmasking(record, passages)]
    if not others:
        return ""
    where = f"passage{'s' if len(others) > 1 else ''} {join(others)}"
    return f"Not counted, since not about the matter, though an account seems to be unmasked there: {where}."


def live_metaphors(scorecard: Scorecard) -> str:
    """Say how many live metaphors there are, and where that places the text."""
    return _placed(scorecard, "metaphor", counted(scorecard.metaphor, "live metaphor", "live metaphors"))


def contrasts(scorecard: Scorecard) -> str:
    """Say how many contrasts there are, and where that places the text."""
    return _placed(scorecard, "contrast", counted(scorecard.contrast, "contrast", "contrasts"))


def _placed(scorecard: Scorecard, field: str, said: str) -> str:
    return f"{said} {sentence(detectors.against(scorecard, field))}".rstrip()


def trust_of_accounts(trust: Trust) -> str:
    """Say how far to trust that accounts are unmasked, and whose they are."""
    right, found = (trust.say(f"framing.unmasking.{metric}")[1] for metric in ("precision", "recall"))
    return (
        f"On unseen texts, of the passages reported as unmasking {right}, and of those that there are {found}. "
        f"Whose account it is, where one is found: {trust.phrase('framing.actor.found')}."
    ) + (
        f" One is reported where the detector is {percent(bar)} sure or more."
        if (bar := trust.bars.get("framing.unmasking"))
        else ""
    )


def trust_of_portrayal(trust: Trust) -> str:
    """Say how far to trust roles and stances."""
    return f"Detectors: role {trust.phrase('portrayal.role')}; stance {trust.phrase('portrayal.stance')}."


def trust_of_metaphors(trust: Trust) -> str:
    """Say how far to trust that metaphors are live, their source domains and what they are said to be about."""
    source, target = trust.phrase("metaphor.source"), trust.phrase("metaphor.target")
    return (
        f"Detectors: metaphors {trust.phrase('metaphor.live')}; source domain {source}; what they are about {target}."
    )


def trust_of_contrasts(trust: Trust) -> str:
    """Say how far to trust that there are contrasts, and their labels."""
    labelled = trust.phrase("contrast.labelled")
    return f"Detectors: contrasts {trust.phrase('contrast.any')}; with their label {labelled}."


def trust_of_contrast(trust: Trust, label: Contrast) -> str:
    """Say how far to trust one label of contrasts."""
    return f"Detector of this label: {trust.phrase(f'contrast.{label}')}."


def method(trust: Trust) -> tuple[str, ...]:
    """Say how it was made: the last paragraph from which probabilities on a thing is reported."""
    bars = [
        (ABOUT, "that a passage is about the matter"),
        (PRESENT, "that it carries a frame"),
        (SPOKEN, "that it speaks of a country which it does not name"),
        *((trust.bars[name], said) for name, said in BARS if name in trust.bars),
    ]
    return (
        *METHOD,
        f"A thing is reported from these probabilities on: {join([f'{said} {percent(bar)}' for bar, said in bars])}. "
        "What has less than 50% is by the detector's own word less likely than not. Where a passage is unmasking and "
        "no word of it reaches the bar for account or machinery, the likeliest are shown.",
    )


def sure(score: float) -> str:
    """Say a detector's confidence."""
    return f"{percent(score)} sure"


def explain(evidence: Evidence, trust: Trust) -> dict[str, str]:
    """Return what to say of each entry (f1, c2, m3): a head, a colon, and the rest."""
    said = {f"f{n}": _explain_instance(n, each, trust) for n, each in enumerate(evidence.framing, 1)}
    said |= {f"c{n}": _explain_pair(n, each) for n, each in enumerate(evidence.contrasts, 1)}
    return said | {f"m{n}": _explain_image(n, each) for n, each in enumerate(evidence.metaphors, 1)}


def _explain_instance(number: int, instance: Instance, trust: Trust) -> str:
    head = f"{'Account' if instance.complete else 'A hint'} {number}, {say_whose(instance)}"
    levels = [("account", instance.account), ("machinery", instance.machinery)]
    said = " against the ".join(f"{name} {_quoted(quotes)}" for name, quotes in levels if quotes)
    cue = f"marked by {_quoted(instance.cue)}" if instance.cue else "with no cue"
    what = f"the {said}" if said else "no more than a cue"
    return f"{head}: {what}, {cue}. {sentence(say_instance(instance, trust))}"


def _explain_pair(number: int, pair: Pair) -> str:
    meaning = CONTRASTS[pair.label]
    said = f"{meaning[0].lower()}{meaning[1:]} {_quoted((pair.a,))} against {_quoted((pair.b,))}"
    return f"Contrast {number}, {pair.label}: {said}. The detector is {sure(pair.score)}."


def _explain_image(number: int, image: Image) -> str:
    said = f"{_quoted((image,))}, from {SOURCES[image.source]}, about {TARGETS[image.target]}"
    return f"Live metaphor {number}, {image.source}: {said}. The detector is {sure(image.score)}."


def _quoted(quotes: tuple[Quote, ...]) -> str:
    return " ... ".join(quoted(quote.text, _QUOTE) for quote in quotes)


def say_frame(found: FrameScore) -> str:
    """Say in how many passages a frame is present."""
    share = found.prevalence
    many = f"{share.count} of {count(share.passages, 'passage')}"
    return many if share.low is None else f"{many}, {say_estimate(share)}"


def say_own(found: FrameScore) -> str:
    """Say the same of a frame of the user's own, with its mean probability."""
    if found.prevalence.low is None:
        return say_frame(found)
    return f"{say_frame(found)}; mean probability {say_estimate(found.probability, interval=False)}"


def say_reference(scorecard: Scorecard) -> str:
    """Say what the text is compared with, or why it is not."""
    share = "A percentile is the share of them that have less of a thing, with half of those that have as much."
    return detectors.say_reference(scorecard, f". {share}")
