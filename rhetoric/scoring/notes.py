"""Where a scorecard rests on too little, said in plain words."""

from rhetoric.labels import MATTER
from rhetoric.scoring.passages import is_off_topic
from rhetoric.scoring.percent import count
from rhetoric.scoring.uncertainty import FEWEST


def write_notes(passages: int, about: int, counted: int, every_passage: bool, learned: int) -> tuple[str, ...]:
    """Return the notes for a text of ``passages``, of which ``about`` are on the matter and ``counted`` are scored.

    ``learned`` of the counted ones are passages that the detectors have learned from.
    """
    if not passages:
        return ("This text has no passages, so there is nothing to score.",)
    if not counted:
        return (
            f"Off topic: no passage of this text is about {MATTER}, so nothing is scored. "
            "To score it all the same, count every passage.",
        )
    notes = []
    if every_passage and about < counted:
        off = counted - about
        verb = "is" if off == 1 else "are"
        notes.append(
            f"Every passage is counted, and {off} of {counted} {verb} not about {MATTER}: there the frames are taken "
            "literally."
        )
    if not every_passage and is_off_topic(passages, about):
        notes.append(
            f"Off topic: only {about} of {passages} passages {'is' if about == 1 else 'are'} about {MATTER}. "
            f"What is found in {'it' if about == 1 else 'them'} is listed, and the text is not scored. "
            "To score it all the same, count every passage."
        )
    elif counted < FEWEST:
        many, verb = count(counted, "passage"), "is" if counted == 1 else "are"
        what = f"This text has only {many}" if every_passage else f"Only {many} {verb} about the matter"
        notes.append(f"{what}: read this as a list of findings. Rates over so little say nothing general.")
    if learned:
        notes.append(say_learned(learned, counted))
    return tuple(notes)


def say_learned(learned: int, counted: int) -> str:
    """Say of how many ``counted`` passages the detectors have ``learned``, and what to make of that."""
    which = "All passages" if learned == counted else f"{learned:,} of the {counted:,} passages"
    return (
        f"{which} counted here {'is' if learned == 1 < counted else 'are'} among those that the detectors have learned "
        "from. Expect better of them there than is said of texts that they do not know."
    )
