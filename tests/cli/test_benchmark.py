import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from rhetoric.resources import CORPORA
from rhetoric.training.benchmarks import public

from .conftest import Invoke, refused, write

FIGURE = {"value": 0.5, "low": 0.4, "high": 0.6}
SCORE = {"precision": FIGURE, "recall": FIGURE, "f1": FIGURE}
FOUND = {
    "vua20": {
        "name": "VUA-20",
        "split": "test",
        "unit": "words",
        "count": 2000,
        "positive": 300,
        "threshold": 0.4,
        "grouped": "texts",
        "groups": 3,
        "protocol": "As stated.",
        "measured": {"metaphor head": SCORE},
        "baselines": {},
        "published": {},
    }
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Put a made-up result in the place of measuring; gives the folders asked for."""
    seen: list[Any] = []

    def measure(data: Path, detectors: Path | None, **_: Any) -> dict[str, Any]:
        seen.extend([data, detectors])
        return FOUND

    monkeypatch.setattr(public, "measure_public", measure)
    Path("data/metaphor").mkdir(parents=True)
    Path("data/metaphor/vua20.jsonl.gz").write_bytes(gzip.compress(b""))
    Path("weights").mkdir()
    return seen


def test_it_prints_the_table_and_says_what_is_left_out(invoke: Invoke, asked: list[Any]) -> None:
    result = invoke("benchmark", "public", "--data", "data")
    assert result.exit_code == 0
    assert asked == [Path("data"), None]
    assert "| VUA-20 test | metaphor head | 0.500 | 0.500 | **0.500** [0.400, 0.600] | – | – |" in result.stdout
    assert "2,000 words, 300 of them to be found" in result.stdout
    told = result.stderr.splitlines()
    assert len(told) == 4 and all(line.startswith("left out, there is no ") for line in told)
    assert "vua20" not in result.stderr and "trofi" in result.stderr and "contrast_gum" in result.stderr


def test_it_prints_json_of_other_weights(invoke: Invoke, asked: list[Any]) -> None:
    result = invoke("benchmark", "public", "--data", "data", "--detectors", "weights", "--json")
    assert json.loads(result.stdout) == FOUND
    assert asked == [Path("data"), Path("weights")]


def test_a_folder_without_benchmarks_is_a_clear_error(invoke: Invoke) -> None:
    Path("empty").mkdir()
    refused(
        invoke("benchmark", "public", "--data", "empty"),
        "error: empty: there is none of the benchmarks' files here. It should hold",
    )


def test_a_folder_that_is_not_there_is_wrong_usage(invoke: Invoke) -> None:
    assert invoke("benchmark", "public", "--data", "nowhere").exit_code == 2
    assert invoke("benchmark", "public").exit_code == 2


def test_sentences_are_read_by_the_fold_that_has_not_seen_them(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    from rhetoric import analysis
    from rhetoric.training.benchmarks import joins

    read: list[tuple[int, Path | None]] = []

    def measure(made: list[joins.Join], nlp: Path | None) -> tuple[int, int]:
        read.append((len(made), nlp))
        return 10, 9

    monkeypatch.setattr(analysis, "load", lambda detectors: detectors)
    monkeypatch.setattr(joins, "measure_joins", measure)
    gold = str(CORPORA / "gold" / "authored.jsonl")
    for name in ("one", "two"):
        Path(name).mkdir()
    told = invoke("benchmark", "sentences", gold, "--detectors", "one", "--detectors", "two", "--each", "2").stdout
    assert told.startswith("18 of 20 sentences")
    assert [nlp for _, nlp in read] == [Path("one"), Path("two")] and all(count for count, _ in read)
    assert json.loads(invoke("benchmark", "sentences", gold, "--json").stdout) == {"said": 10, "right": 9}
    assert read[-1][1] is None


def test_passages_in_which_no_frame_is_found_are_a_clear_error(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    from rhetoric import analysis

    monkeypatch.setattr(analysis, "load", lambda detectors: detectors)
    rows = [{"id": f"a-{at}", "text": "It is on. It is off.", "frames": {"race": 1}} for at in range(3)]
    write("gold.jsonl", rows)
    result = invoke("benchmark", "sentences", "gold.jsonl")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: gold.jsonl: no frame was found in its passages")


@pytest.mark.parametrize("command", ["clusters", "sentences"])
def test_gold_kept_as_offsets_has_its_text_from_a_folder(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    pytest.importorskip("sklearn", reason="the extra cluster is not installed")
    from rhetoric import analysis
    from rhetoric.training.benchmarks import clusters, joins
    from rhetoric.training.evaluation import evaluate

    read: list[str] = []

    def note(rows: list[Any], *_: Any, **__: Any) -> list[Any]:
        read.extend(row["text"] for row in rows)
        return []

    monkeypatch.setattr(evaluate, "annotate_gold", note)
    monkeypatch.setattr(clusters, "compare_clusterings", lambda *_, **__: {})
    monkeypatch.setattr(analysis, "load", lambda detectors=None: detectors)
    monkeypatch.setattr(joins, "make_joins", note)
    monkeypatch.setattr(joins, "measure_joins", lambda *_: (1, 1))
    text = "America must lead. China must follow."
    sha = hashlib.sha256(text.encode()).hexdigest()[:16]
    Path("texts").mkdir()
    Path("texts/doc.txt").write_text(text, encoding="utf-8")
    row = {"id": "doc#0", "slug": "doc", "start": 0, "end": len(text), "sha": sha, "about": 1}
    write("gold.jsonl", [row])
    without = invoke("benchmark", command, "gold.jsonl")
    assert (without.exit_code, read) == (2, []) and "--texts" in without.stderr
    told = invoke("benchmark", command, "gold.jsonl", "--texts", "texts", "--json")
    assert (told.exit_code, read) == (0, [text]), told.stderr
