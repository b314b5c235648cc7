"""Words of the two levels of framing: those that mark a story as a story, and those that say what is under it.

Codebook, sections 1 and 5. They are counted, never obeyed: most stand in passages that are no framing, and what a count
is worth is fitted together with what the encoder says.
"""

import math
from typing import Final

from rhetoric.pipeline.clauses import matches, whole

STORY: Final = (
    "narratives?|stor(?:y|ies)|tales?|myths?|fictions?|pretence|pretense|pretexts?|guise|veneer|fa[cç]ade"
    "|fig leaf|masks?|slogans?|rhetoric|talking points?|lines? to take|brochures?|press releases?"
    "|communiqu[eé]s?|keynotes?|speech(?:es)?|billed as|so-called|ostensibl[ey]|supposed(?:ly)?|nominally"
    "|officially|publicly|on paper|in theory|in name|in public|claim(?:s|ed|ing)?|insist(?:s|ed|ing)?"
    "|profess(?:es|ed)?|purport(?:s|ed|edly)?|presents? (?:it|them)sel(?:f|ves)|versions?|banner|we are told"
    "|told us|in the name of|calls? (?:it|this|them|itself)|called (?:it|this|them)|talk of|promis(?:es|ed)"
    "|pledg(?:es|ed)|celebrat(?:es|ed)|hymns?|sermons?|says? (?:it|that it|they) (?:is|are|wants?)"
)
WORKS: Final = (
    "in reality|realit(?:y|ies)|in practice|in fact|actually|really|in truth|the truth|behind|beneath"
    "|underneath|below|what (?:it|this|that) means|(?:what|that) (?:really |actually )?drives|driven by"
    "|pa(?:id|ys?|yroll)|budgets?|contracts?|lobby\\w*|subsid\\w+|invoices?|money|millions?|billions?"
    "|profits?|votes?|incentives?|interests?|depends on|runs? on|kept alive|turns? out"
    "|the same (?:day|week|month|office|firm|people)"
)
FEATURES: Final = ("story words", "words of both")
_STORY, _WORKS = (whole(words) for words in (STORY, WORKS))


def count_levels(text: str) -> list[float]:
    """Return the features of a text: logarithms of one more than each count, of distinct words."""
    story, works = ({words for words, *_ in matches(each, text, 0, len(text))} for each in (_STORY, _WORKS))
    return [math.log1p(count) for count in (len(story), min(len(story), len(works)))]
