from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("sklearn", reason="the extra cluster is not installed")

import sklearn
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from rhetoric.clustering.grouping import FramingClusters, mean_silhouette


@parametrize_with_checks([FramingClusters(most=3, restarts=2)])
def test_scikit_learn_s_own_checks(estimator: FramingClusters, check: object) -> None:
    check(estimator)  # type: ignore[operator]


def blobs(clusters: int = 4, rows: int = 120) -> tuple[np.ndarray, np.ndarray]:
    return make_blobs(rows, 6, centers=clusters, cluster_std=0.5, random_state=3)  # type: ignore[no-any-return]


def test_it_finds_the_number_and_the_groups_that_are_there() -> None:
    rows, true = blobs()
    found = FramingClusters().fit(rows)
    assert found.n_clusters_ == 4
    assert list(found.silhouettes_) == list(range(2, 11))
    assert max(found.silhouettes_, key=found.silhouettes_.get) == 4  # type: ignore[arg-type]
    assert adjusted_rand_score(true, found.labels_) == 1


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.permutations(range(40)))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    rows, _ = blobs(rows=40)
    plain, turned = (FramingClusters(restarts=3, most=5).fit(each) for each in (rows, rows[order]))
    assert (plain.labels_[order] == turned.labels_).all()
    assert plain.cluster_centers_.tobytes() == turned.cluster_centers_.tobytes()
    assert plain.silhouettes_ == turned.silhouettes_


def test_what_linear_algebra_libraries_differ_in_changes_nothing() -> None:
    rows, _ = blobs()
    noise = np.random.default_rng(0).normal(0, 1e-13, rows.shape)
    assert (FramingClusters().fit(rows).labels_ == FramingClusters().fit(rows + noise).labels_).all()


def test_clusters_are_numbered_by_size() -> None:
    rows, _ = make_blobs([10, 40, 20], 3, cluster_std=0.1, random_state=1)
    assert np.bincount(FramingClusters(3).fit_predict(rows)).tolist() == [40, 20, 10]


def test_two_groups_of_exact_copies_are_found() -> None:
    found = FramingClusters().fit(np.repeat([[0.0, 1.0], [1.0, 0.0]], 4, axis=0))
    assert found.silhouettes_ == {2: 1.0}
    assert found.n_clusters_ == 2


def test_rows_that_are_all_alike_are_one_cluster() -> None:
    found = FramingClusters().fit(np.ones((5, 2)))
    assert found.n_clusters_ == 1
    assert found.silhouettes_ == {}
    assert found.labels_.tolist() == [0] * 5


def test_more_clusters_than_rows_are_refused_and_more_than_different_rows_are_not_made() -> None:
    with pytest.raises(ValueError, match="n_clusters=7"):
        FramingClusters(7).fit(np.arange(6.0).reshape(-1, 1))
    assert FramingClusters(4).fit(np.array([[0.0], [0.0], [1.0], [1.0], [1.0]])).n_clusters_ == 2


def test_a_silhouette_of_one_cluster_means_nothing() -> None:
    assert mean_silhouette(np.arange(6.0).reshape(-1, 1), np.zeros(6, dtype=np.int64)) == 0
    assert mean_silhouette(np.array([[0.0], [0.1], [9.0], [9.1]]), np.array([0, 0, 1, 1])) > 0.9


@pytest.mark.parametrize(
    "wrong", [{"variance": 0}, {"variance": 1.1}, {"variance": "most"}, {"most": 1}, {"most": 2.5}, {"most": None}]
)
def test_parameters_that_make_no_sense_are_refused_in_words(wrong: dict[str, Any]) -> None:
    ((name, value),) = wrong.items()
    with pytest.raises(ValueError, match=rf"{name}={value!r} is no .*: give"):
        FramingClusters(**wrong).fit(blobs()[0])


def test_all_of_the_variance_is_kept_where_it_is_asked_for() -> None:
    rows, _ = blobs()
    for whole in (1, 1.0):
        assert FramingClusters(2, variance=whole).fit(rows).transform(rows).shape == rows.shape
    assert FramingClusters(2, variance=1.0).fit(np.ones((5, 2))).n_clusters_ == 1


def test_it_gives_frames_where_it_is_told_so() -> None:
    rows = pd.DataFrame(blobs()[0]).add_prefix("column").set_index(np.arange(120) + 7)
    made = FramingClusters(3).set_output(transform="pandas")
    found = made.fit_transform(rows)
    assert list(found.columns) == list(made.get_feature_names_out())
    assert found.columns[0] == "framingclusters0" and (found.index == rows.index).all()
    assert (found.to_numpy() == FramingClusters(3).fit_transform(rows)).all()


def test_it_works_where_scikit_learn_returns_frames() -> None:
    rows = np.random.default_rng(0).normal(size=(40, 4))
    rows[:20] += 5
    plain = FramingClusters(2).fit(rows)
    with sklearn.config_context(transform_output="pandas"):
        framed = FramingClusters(2).fit(pd.DataFrame(rows, columns=list("abcd")))
        assert (framed.labels_ == plain.labels_).all()
        assert (framed.predict(pd.DataFrame(rows, columns=list("abcd"))) == plain.labels_).all()
