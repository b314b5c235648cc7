"""What each label means, in plain words (corpora/codebook.md says it in full)."""

from typing import Final

from rhetoric import labels
from rhetoric.labels import MATTER, Actor, Contrast, Country, Frame, Framing, Role, Source, Target
from rhetoric.scoring.columns import NAMES, ROLE_NAMES
from rhetoric.scoring.percent import count as count
from rhetoric.scoring.percent import round_half_up

FRAMES: Final[dict[Frame, str]] = {
    "race": "AI is a contest to be won or lost, with leaders and laggards.",
    "threat": "A rival state or its AI is a danger.",
    "cooperation": "States should talk, set common rules, work together or share the benefit.",
    "market": "Private firms and open competition are what makes progress.",
    "state": "Plans, public money and government direction are what makes progress.",
    "restriction": "Technology should be controlled, banned, kept at home or made without others.",
    "values": "It is a matter of political values: democracy, freedom, sovereignty, civilisation.",
    "confidence": "Trust, legitimacy or belief in institutions is what is at stake or gives way.",
    "hazard": "AI itself is a danger, whoever builds it.",
    "prosperity": "AI brings growth, jobs, health, discovery, opportunity.",
}
LEVELS: Final[dict[str, str]] = {
    "account": "How somebody presents itself, its motives or its conduct, or the received story: what is said.",
    "machinery": "What the author says really drives it, keeps it going or comes of it: what works underneath.",
    "cue": "Words that mark the two levels: in reality, under the guise of, so-called.",
}
FRAMINGS: Final[dict[Framing, str]] = {
    "unmasking": "The text sets somebody's account against the machinery under it, both on the page.",
    "partial": "Only one of the two is on the page, but the text plainly plays on the gap.",
    "none": "No account is set against a machinery; a claim may be reported, or simply disputed.",
}
CONTRASTS: Final[dict[Contrast, str]] = {
    "correction": "One side is denied and the other put in its place: not X but Y.",
    "antithesis": "Parallel wording with opposed content.",
    "concession": "The second side goes against what the first leads one to expect: although, yet, but.",
    "opposition": "Two things compared as different: while, whereas, by contrast.",
}
SOURCES: Final[dict[Source, str]] = {
    "race": "running and sport",
    "war": "battle and weapons",
    "machine": "engines and their parts",
    "vehicle": "driving and roads",
    "building": "buildings and their parts",
    "organism": "plants and living things",
    "body": "the body, its health and illness",
    "journey": "a way to go",
    "fluid": "water and what flows",
    "finance": "money, where none is meant",
    "theatre": "the stage",
    "game": "cards, chess and play",
    "material": "stuff that holds or tears",
    "fire": "sparks and heat",
    "light": "light and shadow",
    "force": "push and pressure",
    "space": "height, distance and gaps",
    "kin": "family and birth",
    "faith": "belief and its wars",
    "other": "anything else",
}
TARGETS: Final[dict[Target, str]] = {
    "ai": "AI",
    "us": "the US",
    "china": "China",
    "competition": "the competition",
    "state": "the state",
    "market": "the market",
    "society": "society",
    "other": "something else",
}
ROLES: Final[dict[Role, str]] = {role: ROLE_NAMES[role] for role in labels.ROLES}
ACTORS: Final[dict[Actor, str]] = {actor: NAMES[actor] for actor in labels.ACTORS}
COUNTRIES: Final[dict[Country, str]] = {country: NAMES[country] for country in labels.COUNTRIES}

CAVEATS: Final[tuple[str, ...]] = (
    "Intervals (95%) show how far a number would move had the text other passages of its kind. Corrected shares alone "
    "allow for the detectors' own errors too, and so may lie outside the interval of what was counted. Those errors "
    "were counted on the few passages coded with care: on new documents there are more, and a true share may well lie "
    "outside both.",
    "F1 weighs how much is found against how much of it is right, from 0 to 1.",
    "The gold that the detectors are measured against is coded by machine, not by people.",
    "The detectors that ship were measured twice: on a few passages coded with care, and on many of new documents "
    "coded once, quickly. Each figure here is the lower of the two; their card (models/detectors/README.md) has both.",
)


# What is said of the measured quality: how a reader calls it, and the metric.
MEASURED: Final[tuple[tuple[str, str], ...]] = (
    ("passage is about the matter", "about"),
    ("frames, mean of ten", "frames.macro_f1"),
    ("unmasking passages reported", "framing.unmasking.precision"),
    ("unmasking passages there", "framing.unmasking.recall"),
    ("hints at unmasking", "framing.partial"),
    ("account text", "framing.account"),
    ("machinery text", "framing.machinery"),
    ("whose account, where found", "framing.actor.found"),
    ("live metaphors", "metaphor.live"),
    ("their source domain", "metaphor.source"),
    ("what they are about", "metaphor.target"),
    ("contrasts", "contrast.any"),
    ("contrasts with their label", "contrast.labelled"),
    ("role of a country", "portrayal.role"),
    ("stance on a country", "portrayal.stance"),
)
OWN_MEASURED: Final = (
    "How well these are found was measured only when you trained them (rhetoric train frames): the card is "
    "custom/README.md, in the folder of your detectors, which also says from what chance on each is present. No share "
    "is corrected for errors, since the rates that ship do not cover frames of your own."
)
METHOD: Final[tuple[str, ...]] = (
    "A text is cut into passages: paragraphs, or parts of long ones, of at most some 160 words. One pass of a language "
    "model over each, and a parse of its sentences, give every mark with its confidence, a probability.",
    f"Scores count only passages about {MATTER}, unless asked otherwise. Rates are per 1,000 counted words.",
    "Intervals are 95% intervals of a bootstrap over passages with 1,000 draws. Those of rates, stances and mean "
    "probabilities are widened for how few passages there are, as Student's t widens a mean's; all are at least as "
    "wide as passages of a kind that the text has not shown so far could make them. A country is called more often "
    "spoken ill of than well, or well than ill, only where the interval of its mean stance is on one side of 0. The "
    "same text and version give the same report, to the last byte.",
)
# From which probability a thing is reported (rhetoric.pipeline.thresholds), in words.
BARS: Final[tuple[tuple[str, str], ...]] = (
    ("framing.unmasking", "an account unmasked"),
    ("framing.partial", "where none is unmasked a hint at one"),
    ("framing.part", "a word of account or machinery"),
    ("framing.cue", "a word of their cue"),
    ("metaphor.live", "a live metaphor"),
    ("contrast.threshold", "a contrast"),
)
# Of what it cannot know, what is said beside every scorecard too.
MISREAD: Final[tuple[str, ...]] = (
    "Honesty. A score is no verdict on honesty or truth: it counts how a text speaks. To speak in metaphors, or to "
    "unmask, is neither a fault nor a merit.",
    "Denials. A frame that a text names only to reject it, as in “this is no race”, is often counted all the same; "
    "read the sentence that is quoted.",
    "Who is speaking. What a text quotes may be counted as its own; look whether a marked sentence is a quotation.",
)
LIMITS: Final[tuple[str, ...]] = (
    "Whether a claim is true, or an author right. It finds that a machinery is set against an account, and not whether "
    "the machinery is there.",
    *MISREAD,
    "Irony, hints and jokes that no word gives away. Many of them it misses.",
    "Two accounts in one passage. It marks one at most, and may mix the words of both.",
    "What is left out. A text that never names a country or a danger may frame by that, and no number shows it.",
    "Pictures, tables, headlines in images, tone of voice, and any language but English.",
)


TIES: Final = "Texts that have as much of a thing count half as having less, half as having more."


def percentile_words(percentile: float, documents: int, profile: str, span: tuple[float, float] | None = None) -> str:
    """Say where a text stands among the documents of a profile: higher than about 8 in 10 of 112 strategy texts.

    ``documents`` are those that have a value to stand among; ``span`` is where the ends of the number's interval would
    stand.
    """
    of = f"{count(documents, f'{profile} text')}"
    whole = whole_percentile(percentile)
    how, beyond = ("higher", whole) if whole >= 50 else ("lower", 100 - whole)
    middle = beyond < 60
    if span:
        lower = how == "lower" and not middle  # the middle has no direction, so its ends are told from below
        ends = sorted(int(round_half_up((100 - end if lower else end) / 10)) for end in span)
        if ends[0] < ends[1]:
            of += f" ({'higher than ' if middle else ''}{ends[0]} to {ends[1]} in 10 by its interval)"
    if middle:
        return f"about the middle of {of}"
    if beyond == 100:
        return f"{how} than all of {of}"
    if beyond >= 95:
        return f"{how} than nearly all of {of}"
    return f"{how} than about {round_half_up(beyond / 10)} in 10 of {of}"


def whole_percentile(percentile: float) -> int:
    """Round a percentile to a whole number; 0 and 100 are only those that are so, below and above all documents."""
    if percentile <= 0 or percentile >= 100:
        return 0 if percentile <= 0 else 100
    return min(99, max(1, int(round_half_up(percentile))))


def effect_words(delta: float) -> str:
    """Say the size of a Cliff's delta in a word, by the bounds of Romano and others (2006)."""
    size = abs(delta)
    return "negligible" if size < 0.147 else "small" if size < 0.33 else "medium" if size < 0.474 else "large"


def join(parts: list[str]) -> str:
    """Join parts as a sentence does: a, b and c."""
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else "".join(parts)
