"""``cset-2021``: the keyword expressions of CSET's *Contending Frames* (2021), a baseline for the frame ``race``.

The study (Center for Security and Emerging Technology, May 2021) counted four frames in news articles by expressions
run over title, subtitle and body in lower case. Taken from their published queries
(github.com/georgetown-cset/contending-frames, commit 276e444) are: which words are searched for; that they have to
stand within twenty characters of "AI" on the same line where a frame asks for that; that "AI" or "artificial
intelligence" has to be said somewhere in the article; that one expression is enough, but for *World Without Work*,
which asks for two kinds together; and which edges of a word are left open, with the false alarms that brings ("AI:
postwar Vienna", "AI competency"). The code is written anew.

Our reading: how often an expression occurs is counted too (they flag only), each stretch of text once an expression;
expressions are placed in passages; "AI ... displace ... job" ends after 1,000 characters, theirs with the line. Which
articles they chose (US outlets of the first two ranks, 2012 to 2020, near-duplicates counted once, some sources and
texts left out by name) is for whoever brings the documents to repeat.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from rhetoric.record import Record
from rhetoric.scoring.groups import tell

SCORER: Final = "cset-2021"
COMPETITION: Final = "competition"
_FLAGS: Final = re.IGNORECASE | re.ASCII  # ASCII: their engine knows no other letters in \w and \b
_AI: Final = re.compile(r"\bai\b|artificial intelligence\b", _FLAGS)
_OPEN_AI: Final = r"\b(?:ai|artificial intelligence)"
_SIGNS: Final = {"_": ".?", "~": ".{0,20}", "…": ".{0,1000}", "*": r"\w*"}

Terms = Mapping[str, tuple[str, ...]]


def _words(written: str) -> str:
    r"""Return the expression for words as the tables below write them.

    ``_`` is one character or none, ``~`` up to twenty on the same line, ``…`` up to a thousand, ``*`` any ending, and
    ``AI`` that word alone.
    """
    pieces = re.split(r"(AI|[_~…*])", written)
    return "".join(r"\bai\b" if each == "AI" else _SIGNS.get(each) or re.escape(each) for each in pieces)


def _near(*written: str, ai: str = rf"{_OPEN_AI}\b") -> tuple[str, ...]:
    """Return the expressions for words up to twenty characters after or before AI; their inner edge is left open."""
    words = "|".join(map(_words, written))
    return rf"{ai}.{{0,20}}(?:{words})\b", rf"\b(?:{words}).{{0,20}}{_OPEN_AI}\b"


def _any(*written: str) -> tuple[str, ...]:
    return tuple(map(_words, written))


@dataclass(frozen=True)
class _Rule:
    """A frame is there with one of ``terms``, or with one of ``pairs`` and one of ``beside`` anywhere in the text."""

    terms: Terms
    pairs: Terms = field(default_factory=dict)
    beside: Terms = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        return (*self.terms, *self.pairs, *self.beside)


_RULES: Final[Mapping[str, _Rule]] = {
    COMPETITION: _Rule(
        {
            "arms race": _near("arms race", ai=_OPEN_AI),
            "conflict": _near("battl*", "compet*", "conflict", "rival*", "war"),
            "dominance": _near("dominance", "domination", "supremacy", "superiority"),
            "strategic advantage": _near("strategic advantage"),
            "outpace": _near("outpac*", "overtak*"),
            "sputnik": (r"\bsputnik\b",),
            "foreign adversary": (r"\bforeign adversar\w*\b",),
        }
    ),
    "economic_gold_rush": _Rule(
        {
            "boost": _any("14_trillion_boost", "fourteen_trillion_boost"),
            "productivity": _any(
                "productivity_dividend",
                "productivity_leap",
                "higher_productivity_growth",
                "labor_productivity_improvement",
            ),
            "opportunity": _any("golden_opportunity", "biggest_commercial_opportunity", "opportunity~AI"),
            "economy": _any("transform_economy", "total_economic_gain"),
            "economic activity": _any("cumulative_gdp", "global_economic_activity"),
            "ai revolution": _any("ai_revolution"),
            "positive contribution": _any("positive_contribution"),
        }
    ),
    "killer_robots": _Rule(
        {
            "weapons": _any("autonomous_weapon"),
            "robots": _any("slaughterbot", "killer_robot"),
            "law": _any(
                "international_humanitarian_law",
                "law_of_war",
                "laws_of_war",
                "international committee for robot arms control",
                "martens clause",
                "convention on conventional weapons",
            ),
            "human control": _any("meaningful_human_control", "retaining_human_control"),
            "threat": _any("existential_risk", "threat_to_humanity"),
            "directive": _any("dod directive 3000_09"),
        }
    ),
    "world_without_work": _Rule(
        terms={
            "inequality": _any("global useless class", "employment_polarization"),
            "job killer": _any("job killer", "take your job", "take our job"),
        },
        pairs={
            "job loss": _any(
                "displace~job~AI",
                "AI~displace…job",
                "replace~job~AI",
                "AI~replace~job",
                "jobs_eliminated",
                "job~extinct",
                "out of a job",
                "unemploy",
            ),
            "automation": _any(
                "obsolete~AI", "AI~obsolete", "automation~job", "automate~job", "job~automation", "job~automate"
            ),
            "stolen jobs": _any("steal_job", "threaten~job", "coming for your job", "coming for our job"),
            "joblessness": _any("mass joblessness", "jobless_recovery"),
        },
        beside={
            "career": _any("livelihoods", "compensation"),
            "reskilling": _any("reskill"),
            "collar": _any("blue_collar", "white_collar"),
            "robot apocalypse": _any("robot apocalypse"),
            "industrial revolution": _any("fourth_industrial_revolution"),
            "winners and losers": _any("winners and losers"),
        },
    ),
}
FRAMES: Final = tuple(_RULES)
TERMS: Final[Mapping[str, tuple[str, ...]]] = {frame: rule.names() for frame, rule in _RULES.items()}


@dataclass(frozen=True)
class Hit:
    """An expression found: its frame and term, and its characters ``[start, end)`` of the record's text."""

    frame: str
    term: str
    start: int
    end: int


@dataclass(frozen=True)
class Keywords:
    """What ``cset-2021`` says of one document.

    ``frames`` flags each frame; ``counts`` says, by frame and term, in how many stretches of title, subtitle and text
    the term occurs; ``hits`` are those that lie in the text. A document that does not mention AI has no frame and is
    not searched.
    """

    id: str
    mentions_ai: bool
    frames: dict[str, bool]
    counts: dict[str, dict[str, int]]
    hits: tuple[Hit, ...]

    def to_row(self) -> dict[str, Any]:
        """Return one flat row for a DataFrame: a flag a frame, and a count a term as FRAME_TERM."""
        row: dict[str, Any] = {"id": self.id, "mentions_ai": self.mentions_ai, **self.frames}
        for frame, counts in self.counts.items():
            row |= {f"{frame}_{term.replace(' ', '_')}": count for term, count in counts.items()}
        return row


def score_keywords(record: Record) -> Keywords:
    """Score a record by ``cset-2021``; only its text and its metadata's ``title`` and ``subtitle`` are looked at."""
    head = " ".join(tell(record, name) or "" for name in ("title", "subtitle")) + " "
    whole = head + record["text"]
    mentioned = bool(_AI.search(whole))
    counts = {frame: dict.fromkeys(names, 0) for frame, names in TERMS.items()}
    hits = []
    for frame, term, patterns in _compiled() if mentioned else ():
        stretches = _stretches(patterns, whole)
        counts[frame][term] = len(stretches)
        hits += [Hit(frame, term, start - len(head), end - len(head)) for start, end in stretches if start >= len(head)]
    frames = {frame: _holds(rule, counts[frame]) for frame, rule in _RULES.items()}
    return Keywords(record["id"], mentioned, frames, counts, tuple(sorted(hits, key=lambda hit: (hit.start, hit.end))))


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[str, str, tuple[re.Pattern[str], ...]], ...]:
    return tuple(
        (frame, term, tuple(re.compile(each, _FLAGS) for each in patterns))
        for frame, rule in _RULES.items()
        for terms in (rule.terms, rule.pairs, rule.beside)
        for term, patterns in terms.items()
    )


def _stretches(patterns: tuple[re.Pattern[str], ...], text: str) -> list[tuple[int, int]]:
    """Return the stretches that any of the patterns finds, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found.span() for each in patterns for found in each.finditer(text)):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _holds(rule: _Rule, counts: Mapping[str, int]) -> bool:
    def any_of(terms: Terms) -> bool:
        return any(counts[term] for term in terms)

    return any_of(rule.terms) or (any_of(rule.pairs) and any_of(rule.beside))
