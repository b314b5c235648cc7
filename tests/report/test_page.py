import pytest

from rhetoric.report.page import Page, print_whole, ruled_table

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


@pytest.mark.parametrize("columns", [None, 60])
def test_a_table_loses_nothing_on_a_narrow_terminal_which_stays_narrow(columns: int | None) -> None:
    to, table = console(20), ruled_table()
    for name in ("first", "second"):
        table.add_column(name, no_wrap=True)
    table.add_row("a" * 25, "b" * 25)
    print_whole(to, table, columns=columns)
    assert printed(to).splitlines()[-1].split() == ["a" * 25, "b" * 25]
    assert to.width == 20
