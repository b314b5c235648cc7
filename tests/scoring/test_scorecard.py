import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings

from rhetoric.scoring import Scorecard, columns, score_frame, score_record
from rhetoric.scoring.columns import column_list, fields
from rhetoric.scoring.correction import Rate

from .records import essay, in_passing, make_record, off_topic
from .strategies import records

RATES = {"race": Rate(0.8, 0.9, 40, 60)}


def kept(card: Scorecard) -> Scorecard:
    """What a row has no place for, left out."""
    frames = {frame: dataclasses.replace(each, not_corrected=None) for frame, each in card.frames.items()}
    return dataclasses.replace(
        card,
        frames=frames,
        percentiles={},
        percentile_spans={},
        percentile_documents={},
        profile=None,
        profile_documents=0,
        profile_fits=True,
        not_compared="",
    )


@settings(max_examples=30, deadline=None)
@given(records())
def test_a_row_gives_its_scorecard_back(record: dict[str, Any]) -> None:
    for every_passage in (False, True):
        card = score_record(record, every_passage=every_passage, rates=RATES, profile=None)
        back = Scorecard.from_row(card.to_row())
        assert kept(back) == kept(card)
        assert back.to_row() == card.to_row()


@pytest.mark.parametrize("kind", [None, "numpy_nullable", "pyarrow"])
def test_so_does_a_row_of_a_table(kind: Any) -> None:
    frame = score_frame([essay(), off_topic(), {"id": None, "source": "a.pdf", "error": "it is encrypted."}])
    frame = frame.convert_dtypes(dtype_backend=kind) if kind else frame
    for at, record in enumerate((essay(), off_topic())):
        assert kept(Scorecard.from_row(frame.iloc[at])) == kept(score_record(record))
    with pytest.raises(ValueError, match="it is encrypted"):
        Scorecard.from_row(frame.iloc[2])
    with pytest.raises(ValueError, match="it has no id or no passages"):
        Scorecard.from_row(frame.assign(id=None).convert_dtypes().iloc[0])
    with pytest.raises(KeyError):
        Scorecard.from_row(frame.iloc[0].drop("frame_race"))


def test_a_row_of_a_text_off_topic_has_no_estimate() -> None:
    row = score_record(in_passing()).to_row()
    assert all(row[name] is row[f"{name}_low"] is row[f"{name}_high"] is None for name in fields())
    assert Scorecard.from_row(row).to_row() == row
    assert score_frame([in_passing(), essay()])["metaphor"].mean() == score_record(essay()).metaphor.value


def test_what_a_row_does_not_keep_is_said() -> None:
    card = Scorecard.from_row(score_record(essay(), rates={}).to_row())
    assert card.frames["race"].not_corrected == "the row does not say why"
    assert card.percentiles == {}


def test_every_column_is_documented_once_in_order() -> None:
    table = columns()
    row = score_record(essay()).to_row()
    assert list(table.index) == list(row)
    assert not table.index.duplicated().any()
    assert table["meaning"].is_unique
    assert table.notna().all(axis=None)
    assert set(fields()) == set(score_record(essay()).estimates())


@pytest.mark.parametrize("record", [essay(), off_topic(), make_record([])])
def test_units_are_what_they_say(record: dict[str, Any]) -> None:
    row = score_record(record, rates=RATES).to_row()
    for column in column_list():
        value = row[column.name]
        if column.field:
            assert value is None or isinstance(value, float)
            least, most = column.bounds
            assert value is None or (least <= value and (most is None or value <= most))
        elif value is not None:
            assert isinstance(value, {"text": str, "whole number": int, "true or false": bool}[column.unit])
