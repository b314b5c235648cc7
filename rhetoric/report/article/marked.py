"""A passage as HTML: its text with the marks in it, every stretch escaped, nothing nested that could break."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from rhetoric.report.article.article import Article, Passage
from rhetoric.report.article.marks import Mark, Segment
from rhetoric.report.trust import Trust

_CUES = ("level-cue", "contrast-cue")
_MARKED = Markup('<{tag} class="m {parts}" data-of="{of}"{more}>{tags}{text}</{tag}>')
_LINK = Markup(' href="#e-{entry}"')
_WHY = Markup(' title="{why}" data-begins="{begins}"')
_TAG = Markup('<sup class="tag {part}">{said}</sup>')


@dataclass
class _Seen:
    """What to say of each entry; the entries that have an anchor in the text, and those that were explained."""

    why: dict[str, str]
    anchored: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)


def mark_up(article: Article, trust: Trust) -> Iterator[tuple[Passage, Markup]]:
    """Yield each passage with its words as HTML.

    Where a mark begins, but for cues, there is a link to its entry; the first of them tells what it is. The first mark
    of an entry, cue or not, is its anchor.
    """
    seen = _Seen(article.explain(trust))
    for passage in article.passages():
        yield passage, Markup("").join(_segment(article, segment, seen) for segment in passage.segments)


def _segment(article: Article, segment: Segment, seen: _Seen) -> Markup:
    if not segment.parts:
        return escape(segment.text)
    begins = [mark for mark in segment.begins if mark.part not in _CUES]
    entries = list(dict.fromkeys(mark.of for mark in begins))
    anchors = [entry for entry in dict.fromkeys(mark.of for mark in segment.begins) if entry not in seen.anchored]
    told = [entry for entry in entries if entry not in seen.told]
    seen.anchored.update(anchors)
    seen.told.update(told)
    ids = [f"{article.prefix}{entry}" for entry in anchors]
    before = Markup("").join(Markup('<span id="{}"></span>').format(each) for each in ids[1:])
    more = Markup(' id="{}"').format(ids[0]) if ids else Markup("")
    if begins:
        more += _LINK.format(entry=f"{article.prefix}{entries[0]}")
    if told:
        more += _WHY.format(
            why="\n".join(seen.why[entry] for entry in told),
            begins=" ".join(article.prefix + entry for entry in told),
        )
    return before + _MARKED.format(
        tag="a" if begins else "span",
        parts=" ".join(segment.parts),
        of=" ".join(article.prefix + entry for entry in segment.of),
        more=more,
        tags=Markup("").join(_tag(mark) for mark in begins),
        text=segment.text,
    )


def _tag(mark: Mark) -> Markup:
    """Return the small sign before an account, a machinery or a side of a contrast; images need none."""
    number = mark.of[1:]
    said = {
        "account": f"account {number}",
        "machinery": f"machinery {number}",
        "side-a": f"{number}a",
        "side-b": f"{number}b",
    }.get(mark.part)
    return _TAG.format(part=mark.part, said=said) if said else Markup("")
