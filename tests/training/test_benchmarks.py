import gzip
import json
import re
from collections.abc import Iterable, Sequence
from itertools import permutations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipeline.makers import SURE, cutter, encoded, say
from spacy.tokens import Doc, Span

from rhetoric.errors import SourceError
from rhetoric.pipeline.encoder import Encoded
from rhetoric.pipeline.layout import TOKEN, VECTOR, column, width
from rhetoric.training.baselines import vua_f1
from rhetoric.training.baselines.lexicon import read_vua, shares
from rhetoric.training.benchmarks import benchmark_table, contrasts, measure_public, public
from rhetoric.training.benchmarks import words as w
from rhetoric.training.benchmarks.figures import score
from rhetoric.training.benchmarks.published import PUBLISHED
from rhetoric.training.discourse import join, read_discourse, read_documents

from .makers import shared, steady

METAPHOR = column(TOKEN, "marks", "metaphor")
GUM = "discourse/contrast_gum.jsonl.gz"
DEV, TRAIN = "text1", "text2"


def write(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def sentence(id: str, words: str, labels: Sequence[int], split: str = "test", **more: Any) -> dict[str, Any]:
    return {"id": id, "split": split, "tokens": words.split(), "labels": labels, "content": labels, **more}


class Told:
    """In the place of the encoder: pieces of up to two letters, each with a logit of its own; it has no piece for @."""

    def __init__(self, logits: dict[str, float]) -> None:
        self.logits, self.asked = logits, []

    def encode(self, text: str) -> Encoded:
        self.asked.append(text)
        ranges = [(found.start(), found.end()) for found in re.finditer(r"[^\s@]{1,2}", text)]
        token = np.zeros((len(ranges), width(TOKEN) + VECTOR), dtype=np.float32)
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
    found = w.count_words(rows, lambda words: [word in "ac" for word in words], w.text_of)
    assert found == {"one": (1, 1, 2), "two": (0, 1, 1)}
    assert w.count_words(rows, lambda words: [True] * len(words), lambda row: "all") == {"all": (3, 6, 3)}


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
    assert lexicon["f1"]["value"] == pytest.approx(vua_f1(tmp_path / "vua20.jsonl.gz").f1)
    assert found["published"]["MelBERT"]["f1"] == 0.723
    higher = w.measure_words("vua20", tmp_path, w.Chances(Told(LOGITS)), 0.5)
    assert higher["measured"]["metaphor head"]["precision"]["value"] == 1.0


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


# --- contrasts

TEXT = "He won't run, but she will even though it is late. However, it snows. "
WORDS = re.findall(r"wo|n't|\w+|[,.]", TEXT)
GLUED = {1, 3, 12, 14, 17}  # no space after these


def relation(scheme: str, label: str, a: list, b: list, cue: Sequence = (), type: str = "explicit") -> dict[str, Any]:
    more = {"type": type, "connective": ""} if scheme == "pdtb" else {"signals": "_"}
    return {"scheme": scheme, "label": label, "cue": [list(c) for c in cue], "a": a, "b": b, **more}


def gum(split: str = "test", licence: str = "nc") -> dict[str, Any]:
    relations = [
        relation("pdtb", "comparison.contrast", [[0, 4]], [[6, 8]], [(5, 6)]),
        relation("pdtb", "comparison.concession.arg1-as-denier", [[6, 8]], [[10, 13]], [(8, 10)]),
        relation("pdtb", "expansion.substitution.arg2-as-subst", [[0, 4]], [[6, 8]], [(2, 3)], "altlex"),
        relation("pdtb", "comparison.contrast", [[0, 13]], [[14, 18]], [], "implicit"),
        relation("pdtb", "contingency.cause.reason", [[0, 13]], [[14, 18]], [(14, 15)]),
        relation("erst", "adversative-contrast", [[5, 8]], [[0, 4]]),
        relation("erst", "adversative-antithesis", [[0, 4]], [[5, 8]]),  # the same two units
        relation("erst", "adversative-concession", [[8, 13]], [[14, 15], [16, 18]]),
        relation("erst", "causal-cause", [[0, 4]], [[14, 18]]),
    ]
    spaces = [at not in GLUED for at in range(len(WORDS))]
    told = {"doc": "GUM_made_up", "genre": "none", "split": split, "text_licence": licence, "tokens": WORDS}
    return {**told, "space_after": spaces, "sentence_starts": [0, 14], "relations": relations}


def span(doc: Doc, words: str) -> list[int]:
    start = doc.text.index(words)
    return [start, start + len(words)]


def contrast(doc: Doc, first: int, a: str, b: str, *cue: str) -> Span:
    found = Span(doc, first, len(doc), label="concession")
    found._.a, found._.b, found._.contrast_cue = span(doc, a), span(doc, b), [span(doc, each) for each in cue]
    return found


def test_documents_come_back_whole_with_their_text(tmp_path):
    path = write(tmp_path / "gum.jsonl.gz", [gum(), gum("train"), gum("test", "free")])
    assert [each["text_licence"] for each in read_documents(path, "test")] == ["nc", "free"]
    text, ranges = join(WORDS, gum()["space_after"])
    assert text == TEXT
    assert [text[start:end] for start, end in ranges] == WORDS
    assert [each["text"] for each in read_discourse(path, "test")] == [TEXT]


def test_cue_words_are_those_of_explicit_contrasts():
    assert contrasts.explicit_cues(gum()["relations"]) == {5, 8, 9}


def test_units_of_adversative_relations():
    text, ranges = join(WORDS, gum()["space_after"])
    found = contrasts.adversative(gum()["relations"], ranges)
    said = [(text[slice(*each["a"])], text[slice(*each["b"])]) for each in found]
    assert [tuple(re.sub(r"\W+", " ", side).strip() for side in each) for each in said] == [
        ("He won t run", "but she will"),
        ("even though it is late", "However it snows"),
    ]


@steady
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), min_size=1, max_size=12), st.data())
def test_words_that_spans_touch(parts, data):
    words, at = [], 0
    for gap, length in parts:
        words.append((at + gap, at + gap + length))
        at += gap + length
    cuts = st.tuples(st.integers(0, at), st.integers(0, at)).map(sorted).filter(lambda cut: cut[0] < cut[1])
    spans = data.draw(st.lists(cuts, max_size=4))
    slow = {i for i, (a, b) in enumerate(words) for c, d in spans if max(a, c) < min(b, d)}
    assert contrasts.touched(words, spans) == slow


def test_a_contrast_finds_a_relation_where_each_side_overlaps_another_unit():
    units = [{"a": [0, 10], "b": [12, 20]}]
    for sides, right in [
        (([5, 9], [15, 16]), 1),
        (([19, 40], [9, 11]), 1),  # the other way round
        (([0, 3], [4, 10]), 0),  # both in one unit
        (([0, 20], [30, 40]), 0),  # one side over both
        (([10, 12], [12, 20]), 0),  # beside the first one
    ]:
        assert contrasts.count_relations(units, [sides]) == (right, 1, 1)


def test_a_contrast_finds_one_relation_and_a_relation_is_found_once():
    units = [{"a": [0, 10], "b": [12, 20]}, {"a": [0, 10], "b": [12, 30]}]
    one, far = ([0, 10], [12, 20]), ([50, 60], [70, 80])
    assert contrasts.count_relations(units, [one]) == (1, 1, 2)
    assert contrasts.count_relations(units[:1], [one, one]) == (1, 2, 1)
    for order in permutations([one, one, far]):
        assert contrasts.count_relations(units, list(order)) == (2, 3, 2)
    assert contrasts.count_relations([], [one]) == (0, 1, 0)


def pipeline(text: str) -> Doc:
    """Analyse as a head that knows "but", "However" and a comma, and a detector that finds both relations."""
    doc = encoded(text)
    for words in ("but", "However", ","):
        say(doc, words, "marks", "contrast-cue")
    doc.spans["contrast"] = [  # spans of one reach would share their attributes
        contrast(doc, 0, "run", "she", "but"),
        contrast(doc, 1, "snows", "it is", "though", "is"),
    ]
    return doc


def test_gum_is_measured_on_both_licences(tmp_path):
    path = write(tmp_path / "gum.jsonl.gz", [gum(), gum("dev"), gum("test", "free")])
    found = contrasts.measure_contrasts(pipeline, path)
    cues, relations = found["gum_cues"], found["gum_relations"]
    letters = [word for word in WORDS if any(letter.isalnum() for letter in word)]
    assert (cues["count"], cues["positive"], cues["groups"]) == (2 * len(letters), 6, 2)
    values = {
        way: [cues["measured"][way][key]["value"] for key in ("precision", "recall")]
        for way in (contrasts.HEAD, contrasts.FOUND)
    }
    # The head: but, However (of a relation that is no contrast); a comma is no word. Contrasts: but, though, is.
    assert values == {contrasts.HEAD: [0.5, 0.3333], contrasts.FOUND: [0.6667, 0.6667]}
    assert (relations["count"], relations["positive"], relations["threshold"]) == (4, 4, None)
    # run/she is the first relation; of the second, "snows" lies in its second unit and "it is" in its first.
    assert relations["measured"][contrasts.FOUND]["f1"]["value"] == 1.0
    assert all(each["baselines"][contrasts.RULES]["recall"]["value"] > 0 for each in found.values())


# --- the whole


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write(tmp_path / "metaphor/vua20.jsonl.gz", vua_rows())
    write(tmp_path / "metaphor/moh_x.jsonl.gz", [sentence("m_0", "hi lo no", [-1, 1, -1], "all")])
    write(tmp_path / GUM, [gum()])
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
    assert measure_public(data, data, threshold=0.5)["vua20"]["threshold"] == 0.5
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
        ("vua20", (22_196, 3_982, 27), 0.520),
        ("vua18", (50_175, 6_243, 27), 0.578),
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
        assert found["baselines"][w.LEXICON]["f1"]["value"] == pytest.approx(lexicon, abs=5e-4)
    else:
        assert found["baselines"][w.EVERY]["f1"] == every["f1"]


def test_the_published_lexical_baseline_comes_back():
    """Gao et al. 2018, table 4: P 68.6, R 45.2, F1 54.5, with the sentences that nobody annotated taken for literal."""
    with gzip.open(shared("data/metaphor/vua18.jsonl.gz"), "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    known = shares(row for row in rows if row["split"] != "test")
    test = [row for row in rows if row["split"] == "test"]
    found = score(w.count_words(test, lambda ws: [known.get(word, 0) > 0.5 for word in ws], w.text_of).values())
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
