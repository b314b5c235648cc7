"""The scorecard in a few plain sentences, made from its numbers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from rhetoric.labels import MATTER, Frame, Source
from rhetoric.report.numbers import say_estimate
from rhetoric.report.trust import Trust, tenths
from rhetoric.report.words import ACTORS, COUNTRIES, ROLES, count, join
from rhetoric.scoring import Scorecard
from rhetoric.scoring.scorecard import PortrayalScore
from rhetoric.scoring.uncertainty import FEWEST

_MOST = 3  # frames or source domains that a sentence names
_TIED = 5  # or so many, where leaving some out would break a tie
_UNKNOWN = ("hardly known", "not measured")  # grades of what is found nobody knows how well

Name = TypeVar("Name", bound=str)


def write_scope(scorecard: Scorecard) -> str:
    """Say how long the text is and which of its passages count."""
    size = f"{count(scorecard.words, 'word')} in {count(scorecard.passages, 'passage')}"
    if not scorecard.passages:
        return f"{size}."
    if scorecard.passages == 1:
        if scorecard.matter_inferred:
            return f"{size}, taken to be about {MATTER}, though no word of it is of AI or technology."
        return f"{size}, which is {'' if scorecard.about else 'not '}about {MATTER}."
    verb = "is" if scorecard.about == 1 else "are"
    about = "all" if scorecard.about == scorecard.passages else f"{scorecard.about or 'none'}"
    words = count(scorecard.counted_words, "word")
    only = f"only this counts, {words}" if scorecard.about == 1 else f"only these count, {words}"
    counted = "every passage counts" if scorecard.every_passage else only
    counted = f"; {counted}" if scorecard.about < scorecard.passages and scorecard.counted else ""
    return f"{size}, {about} of which {verb} about {MATTER}{counted}."


def write_headline(scorecard: Scorecard, trust: Trust | None = None) -> list[str]:
    """Return the headline, a list of sentences; empty where the text was not scored, or too few passages count.

    With ``trust`` the first also says which of the frames it names are found poorly, or nobody knows how well, and the
    second how many such findings are right.
    """
    # Of fewer the findings are a list, and nothing is general.
    enough = scorecard.scored and scorecard.counted >= FEWEST
    return list(_sentences(scorecard, trust)) if enough else []


def strongest_frames(scorecard: Scorecard) -> list[Frame]:
    """Return the frames present in any passage, the most prevalent first; of two equals the more probable."""
    found = [(frame, score) for frame, score in scorecard.frames.items() if score.prevalence.count]
    found.sort(key=lambda item: (-(item[1].prevalence.count or 0), -(item[1].probability.value or 0.0)))
    return [frame for frame, _ in found]


def say_stance(portrayed: PortrayalScore) -> str:
    """Say in how many passages a country is spoken ill and well of, and no more than that unless the interval of the
    mean stance is on one side of 0.
    """
    stance, sides = portrayed.stance, {"ill": portrayed.ill.count, "well": portrayed.well.count}
    said = join([f"{side} in {many}" for side, many in sides.items() if many]) or "neither ill nor well"
    if stance.low is None or stance.high is None or stance.low <= 0 <= stance.high:
        return said
    more, less = sides if stance.high < 0 else reversed(sides)
    return f"{said}, so clearly more often {more} than {less}"


def say_portrayal(portrayed: PortrayalScore, *, others: bool = True) -> str:
    """Say in how many passages a country is spoken of, in which role, and how, where that was scored; it must be spoken
    of in some.

    With ``others`` all its roles are told, else the commonest; always all where none is, or the passages are too few
    for shares.
    """
    stance = portrayed.stance
    many = {role: each.count for role, each in portrayed.roles.items() if each.count}
    first, *more = sorted(many, key=lambda role: -many[role])
    each_in = [f"{ROLES[role]} in {many[role]}" for role in (first, *more)]
    said = f"In {count(stance.passages, 'passage')}, "
    if more and (portrayed.role is None or stance.passages < FEWEST):
        said += join(each_in)
    elif stance.passages < FEWEST:
        said += ROLES[first]
    else:
        said += f"{each_in[0]}, {say_estimate(portrayed.roles[first])}"
        if others and more:
            said += f"; {', '.join(each_in[1:])}"
    if stance.value is None:
        return f"{said}."
    mean = f"stance {say_estimate(stance, 'stance')}"
    return f"{said}. Spoken of {say_stance(portrayed)}: {mean}."


def leading(counts: Mapping[Name, int]) -> list[Name]:
    """Return the names with the highest of ``counts``, which are in order, without breaking a tie: where too many are
    tied for the last place those above them, and all where none is above.
    """
    if len(counts) <= _MOST:
        return list(counts)
    last = list(counts.values())[_MOST - 1]
    above = [name for name, many in counts.items() if many > last]
    tied = [name for name, many in counts.items() if many == last]
    return above if above and len(above) + len(tied) > _TIED else above + tied


def _sentences(scorecard: Scorecard, trust: Trust | None) -> Iterator[str]:
    yield _frames(scorecard, trust)
    yield _unmasked(scorecard, trust)
    images = {source: found.count for source, found in scorecard.metaphors.items() if found.count}
    if images.keys() - {"other"}:
        yield _images(dict(sorted(images.items(), key=lambda item: -item[1])))
    spoken = [
        f"of {COUNTRIES[country]} in {count(each.stance.passages, 'passage')}, {say_stance(each)}"
        for country, each in scorecard.portrayal.items()
        if each.stance.value is not None
    ]
    yield f"It speaks {'; '.join(spoken)}." if spoken else "It speaks of neither the US nor China."


def _frames(scorecard: Scorecard, trust: Trust | None) -> str:
    many = {frame: scorecard.frames[frame].prevalence.count or 0 for frame in strongest_frames(scorecard)}
    if not many:
        return "None of the ten frames shows in it."
    named = leading(many)
    first, *also = (frame for frame in named if many[frame] == many[named[0]])
    strongest = f"{first}, in {many[first]} of {count(scorecard.counted, 'passage')}"
    is_ = "frames are" if also else "frame is"
    if also:
        equal = [f"{frame}, in {many[frame]}" for frame in also]
        strongest = ", ".join([strongest, *equal[:-1], f"and {equal[-1]}"])
    rest = [f"{frame} ({many[frame]})" for frame in named[len(also) + 1 :]]
    said = f"Its strongest {is_} {strongest}{f', then {join(rest)}' if rest else ''}."
    return " ".join(filter(None, [said, warn_of_frames(named, trust) if trust else ""]))


def warn_of_frames(frames: Iterable[Frame], trust: Trust) -> str:
    """Say which of the frames are found poorly, and of which nobody knows how well; nothing where there is none."""
    grades = {frame: trust.grade(f"frames.{frame}") for frame in frames}
    weak = [frame for frame, grade in grades.items() if grade == "weak"]
    unknown = [frame for frame, grade in grades.items() if grade in _UNKNOWN]
    said = []
    if weak:
        said.append(f"The {'detector' if len(weak) == 1 else 'detectors'} of {join([*weak])} {_is(weak)} weak.")
    if unknown:
        said.append(f"How well {join([*unknown])} {_is(unknown)} found is hardly known.")
    return " ".join(said)


def _is(named: Sequence[str]) -> str:
    return "is" if len(named) == 1 else "are"


def _images(many: Mapping[Source, int]) -> str:
    """Say where the live metaphors come from; ``many`` has the commonest source domain first."""
    named = leading({source: found for source, found in many.items() if source != "other"})
    told = join([f"{source} ({many[source]})" for source in named])
    if len(named) > _TIED:
        told = f"{len(named)} source domains, {many[named[0]]} from each"
    elsewhere = sum(many.values()) - sum(many[source] for source in named)
    return f"Its live metaphors come from {told}{f', and {elsewhere} from elsewhere' if elsewhere else ''}."


def _unmasked(scorecard: Scorecard, trust: Trust | None) -> str:
    framing = scorecard.framing
    total = framing.density.count or 0
    if not total:
        return "No account is seen to be unmasked."
    many = {actor: found.count for actor, found in framing.actors.items() if found.count}
    first, *more = sorted(many, key=lambda actor: -many[actor])
    said = f"It seems to unmask {count(total, 'account')}"
    if more:
        said += f": {join([f'{many[actor]} of {ACTORS[actor]}' for actor in (first, *more)])}"
    else:
        all_of = "each" if first == "both" else "both" if total == 2 else "all"
        said += f", {'that' if total == 1 else all_of} of {ACTORS[first]}"
    right = trust.measured.get("framing.unmasking.precision") if trust else None
    return f"{said}; {tenths(right.value)} such findings are right in unseen texts{right.by}." if right else f"{said}."
