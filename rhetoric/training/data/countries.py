"""The United States and China exchanged by name, and what is coded of them."""

import re
from collections.abc import Mapping
from typing import Any, Final

from rhetoric.labels import COUNTRIES

# Longest first; a name that stands before a noun ("U.S. firms") becomes an adjective.
_NAMES: Final = (
    (r"[Tt]he United States of America|[Tt]he United States|[Tt]he U\.S\.(?!\w)|[Tt]he US(?!\w)", "China"),
    (r"United States|U\.S\.(?!\w)|US(?=\s[a-z])", "Chinese"),
    (r"[Tt]he People['’]s Republic of China|[Tt]he PRC", "the United States"),
    (r"Americans", "Chinese people"),
    (r"American", "Chinese"),
    (r"America", "China"),
    (r"Chinese people", "Americans"),
    (r"Chinese", "American"),
    (r"China", "the United States"),
    (r"PRC", "US"),
    (r"Washington", "Beijing"),
    (r"Beijing", "Washington"),
    (r"the White House", "Zhongnanhai"),
    (r"Zhongnanhai", "the White House"),
    (r"Congress", "the National People’s Congress"),
)
_NAME: Final = re.compile("|".join(rf"(?P<n{at}>\b(?:{names}))" for at, (names, _) in enumerate(_NAMES)))


def swap_countries(text: str) -> str:
    """Return ``text`` with the names of the United States and of China exchanged; firms, parties and people stay."""
    return _NAME.sub(lambda found: next(new for at, (_, new) in enumerate(_NAMES) if found[f"n{at}"]), text)


def swap_portrayal(portrayal: Mapping[str, Any]) -> dict[str, Any]:
    """Return the portrayal of each country as that of the other."""
    return {there: portrayal[here] for here, there in zip(COUNTRIES, COUNTRIES[::-1], strict=True) if here in portrayal}
