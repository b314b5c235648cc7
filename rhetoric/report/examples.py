"""One example of every label, written for this project; the words that make it one stand between asterisks."""

from typing import Final

from rhetoric.labels import Actor, Contrast, Frame, Framing, Role, Source, Target

FRAMES: Final[dict[Frame, str]] = {
    "race": "Whoever trains the next model first will *stay ahead* for a decade.",
    "threat": "The same cameras that park cars in Chengdu could *track dissidents* anywhere.",
    "cooperation": "The two governments should *agree on tests* before either releases such a model.",
    "market": "Three *start-ups competing for customers* did what no ministry had managed.",
    "state": "It took *a ten-year plan and public money* to build the chip plants.",
    "restriction": "Congress was right to *bar the sale* of the fastest chips.",
    "values": "What is at stake is whether machines will learn from *free societies* or from censors.",
    "confidence": "Once people stop *believing the regulator*, no safety label will help.",
    "hazard": "A system that rewrites its own goals is *dangerous in any hands*.",
    "prosperity": "Better forecasts alone would *save farmers billions* and hospitals months.",
}
FRAMINGS: Final[dict[Framing, str]] = {
    "unmasking": "*The ministry calls it an open platform*; in practice *every partner reports to its office*.",
    "partial": "Another of the company's *so-called* open models came out on Friday.",
    "none": "The embassy said that Beijing wants cooperation from which both sides gain.",
}
LEVELS: Final[dict[str, str]] = {
    "account": "*Washington says the rules protect privacy*; what they protect is a market.",
    "machinery": "Washington says the rules protect privacy; *what they protect is a market*.",
    "cue": "*Officially* the laboratory is independent; *in reality* it lives on army contracts.",
}
CONTRASTS: Final[dict[Contrast, str]] = {
    "correction": "The shortage is not *one of chips* but *one of engineers*.",
    "antithesis": "*One side has the chips and lacks the data*; *the other has the data and lacks the chips*.",
    "concession": "*The models are cheap*, yet *few firms dare to use them*.",
    "opposition": "*American firms sell subscriptions*, while *Chinese firms give their weights away*.",
}
TERMS: Final[dict[str, str]] = {
    "about": "*Washington and Beijing* are both writing rules for *the chips that train AI*.",
    "live metaphor": "The subsidies *poured petrol* on the boom.",
}
SOURCES: Final[dict[Source, str]] = {
    "race": "Beijing is *catching up*.",
    "war": "Export rules have become an *arsenal*.",
    "machine": "Cheap power is the *engine* of the boom.",
    "vehicle": "Nobody has put up *guardrails*.",
    "building": "Trust is the *foundation* of the whole market.",
    "organism": "Talent needs *soil* in which to *take root*.",
    "body": "Data centres are the *heart* of the new economy.",
    "journey": "The country stands at a *crossroads*.",
    "fluid": "A *wave* of new models has *flooded* the market.",
    "finance": "The programme lives on *borrowed* credibility.",
    "theatre": "The summit followed its *script* to the last word.",
    "game": "Rare earths are Beijing's best *card*.",
    "material": "The alliance has begun to *fray*.",
    "fire": "One paper *sparked* the whole debate.",
    "light": "The decision was made in the *shadows*.",
    "force": "The project has lost its *momentum*.",
    "space": "The *gap* between the two has *narrowed*.",
    "kin": "The laboratory was the *parent* of a dozen firms.",
    "faith": "Scale has become an article of *faith*.",
    "other": "The two economies are *married* to the same supplier.",
}
TARGETS: Final[dict[Target, str]] = {
    "ai": "The model is a *black box* that swallows books.",
    "us": "America has its foot on the *brakes*.",
    "china": "China is an *engine* running hot.",
    "competition": "This *marathon* has no *finish line*.",
    "state": "The ministry keeps its *hand on the tiller*.",
    "market": "The market for chips has *caught a cold*.",
    "society": "Deepfakes *poison* public debate.",
    "other": "His argument *collapsed* within a week.",
}
ROLES: Final[dict[Role, str]] = {
    "leader": "*The United States sets the pace* in large models.",
    "challenger": "*China is closing in* on the best American systems.",
    "threat": "*Beijing could switch off* the ports that run its software.",
    "partner": "*American and Chinese laboratories wrote* the standard together.",
    "victim": "*Chinese students are turned away* for no reason given.",
    "laggard": "*The United States has fallen behind* in building power lines.",
    "none": "A delegation from *China* attended the meeting.",
}
ACTORS: Final[dict[Actor, str]] = {
    "us": "*The White House* speaks of openness and means its own exporters.",
    "china": "*Beijing* calls it win-win, and the port keeps the debt.",
    "both": "*Both capitals* swear that safety comes first, and both cut the budget for it.",
    "other": "*The consultants* call it transformation; the staff call it Friday's layoffs.",
}
STANCES: Final[dict[int, str]] = {
    -1: "The government *bullies* its suppliers.",
    0: "The government published a draft in May.",
    1: "The government *kept its word* and opened the archives.",
}


def split_example(example: str) -> list[tuple[str, bool]]:
    """Return the pieces of an example, each with whether it stands between asterisks."""
    return [(piece, at % 2 == 1) for at, piece in enumerate(example.split("*")) if piece]
