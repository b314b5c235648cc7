"""Every label of the codebook, spelled as there, and from which probability on one is said of a passage.

Nothing else in the package invents a label (corpora/codebook.md).
"""

from typing import Final, Literal, get_args

Frame = Literal[
    "race",
    "threat",
    "cooperation",
    "market",
    "state",
    "restriction",
    "values",
    "confidence",
    "hazard",
    "prosperity",
]
Framing = Literal["unmasking", "partial", "none"]
Actor = Literal["us", "china", "both", "other"]
Country = Literal["us", "china"]
Contrast = Literal["correction", "antithesis", "concession", "opposition"]
Source = Literal[
    "race",
    "war",
    "machine",
    "vehicle",
    "building",
    "organism",
    "body",
    "journey",
    "fluid",
    "finance",
    "theatre",
    "game",
    "material",
    "fire",
    "light",
    "force",
    "space",
    "kin",
    "faith",
    "other",
]
Target = Literal["ai", "us", "china", "competition", "state", "market", "society", "other"]
Role = Literal["leader", "challenger", "threat", "partner", "victim", "laggard", "none"]

FRAMES: Final[tuple[Frame, ...]] = get_args(Frame)
FRAMINGS: Final[tuple[Framing, ...]] = get_args(Framing)
ACTORS: Final[tuple[Actor, ...]] = get_args(Actor)
COUNTRIES: Final[tuple[Country, ...]] = get_args(Country)
CONTRASTS: Final[tuple[Contrast, ...]] = get_args(Contrast)
SOURCES: Final[tuple[Source, ...]] = get_args(Source)
TARGETS: Final[tuple[Target, ...]] = get_args(Target)
ROLES: Final[tuple[Role, ...]] = get_args(Role)
FRAMING_PARTS: Final = ("account", "machinery", "cue")
STANCES: Final[tuple[int, ...]] = (-1, 0, 1)
MATTER: Final = "AI or advanced technology between states"  # what a passage is about that counts
ABOUT: Final = 0.5  # probability from which a passage is about the matter
SPOKEN: Final = 0.5  # probability from which a passage speaks of a country that it does not name
PRESENT: Final = 0.5  # probability from which a frame is present, as the gold's metrics have it
