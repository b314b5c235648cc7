import pytest

from rhetoric.pipeline.matter import names_matter

from .makers import cpu_seconds


@pytest.mark.parametrize(
    "text",
    [
        *(
            "an A.I. race",
            "ai in lower case",
            "TECHNOLOGY",
            "biotech",
            "its microchips",
            "cloud\ncomputing",
            "big data",
        ),
        *("dual-use goods", "an export  control", "re-exports", "R&D", "5G", "Huawei", "Intel", "a data centre", "EVs"),
        *("autonomous weapons", "to the Moon by rocket", "solar panels", "Made in China 2025", "language models"),
    ],
)
def test_words_of_the_matter_are_found_in_any_case_and_across_lines(text):
    assert names_matter(f"They spoke of {text}, and of little else.")


@pytest.mark.parametrize(
    "text",
    [
        *("a bargaining chip", "blue-chip shares", "chip away at it", "an autonomous prefecture", "a quantum leap"),
        *(
            "customs data",
            "a model worker",
            "under the radar",
            "the nuclear option",
            "a battery of tariffs",
            "said",
            "huawei",
        ),
        *("the technician", "Intel assessments", "political science", "meat processors", "in the orbit of Beijing"),
    ],
)
def test_figures_of_speech_and_parts_of_words_are_none(text):
    assert not names_matter(f"They spoke of {text}, and of little else.")


def test_a_book_without_a_word_takes_no_time():
    assert cpu_seconds(names_matter, "China bought no soybeans, and America sold none. " * 8_000) < 3
