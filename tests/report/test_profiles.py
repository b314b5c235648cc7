import pytest
from scoring.records import PIPELINE

from rhetoric.report.profiles import print_profile
from rhetoric.scoring.profile import Distribution, Profile

from .makers import shown


def of(*dates: str, left_out: int = 0) -> str:
    told = tuple({"id": f"{at}", "date": date} for at, date in enumerate(dates))
    return shown(print_profile, Profile("made", "", False, 5, PIPELINE, told, left_out, {}), briefly=True)


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (
            ("12 March 2024", "n.d.", "2019-05-01", "May 2021"),
            "2019-05-01 to 12 March 2024; of 1 the metadata do not tell",
        ),
        (("2024", "3 June 2024", "April 2024"), "2024 to 3 June 2024"),
        (("", "2020"), "2020 to 2020; of 1 the metadata do not tell"),
        (("n.d.",), None),
    ],
)
def test_dates_are_sorted_as_dates(dates: tuple[str, ...], said: str | None) -> None:
    lines = [line for line in of(*dates).splitlines() if line.startswith("dates")]
    assert [line.split(maxsplit=1)[1].strip() for line in lines] == ([said] if said else [])


def test_of_how_many_the_metadata_do_not_tell_is_said() -> None:
    told = ({"id": "0", "voice": "US", "type": "speech"}, {"id": "1", "type": "speech"})
    said = shown(print_profile, Profile("made", "", False, 5, PIPELINE, told, 0, {}), briefly=True)
    assert "voices  US (1); of 1 the metadata do not tell\n" in said
    assert "types   speech (2)\n" in said


@pytest.mark.parametrize(
    ("left_out", "said"),
    [(0, "the matter.\n"), (1, "; 1 had fewer and was left out."), (1200, "; 1,200 had fewer and were left out.")],
)
def test_it_says_how_many_documents_had_too_few_passages(left_out: int, said: str) -> None:
    assert said in of("2020", left_out=left_out)


def test_no_column_loses_a_digit_and_halves_of_whole_numbers_go_up() -> None:
    fields = {"counted": Distribution(2, 2.5, 0.7, (2.0, 3.0))}
    text = shown(print_profile, Profile("made", "", False, 5, PIPELINE, (), 0, fields), width=20)
    assert text.splitlines()[-1].split() == ["counted", "2", "3", "3", "3", "2"]
