"""A text that the detectors have learned from is said to be one, passage by passage."""

import json
from typing import Any

import pytest

from rhetoric.gold import text_sum
from rhetoric.made_by import shipped_parts
from rhetoric.resources import CORPORA
from rhetoric.scoring import learned, score_record

from .records import gold, make_record


def _known(monkeypatch: pytest.MonkeyPatch, encoder: str | None, texts: list[str]) -> dict[str, Any]:
    monkeypatch.setattr(learned, "learned_passages", lambda: frozenset(map(text_sum, texts)))
    record = make_record([{**row, "about": 1} for row in gold()[:5]])
    parts = {} if encoder is None else {"parts": {**shipped_parts(), "encoder": encoder}}
    return {**record, "pipeline": {**record["pipeline"], **parts}}


def test_checksums_are_those_of_all_public_passages() -> None:
    public = {"real", "silver", "further", "fresh"}
    assert public < {*learned.learned_sets()}
    rows = [json.loads(line) for name in public for line in (CORPORA / "gold" / f"{name}.jsonl").open()]
    assert learned.learned_passages() == {row["sha"] for row in rows}


def test_what_ships_says_what_it_learned_from_of_what_the_recipes_learn_from() -> None:
    from rhetoric.training.data.passages import LEARNED

    assert {*LEARNED} - {*learned.learned_sets()} == {"pairs"}, "until weights ship that learned the pairs"
    assert {*LEARNED} - {*learned.learned_sets("portrayal")} == {"further"}, "no text of which was at hand"


def test_a_learned_passage_is_known_where_its_lines_are_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [row["text"] for row in gold()[:5]]
    record = _known(monkeypatch, shipped_parts()["encoder"], texts)
    at = record["text"].index(" ")
    record["text"] = f"{record['text'][:at]}\n{record['text'][at + 1 :]}"
    assert score_record(record).learned == 5  # type: ignore[arg-type]


def test_passages_that_the_shipped_encoder_learned_are_counted_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [row["text"] for row in gold()[:5]]
    card = score_record(_known(monkeypatch, shipped_parts()["encoder"], texts[1:3]))
    assert card.learned == 2 and card.to_row()["learned"] == 2
    assert any(note.startswith("2 of the 5 passages counted here are among") for note in card.notes)
    whole = score_record(_known(monkeypatch, shipped_parts()["encoder"], texts))
    assert any(note.startswith("All passages counted here are among") for note in whole.notes)
    none = score_record(_known(monkeypatch, shipped_parts()["encoder"], [text + "." for text in texts]))
    assert none.learned == 0 and not any("learned" in note for note in none.notes)


@pytest.mark.parametrize("encoder", ["another", None])
def test_what_another_encoder_learned_is_not_known(monkeypatch: pytest.MonkeyPatch, encoder: str | None) -> None:
    assert score_record(_known(monkeypatch, encoder, [row["text"] for row in gold()[:5]])).learned == 0
