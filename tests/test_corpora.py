"""What ships in corpora/: the gold is whole, points into the catalogue, and holds no sentence of other people."""

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from rhetoric import labels
from rhetoric.corpus.catalogue import read_catalogue
from rhetoric.resources import CORPORA

GOLD = CORPORA / "gold"
TEXTS = Path(__file__).parents[1] / "../shared/corpora/texts"
PASSAGES = {
    "essay": 8,
    "authored": 610,
    "real": 240,
    "silver": 5374,
    "further": 2355,
    "later": 240,
    "portrayed": 190,
    "portrayed-again": 91,
    "portrayed-both": 160,
    "fresh": 9435,
    "written": 10611,
    "rewritten": 968,
    "pairs": 1647,
    "again": 222,
}
OTHERS = ("real", "silver", "later", "portrayed", "portrayed-again", "further", "fresh")
CATALOGUES = {"texts": 139, "further": 1256}
PARTS = ("account", "machinery", "cue")
MARKS = {"id", "slug", "sha", "type", "voice", "stratum"}  # the only free strings that a row of others' text may hold
needs_texts = pytest.mark.skipif(not TEXTS.is_dir(), reason="the texts of the catalogue are not beside the checkout")


def rows(name: str) -> list[dict[str, Any]]:
    """Return the coded passages of one gold file."""
    return [json.loads(line) for line in (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def catalogue(name: str) -> dict[str, dict[str, str]]:
    """Return a catalogue of texts by slug."""
    with (CORPORA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return {row["slug"]: row for row in csv.DictReader(stream)}


def strings(value: Any) -> set[str]:
    """Return every string in nested lists and dicts, but for their keys."""
    if isinstance(value, dict):
        return set().union(*map(strings, value.values()))
    if isinstance(value, list):
        return set().union(*map(strings, value))
    return {value} if isinstance(value, str) else set()


@pytest.mark.parametrize(("name", "count"), PASSAGES.items())
def test_the_gold_is_whole(name: str, count: int) -> None:
    ids = [row["id"] for row in rows(name)]
    assert len(ids) == len(set(ids)) == count


@pytest.mark.parametrize("name", PASSAGES)
def test_labels_are_those_of_the_codebook(name: str) -> None:
    for row in rows(name):
        if not name.startswith("portrayed"):  # of which nothing else was coded
            assert row["framing"] in labels.FRAMINGS
            assert tuple(sorted(row["frames"])) == tuple(sorted(labels.FRAMES))
        assert {instance["actor"] for instance in row.get("instances", [])} <= set(labels.ACTORS)
        assert {contrast["label"] for contrast in row.get("contrasts", [])} <= set(labels.CONTRASTS)
        assert {metaphor["source"] for metaphor in row.get("live_metaphors", [])} <= set(labels.SOURCES)
        assert {metaphor["target"] for metaphor in row.get("live_metaphors", [])} <= set(labels.TARGETS)
        assert set(row["portrayal"]) <= set(labels.COUNTRIES)
        assert {portrayed["role"] for portrayed in row["portrayal"].values()} <= set(labels.ROLES)


@pytest.mark.parametrize("name", PASSAGES)
def test_spans_lie_in_their_passage(name: str) -> None:
    for row in rows(name):
        length = len(row["text"]) if "text" in row else row["end"] - row["start"]
        spans = [
            span
            for instance in row.get("instances", [])
            for part in ("account", "machinery", "cue")
            for span in instance[part]
        ]
        for contrast in row.get("contrasts", []):
            spans += [contrast["a"], contrast["b"], *contrast["cue"]]
        spans += [metaphor["span"] for metaphor in row.get("live_metaphors", [])]
        assert all(0 <= start < end <= length for start, end in spans), row["id"]


@pytest.mark.parametrize("name", OTHERS)
def test_no_text_of_others_ships(name: str) -> None:
    known = {label for kind in vars(labels).values() if isinstance(kind, tuple) for label in kind}
    for row in rows(name):
        assert "text" not in row
        codes = {key: value for key, value in row.items() if key not in MARKS}
        assert strings(codes) <= known, row["id"]
        assert all(re.fullmatch(r"[A-Za-z0-9-]+", row[key]) for key in MARKS & row.keys()), row["id"]


def test_what_was_coded_again_is_gold_and_text_ships_where_it_is_the_project_s() -> None:
    gold = {row["id"]: row for name in ("real", "authored", "fresh") for row in rows(name)}
    for row in rows("again"):
        of = gold[row["id"]]
        assert row.get("text") == of.get("text") and row.get("sha") == of.get("sha")
    portrayed = {row["id"]: row["sha"] for row in rows("portrayed")}
    assert all(portrayed[row["id"]] == row["sha"] for row in rows("portrayed-again"))


def test_what_no_weights_have_read_is_apart_from_what_they_have() -> None:
    read = {row["sha"] for name in ("real", "silver", "later", "further") for row in rows(name)}
    assert not read & {row["sha"] for row in rows("fresh")}
    learned = {row.get("sha") for name in PASSAGES if not name.startswith("portrayed") for row in rows(name)}
    assert not learned & {row["sha"] for row in rows("portrayed")}


@needs_texts
def test_no_sentence_of_others_stands_in_any_file() -> None:
    # A title may be quoted in its own text; anything else of fourteen words in a row is a copy.
    own = {}
    for path in CORPORA.rglob("*"):
        if (
            path.is_file()
            and path.name not in ("texts.csv", "further.csv", "strategy.json")
            and not path.name.startswith("essay")
        ):
            own |= dict.fromkeys(runs(path.read_text(encoding="utf-8")), path.name)
    copied = {own[run] for path in TEXTS.glob("*.txt") for run in runs(path.read_text(encoding="utf-8")) & own.keys()}
    assert copied == set()


@needs_texts
def test_what_was_rewritten_takes_after_a_passage_but_not_its_words() -> None:
    originals = {row["id"]: row for name in ("real", "silver") for row in rows(name)}
    for row in rows("rewritten"):
        original = originals[row["of"]]
        assert row["slug"] == original["slug"]  # which keeps both in one fold
        whole = (TEXTS / f"{row['slug']}.txt").read_text(encoding="utf-8")
        assert not runs(row["text"], 7) & runs(whole[original["start"] : original["end"]], 7), row["id"]


def test_of_each_pair_one_has_what_the_other_has_not() -> None:
    pairs = rows("pairs")
    originals = {row["id"]: row for name in ("silver", "further", "fresh") for row in rows(name)}
    assert all(row["slug"] == originals[row["of"]]["slug"] for row in pairs if "of" in row)
    for row in pairs:
        ending = row["id"].rsplit("-", 1)[1]
        if row["id"].startswith("w-"):
            assert (row["framing"] == "unmasking") == (ending != "n"), row["id"]
        else:
            assert row["frames"][row["frame"]] == (ending in "pyh"), row["id"]


def runs(text: str, length: int = 14) -> set[str]:
    """Return every run of ``length`` words."""
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[at : at + length]) for at in range(len(words) - length + 1)}


def test_every_passage_of_others_is_in_its_catalogue() -> None:
    known = {name: catalogue(name) for name in CATALOGUES}
    assert not known["texts"].keys() & known["further"].keys()
    where = {"further": known["further"], "fresh": known["texts"] | known["further"]}
    for name in OTHERS:
        assert {row["slug"] for row in rows(name)} <= where.get(name, known["texts"]).keys()


@pytest.mark.parametrize(("name", "count"), CATALOGUES.items())
def test_catalogues_say_where_a_text_is_from_and_what_it_was(name: str, count: int) -> None:
    assert len(read_catalogue(CORPORA / f"{name}.csv")) == count
    for row in catalogue(name).values():
        assert re.fullmatch("[0-9a-f]{64}", row["sha256"])
        assert row["title"] and row["licence_or_rights"] and row["repo"] and row["path"]


@pytest.mark.parametrize("page", ["corpora/gold/README.md", "LICENSE-MODELS", "models/detectors/README.md"])
def test_it_is_said_how_much_comes_of_texts_that_state_no_licence(page: str) -> None:
    texts = catalogue("texts") | catalogue("further")
    silent = {slug for slug, row in texts.items() if row["licence_or_rights"].startswith("not stated")}
    fresh = sum(row["slug"] in silent for row in rows("fresh"))
    assert silent <= catalogue("further").keys()
    assert not [name for name in OTHERS if name != "fresh" and silent & {row["slug"] for row in rows(name)}]
    said = (Path(__file__).parents[1] / page).read_text(encoding="utf-8")
    assert all(each in said for each in (f"{len(texts):,}", str(len(silent)), f"{fresh:,}"))


@needs_texts
def test_the_text_comes_back_as_the_gold_s_readme_says() -> None:
    code = re.search(r"```python\n(.*?)^rows = ", (GOLD / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    assert code
    space: dict[str, Any] = {}
    exec(code[1], space)  # noqa: S102 - our own page: what it tells users is what is tested
    for name in OTHERS[:3]:  # the texts of further.csv are not at hand
        for row in rows(name):
            whole = space["with_text"](row, TEXTS)
            assert len(whole["text"]) == row["end"] - row["start"]
    wrong = rows("real")[0] | {"start": 0}
    with pytest.raises(ValueError, match="not the text"):
        space["with_text"](wrong, TEXTS)


@needs_texts
def test_the_catalogue_s_checksums_are_those_of_the_texts() -> None:
    for slug, row in catalogue("texts").items():
        assert hashlib.sha256((TEXTS / f"{slug}.txt").read_bytes()).hexdigest() == row["sha256"]


def test_the_essay_and_its_gold_are_one_text() -> None:
    essay = (CORPORA / "essay.txt").read_text(encoding="utf-8")
    assert [row["text"] for row in rows("essay")] == essay.rstrip("\n").split("\n")
