import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.training.data.countries import swap_countries, swap_portrayal

from ..makers import steady


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The United States leads and China follows.", "China leads and the United States follows."),
        ("U.S. firms fear Chinese rules.", "Chinese firms fear American rules."),
        ("Washington’s allies read Beijing’s mind.", "Beijing’s allies read Washington’s mind."),
        ("Americans and the PRC", "Chinese people and the United States"),
        ("Join us: it is no business of Nvidia.", "Join us: it is no business of Nvidia."),
    ],
)
def test_the_countries_change_places(before, after):
    assert swap_countries(before) == after


@steady
@given(st.text(max_size=80))
def test_any_text_can_be_read_the_other_way(text):
    assert swap_countries(text) == swap_countries(text)


def test_what_is_coded_of_one_is_then_coded_of_the_other():
    both = {"us": {"role": "leader", "stance": 1}, "china": {"role": "threat", "stance": -1}}
    assert swap_portrayal(both) == {"china": both["us"], "us": both["china"]}
    assert swap_portrayal({"us": both["us"]}) == {"china": both["us"]}
    assert swap_portrayal({}) == {}
