"""The cue lists of the codebook, taken at their word: wherever a cue stands there is framing, or a contrast."""

from collections.abc import Sequence
from typing import Final

from rhetoric.gold import Coded
from rhetoric.labels import Actor, Framing
from rhetoric.pipeline.clauses import matches, split_sentences, trim, whole
from rhetoric.pipeline.contrast.cues import find_contrasts
from rhetoric.record import FramingInstance, Range, Record
from rhetoric.training.baselines.base import blank_record
from rhetoric.training.baselines.majority import commonest

# The cues named in sections 1 and 5 of the codebook, by the level that they mark.
_ACCOUNT: Final = whole(
    "the official account|under the guise of|so-called|rhetoric|ostensibly|in theory|on paper|billed as|slogans?"
    "|talking points?|fig leaf|pretext|lines? to take"
)
_MACHINERY: Final = whole("the machinery|in reality|what it means is|in practice")


def find_framing(text: str, actor: Actor, score: float) -> FramingInstance | None:
    """Return the instance that the first cues of ``text`` point at, or None where there is no cue.

    Account and machinery are the sentences of their cues; where only one level has a cue, the other is the sentence
    beside it (an account comes before, a machinery after), and empty where there is no such sentence.
    """
    story = next(matches(_ACCOUNT, text, 0, len(text)), None)
    works = next(matches(_MACHINERY, text, 0, len(text)), None)
    if not story and not works:
        return None
    sentences = split_sentences(text)
    story_at = _sentence_of(sentences, story[1]) if story else None
    works_at = _sentence_of(sentences, works[1]) if works else None
    if story_at is None and works_at is not None:
        story_at = works_at - 1 if works_at else None
    elif works_at is None and story_at is not None:
        works_at = story_at + 1 if story_at + 1 < len(sentences) else None
    account = None if story_at is None else trim(text, *sentences[story_at])
    machinery = None if works_at is None else trim(text, *sentences[works_at])
    if account and account == machinery and story and works:  # one sentence: cut where its second level begins
        first, cut, end = account[0], max(story[1], works[1]), account[1]
        halves = trim(text, first, cut), trim(text, cut, end)
        account, machinery = halves if story[1] < works[1] else halves[::-1]
    cue = [[start, end] for _, start, end in sorted(filter(None, (story, works)), key=lambda each: each[1])]
    return {
        "account": _filled(account),
        "machinery": _filled(machinery),
        "cue": cue,
        "actor": actor,
        "explicit": True,
        "score": score,
    }


def _sentence_of(sentences: list[tuple[int, int]], at: int) -> int:
    return next(number for number, (_, end) in enumerate(sentences) if at < end)


def _filled(span: Range | None) -> list[Range]:
    return [span] if span and span[0] < span[1] else []


class CueLists:
    """Framing and contrasts by cue; fitted are only the actor and how far a cue, or none, is to be believed."""

    name = "cue lists"
    answers: tuple[str, ...] = ("framing.", "contrast.", "ece.framing")
    own_kind = False

    def fit(self, rows: Sequence[Coded]) -> None:
        """Count how often passages with a cue are unmasking and those without are not."""
        self._actor: Actor = commonest(instance["actor"] for row in rows for instance in row["instances"])[0]
        right: dict[Framing, list[bool]] = {"unmasking": [], "partial": [], "none": []}
        for row in rows:
            label = self._label(find_framing(row["text"], self._actor, 1.0))
            right[label].append(label == row["framing"])
        self._trust = {label: (sum(each) + 1) / (len(each) + 2) for label, each in right.items()}

    @staticmethod
    def _label(instance: FramingInstance | None) -> Framing:
        if instance is None:
            return "none"
        return "unmasking" if instance["account"] and instance["machinery"] else "partial"

    def annotate(self, rows: Sequence[Coded]) -> list[Record]:
        """Return a record each, with framing and contrasts."""
        return [self._annotate(row) for row in rows]

    def _annotate(self, row: Coded) -> Record:
        record = blank_record(row, self.name)
        instance = find_framing(row["text"], self._actor, 1.0)
        label = self._label(instance)
        record["passages"][0] |= {"framing": label, "framing_score": self._trust[label]}
        if instance:
            record["framing"] = [{**instance, "score": self._trust[label]}]
        record["contrasts"] = find_contrasts(row["text"])
        return record
