"""The scorecard in a few plain sentences, made from its numbers."""

from collections.abc import Iterator

from rhetoric.labels import Frame
from rhetoric.report.words import ACTORS, COUNTRIES, MATTER, count, join, stance_words
from rhetoric.scoring import Scorecard

_MOST = 3  # frames, source domains or actors that a sentence names


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


def _sentences(scorecard: Scorecard) -> Iterator[str]:
    of = scorecard.counted
    many = {frame: scorecard.frames[frame].prevalence.count or 0 for frame in scorecard.frames}
    strongest = strongest_frames(scorecard)[:_MOST]
    if strongest:
        rest = [f"{frame} ({many[frame]})" for frame in strongest[1:]]
        then = f", then {join(rest)}" if rest else ""
        yield f"Its strongest frame is {strongest[0]}, in {many[strongest[0]]} of {count(of, 'passage')}{then}."
    else:
        yield "None of the ten frames shows in it."
    yield _unmasked(scorecard)
    images = sorted(scorecard.metaphors.items(), key=lambda item: -(item[1].count or 0))
    named = [f"{source} ({found.count})" for source, found in images if found.count and source != "other"][:_MOST]
    if named:
        yield f"Its live metaphors come above all from {join(named)}."
    spoken = [(COUNTRIES[c], p.stance.value) for c, p in scorecard.portrayal.items() if p.stance.value is not None]
    if spoken:
        said = [f"of {name} {stance_words(value)}" for name, value in spoken]
        yield f"It speaks {join(said)}."
    else:
        yield "It speaks of neither the US nor China."


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
