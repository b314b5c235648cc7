"""The headline with a link from each number to its evidence."""

import re
from collections.abc import Callable
from typing import Final

from rhetoric.report.headline import write_headline
from rhetoric.report.trust import Trust
from rhetoric.scoring import Scorecard

Link = Callable[[str, str], str]  # text and anchor in, a link out
_NAMED: Final = re.compile(r"(?P<label>[a-z]+)(?:, in | \()\d+(?:,\d{3})*(?: of [\d,]+ passages?)?\)?")
_NUMBER: Final = re.compile(r"\d[\d,]*(?: accounts?| passages?| of \d+)?")
_COUNTRY: Final = re.compile(r"the US|China")
_COUNTRIES: Final = {"the US": "portrayal-us", "China": "portrayal-china"}


def link_headline(
    scorecard: Scorecard, link: Link, escape: Callable[[str], str] = str, trust: Trust | None = None
) -> list[str]:
    """Return the sentences of the headline, with links from its numbers to frames, framing, metaphors and portrayal.

    ``link`` makes a link to an anchor; ``escape`` makes the rest safe; ``trust`` as :func:`write_headline` takes it.
    """
    said = write_headline(scorecard, trust)
    if not said:
        return []
    frames, framing, *metaphors, portrayal = said
    return [
        _link(frames, _NAMED, lambda found: f"frame-{found['label']}", link, escape),
        _link(framing, _NUMBER, lambda _: "framing", link, escape),
        *(_link_images(each, link, escape) for each in metaphors),
        _link(portrayal, _COUNTRY, lambda found: _COUNTRIES[found[0]], link, escape),
    ]


def _link_images(said: str, link: Link, escape: Callable[[str], str]) -> str:
    if _NAMED.search(said):
        return _link(said, _NAMED, lambda found: f"source-{found['label']}", link, escape)
    return _link(said, _NUMBER, lambda _: "metaphors", link, escape)


def _link(
    sentence: str,
    pattern: "re.Pattern[str]",
    anchor: "Callable[[re.Match[str]], str]",
    link: Link,
    escape: Callable[[str], str],
) -> str:
    parts, at = [], 0
    for found in pattern.finditer(sentence):
        parts += [escape(sentence[at : found.start()]), link(found[0], anchor(found))]
        at = found.end()
    return "".join([*parts, escape(sentence[at:])])
