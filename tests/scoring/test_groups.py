import pytest

from rhetoric.scoring.groups import date_part, tell

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
        ("7/8/2025", "2025", None),
        ("2023-24", "2023", None),
        ("2025 (decided)", "2025", None),
        ("12345", None, None),
        ("May", None, None),
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
