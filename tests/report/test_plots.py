import sys
import warnings
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from scoring.records import gold, make_record
from scoring.test_own import documents as of_own

from rhetoric.errors import RhetoricError
from rhetoric.report.plots import BLUE, ORANGE, comparison_svg, draw_estimates, drawing, label, trend_svg
from rhetoric.scoring.compare import compare
from rhetoric.scoring.trend import trend

matplotlib = pytest.importorskip("matplotlib", reason='the extra "plots" is not installed')
NAME = 'US $a_b$ <script>alert("x")</script> & co'


def documents(many: int = 8) -> list[dict[str, Any]]:
    rows = [row for row in gold() if row["about"]]
    return [
        make_record(rows[at * 5 : at * 5 + 5], f"d{at}", date=f"20{18 + at // 2}-0{at % 9 + 1}") for at in range(many)
    ]


def texts(svg: str) -> str:
    root = ET.fromstring(svg)  # noqa: S314 - our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert not root.findall(".//{*}script")
    return " | ".join("".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text"))


def test_a_comparison_s_plot_is_labelled_and_the_same_twice() -> None:
    found = compare(documents()[:4], documents()[4:], names=(NAME, "PRC"))
    svg = comparison_svg(found)
    said = texts(svg)
    assert NAME[:20] in said
    assert "PRC (4 documents)" in said
    for axis in ("share of passages", "per 1,000 words", "stance, from -1 (ill) to +1 (well)"):
        assert axis in said
    assert svg == comparison_svg(found)
    assert "<dc:date>" not in svg


def test_names_are_drawn_as_they_are_written() -> None:
    odd = "$x^2$ of 中文"
    dated = [{**each, "meta": {"date": "2020"}} for each in of_own("a", odd, every=2)]
    sides = compare(of_own("a", odd, every=1), of_own("b", odd, every=6), names=("中文", NAME))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # of letters that the font lacks
        for drawn in (trend_svg(trend(dated)), comparison_svg(sides)):
            assert f"custom {odd}" in texts(drawn)


def test_two_documents_have_a_plot_over_passages() -> None:
    assert "A (5 passages)" in texts(comparison_svg(compare(documents()[:1], documents()[1:2])))
    said = texts(comparison_svg(compare(documents()[:1], documents()[1:6])))
    assert "A (1 document)" in said and "B (5 documents)" in said
    with pytest.raises(RhetoricError, match="alike in every field"):
        comparison_svg(compare(*[[make_record(gold("essay.jsonl")[1:2] * 3)]] * 2))


def test_a_trend_s_plot_has_a_panel_a_field() -> None:
    found = trend(documents(), ["frame_race", "metaphor", "us_stance", "contrast"])
    said = texts(trend_svg(found))
    assert trend_svg(found) == trend_svg(found)
    for part in ("frame race", "metaphor", "US stance", "contrast", "2018", "2021", "year (8 documents)"):
        assert part in said
    assert "2018-01" in texts(trend_svg(trend(documents(), by="month")))


@pytest.mark.parametrize(
    ("by", "dates", "pieces"),
    [
        ("year", ["2018", "2019", "2020", "2021"], 1),
        ("year", ["1990", "1991", "2013", "2014"], 2),
        ("month", ["2018-11", "2018-12", "2019-01", "2019-03"], 2),
    ],
)
def test_a_trend_s_line_is_broken_over_periods_without_documents(by: Any, dates: list[str], pieces: int) -> None:
    records = [{**record, "meta": {"date": date}} for record, date in zip(documents(4), dates, strict=True)]
    root = ET.fromstring(trend_svg(trend(records, ["frame_race"], by=by)))  # noqa: S314 - our own
    lines = [
        each.get("d", "")
        for each in root.iter("{http://www.w3.org/2000/svg}path")
        if BLUE.lower() in each.get("style", "")
    ]
    (line,) = [each for each in lines if each.count("M") + each.count("L") == 4]
    assert line.count("M") == pieces


@pytest.mark.filterwarnings("error:constrained_layout")
def test_a_field_without_a_value_leaves_a_trend_s_panels_their_room() -> None:
    records = documents()
    for record in records:
        for passage in record["passages"]:
            passage["portrayal"] = {}
    found = trend(records, ["frame_race", "metaphor", "us_stance"])
    assert not any(point.passages for point in found.series[2].points)
    assert "US stance" in texts(trend_svg(found))


def test_estimates_are_drawn_row_by_row_from_the_top() -> None:
    from matplotlib.figure import Figure

    from rhetoric.scoring import Estimate

    axes = Figure().subplots()
    named = {
        "one": Estimate(0.5, 0.25, 0.75, 9),
        "two": Estimate(0.0, None, None, 2),
        "three": Estimate(*[None] * 3, 0),
    }
    draw_estimates(axes, named, label="share", colour=ORANGE, marker="s", shift=0.1)
    assert [each.get_text() for each in axes.get_yticklabels()] == ["three", "two", "one"]
    interval, values = axes.lines
    assert (list(interval.get_xdata()), list(interval.get_ydata())) == ([0.25, 0.75], [2.1, 2.1])
    assert (list(values.get_xdata()), list(values.get_ydata())) == ([0.0, 0.5], [1.1, 2.1])
    assert (values.get_label(), values.get_marker(), values.get_color()) == ("share", "s", ORANGE)


def test_what_has_no_value_at_all_leaves_the_axes_their_room() -> None:
    from matplotlib.figure import Figure

    from rhetoric.scoring import Estimate

    widths = []
    for value in (0.5, None):
        figure = Figure(figsize=(7.5, 2.8), layout="constrained")
        left, right = figure.subplots(1, 2)
        for axes in (left, right):
            draw_estimates(axes, {"one": Estimate(value, None, None, 2)}, label="share")
            axes.set_xlim(0, 1)
        figure.legend(loc="outside lower left")
        figure.draw_without_rendering()
        widths.append((left.get_position().width, right.get_position().width))
    assert widths[1] == pytest.approx(widths[0], abs=0.01)


def test_the_user_s_settings_neither_change_a_plot_nor_are_changed() -> None:
    found = trend(documents(), ["contrast"])
    plain = trend_svg(found)
    with matplotlib.rc_context({"font.size": 30, "svg.hashsalt": None, "axes.grid": False}):
        assert trend_svg(found) == plain
        assert matplotlib.rcParams["font.size"] == 30


def test_labels_are_words() -> None:
    assert [label(each) for each in ("us_role_leader", "frame_race")] == ["US role leader", "frame race"]


def test_without_matplotlib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(RhetoricError, match=r"rhetoric-toolkit\[plots\]"), drawing():
        pass
