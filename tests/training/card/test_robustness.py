import json

import pytest

from rhetoric.gold import read_gold
from rhetoric.resources import CORPORA, DETECTORS, SCORES
from rhetoric.training.card.robustness import measure_denials, robustness_tables

from ..makers import as_record


def test_a_frame_that_is_rejected_counts_against_and_one_that_is_put_forward_for() -> None:
    rows = [row for row in read_gold(CORPORA / "gold" / "pairs.jsonl") if row["id"].startswith("n-a-00")]
    records = [as_record(row) for row in rows]
    assert len(rows) == 27 and {row["id"][-1] for row in rows} == set("dyh")
    right = {
        "passages": 27,
        "rejected and counted all the same": 0.0,
        "put forward and found": 1.0,
        "put forward among words of denial and found": 1.0,
    }
    assert measure_denials(rows, records) == right
    for row, record in zip(rows, records, strict=True):
        if row["id"] in ("n-a-001-d", "n-a-002-d", "n-a-003-y"):
            frames = record["passages"][0]["frames"]
            frames[row["frame"]] = 1 - frames[row["frame"]]
    found = measure_denials(rows, records)
    assert found["rejected and counted all the same"] == pytest.approx(2 / 9, abs=1e-4)
    assert found["put forward and found"] == pytest.approx(8 / 9, abs=1e-4)


def test_what_is_not_there_to_be_found_off_the_matter_is_not_told() -> None:
    scores = json.loads((DETECTORS / SCORES).read_text(encoding="utf-8"))["robustness"]
    *_, there, elsewhere = robustness_tables(scores)["disturbed"].splitlines()
    told = [f"{scores['topic']['about anything else'][name]:.3f}" for name in ("framing.unmasking", "portrayal.stance")]
    assert elsewhere == f"| about anything else | {told[0]} | – | – | {told[1]} | – |"
    assert there.startswith("| about the matter |") and there.count("–") == 1
