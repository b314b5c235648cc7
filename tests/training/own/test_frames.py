import json
import random
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rhetoric
from rhetoric.errors import ModelError, RhetoricError, SourceError
from rhetoric.gold import text_sum
from rhetoric.labels import FRAMES
from rhetoric.pipeline.layout import EMBEDDING, PASSAGE, width
from rhetoric.resources import CORPORA, DETECTORS
from rhetoric.training.evaluation.frames import average_precision, compare_rankings, measure_frame
from rhetoric.training.evaluation.metrics import Measure
from rhetoric.training.own import model
from rhetoric.training.own.folder import fitted_to
from rhetoric.training.own.frames import train_frames
from rhetoric.training.own.passages import take_passages, without_copies

from ..makers import coded, steady

pytestmark = pytest.mark.usefixtures("extra")
Row = dict[str, Any]


def makes(documents: int = 6, each: int = 8, seed: int = 0) -> list[Row]:
    """Make passages of which half name a harbour: "harbour" is present there, "coin" by the toss of a coin."""
    chance = random.Random(seed)
    rows = []
    for document in range(documents):
        for number in range(each):
            harbour = number % 2
            place = chance.choice(["harbour", "port", "quay"]) if harbour else chance.choice(["school", "mill", "farm"])
            text = f"The {place} of {chance.choice('ABCDEFGH')}{document}{number} was built by the town in spring."
            frames = {"harbour": harbour, "coin": chance.randint(0, 1)}
            rows.append(coded(f"doc{document}#{number}", text, frames=frames))
    return rows


class Fake:
    """Encodes passages as random numbers, of which the first logit tells harbours, for tests without the encoder."""

    def __call__(self, rows: list[Row], documents: list[str], *_: Any) -> Any:
        chance = np.random.default_rng(0)
        scores = chance.normal(size=(len(rows), width(PASSAGE)))
        scores[:, 0] += [3 * row["frames"].get("harbour", 0) for row in rows]
        return model.Encoded(
            [row["text"] for row in rows], documents, scores, chance.normal(size=(len(rows), EMBEDDING))
        )


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rhetoric.training.own.frames._encode", Fake())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Row], Any]:
    """Frames fitted with the encoder that ships, to a few short passages."""
    pytest.importorskip("sklearn", reason="needs scikit-learn (the extra cluster)")
    folder, rows = tmp_path_factory.mktemp("own") / "my-detectors", makes()
    return folder, rows, train_frames(rows, folder, source="harbours.jsonl")


def test_a_frame_that_can_be_learned_is_and_one_that_cannot_is_said_not_to_be(made: Any) -> None:
    _, _, trained = made
    frames = {frame.label: frame for frame in trained.frames}
    assert list(frames) == ["coin", "harbour"] and not trained.left_out
    harbour, coin = frames["harbour"], frames["coin"]
    assert (harbour.passages, harbour.present, harbour.documents, harbour.folds) == (48, 24, 6, 5)
    assert harbour.measured["f1"].value > 0.85 and harbour.measured["average_precision"].value > 0.9
    assert coin.measured["average_precision"].value < 0.8
    assert coin.measured["f1"].value < harbour.measured["f1"].low
    assert harbour.seen == 0
    from rhetoric.training.own.frames_card import readings

    assert any("no better, for sure" in said for said in readings(coin))


def test_the_folder_says_what_training_said(made: Any, nlp: Any) -> None:
    folder, rows, _ = made
    with_frames = rhetoric.load(detectors=folder)
    assert with_frames.pipe_names[-1] == "rhetoric_custom"
    texts = [row["text"] for row in rows[:6]]
    records = [rhetoric.annotate(text, nlp=with_frames) for text in texts]
    said = [record["passages"][0]["custom"]["harbour"] for record in records]
    assert [each["present"] for each in said] == [bool(row["frames"]["harbour"]) for row in rows[:6]]
    lines = json.loads((folder / "custom" / "config.json").read_text(encoding="utf-8"))["labels"]
    assert all(each["present"] == (each["score"] >= lines["harbour"]) for each in said)
    # The ten frames, and all else, are as the detectors that ship say; the checksum tells the pipelines apart.
    plain = rhetoric.annotate(texts[0], nlp=nlp)
    assert "custom" not in plain["passages"][0]
    passage = {name: value for name, value in records[0]["passages"][0].items() if name != "custom"}
    assert passage == plain["passages"][0]
    assert records[0]["pipeline"]["sha256"] != plain["pipeline"]["sha256"]
    assert json.loads(json.dumps(records[0])) == records[0]


def test_frames_outlive_a_run_and_a_docbin(made: Any, tmp_path: Path) -> None:
    from spacy.tokens import DocBin

    from rhetoric.corpus.tables import Done, from_tables, to_tables

    folder, rows, _ = made
    nlp = rhetoric.load(detectors=folder)
    record = rhetoric.annotate(rows[1]["text"], nlp=nlp)
    tables = to_tables([Done("key", record)], 0)
    assert from_tables(tables, record["pipeline"])[0].item == record
    doc = nlp(rows[1]["text"])
    kept = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (back,) = DocBin().from_bytes(kept).get_docs(nlp.vocab)
    assert back.spans["passage"][0]._.custom == doc.spans["passage"][0]._.custom


def test_the_files_are_data_and_damage_is_noticed(made: Any, tmp_path: Path) -> None:
    import shutil

    folder, _, _ = made
    inside = folder / "custom"
    kinds = {path.suffix for path in inside.iterdir()}
    assert kinds == {".safetensors", ".txt", ".json", ".md"}
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "custom" / "words.txt").write_text("other\n", encoding="utf-8")
    with pytest.raises(ModelError, match="rhetoric train frames"):
        rhetoric.load(detectors=copy)


def test_the_card_holds_the_figures_and_no_markup_of_others(fake: None, tmp_path: Path) -> None:
    rows = [{**row, "frames": {"<b>|`x": row["frames"]["harbour"]}} for row in makes()]
    trained = train_frames(rows, tmp_path / "d", source="a|b`c.jsonl")
    card = (tmp_path / "d" / "custom" / "README.md").read_text(encoding="utf-8")
    assert str(trained.frames[0].measured["f1"]) in card and "reports show these beside them" in card
    assert "<b>" not in card and "|`" not in card and "(b)/'x" in card
    assert "(b)/'x" in (tmp_path / "d" / "README.md").read_text(encoding="utf-8").splitlines()[0]


def test_the_same_gold_gives_the_same_bytes(fake: None, tmp_path: Path) -> None:
    for name in ("one", "two"):
        train_frames(makes(), tmp_path / name, labels=["harbour"])
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / n / "custom").iterdir()} for n in ("one", "two"))
    assert one == two


def test_a_field_that_names_no_document_is_no_field() -> None:
    rows = makes(documents=2)
    assert {*take_passages(rows, "slug").documents} == {"doc0", "doc1"}  # the ids tell it
    take_passages([*rows, {**rows[0], "outlet": "A"}], "outlet")
    for nothing in ({}, {"outlet": None}, {"outlet": ""}):
        with pytest.raises(RhetoricError, match="No passage has a field 'outlet'"):
            take_passages([{**row, **nothing} for row in rows], "outlet")
    for row in ({**rows[0], "slug": ""}, {**rows[0], "id": "a", "slug": "doc0"}):
        assert take_passages([row], "slug").documents == ["doc0"]
    assert not take_passages([{**rows[0], "id": 7}], "slug").named  # as rows made in Python may have it


def test_what_is_measured_is_not_what_was_fitted(fake: None, tmp_path: Path) -> None:
    # With more features than passages any coding can be learned by heart; held out, a coin stays a coin.
    rows = [{**row, "frames": {"coin": row["frames"]["coin"]}} for row in makes(documents=10)]
    trained = train_frames(rows, tmp_path / "d")
    (frame,) = trained.frames
    assert abs(frame.measured["average_precision"].value - frame.present / frame.passages) < 0.2
    # Its line may call it present everywhere: there is nothing to be used.
    assert not frame.usable and not trained.written and not (tmp_path / "d").exists()


def test_a_frame_that_may_be_marked_everywhere_is_measured_but_not_written(made: Any) -> None:
    folder, rows, trained = made
    assert [frame.label for frame in trained.written] == ["harbour"]
    scores = json.loads((folder / "custom" / "scores.json").read_text(encoding="utf-8"))
    assert [frame["label"] for frame in scores["frames"]] == ["coin", "harbour"]
    assert {*json.loads((folder / "custom" / "config.json").read_text(encoding="utf-8"))["labels"]} == {"harbour"}
    assert fitted_to(folder) == {text_sum(row["text"]) for row in rows} and fitted_to(DETECTORS) == set()


@pytest.mark.parametrize(
    ("ranked", "words", "gain", "said"),
    [
        (0.2, 0.7, (-0.3, -0.1), ["the mere words do better by themselves", "half of the passages did better"]),
        (0.7, 0.65, (0.1, 0.3), ["adds nothing sure to the mere words", "still getting better"]),
        (
            0.7,
            0.75,
            (-0.1, 0.2),
            ["adds nothing sure to the mere words", "cannot be told (average precision +0.05 [-0.10"],
        ),
        (0.9, 0.3, (-0.04, 0.04), ["half of the passages did as well"]),
        (0.9, 0.3, (-0.04, 0.06), ["cannot be told"]),
        (0.9, 0.3, (0.01, 0.04), ["half of the passages did as well"]),
    ],
)
def test_figures_are_read_as_far_as_their_intervals_bear_it(
    made: Any, ranked: float, words: float, gain: tuple[float, float], said: list[str]
) -> None:
    from rhetoric.training.own.frames_card import readings

    _, _, trained = made
    harbour = next(frame for frame in trained.frames if frame.label == "harbour")
    measured = {**harbour.measured, "average_precision": Measure(ranked, ranked - 0.1, ranked + 0.1)}
    frame = replace(harbour, measured=measured, words_only=words, gain=Measure(sum(gain) / 2, *gain))
    found = readings(frame)[: len(said)]
    assert all(part in each for part, each in zip(said, found, strict=True))


def test_passages_that_share_no_word_teach_nothing(fake: None, tmp_path: Path) -> None:
    rows = [
        {**row, "text": "".join(chr(0x4E00 + 40 * at + each) for each in range(40))} for at, row in enumerate(makes())
    ]
    with pytest.raises(RhetoricError, match="share a word"):
        train_frames(rows, tmp_path / "d")


def test_copies_in_other_documents_give_nothing_away() -> None:
    rows = makes()
    copies = [{**rows[0], "id": "other#1", "text": rows[0]["text"].upper() + "  "}, {**rows[1], "id": "other#2"}]
    assert without_copies([*rows, *copies]) == (rows, 0)


def test_what_only_a_copy_was_coded_for_is_not_lost(fake: None, tmp_path: Path) -> None:
    rows, others = makes(), makes()
    for at, (row, other) in enumerate(zip(rows, others, strict=True)):
        row["frames"].pop("coin")
        other |= {"id": f"later#{at}", "text": f" {other['text'].upper()}", "frames": {"coin": other["frames"]["coin"]}}
    trained = train_frames([*rows, *others], tmp_path / "d")
    alone = train_frames(makes(), tmp_path / "e")
    assert (trained.frames, trained.repeats, trained.contradict) == (alone.frames, 48, 0)


def test_copies_that_are_coded_otherwise_are_counted_and_said(fake: None, tmp_path: Path) -> None:
    rows = makes()
    other = [{**row, "id": f"again#{at}", "frames": {"harbour": 0}} for at, row in enumerate(rows)]
    trained = train_frames([*rows, *other], tmp_path / "d", labels=["harbour"])
    assert (trained.repeats, trained.contradict) == (48, 24)
    assert trained.frames == train_frames(rows, tmp_path / "e", labels=["harbour"]).frames
    card = (tmp_path / "d" / "custom" / "README.md").read_text(encoding="utf-8")
    assert "another word for word: 48" in card and "coded otherwise than the first, whose codes count: 24." in card
    once = coded("a#1", "A port.", about=1, contrasts=[])
    assert without_copies([{**once, "about": 0}, once, {**once, "text": "A  port.", "about": 1}])[1] == 1
    (kept,), _ = without_copies([{"id": "a#1", "text": "A port.", "about": 0}, once])
    assert kept["about"] == 0 and kept["contrasts"] == [] and kept["frames"] == once["frames"]


def test_documents_that_nothing_names_are_not_said_to_be_known(fake: None, tmp_path: Path) -> None:
    for name, rows in (("known", makes()), ("not", [{**row, "id": f"a-{at}"} for at, row in enumerate(makes())])):
        train_frames(rows, tmp_path / name, labels=["harbour"])
        card = " ".join((tmp_path / name / "custom" / "README.md").read_text(encoding="utf-8").split())
        known = name == "known"
        assert ("5 folds of whole documents" in card and "| 24 | 6 |" in card) == known
        assert ("is not known" in card and "On passages that were held out" in card and "| 24 | – |" in card) != known


def test_passages_that_the_encoder_was_trained_on_are_counted(fake: None, tmp_path: Path) -> None:
    with (CORPORA / "gold" / "authored.jsonl").open(encoding="utf-8") as lines:
        theirs = [json.loads(next(lines)) for _ in range(3)]
    rows = makes() + [{**row, "frames": {"harbour": 0}} for row in theirs]
    (frame,) = train_frames(rows, tmp_path / "d", labels=["harbour"]).frames
    assert frame.seen == 3


def test_a_frame_is_fitted_where_most_of_what_is_without_it_is_of_one_document(fake: None, tmp_path: Path) -> None:
    sizes = {"a": (0, 30), "b": (10, 10), "c": (1, 3)}  # with it, and without
    rows = [
        coded(f"{name}#{at}", f"Passage {at} of {name} names port number {at * 7}.", frames={"harbour": int(at < yes)})
        for name, (yes, no) in sizes.items()
        for at in range(yes + no)
    ]
    (frame,) = train_frames(rows, tmp_path / "d").frames
    assert (frame.folds, frame.present, frame.passages) == (2, 11, 54)


def test_missing_codes_are_left_out_and_frames_with_too_few_are_named(fake: None, tmp_path: Path) -> None:
    rows = makes()
    for at, row in enumerate(rows):
        row["frames"]["rare"], row["frames"]["single"] = int(at < 3), int(not at)
        if at >= 40:
            del row["frames"]["harbour"]
        row["frames"]["one text"] = int(at < 8 or at in (40, 41, 42, 43)) if at < 8 else 0
    trained = train_frames(rows, tmp_path / "d")
    assert {frame.label: frame.passages for frame in trained.frames} == {"coin": 48, "harbour": 40}
    assert set(trained.left_out) == {"rare", "single", "one text"}
    assert trained.left_out["rare"].startswith("3 passages are coded with it, 10 are needed")
    assert trained.left_out["single"].startswith("1 passage is coded with it, 10 are needed")
    with pytest.raises(RhetoricError, match="rare: 3 passages"):
        train_frames(rows, tmp_path / "e", labels=["rare"])
    single = [{**row, "slug": "same"} for row in makes()]
    with pytest.raises(RhetoricError, match="are of one document"):
        train_frames(single, tmp_path / "e")
    assert not (tmp_path / "e").exists()


def test_the_codebook_s_frames_are_fitted_where_they_are_asked_for(fake: None, tmp_path: Path) -> None:
    rows = [{**row, "frames": dict.fromkeys(FRAMES, row["frames"]["harbour"])} for row in makes()]
    with pytest.raises(RhetoricError, match="--label race"):
        train_frames(rows, tmp_path / "d")
    assert [frame.label for frame in train_frames(rows, tmp_path / "d", labels=["race"]).frames] == ["race"]


@pytest.mark.parametrize("label", [" ", "two\nlines", "x" * 61])
@pytest.mark.parametrize("named", [False, True])
def test_a_label_can_stand_in_a_table(label: str, named: bool, tmp_path: Path) -> None:
    rows = [{**row, "frames": {label: row["frames"]["harbour"]}} for row in makes()]
    with pytest.raises(RhetoricError, match="is no name for a frame"):
        train_frames(rows, tmp_path / "d", labels=[label] * named)


@pytest.mark.parametrize("code", [2, "yes", None, 0.5])
def test_a_code_is_0_or_1(code: Any, tmp_path: Path) -> None:
    rows = makes()
    rows[5]["frames"]["harbour"] = code
    with pytest.raises(SourceError, match="not 0 or 1"):
        train_frames(rows, tmp_path / "d")
    with pytest.raises(SourceError, match="--texts"):
        train_frames([{**rows[0], "text": " "}], tmp_path / "d")
    with pytest.raises(SourceError, match="no frames were coded"):
        train_frames([{"id": "a", "text": "A.", "about": 1}], tmp_path / "d")


def test_the_folder_that_is_there_stays_until_the_new_one_is_whole(
    fake: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train_frames(makes(), tmp_path / "d", labels=["harbour"])
    before = (tmp_path / "d" / "custom" / "words.txt").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rhetoric.training.own.frames.write_json", full)
    with pytest.raises(RhetoricError, match="No space left"):
        train_frames(makes(seed=1), tmp_path / "d", labels=["harbour"])
    assert (tmp_path / "d" / "custom" / "words.txt").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["d"]


def test_the_base_is_left_as_it_is(made: Any) -> None:
    assert not (DETECTORS / "custom").exists()
    folder, _, _ = made
    for name in ("encoder.onnx", "words.txt", "scores.json"):
        assert (folder / name).read_bytes() == (DETECTORS / name).read_bytes()


truths = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=60)


@steady
@given(truths)
def test_average_precision_is_scikit_learn_s(pairs: list[tuple[float, bool]]) -> None:
    from sklearn.metrics import average_precision_score

    chances, present = np.array([c for c, _ in pairs]), np.array([p for _, p in pairs])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where no passage has the frame
        expected = average_precision_score(present, chances)
    assert average_precision(chances, present) == pytest.approx(expected, abs=1e-9)


def test_rankings_are_compared_over_the_same_passages(made: Any) -> None:
    present = np.arange(60) % 3 == 0
    right, chance = present + 0.0, np.random.default_rng(0).random(60)
    assert compare_rankings(chance, chance, present) == Measure(0.0, 0.0, 0.0)
    better, worse = compare_rankings(right, chance, present), compare_rankings(chance, right, present)
    assert better.low is not None and 0 < better.low < better.value == -worse.value
    for frame in made[2].frames:
        assert frame.gain.value == pytest.approx(frame.measured["average_precision"].value - frame.half, abs=1e-4)


@steady
@given(truths)
def test_intervals_hold_their_value(pairs: list[tuple[float, bool]]) -> None:
    chances, present = np.array([c for c, _ in pairs]), np.array([p for _, p in pairs])
    for measure in measure_frame(chances, chances >= 0.5, present, draws=20).values():
        if measure.low is not None and measure.high is not None:
            assert 0 <= measure.low <= measure.value <= measure.high <= 1


def test_calibrated_probabilities_come_true() -> None:
    from rhetoric.training.own.model import best_line, calibrate, chance

    draw = np.random.default_rng(0)
    odds = draw.normal(-1, 2, size=4000)
    present = draw.random(4000) < chance(odds)
    slope, alone = calibrate(5 * odds - 3, present)  # overconfident and askew
    assert slope == pytest.approx(0.2, abs=0.02) and alone == pytest.approx(0.6, abs=0.1)
    assert 0.25 <= best_line(chance(odds), present) <= 0.45  # half of the F1 that can be reached
    worse, level = calibrate(-odds, present)
    assert worse == 0.0 and chance(np.array([level]))[0] == pytest.approx(present.mean(), abs=1e-6)
