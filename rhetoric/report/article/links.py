"""The headline with a link from each number to its evidence."""

import re
from collections.abc import Callable
from typing import Final

from markupsafe import Markup

from rhetoric.report.article.article import Article
from rhetoric.report.headline import write_headline
from rhetoric.report.trust import Trust

_NAMED: Final = re.compile(r"(?P<label>[a-z]+)(?:, in | \()\d+(?:,\d{3})*(?: of [\d,]+ passages?)?\)?")
_NUMBER: Final = re.compile(r"\d+(?:,\d{3})*(?: accounts?| passages?| of \d+)?")
_IMAGES: Final = re.compile(f"{_NAMED.pattern}|{_NUMBER.pattern}")
_COUNTRY: Final = re.compile(rf"(?P<country>the US|China)(?: in \d[\d,]* passages?)?|{_NUMBER.pattern}")
_COUNTRIES: Final = {"the US": "portrayal-us", "China": "portrayal-china"}
_LINK: Final = Markup('<a href="#{}{}">{}</a>')


def link_headline(article: Article, trust: Trust) -> list[Markup]:
    """Return the sentences of the headline, with links from its numbers to frames, framing, metaphors and portrayal."""
    said = write_headline(article.scorecard, trust)
    if not said:
        return []

    def link(sentence: str, pattern: "re.Pattern[str]", anchor: "Callable[[re.Match[str]], str]") -> Markup:
        parts: list[str] = []
        at = 0
        for found in pattern.finditer(sentence):
            parts += [sentence[at : found.start()], _LINK.format(article.prefix, anchor(found), found[0])]
            at = found.end()
        return Markup().join([*parts, sentence[at:]])

    of = ""  # the country that was named last: the numbers after it are of that

    def of_country(found: "re.Match[str]") -> str:
        nonlocal of
        of = found["country"] or of
        return _COUNTRIES[of]

    frames, framing, *metaphors, portrayal = said
    return [
        link(frames, _NAMED, lambda found: f"frame-{found['label']}"),
        link(framing, _NUMBER, lambda _: "framing"),
        *(
            link(each, _IMAGES, lambda found: f"source-{found['label']}" if found["label"] else "metaphors")
            for each in metaphors
        ),
        link(portrayal, _COUNTRY, of_country),
    ]
