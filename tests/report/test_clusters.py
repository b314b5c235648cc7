import base64
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sklearn", reason="the extra cluster is not installed")

from clustering.makers import documents, draws

from rhetoric.clustering import Clustering, cluster_records
from rhetoric.clustering.description import Alternative
from rhetoric.report.clusters import print_clusters, say_choice, say_cluster, say_value
from rhetoric.report.map import draw_map
from rhetoric.report.map import page as page_module
from rhetoric.report.safe import clean

from .makers import shown, unsafe, words
from .pages import Reader

HOSTILE = "<script>alert(1)</script>\u202e\x1b[31m\"'&{{7*7}}"


def hostile(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for record in records:
        record["meta"] = {"title": HOSTILE, "source": HOSTILE}
        for passage in record["passages"]:
            length = passage["end"] - passage["start"]
            text = (HOSTILE + record["text"][passage["start"] : passage["end"]])[:length]
            record["text"] = record["text"][: passage["start"]] + text + record["text"][passage["end"] :]
    return records


@pytest.fixture(scope="module")
def found() -> Clustering:
    return cluster_records(hostile(documents(4)), level="passage", clusters=3)


@pytest.fixture(scope="module")
def page(found: Clustering) -> str:
    return draw_map(found)


def test_the_page_needs_nothing_else_and_runs_nothing_but_its_own_script(page: str) -> None:
    read = Reader(page)
    names = {name for _, attributes in read.elements for name in attributes}
    assert not names & {"src", "style", "onclick", "onload", "onerror", "srcset", "action"}
    assert all((value or "").startswith("#m") for _, a in read.elements for name, value in a.items() if name == "href")
    assert not re.search(r"(?:https?:)?//(?!\s)[a-z0-9.-]+\.[a-z]{2}", page.replace("// ", ""))
    policy = next(each["content"] for each in read.of("meta") if "http-equiv" in each)
    assert policy.startswith("default-src 'none'")
    scripts = [text for text in read.texts("script") if '"use strict"' in text]
    for text, source in ((scripts[0], "script-src"), (read.texts("style")[0], "style-src")):
        checksum = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{source} 'sha256-{checksum}'" in policy
    assert [each.get("type") for each in read.of("script")] == ["application/json"] * 2 + [None]


def test_text_of_documents_stays_text(page: str, found: Clustering) -> None:
    read = Reader(page)
    assert "alert(1)</script>" not in page
    assert not unsafe("".join(page.splitlines()))
    assert "49" not in "".join(read.texts("cite"))
    assert any("<script>alert(1)</script>[31m\"'&{{7*7}}" in text for text in read.texts("cite"))
    points = json.loads(read.texts("script")[0])
    assert len(points) == len(found.labels)
    assert all(point["name"].startswith("<script>") for point in points)


def test_passages_are_searched_whole_and_documents_by_their_names(page: str, found: Clustering) -> None:
    points = json.loads(Reader(page).texts("script")[0])
    texts = [clean(found.features.table.texts[row]) for row in found.features.unit]
    assert [point["text"] for point in points] == texts and max(map(len, texts)) > 240
    assert Reader(page).texts("label").count("Find in names and texts of passages") == 1
    records = documents(4)
    records[0]["meta"]["title"] = title = f"Remarks {'on the way that lies ahead ' * 4}at London"
    read = Reader(draw_map(cluster_records(records, clusters=3)))
    assert "Its most typical documents" in read.texts("h3")
    assert len(read.texts("blockquote") + read.texts("cite")) > 10
    assert title in [point["name"] for point in json.loads(read.texts("script")[0])]
    assert not any(point["text"] for point in json.loads(read.texts("script")[0]))
    assert read.texts("label").count("Find in names of documents") == 1


def test_every_point_is_drawn_in_the_picture_and_every_example_can_be_shown(page: str, found: Clustering) -> None:
    read = Reader(page)
    marks = [each for each in read.of("use") if each.get("class", "").startswith("point")]
    assert len(marks) == len(found.labels)
    places = [tuple(map(float, re.findall(r"-?[\d.]+", each["transform"])[:2])) for each in marks]
    assert all(0 <= x <= 600 and 0 <= y <= 600 for x, y in places)
    buttons = [int(each["data-point"]) for each in read.of("button")]
    points = json.loads(read.texts("script")[0])
    assert buttons
    examples = [each for cluster in found.clusters for each in (*cluster.passages, *cluster.outliers)]
    for at, example in zip(buttons, examples, strict=True):
        assert points[at]["name"].endswith(f"passage {example.passage}")


def test_the_arrows_of_the_sides_are_turned_with_their_words_and_point_out(page: str) -> None:
    sides = re.findall(r'<text transform="translate\(\d+ 300\) rotate\((-?90)\)" text-anchor="middle">(.)', page)
    assert sides == [("-90", "↑"), ("90", "↑")]


def test_a_figure_is_not_rounded_over_the_bar_that_its_word_stands_for(found: Clustering) -> None:
    said = say_choice(replace(found, silhouette=0.2496, structure="none to speak of", alternatives=()))
    assert "Mean silhouette 0.2496: structure none to speak of. In" in said
    cluster = replace(found.clusters[0], jaccard=0.749, verdict="fairly stable")
    assert say_cluster(cluster, found).endswith("; fairly stable in resamples (Jaccard 0.749)")


@pytest.mark.parametrize(
    ("tried", "said"),
    [
        ({2: -0.02, 5: -0.04}, " 2 ({:.2f}) fits about as well, so that the number is open."),
        ({2: 0.04, 4: 0.02, 5: -0.04}, " 2 ({:.2f}) fits better. 4 ({:.2f}) fits about as well."),
    ],
)
def test_numbers_that_fit_as_well_or_better_are_told(found: Clustering, tried: dict[int, float], said: str) -> None:
    values = {number: found.silhouette + more for number, more in tried.items()}
    alternatives = tuple(Alternative(number, value, 1.0) for number, value in values.items())
    assert say_choice(replace(found, alternatives=alternatives)).endswith(said.format(*values.values()))


def test_where_all_are_alike_nothing_is_told_of_numbers_that_were_not_tried() -> None:
    records: Any = [{**each, "text": f"{each['text']} {at}"} for at, each in enumerate(documents(1)[:1] * 5)]
    alike = cluster_records(records)
    text = shown(print_clusters, alike)
    assert "The number of clusters is one, since all are alike: no other was tried." in text
    assert "CLUSTERS TRIED" not in text and "silhouette" not in text
    assert "5 documents, 100%; the only one" in text and "stable" not in text
    assert "Numbers of clusters tried" not in draw_map(alike)
    fewer = say_choice(cluster_records(records, clusters=2))
    assert fewer == "The number of clusters is that of those that differ at all, fewer than the 2 asked for."


def test_where_chance_makes_such_groups_every_view_says_so_first() -> None:
    drawn = cluster_records(draws(), clusters=2)
    assert drawn.chance is not None
    for said in (words(shown(print_clusters, drawn)), Reader(draw_map(drawn)).all_text()):
        assert "24 documents in 2 clusters, by how they frame: no finding." in said
        assert "Structure none to speak of: these texts differ no more in how they frame than random draws" in said
        assert f"In {drawn.chance.reached} of 19 random shuffles of their passages they differ as much or more." in said
        assert "; no finding" in said
        assert "stable" not in said and "Jaccard" not in said


def test_where_documents_differ_by_more_than_chance_or_none_can_tell_it_is_said(found: Clustering) -> None:
    records: Any = documents(4)
    assert say_choice(cluster_records(records, clusters=3)).endswith(
        " The documents differ more than in any of 19 random shuffles of their passages, so hardly by chance alone."
    )
    single: Any = documents(2, passages=1)
    assert say_choice(cluster_records(single, clusters=3)).endswith(
        " cannot be told, since no document has more than one passage."
    )
    assert "chance alone" not in say_choice(found)  # of passages


def test_names_sizes_and_stability_stand_in_the_text(page: str, found: Clustering) -> None:
    text = Reader(page).all_text()
    for cluster in found.clusters:
        assert f"{cluster.number}. {cluster.name}" in text
        assert f"{cluster.verdict} in resamples (Jaccard {cluster.jaccard:.2f})" in text


def test_many_points_are_thinned_but_examples_stay(
    page: str, found: Clustering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module, "MOST_POINTS", 10)
    read = Reader(draw_map(found))
    points = json.loads(read.texts("script")[0])
    assert 10 <= len(points) < len(found.labels)
    assert f"{len(points)} of {len(found.labels)} passages are shown" in " ".join(read.texts("figcaption"))
    assert len(read.of("button")) == len(Reader(page).of("button"))


@pytest.mark.skipif(not shutil.which("node"), reason="node is not on this machine")
def test_the_script_is_sound() -> None:
    script = Path(page_module.__file__).with_name("map.js")
    subprocess.run([shutil.which("node") or "node", "--check", script], check=True)


def test_the_same_clustering_gives_the_same_page(page: str, found: Clustering) -> None:
    assert draw_map(found) == page


def test_tables_can_be_reached_and_their_rows_have_names(page: str) -> None:
    read = Reader(page)
    regions = [attributes for tag, attributes in read.elements if attributes.get("class") == "wide"]
    assert len(regions) == 4 and len({each["aria-label"] for each in regions}) == 4
    assert all((each["tabindex"], each["role"]) == ("0", "region") for each in regions)
    tags = [(tag, attributes.get("scope")) for tag, attributes in read.elements]
    assert tags.count(("tr", None)) == tags.count(("th", "row")) + len(regions)
    assert "@media (prefers-color-scheme" not in page, "paper is white"


def test_rows_of_one_table_are_told_apart() -> None:
    records = documents(4)
    for at, record in enumerate(records):
        record["meta"] = {"source": "up/speeches.csv", "row": at + 1}
    by_document = cluster_records(records, clusters=3)
    assert "speeches.csv" not in shown(print_clusters, by_document)
    cited = {name.partition(",")[0] for name in Reader(draw_map(by_document)).texts("cite")}
    assert cited == {record["id"] for record in records}


@pytest.mark.parametrize("width", [40, 100])
def test_it_prints(found: Clustering, width: int) -> None:
    text = shown(print_clusters, found, width=width, files=("out/map.html",))
    assert not unsafe(text)
    flat = words(text)
    assert "9 in 10 resamples between" in flat
    assert "60 passages in 3 clusters, by how they frame." in flat
    for said in (flat, Reader(draw_map(found)).all_text()):
        assert "Figures are of all text of a cluster, and of all the rest. sd: their difference in standard dev" in said
    assert "Numbers of clusters tried".upper() in flat
    assert all(cluster.name.upper() in flat for cluster in found.clusters)
    assert "Written: out/map.html." in flat
    assert max(map(len, text.splitlines())) <= width


def test_no_figure_is_a_negative_zero(found: Clustering) -> None:
    nearly = replace(
        found,
        silhouette=-0.001,
        alternatives=(Alternative(2, -0.002, -0.003), Alternative(3, -0.001, 0.0)),
        stability=replace(found.stability, agreement=-0.001, low=-0.004),
    )
    assert "-0.00" not in shown(print_clusters, nearly, width=200)
    assert ">-0.00<" not in draw_map(nearly)


def test_values_are_said_in_their_unit() -> None:
    assert say_value(0.417, "probability") == "42%"
    assert say_value(-0.5, "stance") == "-0.50"
    assert say_value(-0.004, "stance") == "+0.00"
    assert say_value(3.25, "per 1,000 words") == "3.3 per 1,000 words"
