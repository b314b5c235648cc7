import json
import random
import sys
from functools import partial
from typing import Any

import pandas as pd
import pytest

pytest.importorskip("sklearn", reason="the extra cluster is not installed")

from scoring.records import in_passing, make_record, off_topic, on_matter

from rhetoric.clustering import Clustering, cluster_records, clusters, stability
from rhetoric.clustering.clusters import ALL_ALIKE, NO_FINDING
from rhetoric.errors import RhetoricError

from .makers import WAYS, documents, draws


@pytest.fixture(scope="module")
def found() -> Clustering:
    return cluster_records([*documents(), off_topic()])  # type: ignore[list-item]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few resamples and starts, where neither is what a test is about."""
    monkeypatch.setattr(stability, "measure_stability", partial(stability.measure_stability, draws=2))
    monkeypatch.setattr(clusters, "RESTARTS", 2)
    monkeypatch.setattr(clusters, "MOST", 4)


def as_text(clustering: Clustering) -> str:
    return json.dumps(clustering.to_dict(), allow_nan=False) + clustering.assignments().to_csv()


def test_documents_that_frame_alike_come_together_under_a_name_that_says_how(found: Clustering) -> None:
    table = found.assignments().dropna(subset="cluster")
    way = table["id"].str.split("-").str[0]
    assert table.groupby(way)["cluster"].nunique().tolist() == [1] * len(WAYS)
    assert table["cluster"].nunique() == len(WAYS) == len(found.clusters)
    for cluster in found.clusters:
        ids = {each.id for each in (*cluster.typical, *cluster.passages)}
        (own,) = {id.split("-")[0] for id in ids}
        assert cluster.name.lower().startswith(own)
        assert (cluster.size, cluster.share) == (8, round(1 / 3, 4))
        assert cluster.verdict == "stable"
        assert len(cluster.passages) == 5
        assert len({each.id for each in cluster.passages}) == 5
        assert all(each.text for each in cluster.passages)
        assert all(each.passage is None for each in cluster.typical)


def test_the_number_is_the_one_with_the_highest_silhouette_and_the_others_are_told(found: Clustering) -> None:
    tried = {each.clusters: each.silhouette for each in found.alternatives}
    assert list(tried) == list(range(2, 11))
    assert max(tried, key=tried.__getitem__) == 3
    assert found.silhouette == tried[3]
    assert {each.clusters: each.agreement for each in found.alternatives}[3] == found.stability.agreement > 0.9
    assert found.stability.agreement > 0.9


def test_groups_that_chance_made_are_no_finding_however_clear_and_stable(found: Clustering) -> None:
    made = [cluster_records(draws(seed=seed)) for seed in range(4)]  # type: ignore[arg-type]
    by_chance = [each for each in made if each.by_chance]
    assert len(by_chance) >= 3
    for each in by_chance:
        assert each.structure == NO_FINDING
        assert {cluster.verdict for cluster in each.clusters} <= {"no finding", "of one alone, so no group"}
        assert each.to_dict()["chance"]["reached"] > 0
    assert any(each.silhouette >= 0.25 or max(each.stability.jaccard) >= 0.75 for each in by_chance)
    assert not found.by_chance
    assert found.to_dict()["chance"] == {"shuffles": 19, "reached": 0}


def test_the_number_asked_for_and_the_others_are_resampled_alike(found: Clustering) -> None:
    asked = cluster_records([*documents(), off_topic()], clusters=5)  # type: ignore[list-item]
    assert asked.alternatives == found.alternatives


def test_shuffled_and_repeated_it_is_the_same_to_the_last_letter(found: Clustering) -> None:
    records: Any = [*documents(), off_topic()]
    random.Random(5).shuffle(records)
    assert as_text(cluster_records(records)) == as_text(found)


@pytest.mark.usefixtures("quick")
def test_one_cluster_has_no_structure_to_speak_of_and_is_not_laid_to_chance() -> None:
    records: Any = [{**documents(1)[0], "text": f"{documents(1)[0]['text']} {at}"} for at in range(5)]
    alike = cluster_records(records)
    assert (alike.structure, alike.by_chance, alike.clusters[0].verdict) == (ALL_ALIKE, False, "the only one")


def test_copies_make_no_cluster_and_are_told(found: Clustering) -> None:
    copies = [{**each, "id": f"z-{each['id']}", "text": each["text"] + "\n"} for each in documents()[:8]]
    records: Any = [*documents(), *copies * 2, off_topic()]
    again = cluster_records(records)
    said = "Left out: 16 documents that repeat the text of another, so that each text counts once."
    assert again.assignments().equals(found.assignments())
    assert again.silhouette == found.silhouette
    assert set(again.notes) == {*found.notes, said}
    assert again.features.table.texts == found.features.table.texts
    assert as_text(cluster_records(records[::-1])) == as_text(again)
    with pytest.raises(RhetoricError, match=r"only 2 documents with a passage .* states, each text counted once: at"):
        cluster_records(records[:2] * 4)


def test_off_topic_texts_are_left_out_and_told(found: Clustering) -> None:
    assert found.left_out == 1
    last = found.assignments().iloc[-1]
    assert last["id"] == "off-topic"
    assert pd.isna(last["cluster"])
    assert any("1 document has no passage, or hardly any, about AI" in note for note in found.notes)


@pytest.mark.usefixtures("quick")
def test_a_text_that_mentions_the_matter_in_passing_is_left_out_too() -> None:
    records: Any = [*documents(), in_passing()]
    assert cluster_records(records, clusters=3).left_out == 1
    assert cluster_records(records, clusters=3, every_passage=True).left_out == 0


@pytest.mark.usefixtures("quick")
def test_a_heading_shows_no_cluster() -> None:
    records: Any = documents()
    for record in records:
        first = record["passages"][0]
        first["end"] = first["start"] + 30
    found = cluster_records(records, clusters=3)
    assert min(len((each.text or "").split()) for cluster in found.clusters for each in cluster.passages) >= 25


@pytest.mark.usefixtures("quick")
def test_the_scorecard_alone_says_so_and_embeddings_are_used_where_they_are(found: Clustering) -> None:
    assert "embedding" not in found.to_dict()["features"]
    assert any("scorecard alone" in note for note in found.notes)
    embedded: Any = documents(embedding=True)
    with_it = cluster_records(embedded, clusters=3)
    assert with_it.to_dict()["features"][-1] == "embedding"
    assert not any("scorecard alone" in note for note in with_it.notes)
    without = cluster_records(embedded, clusters=3, embedding=False)
    assert "embedding" not in without.to_dict()["features"]
    assert not any("scorecard alone" in note for note in without.notes)  # it was asked for
    embedded[0]["passages"][0].pop("embedding")
    assert any("only 119 of 120 passages" in note for note in cluster_records(embedded, clusters=3).notes)


@pytest.mark.usefixtures("quick")
def test_passages() -> None:
    by_passage = cluster_records(documents(), level="passage", clusters=3)  # type: ignore[arg-type]
    table = by_passage.assignments()
    assert len(table) == 120
    assert {"passage", "start", "end"} <= set(table)
    record = next(each for each in documents() if each["id"] == table["id"][0])
    example = by_passage.clusters[0].typical[0]
    source = next(each for each in documents() if each["id"] == example.id)
    assert source["text"][example.start : example.end] == example.text
    assert record["passages"][table["passage"][0] - 1]["start"] == table["start"][0]
    assert by_passage.clusters[0].passages == by_passage.clusters[0].typical
    assert [each.size for each in by_passage.clusters] == sorted((c.size for c in by_passage.clusters), reverse=True)


@pytest.mark.usefixtures("quick")
def test_what_stands_in_many_documents_is_shown_once() -> None:
    said, *others = on_matter()[:33]
    records: Any = [make_record([said, *others[at * 4 : at * 4 + 4]], f"of-{at}") for at in range(8)]
    found = cluster_records(records, level="passage", clusters=2)
    shown = [[each.text for each in cluster.typical] for cluster in found.clusters]
    assert any(said["text"] in texts for texts in shown)
    assert all(len(texts) == len(set(texts)) for texts in shown)


@pytest.mark.usefixtures("quick")
def test_headings_and_documents_of_one_passage_are_not_typical() -> None:
    records: Any = documents(6)
    for record in records[::2]:
        record["passages"] = record["passages"][:1]
    for record in records[1::2]:
        for passage in record["passages"][:3]:
            passage["end"] = passage["start"] + 20
    found = cluster_records(records, clusters=3)
    whole = {record["id"] for record in records[1::2]}
    assert all(each.id in whole for cluster in found.clusters for each in cluster.typical)
    passages = cluster_records(records, level="passage", clusters=3)
    assert all(len((each.text or "").split()) >= 25 for cluster in passages.clusters for each in cluster.typical)


@pytest.mark.usefixtures("quick")
def test_records_of_different_pipelines_are_told() -> None:
    records: Any = documents(2)
    records[0]["pipeline"] = {**records[0]["pipeline"], "version": "0"}
    assert any("2 different pipelines" in note for note in cluster_records(records, clusters=3).notes)


@pytest.mark.usefixtures("quick")
def test_the_odd_one_out_is_told() -> None:
    records: Any = documents()
    for passage in records[0]["passages"]:
        passage["frames"] |= dict.fromkeys(("values", "hazard", "prosperity", "confidence"), 0.95)
    odd = cluster_records(records, clusters=3)
    assert "race-0" in {each.id for cluster in odd.clusters for each in cluster.outliers}


@pytest.mark.usefixtures("quick")
def test_a_text_that_is_a_cluster_by_itself_is_called_no_group() -> None:
    records: Any = documents()
    for passage in records[0]["passages"]:
        passage["frames"] = {frame: 1 - score for frame, score in passage["frames"].items()}
        passage["portrayal"] = {"us": {"role": "victim", "stance": -1}, "china": {"role": "victim", "stance": 1}}
    alone = [each for each in cluster_records(records, clusters=4).clusters if each.size == 1]
    assert [each.verdict for each in alone] == ["of one alone, so no group"]


@pytest.mark.parametrize(
    ("records", "options", "said"),
    [
        ([], {}, "There is no document with a passage about AI"),
        (documents(1), {}, "There are only 3 documents with a passage about AI or advanced technology between states"),
        (documents(1), {"every_passage": True}, "There are only 3 documents with a passage: at least 4"),
        ([make_record([], "empty")] * 9, {"level": "passage"}, "There is no passage about AI"),
        (documents(2), {"clusters": 4}, "6 documents cannot be put into 4 clusters. Ask for 2 to 3."),
        (documents(2)[:5], {"clusters": 3}, r"5 documents cannot be put into 3 clusters. Ask for 2\.$"),
    ],
)
def test_too_little_is_refused_in_words(records: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(RhetoricError, match=said):
        cluster_records(records, **options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"level": "sentence"}, "level='sentence': there is no such level. There are: document, passage"),
        ({"clusters": 2.5}, "clusters=2.5 is no whole number"),
        ({"clusters": "3"}, "clusters='3' is no whole number"),
        ({"clusters": True}, "clusters=True is no whole number"),
        ({"seed": 2**32}, "seed=4294967296: give a whole number from 0 to 4294967295"),
        ({"seed": 0.5}, "seed=0.5: give"),
    ],
)
def test_options_that_mean_nothing_are_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(RhetoricError, match=said):
        cluster_records(documents(2), **options)  # type: ignore[arg-type]


def test_a_frame_of_records_is_grouped_and_failures_are_left_out_and_told(found: Clustering) -> None:
    failure = {"id": "x", "source": "x.pdf", "error": "it is encrypted."}
    again = cluster_records(pd.DataFrame([*documents(), failure, off_topic()]))
    assert again.assignments().equals(found.assignments())
    assert again.notes == (*found.notes, "Left out: 1 document could not be read or analysed.")


def test_what_scikit_learn_was_told_to_return_changes_nothing(found: Clustering) -> None:
    import sklearn

    with sklearn.config_context(transform_output="pandas"):
        again = cluster_records([*documents(), off_topic()])  # type: ignore[list-item]
    assert as_text(again) == as_text(found)


def test_a_clustering_is_shown_in_a_line(found: Clustering) -> None:
    assert repr(found).startswith("Clustering(24 documents in 3 clusters: ")
    assert len(repr(found)) < 300


def test_labels_are_in_the_order_of_the_assignments(found: Clustering) -> None:
    table = found.assignments().dropna(subset="cluster")
    assert (found.labels + 1).tolist() == table["cluster"].tolist()
    assert table["id"].is_monotonic_increasing


def test_without_scikit_learn_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(RhetoricError, match=r"pip install 'rhetoric-toolkit\[cluster\]'"):
        cluster_records(documents(2))  # type: ignore[arg-type]
