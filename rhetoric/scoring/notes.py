"""Where a scorecard rests on too little, said in plain words."""

from rhetoric.scoring.uncertainty import FEWEST


def write_notes(passages: int, about: int, counted: int, every_passage: bool) -> tuple[str, ...]:
    """Return the notes for a text of ``passages``, of which ``about`` are on the matter and ``counted`` are scored."""
    if not passages:
        return ("This text has no passages, so there is nothing to score.",)
    if not counted:
        return (
            "No passage of this text is about AI or advanced technology between states, so nothing is scored. "
            "To score it all the same, ask for every passage (--every-passage).",
        )
    notes = []
    if every_passage and about < counted:
        off = counted - about
        verb = "is" if off == 1 else "are"
        notes.append(
            f"Every passage is counted, and {off} of {counted} {verb} not about AI or advanced technology between "
            "states: there the frames are taken literally."
        )
    if counted < FEWEST:
        many = "1 passage" if counted == 1 else f"{counted} passages"
        verb = "is" if counted == 1 else "are"
        what = f"This text has only {many}" if every_passage else f"Only {many} {verb} about the matter"
        notes.append(f"{what}: read this as a list of findings. Rates over so little say nothing general.")
    return tuple(notes)
