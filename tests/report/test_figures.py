from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from scoring.records import essay, gold, in_passing, make_record, off_topic

from rhetoric.errors import RhetoricError
from rhetoric.labels import FRAMES
from rhetoric.report.figures import Figure, draw_frames, draw_portrayal, draw_sources, draw_strip
from rhetoric.report.figures.panels import Panel
from rhetoric.report.figures.scorecards import _ticks
from rhetoric.report.headline import strongest_frames
from rhetoric.report.numbers import say_estimate
from rhetoric.scoring import Scorecard, score_record
from rhetoric.scoring.profile import Profile

SVG = "{http://www.w3.org/2000/svg}"


def card(record: dict[str, Any], profile: Profile | None = None, **how: bool) -> Scorecard:
    return score_record(record, profile=profile, **how)


def drawn(profile: Profile | None) -> list[Figure]:
    one, two = card(essay()), card(make_record(gold()[30:60], "other", title="<b>&\u202e"))
    figures = [
        draw(*cards, profile=profile)
        for draw in (draw_frames, draw_sources, draw_portrayal)
        for cards in ([one], [one, two])
    ]
    return [*figures, draw_strip(essay()), draw_frames(card(off_topic())), draw_sources(card(off_topic()))]


def tree(figure: Figure) -> ElementTree.Element:
    return ElementTree.fromstring(figure.svg)  # noqa: S314 - our own


def words(figure: Figure) -> list[str]:
    return [each.text or "" for each in tree(figure).iter(f"{SVG}text")]


def test_a_figure_says_what_it_is_to_those_who_do_not_see_it(profile: Profile) -> None:
    for figure in drawn(profile):
        root = tree(figure)
        named = [root.find(f"{SVG}{name}") for name in ("title", "desc")]
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == " ".join(each.get("id", "") for each in named if each is not None)
        assert [each.text for each in named if each is not None] == [figure.title, figure.description]
        assert figure.description


def test_everything_drawn_lies_within_the_picture(profile: Profile) -> None:
    for figure in drawn(profile):
        root = tree(figure)
        high = float(root.get("height", "0"))
        for each in root.iter():
            for name in ("y", "y1", "y2", "cy"):
                assert 0 <= float(each.get(name, "0")) <= high
            for name in ("x", "x1", "x2", "cx"):
                value = each.get(name, "0")
                assert 0 <= float(value.rstrip("%")) <= 100


def test_a_notebook_shows_it_and_a_file_holds_it(tmp_path: Path) -> None:
    figure = draw_frames(card(essay()))
    assert figure._repr_svg_() == str(figure) == figure.svg
    figure.save(tmp_path / "frames.svg")
    assert (tmp_path / "frames.svg").read_text(encoding="utf-8") == figure.svg + "\n"
    assert draw_frames(card(essay())).svg == figure.svg


def test_frames_are_there_with_value_and_interval() -> None:
    scored = card(essay())
    figure = draw_frames(scored)
    said = words(figure)
    assert said[:2] == ["race", "63%"]
    assert {*FRAMES} <= {*said}
    race = scored.frames["race"].prevalence
    assert f"race {say_estimate(race)}" in figure.description
    dots = [*tree(figure).iter(f"{SVG}circle")]
    assert len(dots) == len(FRAMES) + 1  # and that of the legend
    assert dots[0].get("cx") == Panel((), 0.0, 1.0, ()).across(race.value or 0.0)


def test_frames_stand_in_the_order_of_the_headline_where_they_are_tied() -> None:
    record = make_record(gold("essay.jsonl"), "tied")
    for passage in record["passages"]:
        passage["frames"] = {frame: 0.9 if frame == "state" else 0.8 if frame == "market" else 0.1 for frame in FRAMES}
    scored = card(record)
    assert strongest_frames(scored) == ["state", "market"]
    for cards in ([scored], [scored, scored]):
        assert [each for each in words(draw_frames(*cards)) if each in FRAMES][:2] == ["state", "market"]


def test_the_reference_is_a_band_where_there_is_one(profile: Profile) -> None:
    within, without = draw_frames(card(essay()), profile=profile), draw_frames(card(essay()))
    assert sum(each.get("class") == "band" for each in tree(within).iter()) == len(FRAMES) + 1
    assert "8 in 10 of 20 authored texts; the middle" in words(within)
    assert "band" not in without.svg
    fields = {name: replace(each, documents=7 if "china" in name else 15) for name, each in profile.fields.items()}
    some = replace(profile, fields=fields)
    assert "8 in 10 of 7 to 15 authored texts; the middle" in words(draw_portrayal(card(essay()), profile=some))
    assert "8 in 10 of 15 authored texts; the middle" in words(draw_frames(card(essay()), profile=some))
    wide = replace(profile, fields={name: replace(each, quantiles=(0, 100)) for name, each in profile.fields.items()})
    assert "100" in words(draw_sources(card(essay()), profile=wide))  # the scale holds the bands too
    every = draw_frames(card(essay(), every_passage=True), profile=profile)
    assert "band" not in every.svg  # it counts other passages


def test_two_texts_have_two_shapes_and_their_names() -> None:
    one, two = card(essay()), card(make_record(gold()[30:60], "other"))
    figure = draw_frames(one, two, names=["A: this", "B: that"])
    root = tree(figure)
    shapes = {
        (each.tag.removeprefix(SVG), each.get("class")) for each in root.iter() if each.get("class") in ("t0", "t1")
    }
    assert shapes == {("circle", "t0"), ("path", "t1")}
    assert {"A: this", "B: that"} <= {*words(figure)}
    assert " against " in figure.description
    rows = [replace(each, title=None, source="t.csv") for each in (one, two)]
    assert {"essay", "other"} <= {*words(draw_frames(*rows))}


def test_sources_that_nobody_draws_on_are_left_out() -> None:
    scored = card(essay())
    said = words(draw_sources(scored))
    there = [source for source, found in scored.metaphors.items() if found.count]
    assert [each for each in said if each in scored.metaphors] == sorted(
        there, key=lambda source: -(scored.metaphors[source].value or 0.0)
    )


def test_a_scale_of_no_values_is_that_of_one() -> None:
    unscored = card(in_passing())
    assert unscored.metaphor.count and unscored.metaphor.value is None
    assert words(draw_sources(unscored))[-3:] == ["0.8", "1", "this text"]


def test_portrayal_shows_both_countries_and_only_roles_that_occur() -> None:
    scored = card(essay())
    said = words(draw_portrayal(scored))
    assert {"the US", "China", "ill", "well", "leader", "no role"} <= {*said}
    assert "victim" not in said
    of_china = draw_portrayal(scored).description.partition("Role of China")[2]
    there = [(role, found) for role, found in scored.portrayal["china"].roles.items() if found.count]
    assert all(f"{'no role' if role == 'none' else role} {say_estimate(found)}" in of_china for role, found in there)
    silent = make_record(gold("essay.jsonl"), "silent")
    for passage in silent["passages"]:
        passage["portrayal"] = {}
    assert words(draw_portrayal(card(silent))).count("none") == 2


def test_an_account_of_several_stretches_is_one_in_the_strip() -> None:
    record: Any = make_record([row for row in gold() if row["about"] and row["instances"]][:3])
    (instance, *_) = record["framing"]
    end = len(record["text"])
    record["framing"] = [{**instance, "account": [[0, 5], [end // 2, end // 2 + 5]], "machinery": [[end - 9, end]]}]
    for passage in record["passages"]:
        passage["framing"] = "unmasking"
    figure = draw_strip(record)
    assert "Accounts: 1 in its beginning. Machinery: 1 in its end." in figure.description
    (account,) = (each for each in tree(figure).iter(f"{SVG}path") if each.get("class") == "account")
    assert (account.get("d") or "").count("M") == 2  # both are drawn


def test_the_strip_shows_where_each_device_falls() -> None:
    record = make_record(gold("essay.jsonl")[:2], "two")
    record["metaphors"] = [{"span": [0, 5], "live": True, "score": 0.9, "source": "race", "target": "ai"}]
    record["metaphors"].append({**record["metaphors"][0], "span": [len(record["text"]) - 5, len(record["text"])]})
    record["metaphors"].append({**record["metaphors"][0], "live": False, "span": [50, 60]})
    figure = draw_strip(record)
    (path,) = [each.get("d", "") for each in tree(figure).iter(f"{SVG}path") if each.get("class") == "metaphor"]
    places = [float(each.split()[0].lstrip("M")) for each in path.split("z") if each]
    assert places[0] == 0
    assert places[1] == pytest.approx(995, abs=5)
    assert "Metaphors: 1 in its beginning, 1 in its end." in figure.description
    record["passages"][0]["about"] = 0.1
    assert "Metaphors: 1 in its end. 1 passage of 2 counts." in draw_strip(record).description


def test_ticks_are_round_and_reach_the_highest() -> None:
    for highest in (0.003, 0.7, 1.0, 4.2, 18.0, 99.9, 1234.0):
        ticks = [value for value, _ in _ticks(highest)]
        assert ticks[0] == 0
        assert ticks[-1] >= highest
        assert 3 <= len(ticks) <= 6


@pytest.mark.parametrize("draw", [draw_frames, draw_sources, draw_portrayal])
@pytest.mark.parametrize("texts", [0, 3])
def test_one_or_two_texts(draw: Callable[..., Figure], texts: int) -> None:
    with pytest.raises(RhetoricError, match="one text or two"):
        draw(*[card(essay())] * texts)
