"""What a report says where a profile was built by other detectors."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
from scoring.records import essay
from scoring.test_profile import by, parted

from rhetoric.report.article import make_markdown, make_page
from rhetoric.report.detectors import against, say_differing, say_reference
from rhetoric.scoring import Scorecard, score_record
from rhetoric.scoring.profile import Distribution

from .makers import words


@lru_cache
def card(**parts: str) -> Scorecard:
    return score_record({**essay(), "pipeline": by(**parts)}, profile=parted())


@pytest.mark.parametrize("parts", [{}, {"custom": "mine"}])
def test_nobody_is_frightened_where_nothing_that_is_compared_differs(parts: dict[str, str]) -> None:
    found = say_reference(replace(card(**parts), profile_about="Made of gold."), ".")
    assert found == "Compared with the profile made of 12 texts. The texts there: Made of gold."
    for about in ("Made of gold", "Made of gold?"):  # --about may be no sentence
        said = say_reference(replace(card(**parts), profile_about=about, in_profile=True), ".")
        assert f"Made of gold{about[12:] or '.'} This text is one of them" in said
    assert say_reference(replace(card(), in_profile=True), ".").endswith(
        " This text is one of them, so it is compared with itself too."
    )


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (
            {"contrast": "1", "metaphor": "1"},
            "That profile was built with other lines for contrasts and live metaphors than yours, so contrasts and "
            "live metaphors are not compared. All else is. A profile by your own detectors: rhetoric profile build",
        ),
        (
            {"encoder": "1", "contrast": "1"},
            "profile was built with another encoder than yours, so read what is said of it",
        ),
        ({"english": "1"}, "profile was built with another English pipeline than yours, so read what is said of it"),
        ({"english": "1", "frames": "1"}, "so frames are not compared. All else is; read it with care."),
    ],
)
def test_what_differs_is_said(parts: dict[str, str], said: str) -> None:
    found = say_reference(card(**parts), ".")
    assert found.startswith("Compared with the profile made of 12 texts. ") and said in found


def test_of_what_there_is_none_it_is_said_how_many_have_none() -> None:
    some = replace(card(), percentile_none={"metaphor": 5}, percentile_documents={"metaphor": 12}, percentiles={})
    assert against(some, "metaphor") == "none, like 5 of 12 made texts" and against(some, "contrast") == ""
    assert against(replace(some, percentile_none={"metaphor": 0}), "metaphor") == "none, unlike all of 12 made texts"


def test_where_nothing_can_be_compared_it_is_said_why() -> None:
    found = say_reference(card(about="1", contrast="1"), ".")
    assert found.startswith("Nothing is compared with the profile made of 12 texts: it was built with other lines for ")
    assert "what is about the matter and contrasts than yours, so other passages count there. A profile" in found
    few = replace(card(), percentiles={}, profile_documents=1, not_compared="it is too small")
    assert say_reference(few, ".") == "Nothing is compared with the profile made of 1 text: it is too small."
    assert say_reference(replace(card(), profile=None), ".").startswith("There is no reference profile here")
    unknown = replace(card(), profile_fits=False)
    assert "Another pipeline built that profile, so read" in say_reference(unknown, ".")


def test_a_text_stands_among_those_that_have_the_field_and_no_others() -> None:
    few = replace(parted(), fields={**parted().fields, "china_stance": Distribution(7, 0.0, 0.1, (-0.5, 0.0, 0.5))})
    china = score_record({**essay(), "pipeline": by()}, profile=few)
    assert "of 7 made texts" in against(china, "china_stance") and "of 12 made texts" in against(china, "metaphor")


def test_all_differences_in_one_phrase() -> None:
    assert say_differing(["english", "about", "frames"]) == (
        "another English pipeline and other lines for what is about the matter and frames"
    )


def test_the_page_draws_no_band_for_what_is_not_compared() -> None:
    records: list[Any] = [{**essay(), "pipeline": by(metaphor="mine")}]
    same: list[Any] = [{**essay(), "pipeline": by()}]
    mine, plain = (make_page(each, profile=parted()) for each in (records, same))
    assert mine.count('class="band"') < plain.count('class="band"')
    for said in (mine, make_markdown(records, profile=parted())):
        assert "so live metaphors are not compared. All else is." in words(said)
