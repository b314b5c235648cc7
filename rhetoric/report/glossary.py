"""A sentence for each label whose words in :mod:`rhetoric.report.words` are made to stand within others.

They say what tells a label from its neighbours, for those who look it up (corpora/codebook.md says it in full).
"""

from typing import Final

from rhetoric.labels import MATTER, Actor, Role, Source, Target

TERMS: Final[dict[str, str]] = {
    "about": f"A passage is about {MATTER}: their contest over it, or their relation. Only such passages count, unless "
    "asked otherwise.",
    "live metaphor": "A word that stands for its image and not for its plain sense, such that a reader would notice or "
    "an analyst quote it. Worn ones, as in “economic growth”, are none.",
}
ACTORS: Final[dict[Actor, str]] = {
    "us": "The account that is unmasked is that of the US: its government, its officials, its firms, its universities.",
    "china": "The account is that of China: its government, its Party, its state media, its firms, its universities.",
    "both": "The account is one that the two countries share.",
    "other": "The account is that of anybody else, or a received story that is nobody's.",
}
SOURCES: Final[dict[Source, str]] = {
    "race": "An image from running or sport: a lead, a finish line, to catch up.",
    "war": "An image from battle and weapons: a front, an arsenal, to weaponise.",
    "machine": "An image from engines and their parts: a lever, fuel, a lubricant.",
    "vehicle": "An image from driving and roads: a steering wheel, a back seat, guardrails.",
    "building": "An image from buildings and their parts: a foundation, a pillar, a wall.",
    "organism": "An image from plants and living things: a seed, roots, an ecosystem.",
    "body": "An image from the body, its health and illness: a heart, muscle, contagion.",
    "journey": "An image from a way to go: a path, a crossroads, a horizon.",
    "fluid": "An image from water and what flows: a wave, a leak, a flood.",
    "finance": "An image from money, where none is meant: to borrow, a dividend, a price.",
    "theatre": "An image from the stage: a script, an actor, a mask.",
    "game": "An image from cards, chess and play: a card, a player, stakes.",
    "material": "An image from stuff that holds or tears: fabric, to fray, brittle.",
    "fire": "An image from sparks and heat: a spark, to ignite.",
    "light": "An image from light and shadow: to shine, opaque, a lens.",
    "force": "An image from push and pull: pressure, momentum, drive.",
    "space": "An image from height, distance and gaps, where no place is meant: an apex, to be far apart.",
    "kin": "An image from family and birth: a parent, birth, rejuvenation.",
    "faith": "An image from belief and its wars: a gospel, a myth, a crusade.",
    "other": "An image from anywhere else.",
}
TARGETS: Final[dict[Target, str]] = {
    "ai": "The image is about AI itself: a model, what it does, the technology.",
    "us": "The image is about the US, its government or its ways.",
    "china": "The image is about China, its government or its ways.",
    "competition": "The image is about the contest between the two, and not about one of them alone.",
    "state": "The image is about government and what it does. The frame of that name says more: that government is "
    "what makes progress.",
    "market": "The image is about firms, trade or finance. The frame of that name says more: that they are what makes "
    "progress.",
    "society": "The image is about people and how they live together.",
    "other": "The image is about anything else.",
}
ROLES: Final[dict[Role, str]] = {
    "leader": "The country is ahead, or sets the pace for others.",
    "challenger": "The country is behind but gaining: it catches up, or reaches for the lead.",
    "threat": "The country is cast as a danger to others. The frame of that name is about the whole passage: it may be "
    "there where neither country is cast so, as with a danger from a third.",
    "partner": "The country works or talks with others, or is asked to.",
    "victim": "The country suffers what others do to it: it is attacked, shut out or pressed.",
    "laggard": "The country is behind and not gaining: it has fallen back, or cannot keep up.",
    "none": "The country is spoken of, but in none of these roles.",
}
STANCES: Final[dict[int, str]] = {
    -1: "The passage speaks ill of the country, or casts it as a danger, be it without a bad word.",
    0: "The passage speaks neither ill nor well of the country.",
    1: "The passage speaks well of the country: it praises it, or takes its side.",
}
