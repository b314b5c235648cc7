"""The scorecard in a few plain sentences, made from its numbers."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from rhetoric.labels import Frame, Source
from rhetoric.report.words import ACTORS, COUNTRIES, MATTER, count, join, stance_words
from rhetoric.scoring import Estimate, Scorecard
from rhetoric.scoring.uncertainty import FEWEST

_MOST = 3  # frames or source domains that a sentence names
_TIED = 5  # or so many, where leaving some out would break a tie

Name = TypeVar("Name", bound=str)


def write_scope(scorecard: Scorecard) -> str:
    """Say how long the text is and which of its passages count."""
    size = f"{count(scorecard.words, 'word')} in {count(scorecard.passages, 'passage')}"
    if not scorecard.passages:
        return f"{size}."
    if scorecard.passages == 1:
        return f"{size}, which is {'' if scorecard.about else 'not '}about {MATTER}."
    verb = "is" if scorecard.about == 1 else "are"
    about = "all" if scorecard.about == scorecard.passages else f"{scorecard.about or 'none'}"
    counted = "every passage counts" if scorecard.every_passage else "only these count"
    counted = f"; {counted}" if scorecard.about < scorecard.passages and scorecard.counted else ""
    return f"{size}, {about} of which {verb} about {MATTER}{counted}."


def write_headline(scorecard: Scorecard) -> list[str]:
    """Return the headline, a list of sentences; empty where nothing was scored."""
    return list(_sentences(scorecard)) if scorecard.counted else []


def strongest_frames(scorecard: Scorecard) -> list[Frame]:
    """Return the frames present in any passage, the most prevalent first; of two equals the more probable."""
    found = [(frame, score) for frame, score in scorecard.frames.items() if score.prevalence.count]
    found.sort(key=lambda item: (-(item[1].prevalence.count or 0), -(item[1].probability.value or 0.0)))
    return [frame for frame, _ in found]


def say_stance(stance: Estimate) -> str:
    """Say a mean stance in words, and that it is not sure where its interval allows the other side, or there is none
    for want of passages.
    """
    said = stance_words(stance.value or 0.0)
    if stance.passages < FEWEST:
        return f"{said} (too few passages speak of it to tell)"
    spans = stance.low is not None and stance.high is not None and stance.low <= 0 <= stance.high
    return f"{said} (not surely)" if spans and not said.startswith("neither") else said


def _leading(counts: Mapping[Name, int]) -> list[Name]:
    """Return the names with the highest of ``counts``, which are in order, without breaking a tie: where too many are
    tied for the last place those above them, and all where none is above.
    """
    if len(counts) <= _MOST:
        return list(counts)
    last = list(counts.values())[_MOST - 1]
    above = [name for name, many in counts.items() if many > last]
    tied = [name for name, many in counts.items() if many == last]
    return above if above and len(above) + len(tied) > _TIED else above + tied


def _sentences(scorecard: Scorecard) -> Iterator[str]:
    yield _frames(scorecard)
    yield _unmasked(scorecard)
    images = {source: found.count for source, found in scorecard.metaphors.items() if found.count}
    if images.keys() - {"other"}:
        yield _images(dict(sorted(images.items(), key=lambda item: -item[1])))
    spoken = [(COUNTRIES[c], p.stance) for c, p in scorecard.portrayal.items() if p.stance.value is not None]
    if spoken:
        said = [f"of {name} {say_stance(stance)}" for name, stance in spoken]
        yield f"It speaks {join(said)}."
    else:
        yield "It speaks of neither the US nor China."


def _frames(scorecard: Scorecard) -> str:
    many = {frame: scorecard.frames[frame].prevalence.count or 0 for frame in strongest_frames(scorecard)}
    if not many:
        return "None of the ten frames shows in it."
    named = _leading(many)
    first, *also = (frame for frame in named if many[frame] == many[named[0]])
    strongest = f"{first}, in {many[first]} of {count(scorecard.counted, 'passage')}"
    is_ = "frames are" if also else "frame is"
    if also:
        equal = [f"{frame}, in {many[frame]}" for frame in also]
        strongest = ", ".join([strongest, *equal[:-1], f"and {equal[-1]}"])
    rest = [f"{frame} ({many[frame]})" for frame in named[len(also) + 1 :]]
    return f"Its strongest {is_} {strongest}{f', then {join(rest)}' if rest else ''}."


def _images(many: Mapping[Source, int]) -> str:
    """Say where the live metaphors come from; ``many`` has the commonest source domain first."""
    known = {source: found for source, found in many.items() if source != "other"}
    named = _leading(known)
    if len(named) > _TIED:
        each = known[named[0]]
        return f"Its live metaphors come from {len(named)} source domains, {each} from each."
    above_all = "above all " if len(named) < len(many) else ""
    return f"Its live metaphors come {above_all}from {join([f'{source} ({known[source]})' for source in named])}."


def _unmasked(scorecard: Scorecard) -> str:
    framing = scorecard.framing
    total = framing.density.count or 0
    if not total:
        partial = framing.partial.count or 0
        hint = f", though {count(partial, 'passage')} {'hints' if partial == 1 else 'hint'} at it" if partial else ""
        return f"No account is seen to be unmasked{hint}."
    by = sorted(framing.actors.items(), key=lambda item: -(item[1].count or 0))
    whose = [f"{found.count} of {ACTORS[actor]}" for actor, found in by if found.count]
    if len(whose) == 1:
        actor = next(actor for actor, found in by if found.count)
        return f"It unmasks {count(total, 'account')}, {'that' if total == 1 else 'all'} of {ACTORS[actor]}."
    return f"It unmasks {count(total, 'account')}: {join(whose)}."
