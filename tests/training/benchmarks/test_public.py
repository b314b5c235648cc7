import gzip
import json
import re
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipeline.makers import SURE, cutter
from spacy.tokens import Doc

from rhetoric.errors import SourceError
from rhetoric.pipeline.encoder import Encoded
from rhetoric.pipeline.layout import TOKEN, TOKEN_COLUMNS, column, width
from rhetoric.training.baselines.lexicon import shares
from rhetoric.training.benchmarks import contrasts, public
from rhetoric.training.benchmarks import words as w
from rhetoric.training.benchmarks.figures import score
from rhetoric.training.benchmarks.public import measure_public
from rhetoric.training.benchmarks.published import PUBLISHED
from rhetoric.training.benchmarks.table import benchmark_table
from rhetoric.training.data.discourse import GUM
from rhetoric.training.data.metaphors import read_vua

from ..gum import gum, pipeline, write
from ..makers import shared, steady

METAPHOR = column(TOKEN, "marks", "metaphor")
DEV, TRAIN = "text1", "text2"


def sentence(id: str, words: str, labels: Sequence[int], split: str = "test", **more: Any) -> dict[str, Any]:
    return {"id": id, "split": split, "tokens": words.split(), "labels": labels, "content": labels, **more}


class Told:
    """In the place of the encoder: pieces of up to two letters, each with a logit of its own; it has no piece for @."""

    def __init__(self, logits: dict[str, float]) -> None:
        self.logits, self.asked = logits, []

    def encode(self, text: str) -> Encoded:
        self.asked.append(text)
        ranges = [(found.start(), found.end()) for found in re.finditer(r"[^\s@]{1,2}", text)]
        token = np.zeros((len(ranges), TOKEN_COLUMNS), dtype=np.float32)
        token[:, METAPHOR] = [self.logits.get(text[start:end], -SURE) for start, end in ranges]
        return Encoded(token, ranges, np.zeros(1, dtype=np.float32), np.zeros(1, dtype=np.float32))


def sigmoid(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


# --- metaphor words


def test_a_word_has_the_mean_of_its_pieces_and_no_sentence_is_encoded_twice():
    told = Told({"ra": 3.0, "ce": -1.0, "a": 2.0})
    chances = w.Chances(told)
    found = chances(["race", "@", "a", "of"])
    assert found.tolist() == pytest.approx([sigmoid(1.0), sigmoid(-20), sigmoid(2.0), sigmoid(-SURE)], rel=1e-4)
    assert chances(["race", "@", "a", "of"]) is found
    assert chances(["race", "@"]).tolist() == pytest.approx(found[:2].tolist())
    assert told.asked == ["race @ a of", "race @"]


@steady
@given(st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=7), min_size=1, max_size=8))
def test_every_word_gets_its_own_pieces(words):
    told = Told({})
    told.logits = {word[at : at + 2]: float(at + len(word)) for word in words for at in range(0, len(word), 2)}
    alone = [w.Chances(told)([word])[0] for word in words]
    assert w.Chances(told)(words).tolist() == pytest.approx(alone)


def test_words_are_counted_by_group_and_only_targets_are():
    rows = [
        sentence("one_1", "a b c d", [1, 0, -1, 1]),
        sentence("one_2", "b", [0]),
        sentence("two_1", "a @ c", [0, 1, -1]),
    ]
    found = w.count_metaphors(rows, lambda words: [word in "ac" for word in words], w.text_of)
    assert found == {"one": (1, 1, 2), "two": (0, 1, 1)}
    assert w.count_metaphors(rows, lambda words: [True] * len(words), lambda row: "all") == {"all": (3, 6, 3)}


def vua_rows() -> list[dict[str, Any]]:
    """Give a small corpus of train and test sentences."""
    return [
        sentence(f"{DEV}_1", "hi lo no", [1, 1, 0], "train"),
        sentence(f"{DEV}_2", "lo no xx", [1, 0, -1], "train"),
        sentence(f"{DEV}_3", "no no no", [1, 1, 1], "train", unannotated=True),
        sentence(f"{TRAIN}_1", "hi lo no xx xx", [1, 0, 0, 0, 0], "train"),
        sentence(f"{TRAIN}_2", "hi lo lo xx", [1, 0, 0, 1], "train"),
        sentence("later_1", "hi lo lo xx", [1, 0, 0, 1]),
        sentence("later_2", "no hi", [0, -1]),
        sentence("latest_1", "xx lo", [0, 1]),
    ]


LOGITS = {"hi": 2.0, "lo": float(np.log(0.37 / 0.63)), "no": float(np.log(0.25 / 0.75)), "xx": -SURE}


def test_vua_is_measured_beside_the_lexicon(tmp_path):
    write(tmp_path / "vua20.jsonl.gz", vua_rows())
    found = w.measure_words("vua20", tmp_path, w.Chances(Told(LOGITS)), 0.3)
    assert (found["count"], found["positive"], found["groups"], found["grouped"]) == (7, 3, 2, "texts")
    assert found["threshold"] == 0.3
    # Found: hi, lo, lo and the last lo; there to be found: hi, xx and the last lo.
    score = found["measured"]["metaphor head"]
    assert [score[key]["value"] for key in ("precision", "recall", "f1")] == [0.5, 0.6667, 0.5714]
    # The lexicon: hi is always a metaphor; lo in two places of five, xx in one of three.
    lexicon = found["baselines"][w.LEXICON]
    assert [lexicon[key]["value"] for key in ("precision", "recall", "f1")] == [1.0, 0.3333, 0.5]
    assert found["published"]["MelBERT"]["f1"] == 0.723
    alone = found["measured"][w.ALONE]
    assert alone == score  # of each word by itself the same is said
    higher = w.measure_words("vua20", tmp_path, w.Chances(Told(LOGITS)), 0.5)
    assert higher["measured"]["metaphor head"]["precision"]["value"] == 1.0


def test_the_sentences_of_a_text_are_asked_together_and_each_by_itself(tmp_path):
    write(tmp_path / "vua20.jsonl.gz", vua_rows())
    told = Told(LOGITS)
    w.measure_words("vua20", tmp_path, w.Chances(told), 0.3)
    assert sorted(told.asked) == sorted(["hi lo lo xx no hi", "xx lo", "hi lo lo xx", "no hi"])


def test_vua18_has_its_own_lexicon_of_train_and_dev(tmp_path):
    rows = [
        sentence("a_1", "lo lo", [1, 0], "train"),
        sentence("a_2", "lo", [1], "dev"),
        sentence("b_1", "lo no .", [1, 1, 0]),
    ]
    write(tmp_path / "vua18.jsonl.gz", rows)
    found = w.measure_words("vua18", tmp_path, w.Chances(Told(LOGITS)), 0.3)
    assert (found["count"], found["positive"]) == (3, 2)
    assert found["baselines"][w.LEXICON]["recall"]["value"] == 0.5
    assert found["baselines"][w.LEXICON]["precision"]["value"] == 1.0


@pytest.mark.parametrize("key", ["moh_x", "trofi"])
def test_of_verb_sets_the_target_alone_counts(tmp_path, key):
    rows = [
        sentence("m_0", "hi lo no", [-1, 1, -1], "all"),
        sentence("m_1", "hi no hi", [-1, 0, -1], "all"),
        sentence("m_2", "hi", [0], "all"),
    ]
    write(tmp_path / f"{key}.jsonl.gz", rows)
    found = w.measure_words(key, tmp_path, w.Chances(Told(LOGITS)), 0.3)
    assert (found["count"], found["positive"], found["groups"], found["grouped"]) == (3, 1, 3, "sentences")
    assert [found["measured"]["metaphor head"][k]["value"] for k in ("precision", "recall")] == [0.5, 1.0]
    assert found["baselines"][w.EVERY]["f1"]["value"] == 0.5
    assert w.LEXICON not in found["baselines"]  # without VUA-20 there is none
    write(tmp_path / "vua20.jsonl.gz", vua_rows())
    found = w.measure_words(key, tmp_path, w.Chances(Told(LOGITS)), 0.3)
    assert found["baselines"][w.LEXICON]["precision"]["value"] == 0.0  # it finds hi, not lo


# --- scores


@steady
@given(st.lists(st.tuples(*[st.integers(0, 9)] * 3).map(sorted), min_size=1, max_size=12))
def test_scores_pool_the_counts_and_lie_in_their_intervals(counts):
    found = score([(right, predicted, gold) for right, predicted, gold in counts])
    right, predicted, gold = map(sum, zip(*counts, strict=True))
    for key, top, bottom in (
        ("precision", right, predicted),
        ("recall", right, gold),
        ("f1", 2 * right, predicted + gold),
    ):
        figure = found[key]
        assert figure["value"] == (round(top / bottom, 4) if bottom else None)
        if figure["low"] is not None:
            assert 0 <= figure["low"] <= figure["value"] <= figure["high"] <= 1


def test_where_nothing_is_found_there_is_no_precision():
    found = score([(0, 0, 2), (0, 0, 1), (0, 0, 4)])
    assert found["precision"] == {"value": None, "low": None, "high": None}
    assert (found["recall"]["value"], found["f1"]["value"]) == (0.0, 0.0)


def test_published_shares_agree_with_one_another():
    for rows in PUBLISHED.values():
        for each in rows.values():
            p, r = each["precision"], each["recall"]
            # means over seeds need not agree to the last digit
            assert each["f1"] == pytest.approx(2 * p * r / (p + r), abs=0.006)


# --- the whole


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write(tmp_path / "metaphor/vua20.jsonl.gz", vua_rows())
    write(tmp_path / "metaphor/moh_x.jsonl.gz", [sentence("m_0", "hi lo no", [-1, 1, -1], "all")])
    write(tmp_path / GUM, [gum()])
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")  # of detectors that know no connectives
    return tmp_path


def loaded(text_to_doc: Any, logits: dict[str, float]) -> Any:
    class Pipeline:
        def get_pipe(self, name: str) -> Any:
            return {"rhetoric_encoder": Told(logits), "rhetoric_metaphor": SimpleNamespace(metaphor_threshold=0.3)}[
                name
            ]

        def __call__(self, text: str) -> Doc:
            return text_to_doc(text)

    return Pipeline()


def test_what_has_a_file_is_measured_at_the_threshold_of_the_weights(data, monkeypatch):
    asked = []
    monkeypatch.setattr(public, "load", lambda detectors: asked.append(detectors) or loaded(pipeline, LOGITS))
    said: list[str] = []
    found = measure_public(data, data, progress=said.append)
    assert list(found) == ["vua20", "moh_x", "gum_cues", "gum_relations"]
    assert asked == [data] and said == ["VUA-20", "MOH-X", "GUM"]
    assert found["vua20"]["threshold"] == 0.3
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    with pytest.raises(SourceError, match="none of the benchmarks"):
        measure_public(data / "metaphor", data)


def test_the_table_says_everything(data, monkeypatch):
    monkeypatch.setattr(public, "load", lambda detectors: loaded(pipeline, LOGITS))
    found = measure_public(data)
    text = benchmark_table(found)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + sum(len(each["measured"]) for each in found.values())
    assert {row.count("|") for row in rows} == {8}
    assert rows[2].startswith("| VUA-20 test | metaphor head | 0.500 | 0.667 | **0.571**") or "| 0.571 |" in rows[2]
    assert "VUA lexicon 0.500" in rows[2] and "MelBERT 0.723" in rows[2]
    assert any(row.startswith("| MOH-X |") for row in rows)
    for each in found.values():
        assert f"**{each['name']}**" in text and each["protocol"] in text
    assert "7 official content words, 3 of them to be found" in text
    assert "Threshold 0.3." in text and "bootstrap over 2 texts" in text
    assert "arXiv:2104.13615, table 3" in text
    nothing = {**found["vua20"], "measured": {"metaphor head": score([(0, 0, 2)] * 3)}, "published": {}}
    assert "| – | 0.000 | **0.000** [" in benchmark_table({"vua20": nothing})
    assert "Published" not in benchmark_table({"vua20": nothing})


def test_the_shipped_pipeline_can_be_measured(data, nlp, monkeypatch):
    monkeypatch.setattr(public, "load", lambda detectors: nlp)
    for each in measure_public(data).values():
        for one in each["measured"].values():
            assert all(value is None or 0 <= value <= 1 for figure in one.values() for value in figure.values())


# --- the real files


@pytest.mark.parametrize(
    ("key", "sizes", "lexicon"),
    [
        ("vua20", (22_196, 3_982, 27), [0.660, 0.429, 0.520]),
        ("vua18", (50_175, 6_243, 27), [0.686, 0.499, 0.578]),
        ("moh_x", (647, 315, 647), None),
        ("trofi", (3_737, 1_627, 3_737), None),
    ],
)
def test_real_sets_have_the_published_sizes(tmp_path, key, sizes, lexicon):
    name = f"{key}.jsonl.gz"
    (tmp_path / name).symlink_to(shared(f"data/metaphor/{name}"))  # alone, so that only its own lexicon is measured
    found = w.measure_words(key, tmp_path, lambda words: np.ones(len(words), dtype=np.float32), 0.5)
    assert (found["count"], found["positive"], found["groups"]) == sizes
    every = found["measured"]["metaphor head"]  # calls every word a metaphor
    assert every["recall"]["value"] == 1.0
    assert every["precision"]["value"] == round(sizes[1] / sizes[0], 4)
    if lexicon:  # as the README of the data has it
        its = found["baselines"][w.LEXICON]
        assert [its[key]["value"] for key in ("precision", "recall", "f1")] == pytest.approx(lexicon, abs=5e-4)
    else:
        assert found["baselines"][w.EVERY]["f1"] == every["f1"]


def test_the_published_lexical_baseline_comes_back():
    """Gao et al. 2018, table 4: P 68.6, R 45.2, F1 54.5, with the sentences that nobody annotated taken for literal."""
    with gzip.open(shared("data/metaphor/vua18.jsonl.gz"), "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    known = shares(row for row in rows if row["split"] != "test")
    test = [row for row in rows if row["split"] == "test"]
    found = score(w.count_metaphors(test, lambda ws: [known.get(word, 0) > 0.5 for word in ws], w.text_of).values())
    assert [round(100 * found[key]["value"], 1) for key in ("precision", "recall", "f1")] == [68.6, 45.2, 54.5]


def test_texts_of_train_and_test_are_apart():
    with gzip.open(shared("data/metaphor/vua20.jsonl.gz"), "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    train = {w.text_of(row) for row in rows if row["split"] == "train"}
    assert len(train) == 90
    assert not train & {w.text_of(row) for row in rows if row["split"] == "test"}
    assert not train & {w.text_of(row) for row in read_vua(shared("data/metaphor/vua18.jsonl.gz"), "test")}


def test_gum_has_thirty_test_documents():
    def silent(text: str) -> Doc:
        doc = cutter()(text)
        doc.tensor = np.full((len(doc), width(TOKEN)), -SURE, dtype=np.float32)
        for passage in doc.spans["passage"]:
            passage._.scores = [0.0]
        doc.spans["contrast"] = []
        return doc

    found = contrasts.measure_contrasts(silent, shared(f"data/{GUM}"))
    assert (found["gum_cues"]["positive"], found["gum_cues"]["groups"]) == (158, 30)
    assert (found["gum_relations"]["positive"], found["gum_relations"]["groups"]) == (254, 30)
    assert found["gum_cues"]["measured"][contrasts.HEAD]["recall"]["value"] == 0.0
    assert found["gum_relations"]["measured"][contrasts.FOUND]["precision"]["value"] is None
    for each in found.values():
        assert each["baselines"][contrasts.RULES]["f1"]["value"] > 0.4
