import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from scoring.records import essay, gold, make_record, off_topic
from scoring.strategies import records as any_record

from rhetoric.clustering.features import EMBEDDING_SHARE, FARTHEST, SHARES, Features, make_features, take_topic_out
from rhetoric.clustering.table import FIELDS, KIND, make_table, under
from rhetoric.scoring import score_dataframe

from .makers import documents


def values(features: Features) -> np.ndarray:
    """The scorecard's values (units × FIELDS) in the table, NaN where there is none."""
    tops, bottoms = (
        np.stack([part[features.unit_of_passage == unit].sum(axis=0, dtype=float) for unit in features.unit])
        for part in (features.table.top, features.table.bottom)
    )
    with np.errstate(invalid="ignore"):
        return tops / bottoms[:, [under(column) for column in FIELDS]]  # type: ignore[no-any-return]


def test_values_are_those_of_the_scorecard() -> None:
    records = [essay(), off_topic(), *documents(2)]
    records[0]["meta"]["date"] = 2024.0  # as a column of years with gaps has it
    table = make_table(records)  # type: ignore[arg-type]
    features = make_features(table)
    scored = score_dataframe(records).set_index("id")  # type: ignore[arg-type]
    ids = [table.members[row].id for row in features.unit]
    assert "off-topic" not in ids
    assert [each.date for each in table.members if each.date] == scored["date"].dropna().tolist() == ["2024"]
    assert len(ids) == len(records) - 1
    for at, column in enumerate(FIELDS):
        expected = scored.loc[ids, column.name].to_numpy(dtype=float)
        np.testing.assert_allclose(values(features)[:, at], expected, rtol=1e-4, atol=2e-6, err_msg=column.name)


def test_of_passages_too() -> None:
    table = make_table([essay()])  # type: ignore[list-item]
    features = make_features(table, "passage")
    codes = [row["frames"]["race"] for row in gold("essay.jsonl")]
    at = list(KIND).index("frame_race_probability")
    np.testing.assert_allclose(values(features)[:, at], [0.95 if code else 0.05 for code in codes], rtol=1e-6)
    assert [table.texts[row] for row in features.unit] == [row["text"] for row in gold("essay.jsonl")]
    assert table.span[:, 0].tolist() == list(range(1, 9))


@settings(max_examples=20, deadline=None, derandomize=True)
@given(any_record(), any_record())
def test_any_record_gives_finite_features(one: dict[str, Any], other: dict[str, Any]) -> None:
    table = make_table([one, {**other, "id": "other"}], every_passage=True)  # type: ignore[list-item]
    for level in ("document", "passage"):
        features = make_features(table, level)  # type: ignore[arg-type]
        assert np.isfinite(features.matrix).all()
        assert (np.abs(features.standard) <= FARTHEST).all()


def test_the_order_of_records_changes_no_bit() -> None:
    records: Any = documents(3, embedding=True)
    plain, turned = (make_features(make_table(each)) for each in (records, records[::-1]))
    assert plain.matrix.tobytes() == turned.matrix.tobytes()


def test_short_texts_are_drawn_to_the_mean() -> None:
    rows = [row for row in gold() if row["frames"]["race"] and row["about"]]
    others = [row for row in gold() if not row["frames"]["race"] and row["about"]]
    # Mixed documents, so that passages of one document differ and a single passage proves little.
    mixed = [make_record(rows[at : at + at % 9] + others[at : at + 9 - at % 9], f"m{at}") for at in range(9, 27)]
    records: Any = [*mixed, make_record(rows[:1], "short"), make_record(rows[1:13], "long")]
    table = make_table(records)
    features, at = make_features(table), list(KIND).index("frame_race_probability")
    found = {table.members[row].id: features.standard[i, at] for i, row in enumerate(features.unit)}
    value = dict(zip(found, values(features)[:, at], strict=True))
    assert value["short"] == pytest.approx(value["long"])
    assert 0 < found["short"] < 0.8 * found["long"]


def test_a_field_that_differs_no_more_than_by_chance_comes_to_little() -> None:
    rows = sorted((row for row in gold() if row["about"]), key=lambda row: row["id"])
    alike: Any = [make_record(rows[at::40], f"d{at}") for at in range(40)]  # every document a bit of everything
    features = make_features(make_table(alike))
    known: Any = documents(8)
    assert np.abs(features.standard).mean() < 0.3 * np.abs(make_features(make_table(known)).standard).mean()


@pytest.mark.parametrize("alike", [False, True])
def test_what_is_missing_is_the_mean(alike: bool) -> None:
    records: Any = documents(4)
    for at, record in enumerate(records[3:]):
        for passage in record["passages"] if alike else []:  # nothing differs within a document
            passage["portrayal"] = {"us": {"role": "leader", "stance": at % 2}}
    for record in records[:3]:
        for passage in record["passages"]:
            passage["portrayal"] = {}
    table = make_table(records)
    features, at = make_features(table), list(KIND).index("us_stance")
    assert np.isfinite(features.matrix).all()
    assert features.standard[:, at].any() == alike  # else they differ by chance only
    for i, row in enumerate(features.unit):
        if table.members[row].id in {record["id"] for record in records[:3]}:
            assert np.isnan(values(features)[i, at])
            assert features.standard[i, at] == 0


def test_kinds_have_their_shares_however_many_fields_they_have() -> None:
    features = make_features(make_table(documents(8, embedding=True)))  # type: ignore[arg-type]
    squares = (features.matrix**2).mean(axis=0)
    kinds = np.array(list(KIND.values()))
    for kind, share in SHARES.items():
        assert squares[: len(FIELDS)][kinds == kind].sum() <= share * 1.3
    assert 0.3 * EMBEDDING_SHARE < squares[len(FIELDS) :].sum() <= EMBEDDING_SHARE + 1e-9


def test_the_topic_is_taken_out_of_the_embedding() -> None:
    chance = np.random.default_rng(0)
    about, framing = chance.integers(0, 2, (2, 200)).astype(np.float32)
    rows = np.column_stack([about, framing, chance.normal(size=200)]).astype(np.float32)
    left = take_topic_out(rows, about)
    assert np.abs(np.corrcoef(about, left.T)[0, 1:][left.std(axis=0) > 1e-6]).max() < 1e-6
    assert np.corrcoef(framing, left[:, 1])[0, 1] > 0.98
    assert (take_topic_out(rows, np.ones(200, dtype=np.float32)) == rows).all()


def test_embeddings_count_only_where_every_passage_has_a_sound_one() -> None:
    records: Any = documents(2, embedding=True)
    whole = make_table(records)
    assert whole.embedding is not None
    assert whole.embedding.shape == (len(whole.document), 4)
    assert make_features(whole).embedded
    assert not make_features(whole, embedding=False).embedded
    for broken in (None, [], "1234", [1.0, float("nan"), 0, 0], [1.0, "x", 0, 0], [1.0], {"a": 1}, [[1.0]] * 4):
        damaged = copy.deepcopy(records)
        damaged[3]["passages"][1]["embedding"] = broken
        table = make_table(damaged)
        assert table.embedding is None
        assert not make_features(table).embedded
