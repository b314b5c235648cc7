import gzip
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.gold import fold_of
from rhetoric.labels import ACTORS, CONTRASTS, COUNTRIES, FRAMES, FRAMINGS, ROLES, SOURCES, STANCES, TARGETS
from rhetoric.pipeline.clauses import split_sentences, trim
from rhetoric.pipeline.contrast.cues import find_contrasts
from rhetoric.record import Record
from rhetoric.training.baselines.base import blank_record
from rhetoric.training.baselines.crossvalidate import annotate_held, crossvalidate_baselines, make_baselines
from rhetoric.training.baselines.cues import find_framing
from rhetoric.training.baselines.lexicon import Lexicon, shares
from rhetoric.training.baselines.majority import Majority, commonest
from rhetoric.training.data.metaphors import VUA, read_vua

from .makers import authored, coded, steady

# Words that a cue list may trip over, put together at random.
CUES = "not|but|it is|it's|they are|rather than|instead of|although|yet|still|while|less|than|even if|however|unlike"
CUES += "|by contrast|in theory|in practice|so-called|the machinery|pretext|In Reality|NOT|A|,|.|;|:|—|!|?|\n|”|(|é|中"
pieces = st.sampled_from(CUES.split("|"))
texts = st.one_of(st.lists(pieces, max_size=30).map(" ".join), st.text(max_size=60))


def sentence(tokens: str, metaphors: str = "", part: str = "train", **more: Any) -> dict[str, Any]:
    """Return a sentence as the corpus file has it; ``metaphors`` are marked, punctuation is no target."""
    words = tokens.split()
    labels = [-1 if not word.isalpha() else int(word in metaphors.split()) for word in words]
    return {"id": "x", "split": part, "tokens": words, "labels": labels, "content": labels, **more}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Write a small corpus of metaphor words: six sentences to learn from, one nobody annotated, one to test on."""
    rows = [
        sentence("they lead the race", "lead race"),
        sentence("we lead the race", "lead race"),
        sentence("a race .", ""),
        {**sentence("in doubt", "in"), "content": [-1, 0]},
        sentence("the heart of it", "heart"),
        sentence("a chip , a chip", ""),
        sentence("lead lead lead lead", "", unannotated=True),
        sentence("lead heart chip", "lead chip", part="test"),
    ]
    path = tmp_path / VUA
    path.parent.mkdir()
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    return tmp_path


def check(record: Record) -> None:
    """Hold a record to the labels of the codebook and its spans to the text."""
    end = len(record["text"])
    parts = [span for each in record["framing"] for part in ("account", "machinery", "cue") for span in each[part]]  # type: ignore[literal-required]
    sides = [span for each in record["contrasts"] for span in (each["a"], each["b"], *each["cue"])]
    words = [each["span"] for each in record["metaphors"]]
    assert all(0 <= start < stop <= end for start, stop in [*parts, *sides, *words])
    assert all(each["a"][1] <= each["b"][0] and each["label"] in CONTRASTS for each in record["contrasts"])
    assert all(each["actor"] in ACTORS for each in record["framing"])
    assert all(each["source"] in SOURCES and each["target"] in TARGETS for each in record["metaphors"] if each["live"])
    (passage,) = record["passages"]
    assert (passage["start"], passage["end"]) == (0, end)
    assert passage["framing"] in FRAMINGS
    scores = [passage["about"], passage["framing_score"], *passage["frames"].values()]
    scores += [each["score"] for key in ("framing", "contrasts", "metaphors") for each in record[key]]  # type: ignore[literal-required]
    assert all(0 <= score <= 1 for score in scores)
    assert set(passage["frames"]) in (set(), set(FRAMES))
    for country, said in passage["portrayal"].items():
        assert country in COUNTRIES and said["role"] in ROLES and said["stance"] in STANCES


def sample() -> list[Any]:
    return [row for row in authored() if row["id"][2:].isdigit() and int(row["id"][2:]) % 12 == 0]


@pytest.mark.parametrize("number", range(5))
def test_records_of_baselines_are_valid_and_use_no_codes(data, number):
    baseline, rows = make_baselines(data)[number], sample()
    baseline.fit(rows[::2])
    records = baseline.annotate(rows[1::2])
    assert records == baseline.annotate([{"id": row["id"], "text": row["text"]} for row in rows[1::2]])
    for row, record in zip(rows[1::2], records, strict=True):
        assert (record["id"], record["text"]) == (row["id"], row["text"])
        assert set(record) == set(Record.__annotations__)
        check(record)


def test_baselines_are_fitted_to_the_other_folds():
    learned = []

    class Spy(Majority):
        def fit(self, rows):
            learned.append({row["id"] for row in rows})
            self.seen = {fold_of(row, 3) for row in rows if row["id"] != "g-001"}
            super().fit(rows)

        def annotate(self, rows):
            assert not {fold_of(row, 3) for row in rows} & self.seen
            return super().annotate(rows)

    rows = sample()
    more = [coded("s-0001", slug="a-document"), coded("g-001")]
    copies = [coded(f"copy-{row['id']}", row["text"], slug="alpha") for row in rows[:2]]
    records = annotate_held(Spy(), rows, [*more, *copies], 3)
    assert [fold_of(row, 3) for row in (*rows[:2], *copies)] == [0, 0, 1, 1]
    assert [any(id.startswith("copy") for id in each) for each in learned] == [False, False, True]
    assert sorted(record["id"] for record in records) == sorted(row["id"] for row in rows)
    # What was written for training is learned from for every fold, a document for those that do not hold it out.
    assert ["g-001" in each for each in learned] == [True] * 3
    assert sum("s-0001" in each for each in learned) == 2


def test_baselines_are_measured_on_what_they_answer(data):
    real = [{**row, "id": f"r-{number}", "slug": f"document-{number}"} for number, row in enumerate(sample())]
    found = crossvalidate_baselines([*sample(), *real], [], data, folds=2, draws=0)
    assert list(found) == ["authored", "real"]
    for systems in found.values():
        assert list(systems) == ["majority", "TF-IDF, own kind", "TF-IDF, all", "cue lists", "VUA lexicon"]
        assert set(systems["VUA lexicon"]) == {"metaphor.live", "metaphor.source", "metaphor.target"}
        assert {"framing.account", "contrast.labelled"} <= set(systems["cue lists"])
        assert "frames.macro_f1" not in systems["cue lists"]
        assert "framing.account" not in systems["majority"]
        assert systems["majority"]["framing.unmasking"].value == 0.0
        assert systems["TF-IDF, own kind"]["about"].value > 0.6
        assert systems["cue lists"]["contrast.labelled"].value > 0.3


def test_majority_takes_shares_for_probabilities():
    said = {"us": {"role": "leader", "stance": 1}}
    rows = [coded(about=1, framing="partial", portrayal=said), coded(about=1), coded(framing="partial")]
    majority = Majority()
    majority.fit(rows)
    (record,) = majority.annotate([coded()])
    (passage,) = record["passages"]
    assert (passage["about"], passage["framing"], passage["framing_score"]) == (2 / 3, "partial", 2 / 3)
    assert passage["portrayal"] == {"us": said["us"], "china": said["us"]}
    with pytest.raises(ValueError, match="no label"):
        commonest([])


def contrasts(text: str) -> list[tuple[str, str, str]]:
    return [(c["label"], text[slice(*c["a"])], text[slice(*c["b"])]) for c in find_contrasts(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The aim is not speed but depth.", ("correction", "speed", "depth")),
        ("It is less a race than a relay.", ("correction", "a race", "a relay")),
        ("Fees go to operators, not to owners.", ("correction", "Fees go to operators", "to owners")),
        ("We sell tools rather than toys.", ("correction", "We sell tools", "toys")),
        ("This is not innovation. It is integration.", ("correction", "innovation", "integration")),
        ("Labs are full, but halls are empty.", ("concession", "Labs are full", "halls are empty")),
        ("Although labs are full, halls are empty.", ("concession", "labs are full", "halls are empty")),
        ("Halls are empty, although labs are full.", ("concession", "Halls are empty", "labs are full")),
        ("Labs are full. However, halls are empty.", ("concession", "Labs are full", "halls are empty")),
        (
            "In theory it is open; in practice it is shut.",
            ("concession", "In theory it is open", "in practice it is shut"),
        ),
        ("One town builds, while another waits.", ("opposition", "One town builds", "another waits")),
        ("Ohio waits. Hefei, by contrast, builds.", ("opposition", "Ohio waits", "Hefei, by contrast, builds")),
    ],
)
def test_cues_of_the_codebook_give_contrasts(text, expected):
    assert contrasts(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "It is not only fast but also cheap.",
        "It is not only fast, it is cheap.",
        "They are still here.",
        "Nobody has come yet.",
        "More is less.",
        "",
    ],
)
def test_words_that_are_no_cue_give_no_contrast(text):
    assert contrasts(text) == []


def framing(text: str) -> dict[str, list[str]]:
    found = find_framing(text, "other", 0.5)
    return {part: [text[slice(*s)] for s in found[part]] for part in ("account", "machinery", "cue")} if found else {}  # type: ignore[literal-required]


def test_cues_of_the_codebook_give_framing():
    text = "They speak of a so-called partnership. The money goes one way."
    assert framing(text) == {
        "account": ["They speak of a so-called partnership"],
        "machinery": ["The money goes one way"],
        "cue": ["so-called"],
    }
    text = "The plan is open to all. In reality three firms wrote it."
    assert framing(text)["account"] == ["The plan is open to all"]
    assert framing(text)["machinery"] == ["In reality three firms wrote it"]
    text = "In theory anyone may object; in practice the form closes at noon."
    assert framing(text)["account"] == ["In theory anyone may object"]
    assert framing(text)["machinery"] == ["in practice the form closes at noon"]
    assert framing("It was a pretext.") == {"account": ["It was a pretext"], "machinery": [], "cue": ["pretext"]}
    assert framing("Chips are made of sand.") == {}


@steady
@given(texts)
def test_cue_lists_hold_on_any_text(text):
    record = blank_record(coded(text=text), "cues")
    record["contrasts"] = find_contrasts(text)
    instance = find_framing(text, "us", 0.5)
    record["framing"] = [instance] if instance else []
    check(record)


@steady
@given(texts)
def test_sentences_cover_the_text(text):
    sentences = split_sentences(text)
    assert all(one[1] <= other[0] for one, other in pairwise(sentences))
    left = set(range(len(text))) - {at for start, end in sentences for at in range(start, end)}
    assert not "".join(text[at] for at in left).strip()
    for start, end in sentences:
        inner = trim(text, start, end)
        assert start <= inner[0] <= inner[1] <= end


def test_shares_leave_out_what_nobody_annotated(data):
    known = shares(read_vua(data / VUA, "train"))
    assert known["lead"] == 1.0
    assert known["race"] == pytest.approx(2 / 3)
    assert known["chip"] == 0.0
    assert "," not in known


def test_function_words_are_metaphor_related_but_never_live(data):
    lexicon = Lexicon(data / VUA)
    gold = coded(text="They lead in doubt.", live_metaphors=[{"span": [5, 9], "source": "race", "target": "us"}])
    lexicon.fit([gold])
    (record,) = lexicon.annotate([gold])
    assert record["metaphors"] == [
        {"span": [5, 9], "live": True, "score": 1.0, "source": "race", "target": "us"},
        {"span": [10, 12], "live": False, "score": 1.0},
    ]
