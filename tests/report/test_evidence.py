import json
from typing import Any

from hypothesis import given, settings
from scoring.records import essay, gold, make_record
from scoring.strategies import records

from rhetoric.report.evidence import gather_evidence
from rhetoric.scoring import score_record


@settings(max_examples=25, deadline=None)
@given(records())
def test_the_evidence_is_what_was_counted(record: dict[str, Any]) -> None:
    for every_passage in (False, True):
        card = score_record(record, every_passage=every_passage)
        found = gather_evidence(card, record)
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
    found = gather_evidence(score_record(record), record).frames["race"]
    assert [(each.passage, each.probability) for each in found] == [(2, 0.9), (4, 0.9)]
    assert found[0].text == gold("essay.jsonl")[1]["text"]


def test_passages_are_numbered_in_the_whole_text_and_spans_come_in_order() -> None:
    rows = gold()[:30]
    record = make_record(rows)
    record["contrasts"].reverse()
    found = gather_evidence(score_record(record), record)
    starts = [each.a.start for each in found.contrasts]
    assert starts == sorted(starts)
    for each in found.metaphors:
        assert each.text in rows[each.passage - 1]["text"]
        assert rows[each.passage - 1]["about"]
    json.dumps(found.to_dict())
