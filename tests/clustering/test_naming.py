from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rhetoric.clustering import cluster_records
from rhetoric.clustering.features import make_features
from rhetoric.clustering.naming import Trait, find_traits, name_clusters, say
from rhetoric.clustering.plane import make_plane
from rhetoric.clustering.table import FIELDS, make_table
from rhetoric.report.clusters import say_trait
from rhetoric.scoring import score_dataframe

from .makers import WAYS, documents


@pytest.fixture(scope="module")
def grouped() -> tuple[Any, Any]:
    features = make_features(make_table(documents()))  # type: ignore[arg-type]
    return features, np.array([WAYS.index(member.id.split("-")[0]) for member in features.table.members])


def test_every_field_has_plain_words_of_its_own() -> None:
    words = [say(column.name) for column in FIELDS]
    assert len(set(words)) == len(words)
    assert not [each for each in words if "_" in each]
    assert say("china_stance") == "China better spoken of"
    assert say("china_stance", more=False) == "China worse spoken of"
    for more in (True, False):
        assert say("us_stance", more=more, value=0.2) == "the US spoken well of"
        assert say("us_stance", more=more, value=-0.2) == "the US spoken ill of"
    assert say("contrast_antithesis") == "antitheses"
    assert say("unmasking_both") == "accounts of both countries unmasked"


def test_a_cluster_is_named_by_what_sets_it_apart(grouped: tuple[Any, Any]) -> None:
    traits = [find_traits(*grouped, cluster) for cluster in range(len(WAYS))]
    for way, found, (name, _) in zip(WAYS, traits, name_clusters(traits), strict=True):
        assert found[0].field == f"frame_{way}_probability"
        assert found[0].size > 1
        assert found[0].inside == pytest.approx(0.95)
        assert found[0].outside == pytest.approx(0.05)
        assert name.lower().startswith(way)
        assert [abs(each.size) for each in found] == sorted((abs(each.size) for each in found), reverse=True)


def test_the_only_cluster_differs_from_nothing(grouped: tuple[Any, Any]) -> None:
    features, labels = grouped
    assert find_traits(features, np.zeros_like(labels), 0) == []
    assert name_clusters([[]]) == [("Nothing surely sets most of it apart", [])]


def test_groups_made_at_random_have_hardly_a_trait(grouped: tuple[Any, Any]) -> None:
    features, labels = grouped
    mixed = np.random.default_rng(0).permutation(labels)
    assert sum(len(find_traits(features, mixed, each)) for each in range(3)) <= 5


def test_no_trait_rests_on_a_single_text(grouped: tuple[Any, Any]) -> None:
    features, labels = grouped
    members = np.flatnonzero(labels == 0)
    standard = np.zeros_like(features.standard)
    race, images = ([each.name for each in FIELDS].index(name) for name in ("frame_race_probability", "metaphor_race"))
    standard[members, race], standard[members, images] = 0.3, 0.6
    standard[members[0], race] = 0.3 + 0.15 * len(members)  # lifts the mean to 0.45
    found = find_traits(replace(features, standard=standard), labels, 0)
    assert [each.field for each in found] == ["metaphor_race"]
    standard[members, race] = 0.45
    found = find_traits(replace(features, standard=standard), labels, 0)
    assert [each.field for each in found] == ["metaphor_race", "frame_race_probability"]
    standard[members] *= -1  # which the texts themselves do not bear out
    assert find_traits(replace(features, standard=standard), labels, 0) == []


def speaking(*speak: int) -> tuple[Any, Any]:
    """Documents of which those of a race speak of the US, as of a leader, only where their number is in ``speak``."""
    records = documents()
    for record in records:
        way, number = record["id"].split("-")
        for passage in record["passages"]:
            us = {"role": "leader", "stance": 1} if way == "race" else {"role": "none", "stance": 0}
            passage["portrayal"] = {"us": us} if way != "race" or int(number) in speak else {}
    features = make_features(make_table(records))  # type: ignore[arg-type]
    return features, np.array([member.id.startswith("race") for member in features.table.members]) * 1


@pytest.mark.parametrize(
    ("speak", "typical", "shared"),
    [
        (range(6), (), True),
        (range(6), (5, 7, 4), True),
        (range(6), (7, 5, 4), False),  # the most typical text does not speak of it
        (range(6), (5, 6, 7), False),  # nor do most of the typical
        (range(4), (), False),
        (range(0), (), None),  # nobody speaks of it: there is nothing to tell
    ],
)
def test_a_name_is_of_what_most_and_the_typical_have(
    speak: range, typical: tuple[int, ...], shared: bool | None
) -> None:
    features, labels = speaking(*speak)
    (race, *_) = np.flatnonzero(labels)
    found = find_traits(features, labels, 1, [race + each for each in typical])
    leader = next((each for each in found if each.field == "us_role_leader"), None)
    if leader is None:
        assert shared is None
        return
    assert (leader.inside, leader.outside, leader.shared) == (1.0, 0.0, shared)
    assert (leader.told, leader.told_outside) == ((len(speak), 8), (16, 16))
    assert say_trait(leader) == f"100% in the {len(speak)} of 8 that speak of the US, against 0% in 16 of 16 elsewhere"
    ((name, traits),) = name_clusters([found])
    assert ("the US" in name) == shared
    assert {*traits} == {*found}


def test_figures_of_documents_weigh_them_alike_and_are_those_of_scores() -> None:
    records: Any = documents()
    records[0]["passages"] = records[0]["passages"][:1]  # a short one
    found = cluster_records(records, clusters=3)
    scores = score_dataframe(records).set_index("id")
    table = found.assignments().set_index("id")
    for cluster in found.clusters:
        members = table.index[table.cluster == cluster.number]
        for each in cluster.traits:
            assert each.inside == pytest.approx(scores.loc[members, each.field].mean(), abs=2e-4)
            assert each.outside == pytest.approx(scores.drop(members)[each.field].mean(), abs=2e-4)


def trait(field: str, size: float, inside: float = 0.0, *, shared: bool = True) -> Trait:
    words = say(field, more=size > 0, value=inside)
    return Trait(field, words, "", "", size, inside, 0.0, (5, 5), (5, 5), shared)


def test_names_say_more_then_less_and_no_two_are_alike() -> None:
    one = [trait("frame_threat_probability", 2), trait("frame_race_probability", -1), trait("us_stance", -0.9, -0.3)]
    assert name_clusters([one])[0][0] == "Threat, the US spoken ill of; less: race"
    assert name_clusters([[trait("metaphor_war", -1)]])[0][0] == "Less: war metaphors"
    race = trait("frame_race_probability", 2)
    assert name_clusters([[race, trait("us_stance", -1, 0.2)]])[0][0] == "Race; less: the US spoken well of"
    assert name_clusters([[race, trait("us_stance", -1, -0.2)]])[0][0] == "Race, the US spoken ill of"
    assert name_clusters([[race, trait("china_stance", 1, -0.2)]])[0][0] == "Race; less: China spoken ill of"
    assert name_clusters([[race, trait("china_stance", 1, 0.2)]])[0][0] == "Race, China spoken well of"
    for neutral in (-0.1, 0.0, 0.1):
        assert name_clusters([[race, trait("us_stance", -1, neutral)]])[0][0] == "Race; less: the US spoken well of"
        assert name_clusters([[race, trait("us_stance", 1, neutral)]])[0][0] == "Race; less: the US spoken ill of"
    frames = [trait(f"frame_{name}_probability", 2 - at / 10) for at, name in enumerate(("race", "state", "market"))]
    assert name_clusters([frames])[0][0] == "Race, state"
    assert [name for name, _ in name_clusters([frames, frames[:2]])] == ["Race, state, market", "Race, state"]
    assert [name for name, _ in name_clusters([one, one])] == [
        f"Threat, the US spoken ill of; less: race ({at})" for at in (1, 2)
    ]


def test_what_a_name_tells_comes_first_of_the_traits() -> None:
    frames = [trait(f"frame_{name}_probability", 3 - at / 10) for at, name in enumerate(("race", "state", "market"))]
    alone = trait("china_stance", 2, 0.3, shared=False)
    ((name, traits),) = name_clusters([[*frames, trait("metaphor_war", 1), alone, trait("us_stance", -0.5, -0.3)]])
    assert name == "Race, state, war metaphors, the US spoken ill of"
    assert [each.words for each in traits] == [
        "race",
        "state",
        "war metaphors",
        "the US spoken ill of",
        "market",
        alone.words,
    ]


def test_the_plane_keeps_the_clusters_apart_and_says_what_grows_along_it(grouped: tuple[Any, Any]) -> None:
    features, labels = grouped
    plane = make_plane(features, features.matrix, labels)
    centres = np.array([plane.points[labels == each].mean(axis=0) for each in range(3)])
    own = np.linalg.norm(plane.points - centres[labels], axis=1)
    for each in range(3):
        assert (own <= np.linalg.norm(plane.points - centres[each], axis=1) + 1e-9).all()
    assert 0.3 < plane.kept <= 1
    assert {word for end in plane.ends for word in end.split(", ")} & set(WAYS)
    assert all(plane.ends)


def test_the_ends_of_an_axis_do_not_say_on_which_side_a_stance_is(grouped: tuple[Any, Any]) -> None:
    features, labels = grouped
    along = np.linspace(-1, 1, len(labels))
    standard = np.zeros_like(features.standard)
    standard[:, [column.name for column in FIELDS].index("us_stance")] = along
    rows = np.stack([along, 0 * along], axis=1)
    plane = make_plane(replace(features, standard=standard), rows, np.zeros_like(labels))
    assert plane.ends[:2] == ("the US worse spoken of", "the US better spoken of")


@pytest.mark.parametrize("clusters", [1, 2])
def test_a_plane_of_few_clusters_is_completed(clusters: int, grouped: tuple[Any, Any]) -> None:
    features, labels = grouped
    plane = make_plane(features, features.matrix, np.minimum(labels, clusters - 1))
    assert plane.points.std(axis=0).min() > 0.01


def test_a_plane_of_points_in_one_place_is_that_place(grouped: tuple[Any, Any]) -> None:
    features, labels = grouped
    plane = make_plane(features, np.ones((len(labels), 3)), np.zeros(len(labels), dtype=np.int64))
    assert not plane.points.any()
    assert plane.kept == 1
