import json
from dataclasses import asdict
from typing import Any

from hypothesis import given, settings
from scoring.records import essay, gold, make_record
from scoring.strategies import records

from rhetoric.report.evidence import gather_evidence, say_carrier
from rhetoric.scoring import score_record


@settings(max_examples=25, deadline=None)
@given(records())
def test_the_evidence_is_what_was_counted(record: dict[str, Any]) -> None:
    for every_passage in (False, True):
        card = score_record(record, every_passage=every_passage)
        found = gather_evidence(record, every_passage)
        assert sum(each.complete for each in found.framing) == (card.framing.density.count or 0)
        assert len(found.contrasts) == (card.contrast.count or 0)
        assert len(found.metaphors) == (card.metaphor.count or 0)
        for frame, score in card.frames.items():
            assert len(found.frames[frame]) == min(2, score.prevalence.count or 0)
        quotes = [*found.metaphors, *(q for pair in found.contrasts for q in (pair.a, pair.b, *pair.cue))]
        for each in found.framing:
            quotes += [*each.account, *each.machinery, *each.cue]
        assert all(quote.text == record["text"][quote.start : quote.end] for quote in quotes)


def test_the_surest_passages_come_first() -> None:
    record = essay()
    for passage, probability in zip(record["passages"], (0.6, 0.9, 0.2, 0.9, 0.7, 0.1, 0.1, 0.1), strict=True):
        passage["frames"]["race"] = probability
    found = gather_evidence(record).frames["race"]
    assert [(each.passage, each.probability) for each in found] == [(2, 0.9), (4, 0.9)]
    assert found[0].text == gold("essay.jsonl")[1]["text"]


def test_passages_are_numbered_in_the_whole_text_and_spans_come_in_order() -> None:
    rows = gold()[:30]
    record = make_record(rows)
    record["contrasts"].reverse()
    found = gather_evidence(record)
    starts = [each.a.start for each in found.contrasts]
    assert starts == sorted(starts)
    for each in found.metaphors:
        assert each.text in rows[each.passage - 1]["text"]
        assert rows[each.passage - 1]["about"]
    json.dumps(asdict(found))


def carried(record: dict[str, Any], without: float = 0.2) -> dict[str, Any]:
    """Let each passage of a record be carried by its first words, whatever the frame."""
    for passage in record["passages"]:
        end = record["text"].index(" ", passage["start"] + 20)
        found = {"start": passage["start"], "end": end, "without": without}
        passage["sentences"] = dict.fromkeys(passage["frames"], found)
    return record


def test_a_frame_is_carried_by_a_sentence_where_the_record_says_by_which() -> None:
    record = carried(essay())
    found = gather_evidence(record)
    for carrier in (each for carriers in found.frames.values() for each in carriers):
        assert carrier.sentence and carrier.without == 0.2
        assert carrier.sentence.text == record["text"][carrier.sentence.start : carrier.sentence.end]
        assert carrier.text.startswith(carrier.sentence.text)
        assert say_carrier(carrier) == f"{carrier.probability:.0%} sure, 20% without this sentence"
    json.dumps(asdict(found))
    plain = gather_evidence(essay())
    assert all(each.sentence is each.without is None for carriers in plain.frames.values() for each in carriers)


def test_what_others_carry_too_is_said_to_stay() -> None:
    record = carried(essay(), without=0.5)
    race = gather_evidence(record).frames["race"][0]
    assert say_carrier(race) == "95% sure, still 50% without this sentence"
    plain = gather_evidence(essay()).frames["race"][0]
    assert say_carrier(plain) == "95% sure"
