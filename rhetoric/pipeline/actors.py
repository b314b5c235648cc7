"""Who is spoken of: mentions of the United States and of China, in ``doc.spans["actor"]`` (labels ``us``,
``china``).
"""

import re
from collections.abc import Callable
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc, Span

from rhetoric.pipeline.text import text_of

GROUP = "actor"

# Case matters in what follows: "us" is a pronoun.
US_FIRMS: Final = r"""
Nvidia | NVIDIA | OpenAI | Anthropic | Google | Microsoft |
Intel(?!\ (?:agenc|assessment|brief|communit|gathering|official|sharing|source)) | Micron | Palantir | AMD | xAI
"""
CHINESE_FIRMS: Final = r"""
Huawei | DeepSeek | Alibaba | Baidu | Tencent | SMIC | ByteDance | TikTok | SenseTime | Xiaomi | Zhipu | ZTE | BYD |
Hikvision | iFlytek | Cambricon | YMTC | CXMT
"""
# Names of the states, their seats, organs, leaders and best-known firms.
_US: Final = rf"""
United\ States(?:\ of\ America)? | UNITED\ STATES | U\.\ ?S\.?(?:\ ?A\.)? | Uncle\ Sam | Californian? |
(?<!LET\ )(?<!(?:JOIN|TELL|HELP|GIVE|GAVE|SHOW)\ )(?<!(?:ABOUT|GIVEN|GIVES)\ )(?<!FOLLOW\ )(?<!CONTACT\ )
(?<!(?:ALL|ANY|FEW|ONE|TWO)\ OF\ )(?<!(?:BOTH|EACH|MANY|MOST|NONE|REST|SOME)\ OF\ )USA?(?!\$) |
(?<!Latin[\ -])(?<!North\ )(?<!South\ )(?<!Central\ )(?<!African-)(?<!Asian-)(?<!Inter-)(?<!Bank\ of\ )(?<!Captain\ )
America(?:n|ns|'s|’s)? | AMERICA(?:NS?|['’]S)? |
(?:the\ )?White\ House | Pentagon | Capitol\ Hill | State\ Department | Congressional |
(?<!National\ )(?<!Indian\ )(?<!Continental\ )(?<!World\ )(?<!Party\ )
Congress(?!\ (?:[Pp]arty|leader|president|chief|MPs?\b|of\ (?!the\ United)(?:the\ )?[A-Z])) |
Commerce\ Department | Department\ of\ (?:Commerce|Defense|Energy|State(?!\ Security)) | DARPA | NIST |
Silicon\ Valley | Wall\ Street |
Biden | BIDEN | Trump(?!\ cards?\b) | TRUMP(?!\ CARDS?\b) |
Obama | Sullivan | Raimondo | Vance | Blinken | Yellen | Schumer | Rubio | Hegseth |
{US_FIRMS}
"""
_CHINA: Final = rf"""
People['’]s\ Republic(?:\ of\ China)? | P\.?R\.?C\.? | Sino | Mainland(?!\ (?!Chin)[A-Z]) | Middle\ Kingdom |
(?<!Indo-)(?<!Air\ )(?<!Republic\ of\ )Chin(?:a|ese)(?!\ (?:Sea|Morning\ Post|[Rr]oom|[Rr]emainder))(?:['’]s)? |
CHINA(?:['’]S)? | CHINESE | BEIJING | (?:National\ )?People['’]s\ Congress |
(?<!['’]s\ )(?:Communist\ )?Party\ Congress | Politburo |
Beijing | Shenzhen | Shanghai | Hangzhou | Zhongnanhai | Xi(?:\ Jinping)? | XI\ JINPING | Li\ Qiang | Wang\ Yi |
State\ Council | CCP | CPC | Chinese\ Communist\ Party | Communist\ Party(?!\ of\ (?!China)) |
PLA(?!\ filament) | People['’]s\ Liberation\ Army | Xinhua |
{CHINESE_FIRMS}
"""
_MENTION: Final = re.compile(rf"(?<!\w)(?:(?P<us>{_US})|(?P<china>{_CHINA}))(?!\w)", re.VERBOSE)
# Washington the person, the newspaper and the west-coast state are somebody else.
_WASHINGTON: Final = re.compile(
    r"(?<!George )(?<!Booker T\. )(?<!Denzel )(?<!President )(?<!Lake )(?<!Mount )(?<!\w)"
    r"(?:Washington|WASHINGTON)(?! (?:Post|Times|State|Monthly|University))(?!\w)"
)
_PARTY: Final = re.compile(r"(?<=\b[Tt]he )Party(?!\w)(?! (?:of|leader|convention)\b)")
_SPACE: Final = re.compile(r"\s")
_CONTINUED: Final = {"it", "its", "they", "their"}
_SUBJECT: Final = {"nsubj", "nsubjpass", "nsubj:pass"}


def find_actors(text: str) -> list[tuple[int, int, str]]:
    """Return ``(start, end, actor)`` for each named mention in ``text``, in order and without overlap.

    "the Party" counts as China only in a text that names China elsewhere.
    """
    text = _SPACE.sub(" ", text)  # a name may be broken at the end of a line
    found = [(m.start(), m.end(), str(m.lastgroup)) for m in _MENTION.finditer(text)]
    found += [(m.start(), m.end(), "us") for m in _WASHINGTON.finditer(text)]
    if any(actor == "china" for *_, actor in found):
        found += [(m.start(), m.end(), "china") for m in _PARTY.finditer(text)]
    kept: list[tuple[int, int, str]] = []
    for start, end, actor in sorted(found):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, actor))
    return kept


def mark_actors(doc: Doc) -> Doc:
    """Fill ``doc.spans["actor"]`` with named mentions and with pronouns that plainly continue one."""
    spans = []
    for start, end, actor in find_actors(text_of(doc)):
        span = doc.char_span(start, end, label=actor, alignment_mode="expand")
        if span is not None:
            spans.append(span)
    if doc.has_annotation("DEP"):
        spans += _continued(doc, spans)
    doc.spans[GROUP] = sorted(spans, key=lambda s: (s.start, s.end))
    return doc


def _continued(doc: Doc, named: list[Span]) -> list[Span]:
    """Pronouns that open a sentence after one whose subject is an actor, and the only actor in it.

    Topic continuity (Givón 1983) makes this the one coreference rule that needs no model.
    """
    by_token = {i: span.label_ for span in named for i in range(span.start, span.end)}
    found: list[Span] = []
    previous: str | None = None
    for sentence in doc.sents:
        first = next((t for t in sentence if not t.is_space and not t.is_punct), None)
        inside = {by_token[t.i] for t in sentence if t.i in by_token}
        if first is not None and previous and not inside and first.lower_ in _CONTINUED:
            found.append(Span(doc, first.i, first.i + 1, label=previous))
            continue  # the topic goes on
        subjects = {by_token[t.i] for t in sentence if t.dep_ in _SUBJECT and t.i in by_token and t.head.dep_ == "ROOT"}
        previous = subjects.pop() if len(subjects) == 1 and len(inside) == 1 else None
    return found


@Language.factory("rhetoric_actors", assigns=["doc.spans"])
def make_actors(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Make the component that marks mentions of the two countries."""
    return mark_actors
