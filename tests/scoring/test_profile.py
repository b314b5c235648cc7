import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from statistics import stdev
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import content_id
from rhetoric.made_by import PARTS, compare_pipelines, describe
from rhetoric.scoring import build, build_profile, find_profile, profile, score, score_dataframe, score_record
from rhetoric.scoring.profile import Distribution, Profile, comparable_fields, place, read_profile

from .records import PIPELINE, essay, gold, in_passing, make_record, off_topic, on_matter

if TYPE_CHECKING:
    from spacy.language import Language


def corpus(documents: int = 12, passages: int = 8) -> list[dict[str, Any]]:
    return [
        make_record(
            on_matter()[at * passages : (at + 1) * passages],
            f"doc-{at:02}",
            title=f"Text {at}",
            country_of_voice="US" if at % 3 else "CN",
            type="speech",
            date=f"20{10 + at}",
        )
        for at in range(documents)
    ]


@lru_cache
def built(**how: Any) -> Profile:
    return build_profile(corpus(), name="made", about="Made of gold.", **how)


def test_it_holds_the_values_of_the_scorecards_and_no_sentence() -> None:
    found = built()
    races = sorted(score_record(record).frames["race"].prevalence.value or 0.0 for record in corpus())
    assert list(found.fields["frame_race"].quantiles) == races
    assert found.fields["frame_race"].mean == pytest.approx(sum(races) / 12, abs=1e-6)
    assert found.fields["counted"].quantiles == (8.0,) * 12
    assert found.fields["us_stance"].documents <= 12
    assert found.fields["frame_race"].sd == pytest.approx(stdev(races), abs=1e-6)
    assert [*found.groups("voice").items()] == [("US", 8), ("CN", 4)]
    assert found.groups("type") == {"speech": 12}
    assert found.documents[0] == {
        "id": "doc-00",
        "title": "Text 0",
        "voice": "CN",
        "type": "speech",
        "date": "2010",
        "text": content_id(corpus()[0]["text"]),
    }
    text = found.to_json()
    assert not [row for row in gold()[:200] if row["text"][:40] in text]


def test_a_document_is_named_by_its_slug_in_a_catalogue() -> None:
    records = corpus(5)
    records[2]["meta"]["slug"] = "cn-2021-plan"
    named = [each["id"] for each in build_profile(records, name="made").documents]
    assert named == ["cn-2021-plan", "doc-00", "doc-01", "doc-03", "doc-04"]


def test_the_order_of_documents_does_not_matter() -> None:
    records = corpus()
    random.Random(3).shuffle(records)
    assert build_profile(records, name="made", about="Made of gold.").to_json() == built().to_json()


def test_it_survives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "made.json"
    for told in (built(), replace(built(), left_out=3, every_passage=True, least=4)):
        path.write_text(told.to_json(), encoding="utf-8")
        assert read_profile(path) == find_profile(str(path)) == told
    json.loads(path.read_text())


def test_documents_with_too_few_passages_are_left_out() -> None:
    records = [*corpus(), off_topic(), make_record(gold("essay.jsonl")[:4], "short")]
    found = build_profile(records, name="made")
    assert (len(found.documents), found.left_out) == (12, 2)
    assert len(build_profile(records, name="made", least=4).documents) == 13
    assert build_profile([*corpus(), in_passing()], name="made", least=1).left_out == 1  # off topic
    with pytest.raises(RhetoricError, match="Only 1 of 1 document has 5 passages that count"):
        build_profile(records[:1], name="few")
    with pytest.raises(RhetoricError, match="Only 4 of 6 documents have 5 passages that count"):
        build_profile([*corpus(4), off_topic(), off_topic(5)], name="made")


def test_every_passage_counts_where_that_was_asked_for() -> None:
    others = [row for row in gold() if not row["about"]]
    mixed = [make_record([*on_matter()[at * 5 : at * 5 + 5], others[at]], f"doc-{at}") for at in range(5)]
    for every, counted in ((False, 5.0), (True, 6.0)):
        found = build_profile(mixed, name="made", every_passage=every)
        assert (found.every_passage, found.fields["counted"].quantiles) == (every, (counted,) * 5)


def test_a_text_counts_once_however_often_it_stands() -> None:
    copies = [{**record, "id": f"z-{record['id']}"} for record in (*corpus()[::2], off_topic())]
    records = [*corpus(), *copies, off_topic()]
    found = build_profile(records, name="made", about="Made of gold.")
    assert found == replace(built(), left_out=1)
    assert build_profile(records[::-1], name="made", about="Made of gold.") == found


def test_of_copies_with_other_passages_the_same_counts_in_any_order() -> None:
    """Copies spaced otherwise fall into other passages: one here has too few, one differs in what was found."""
    short, other = ({**record, "passages": [*record["passages"]]} for record in corpus()[:2])
    short |= {"id": "a", "passages": short["passages"][:4]}
    other["passages"][0] = {**other["passages"][0], "frames": dict.fromkeys(other["passages"][0]["frames"], 0.999)}
    records = [short, *corpus(), other]
    found = build_profile(records, name="made", about="Made of gold.")
    assert found.left_out == 0
    assert [each["id"] for each in found.documents] == [each["id"] for each in built().documents]
    assert build_profile(records[::-1], name="made", about="Made of gold.").to_json() == found.to_json()


def test_failures_are_passed_over_and_a_frame_of_records_will_do() -> None:
    records: Any = [{"id": "x", "source": "x.pdf", "error": "it is encrypted."}, *corpus()]
    assert build_profile(records, name="made", about="Made of gold.") == built()
    assert build_profile(pd.DataFrame(records), name="made", about="Made of gold.") == built()


def test_records_of_two_pipelines_are_refused() -> None:
    records = corpus()
    records[5]["pipeline"] = {**PIPELINE, "sha256": "1" * 64}
    with pytest.raises(RhetoricError, match="more than one pipeline"):
        build_profile(records, name="made")


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=40), st.floats(-6, 6))
def test_a_percentile_counts_what_lies_below(values: list[float], value: float) -> None:
    found = Distribution(len(values), 0.0, 0.0, tuple(sorted(values)))
    below, equal = sum(v < value for v in values), sum(v == value for v in values)
    assert found.percentile(value) == pytest.approx(100 * (below + equal / 2) / len(values), abs=0.051)


def test_quantiles_lie_between_values() -> None:
    found = Distribution(4, 0.0, 0.0, (0.0, 1.0, 3.0, 3.0))
    assert [found.quantile(share) for share in (0, 0.5, 1, 0.1)] == pytest.approx([0, 2, 3, 0.3])


def test_many_values_are_thinned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_MOST", 41)
    records = corpus(5)
    many = [{**record, "text": f"{record['text']} {at}"} for at in range(20) for record in records]
    whole = build_profile(records, name="made").fields["metaphor"]
    thinned = build_profile(many, name="made").fields["metaphor"]
    assert (thinned.documents, len(thinned.quantiles)) == (100, 41)
    assert thinned.mean == whole.mean
    for value in (0.0, *whole.quantiles, 99.0):
        assert thinned.percentile(value) == pytest.approx(whole.percentile(value), abs=2)


def test_a_text_is_placed_in_it() -> None:
    card = score_record(essay(), profile=built())
    assert (card.profile, card.profile_documents, card.profile_fits) == ("made", 12, True)
    assert card.percentiles["metaphor"] == built().fields["metaphor"].percentile(card.metaphor.value or 0.0)
    assert all(0 <= each <= 100 for each in card.percentiles.values())
    assert {"metaphor", "frame_race"} <= card.percentile_spans.keys() <= card.percentiles.keys()
    for name, span in card.percentile_spans.items():
        each = card.estimates()[name]
        assert span == tuple(built().fields[name].percentile(end) for end in (each.low, each.high))
    placed = [*card.percentiles, *card.percentile_none]
    assert card.percentile_documents == {name: built().fields[name].documents for name in placed}
    row = score_dataframe([essay(), off_topic()], profile=built())
    assert row["metaphor_percentile"][0] == card.percentiles["metaphor"]
    assert row["metaphor_percentile"].isna()[1]


def test_there_is_no_rank_of_one_or_two_findings_and_of_none_it_is_counted_who_has_none_either() -> None:
    estimates, card = score_record(essay()).estimates(), score_record(essay(), profile=built())
    rows = {name: built().fields[name] for name in estimates if name in built().fields}
    for name, known in rows.items():
        many = estimates[name.removesuffix("_corrected")].count
        assert (name in card.percentiles) == (estimates[name].value is not None and (many is None or many >= 3)), name
        nothing = many == 0 and not name.endswith("_corrected")
        assert card.percentile_none.get(name) == (sum(v == 0 for v in known.quantiles) if nothing else None), name
    assert {estimates[name].count for name in rows} >= {0, 1, 2, 3}
    row = score_dataframe([essay()], profile=built()).iloc[0]
    (one,) = [name for name in rows if name == "unmasking_us"]
    assert estimates[one].count == 2 and pd.isna(row[f"{one}_percentile"])


def test_a_text_knows_that_it_is_one_of_the_profile_by_its_words() -> None:
    member = {**corpus()[0], "id": "another"}
    assert score_record(member, profile=built()).in_profile
    assert not score_record(essay(), profile=built()).in_profile
    bare = replace(built(), documents=tuple({**each, "text": ""} for each in built().documents))
    assert not score_record(member, profile=bare).in_profile


def test_where_a_text_cannot_be_placed_there_are_no_percentiles() -> None:
    short, shortest = (make_record(gold("essay.jsonl")[:passages]) for passages in (4, 1))
    few = replace(built(), fields={name: replace(each, documents=4) for name, each in built().fields.items()})
    every = built(every_passage=True)
    for record, among, how, why in (
        (off_topic(), built(), {}, "no passage of this text counts"),
        (short, built(), {}, "4 passages of this text count, and a text there has at least 5"),
        (shortest, built(), {}, "1 passage of this text counts, and a text there has at least 5"),
        (essay(), built(), {"every_passage": True}, "only passages about the matter count there, which is not so here"),
        (essay(), every, {}, "every passage counts there, which is not so here"),
        (essay(), few, {}, "no number of this text has as many as 5 texts there to stand among"),
    ):
        card = score_record(record, profile=among, **how)
        assert (card.percentiles, card.not_compared) == ({}, why)
    assert score_record(essay(), profile=built()).not_compared == ""
    enough = {name: replace(each, documents=5) for name, each in built().fields.items()}
    assert score_record(make_record(gold("essay.jsonl")[:5]), profile=replace(built(), fields=enough)).percentiles
    assert score_record(essay(), every_passage=True, profile=every).percentiles
    other = score_record({**essay(), "pipeline": {**PIPELINE, "sha256": "2" * 64}}, profile=built())
    assert other.percentiles and not other.profile_fits
    assert place(score_record(essay(), profile=None), built()) == score_record(essay(), profile=built())


def speaking_of_china(passages: int) -> dict[str, Any]:
    """The essay, of which no other passage speaks of China than the first so many that do."""
    record = essay()
    for passage in [each for each in record["passages"] if "china" in each["portrayal"]][passages:]:
        del passage["portrayal"]["china"]
    return record


def test_what_rests_on_two_passages_is_not_placed() -> None:
    two, three = (score_record(speaking_of_china(many), profile=built()) for many in (2, 3))
    assert two.portrayal["china"].stance.passages == 2 and two.portrayal["china"].stance.value is not None
    assert not [field for field in two.percentiles if field.startswith("china_")]
    assert "china_stance" in three.percentiles and {*two.percentiles} < {*three.percentiles}


def by(**parts: str) -> dict[str, Any]:
    """A pipeline of which nothing but those parts is its own."""
    found = {part: "shipped" for part in PARTS if part != "custom"} | parts
    return {**PIPELINE, "sha256": json.dumps(parts), "parts": found}


def parted(**parts: str) -> Profile:
    """A profile that says what its pipeline is made of."""
    return build_profile([{**each, "pipeline": by(**parts)} for each in corpus()], name="made")


def test_frames_of_ones_own_keep_no_text_from_being_compared() -> None:
    card = score_record({**essay(), "pipeline": by(custom="mine")}, profile=parted())
    assert (card.profile_fits, card.profile_differs) == (True, ())
    assert card.percentiles == score_record({**essay(), "pipeline": by()}, profile=parted()).percentiles


@pytest.mark.parametrize(
    ("part", "left_out"),
    [
        ("contrast", lambda field: field.startswith("contrast")),
        ("metaphor", lambda field: field.startswith("metaphor")),
        ("frames", lambda field: field.startswith("frame_")),
        ("framing", lambda field: field.startswith(("unmasking", "passages_"))),
        ("about", lambda field: True),
        ("encoder", lambda field: False),
        ("english", lambda field: False),
    ],
)
def test_what_rests_on_another_line_is_not_compared(part: str, left_out: Callable[[str], bool]) -> None:
    whole = score_record(essay(), profile=built()).percentiles
    card = score_record({**essay(), "pipeline": by(**{part: "mine", "custom": "mine"})}, profile=parted())
    assert (card.profile_fits, card.profile_differs) == (False, (part,))
    shown = {field for field in whole if not left_out(field)}
    # Shares corrected for errors are those of lines that have rates: an encoder and lines of one's own have none.
    assert {field for field in card.percentiles if "corrected" not in field} == {
        field for field in shown if "corrected" not in field
    }
    assert card.to_dict()["profile_differs"] == [part]
    kept = comparable_fields(parted(), [card, score_record(essay(), profile=parted())]).fields
    assert {*kept} == {field for field in parted().fields if not left_out(field)}


def test_every_passage_rests_on_no_line_for_the_matter() -> None:
    records = [{**each, "pipeline": by()} for each in corpus()]
    profile = build_profile(records, name="made", every_passage=True)
    card = score_record({**essay(), "pipeline": by(about="mine")}, every_passage=True, profile=profile)
    assert card.profile_fits and card.percentiles


def test_with_another_encoder_all_is_left_to_care() -> None:
    other = by(**{part: "other" for part in PARTS if part != "custom"})
    card = score_record({**essay(), "pipeline": other}, profile=parted())
    assert not card.profile_fits and "encoder" in card.profile_differs and card.percentiles


def test_a_profile_is_built_of_records_that_differ_in_their_own_frames_only(tmp_path: Path) -> None:
    mixed = [{**each, "pipeline": by(custom=str(at % 2))} for at, each in enumerate(corpus())]
    found = build_profile(mixed, name="made")
    assert found.to_json() == build_profile(mixed[::-1], name="made").to_json()
    path = tmp_path / "made.json"
    path.write_text(found.to_json())
    assert read_profile(path) == found and found.pipeline["parts"]["encoder"] == "shipped"
    mixed[4]["pipeline"] = by(contrast="mine")
    with pytest.raises(RhetoricError, match="more than one pipeline"):
        build_profile(mixed, name="made")


def test_the_shipped_profile_is_the_default() -> None:
    assert score_record(essay()).profile == "strategy"
    assert score_record(essay(), profile=None).profile is None
    with pytest.raises(RhetoricError, match="Those that ship: strategy"):
        find_profile("other")


def test_a_profile_is_the_one_that_is_named(tmp_path: Path, nlp: "Language") -> None:
    (tmp_path / "mine.json").write_text(built().to_json())
    for named in ("strategy", "shipped", tmp_path / "mine.json", str(tmp_path / "mine.json")):
        name = "made" if str(named).endswith("mine.json") else "strategy"
        for card in (score_record(essay(), profile=named), score("China leads.", nlp=nlp, profile=named)):
            assert card.profile == name
    for wrong in ("foo", tmp_path / "other.json"):
        for scored in (partial(score_record, essay()), partial(score, "China leads.", nlp=nlp)):
            with pytest.raises(RhetoricError, match="there is no profile of this name, and no such file"):
                scored(profile=wrong)


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "[]",
        "{}",
        '{"name": 1}',
        "[" * 100_000,
        built().to_json().replace('"mean":', '"mean":"x","was":'),
        built().to_json().replace('"sd":', '"sd":NaN,"was":'),
        built().to_json().replace('"quantiles":[', '"quantiles":[1e300,'),
        re.sub(r'"quantiles":[^]]*', '"quantiles":[', built().to_json(), count=1),
        built().to_json().replace('"least":', '"least": Infinity, "was":'),
        built().to_json().replace('"documents": [', '"documents": ["a",'),
    ],
)
def test_a_damaged_file_says_what_to_do(tmp_path: Path, damaged: str) -> None:
    path = tmp_path / "made.json"
    path.write_text(damaged)
    with pytest.raises(RhetoricError, match="profile build"):
        read_profile(path)


@pytest.mark.parametrize("path", sorted(profile.profile_files().values()), ids=str)
def test_profiles_that_ship_can_be_read_and_describe_themselves(path: Path) -> None:
    found = read_profile(path)
    assert found.name == path.stem
    assert found.about
    assert all("title" in each for each in found.documents)


def test_the_profile_that_ships_was_made_by_the_pipeline_that_ships(nlp):
    shipped, now = find_profile("strategy"), describe(nlp)
    assert compare_pipelines(shipped.pipeline, now) == (), "CONTRIBUTING.md says how it is built anew"
