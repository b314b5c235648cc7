"""The headline with a link from each number to its evidence."""

import re
from collections.abc import Callable
from typing import Final

from markupsafe import Markup

from rhetoric.report.headline import write_headline
from rhetoric.report.trust import Trust
from rhetoric.scoring import Scorecard

Link = Callable[[str, str], Markup]  # text and anchor in, a link out
_NAMED: Final = re.compile(r"(?P<label>[a-z]+)(?:, in | \()\d+(?:,\d{3})*(?: of [\d,]+ passages?)?\)?")
_NUMBER: Final = re.compile(r"\d[\d,]*(?: accounts?| passages?| of \d+)?")
_COUNTRY: Final = re.compile(r"the US|China")
_COUNTRIES: Final = {"the US": "portrayal-us", "China": "portrayal-china"}


def link_headline(scorecard: Scorecard, link: Link, trust: Trust | None = None) -> list[Markup]:
    """Return the sentences of the headline, with links from its numbers to frames, framing, metaphors and portrayal.

    ``link`` makes a link to an anchor, safe in a page as the rest is; ``trust`` as :func:`write_headline` takes it.
    """
    said = write_headline(scorecard, trust)
    if not said:
        return []
    frames, framing, *metaphors, portrayal = said
    return [
        _link(frames, _NAMED, lambda found: f"frame-{found['label']}", link),
        _link(framing, _NUMBER, lambda _: "framing", link),
        *(_link_images(each, link) for each in metaphors),
        _link(portrayal, _COUNTRY, lambda found: _COUNTRIES[found[0]], link),
    ]


def _link_images(said: str, link: Link) -> Markup:
    if _NAMED.search(said):
        return _link(said, _NAMED, lambda found: f"source-{found['label']}", link)
    return _link(said, _NUMBER, lambda _: "metaphors", link)


def _link(sentence: str, pattern: "re.Pattern[str]", anchor: "Callable[[re.Match[str]], str]", link: Link) -> Markup:
    parts: list[str] = []
    at = 0
    for found in pattern.finditer(sentence):
        parts += [sentence[at : found.start()], link(found[0], anchor(found))]
        at = found.end()
    return Markup().join([*parts, sentence[at:]])
