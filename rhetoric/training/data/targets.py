"""From a coded passage to what the network should have said: targets aligned to word pieces; -1 marks 'not coded'."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from rhetoric.gold import Coded
from rhetoric.labels import ACTORS, CONTRASTS, COUNTRIES, FRAMES, FRAMING_PARTS, FRAMINGS, ROLES, STANCES
from rhetoric.pipeline.contrast.candidates import propose_from_text
from rhetoric.pipeline.layout import PASSAGE, TOKEN
from rhetoric.training.evaluation.counts import meet, sides_agree

_UNCODED = -1


@dataclass
class Case:
    """One training passage: its pieces and, for each head, its target (a column index, or 0/1 for independent
    labels).
    """

    ids: list[int]
    sides: Tensor  # (candidates × 4) piece ranges of two stretches that might be a contrast
    verdicts: Tensor  # (candidates): 0 no contrast, 1 + label, -1 not coded
    token: dict[str, Tensor]  # head -> (pieces) or (pieces × labels)
    passage: dict[str, Tensor]  # head -> () or (labels)


def _blank_tokens(length: int) -> dict[str, Tensor]:
    return {
        head.name: torch.full((length, len(head.labels)) if head.independent else (length,), _UNCODED) for head in TOKEN
    }


def _blank_passage() -> dict[str, Tensor]:
    return {
        head.name: torch.full((len(head.labels),), _UNCODED) if head.independent else torch.tensor(_UNCODED)
        for head in PASSAGE
    }


def _labels(name: str) -> tuple[str, ...]:
    return next(head.labels for head in (*TOKEN, *PASSAGE) if head.name == name)


def coded_case(row: Coded, tokenizer: Any, length: int) -> Case:  # noqa: ANN401 - a transformers tokenizer
    """Make the case of a gold passage; fields that it lacks (silver has no contrasts) stay uncoded."""
    coded = tokenizer(row["text"], truncation=True, max_length=length, return_offsets_mapping=True)
    pieces = _Pieces(coded["offset_mapping"])
    for part in FRAMING_PARTS:
        pieces.mark("parts", part, [span for i in row["instances"] for span in i[part]])
    if "contrasts" in row:
        pieces.mark_contrasts(row["contrasts"])
    if "live_metaphors" in row:
        pieces.mark("marks", "live", [m["span"] for m in row["live_metaphors"]])
        for m in row["live_metaphors"]:
            for head in ("source", "target"):
                pieces.token[head][pieces.inside(m["span"])] = _labels(head).index(m[head])
    return Case(coded["input_ids"], *pieces.judge(row), pieces.token, _passage(row))


def discourse_case(row: Coded, tokenizer: Any, length: int) -> Case:  # noqa: ANN401
    """Make the case of a passage of GUM: sides, labels and cues of its contrasts; nothing else is coded."""
    coded = tokenizer(row["text"], truncation=True, max_length=length, return_offsets_mapping=True)
    pieces = _Pieces(coded["offset_mapping"])
    pieces.mark_contrasts(row["contrasts"])
    sure = {at for contrast in row["contrasts"] for side in ("a", "b") for at in pieces.inside(contrast[side])}
    for span in row["unclear"]:
        pieces.token["sides"][[at for at in pieces.inside(span) if at not in sure]] = _UNCODED
    return Case(coded["input_ids"], *pieces.judge(row), pieces.token, _blank_passage())


class _Pieces:
    """The pieces of one passage, and the token targets that are filled in."""

    def __init__(self, ranges: list[tuple[int, int]]) -> None:
        self.ranges, self.token = ranges, _blank_tokens(len(ranges))
        self.real = torch.tensor([end > start for start, end in ranges])

    def inside(self, span: Sequence[int]) -> list[int]:
        """Return the pieces that a character range touches."""
        return [i for i, (start, end) in enumerate(self.ranges) if end > start and start < span[1] and end > span[0]]

    def mark(self, head: str, label: str, spans: list[list[int]]) -> None:
        """Set an independent label to 1 in ``spans`` and to 0 elsewhere."""
        column = _labels(head).index(label)
        self.token[head][self.real, column] = 0
        for span in spans:
            self.token[head][self.inside(span), column] = 1

    def mark_contrasts(self, contrasts: list[dict[str, Any]]) -> None:
        """Set sides, types and cues; of nested contrasts the inner one wins."""
        self.token["sides"][self.real] = 0
        for contrast in sorted(contrasts, key=lambda c: c["b"][1] - c["a"][0], reverse=True):
            for side in ("a", "b"):
                pieces = self.inside(contrast[side])
                self.token["sides"][pieces] = _labels("sides").index(f"inside-{side}")
                self.token["sides"][pieces[:1]] = _labels("sides").index(f"begin-{side}")
                if contrast["label"]:
                    self.token["contrast"][pieces] = _labels("contrast").index(contrast["label"])
        self.mark("marks", "contrast-cue", [span for c in contrasts for span in c["cue"]])

    def judge(self, row: Coded) -> tuple[Tensor, Tensor]:
        """Return what the judge of contrasts is shown of a passage, and what it should say: everything that the text
        proposes, and the contrasts that were coded.
        """
        sides, verdicts = [], []
        gold = row.get("contrasts", [])
        proposed = propose_from_text(row["text"]) if "contrasts" in row else []
        for a, b in dict.fromkeys([*proposed, *((tuple(c["a"]), tuple(c["b"])) for c in gold)]):
            first, second = self.inside(a), self.inside(b)
            if first and second:  # nothing of it was cut off
                sides.append([first[0], first[-1] + 1, second[0], second[-1] + 1])
                verdicts.append(_verdict(row, list(a), list(b)))
        return torch.tensor(sides, dtype=torch.long).reshape(-1, 4), torch.tensor(verdicts, dtype=torch.long)


def _verdict(row: Coded, a: list[int], b: list[int]) -> int:
    same = next((contrast for contrast in row["contrasts"] if sides_agree(contrast, a, b)), None)
    if same:
        return 1 + CONTRASTS.index(same["label"]) if same["label"] else _UNCODED
    doubtful = any(meet(span, side) for span in row.get("unclear", []) for side in (a, b))
    return _UNCODED if doubtful else 0


def _passage(row: Coded) -> dict[str, Tensor]:
    passage = _blank_passage()
    passage["about"] = torch.tensor([row["about"]])
    passage["frames"] = torch.tensor([row["frames"][frame] for frame in FRAMES])
    passage["framing"] = torch.tensor(FRAMINGS.index(row["framing"]))
    if row["instances"]:
        passage["actor"] = torch.tensor(ACTORS.index(row["instances"][0]["actor"]))
    portrayal = row["portrayal"] or {}
    passage["spoken"] = torch.tensor([int(country in portrayal) for country in COUNTRIES])
    for country, said in portrayal.items():
        passage[f"role_{country}"] = torch.tensor(ROLES.index(said["role"]))
        passage[f"stance_{country}"] = torch.tensor(STANCES.index(said["stance"]))
    return passage


def metaphor_case(tokens: list[str], labels: list[int], tokenizer: Any, length: int) -> Case:  # noqa: ANN401
    """Make the case of a sentence of VUA-20: each word 1 metaphor-related, 0 literal, -1 not annotated."""
    coded = tokenizer(tokens, is_split_into_words=True, truncation=True, max_length=length)
    words = coded.word_ids()
    token = _blank_tokens(len(words))
    column = _labels("marks").index("metaphor")
    for at, word in enumerate(words):
        if word is not None:
            token["marks"][at, column] = labels[word]
    none = torch.zeros((0, 4), dtype=torch.long)
    return Case(coded["input_ids"], none, none[:, 0], token, _blank_passage())


def window_case(row: Coded, tokenizer: Any, length: int) -> Case:  # noqa: ANN401
    """Make the case of a passage that nobody coded: only what a teacher may be asked, its candidates included."""
    coded = tokenizer(row["text"], truncation=True, max_length=length, return_offsets_mapping=True)
    pieces = _Pieces(coded["offset_mapping"])
    asked = {**row, "contrasts": []}
    sides, verdicts = pieces.judge(asked)
    return Case(coded["input_ids"], sides, torch.full_like(verdicts, _UNCODED), pieces.token, _blank_passage())
