from typing import Any

import pytest

from rhetoric.ingest.document import content_id
from rhetoric.scoring.groups import date_part, name_of, tell

from .records import make_record


@pytest.mark.parametrize(
    ("date", "year", "month"),
    [
        ("2025", "2025", None),
        ("2025-07-23", "2025", "2025-07"),
        ("2025-07", "2025", "2025-07"),
        ("2025-07-23T10:00:00", "2025", "2025-07"),
        ("July 23, 2025", "2025", "2025-07"),
        ("3 Sept. 2025", "2025", "2025-09"),
        ("20250723", "2025", "2025-07"),
        ("20250723T100000Z", "2025", "2025-07"),
        ("2025-7-23", "2025", "2025-07"),
        ("2025/7/23 10:00", "2025", "2025-07"),
        ("2025.11.03", "2025", "2025-11"),
        ("2025年7月23日", "2025", "2025-07"),
        ("2025/23/7", "2025", None),
        ("2025/7", "2025", "2025-07"),
        ("2024/12", "2024", "2024-12"),
        ("2024.12", "2024", "2024-12"),
        ("2024.5", "2024", None),
        ("2019/2020", "2019", None),
        ("2025.7-23", "2025", None),
        ("1753267200", None, None),
        ("1753267200000", None, None),
        ("7/8/2025", "2025", None),
        ("2023-24", "2023", None),
        ("2025 (decided)", "2025", None),
        ("12345", None, None),
        ("May", None, None),
        ("May 2020", "2020", "2020-05"),
        ("12 May 2020", "2020", "2020-05"),
        ("12-May-2020", "2020", "2020-05"),
        ("Tuesday, May 12th, 2020, 10:00", "2020", "2020-05"),
        ("JAN. 2020", "2020", "2020-01"),
        ("2020 May", "2020", "2020-05"),
        ("2020 Dec. 12", "2020", "2020-12"),
        ("2020, March 1", "2020", "2020-03"),
        ("June/July 2020", "2020", "2020-07"),
        ("sept 2020 (first published in May 2019)", "2020", "2020-09"),
        ("2019 (revised May 2020)", "2019", None),
        ("Mary Smith, 2020", "2020", None),
        ("April Jones, 2020", "2020", None),
        ("Maye 2020", "2020", None),
        ("2020 may be the year", "2020", None),
        ("2020 Marches", "2020", None),
        ("202507", "2025", "2025-07"),
        ("20250708120000", "2025", "2025-07"),
        ("202507081200", "2025", "2025-07"),
        ("", None, None),
    ],
)
def test_dates_as_people_write_them(date: str, year: str | None, month: str | None) -> None:
    assert (date_part(date, "year"), date_part(date, "month")) == (year, month)


def test_metadata_go_by_several_names() -> None:
    record = make_record([], country_of_voice="US", author_or_body="NIST", date="2024-03-01", type="", year=1999)
    assert [tell(record, what) for what in ("voice", "country", "country_of_voice")] == ["US"] * 3
    assert (tell(record, "author"), tell(record, "type"), tell(record, "nothing")) == ("NIST", None, None)
    assert (tell(record, "year"), tell(record, "month")) == ("1999", "2024-03")


def test_a_column_of_years_with_gaps_holds_floats() -> None:
    record = make_record([], date=2020.0, year=2021.0)
    assert [tell(record, what) for what in ("date", "year")] == ["2020", "2021"]


@pytest.mark.parametrize(
    ("id", "meta", "whole", "short"),
    [
        ("a", {"title": "A title", "source": "up/t.csv", "row": 2}, "A title", "A title"),
        ("a", {"source": "up/t.csv", "row": 2}, "a", "a"),
        ("a", {"source": "up/t.txt"}, "up/t.txt", "t.txt"),
        ("a", {"source": "C:\\up\\t.txt"}, "C:\\up\\t.txt", "t.txt"),
        ("a", {"source": "https://example.org/t"}, "https://example.org/t", "https://example.org/t"),
        ("a", {"source": "-"}, "standard input", "standard input"),
        ("a", {"title": "  ", "source": "up/t.txt"}, "up/t.txt", "t.txt"),
        ("a", {"title": " A title ", "source": "up/t.txt"}, "A title", "A title"),
        ("a", {}, "a", "a"),
        (content_id(""), {"source": "up/t.csv", "row": 2}, "up/t.csv row 2", "t.csv row 2"),
        (content_id(""), {"row": 2}, content_id(""), content_id("")),
    ],
)
def test_a_row_of_a_table_goes_by_its_own_name(id: str, meta: dict[str, Any], whole: str, short: str) -> None:
    record: Any = make_record([], id, **meta)
    assert (name_of(record), name_of(record, short=True)) == (whole, short)
