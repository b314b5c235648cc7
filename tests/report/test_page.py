import pytest

from rhetoric.report.page import Page

from .makers import console, printed


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("race", ["  race        one two three", "              four"]),
        ("中文", ["  中文        one two three", "              four"]),  # two columns a letter
        ("as wide as it", ["  as wide as it", "    one two three four"]),
        ("中文很长的标签", ["  中文很长的标签", "    one two three four"]),
    ],
)
def test_text_stands_beside_its_label_or_below_one_that_is_too_wide(label: str, expected: list[str]) -> None:
    to = console(40)
    Page(to).entry(label, "one two three\nfour" if len(label) < 5 else "one two three four", label_width=12)
    assert printed(to).splitlines() == expected
