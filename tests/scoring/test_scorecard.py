from typing import Any

import pytest

from rhetoric.scoring import columns, score_dataframe, score_record
from rhetoric.scoring.columns import column_list, fields
from rhetoric.scoring.correction import Rate

from .records import essay, in_passing, make_record, off_topic

RATES = {"race": Rate(0.8, 0.9, 40, 60)}


def test_a_row_of_a_text_off_topic_has_no_estimate() -> None:
    row = score_record(in_passing()).to_row()
    assert all(row[name] is row[f"{name}_low"] is row[f"{name}_high"] is None for name in fields())
    assert score_dataframe([in_passing(), essay()])["metaphor"].mean() == score_record(essay()).metaphor.value


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
