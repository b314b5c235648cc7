"""The weigher of contrasts: what is kept comes back, damaged or foreign ones are refused."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.errors import ModelError
from rhetoric.labels import CONTRASTS
from rhetoric.pipeline.contrast import WEIGHER_ALONE
from rhetoric.pipeline.contrast.candidates import FEATURES
from rhetoric.pipeline.contrast.weigher import WEIGHER, Weigher, load_weigher
from rhetoric.resources import DETECTORS, SETTINGS

from ..makers import seeds, steady

ONE = np.zeros((1, 1), dtype=np.float32)


def drawn(seed: int, features: int, hidden: int = 3) -> Weigher:
    chance = np.random.default_rng(seed)
    out = 1 + len(CONTRASTS)
    shapes = [(features,), (features,), (features, hidden), (hidden,), (hidden, out), (out,)]
    mean, spread, *layers = (chance.normal(0, 1, shape).astype(np.float32) for shape in shapes)
    return Weigher(mean, np.abs(spread) + 1, *layers)


def keep(weigher: Weigher, folder: Path) -> None:
    weigher.save(folder)
    seal(folder)


def seal(folder: Path) -> None:
    """Write the checksum of whatever the file holds."""
    shas = {WEIGHER: hashlib.sha256((folder / WEIGHER).read_bytes()).hexdigest()}
    (folder / SETTINGS).write_text(json.dumps({"sha256": shas}), encoding="utf-8")


@steady
@given(seeds, st.integers(1, 9), st.integers(0, 20))
def test_each_candidate_is_weighed_by_itself(seed: int, features: int, candidates: int) -> None:
    weigher = drawn(seed, features)
    told = np.random.default_rng(seed).normal(0, 9, (candidates, features)).astype(np.float32)
    found = weigher(told)
    assert found.shape == (candidates, 1 + len(CONTRASTS)) and found.dtype == np.float32
    alone = [weigher(told[at : at + 1])[0] for at in range(candidates)]
    assert np.allclose(found, np.reshape(alone, found.shape), atol=1e-4)


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    weigher, told = drawn(1, 4), np.ones((2, 4), dtype=np.float32)
    keep(weigher, tmp_path)
    found = load_weigher(tmp_path, 4)
    assert found is not None and (found(told) == weigher(told)).all()


def test_one_that_knows_other_features_is_refused(tmp_path: Path) -> None:
    keep(drawn(1, 4), tmp_path)
    with pytest.raises(ModelError, match="4 features and there are 5"):
        load_weigher(tmp_path, 5)


@pytest.mark.parametrize("data", [b"", b"no such format", b"\xff" * 40])
def test_what_is_no_weigher_is_refused_though_its_checksum_fits(tmp_path: Path, data: bytes) -> None:
    keep(drawn(1, 4), tmp_path)
    (tmp_path / WEIGHER).write_bytes(data)
    seal(tmp_path)
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_weigher(tmp_path, 4)


def test_one_whose_layers_do_not_fit_is_refused(tmp_path: Path) -> None:
    for other in (replace(drawn(1, 4), outside_alone=np.zeros(2, np.float32)), replace(drawn(1, 4, 1), outside=ONE)):
        keep(other, tmp_path)
        with pytest.raises(ModelError, match="cannot be loaded"):
            load_weigher(tmp_path, 4)


def test_where_none_was_fitted_there_is_none(tmp_path: Path) -> None:
    (tmp_path / SETTINGS).write_text("{}", encoding="utf-8")
    assert load_weigher(tmp_path, 4) is None


def test_the_one_that_ships_decides_alone() -> None:
    assert load_weigher(DETECTORS, len(FEATURES)) is not None
    weights = json.loads((DETECTORS / SETTINGS).read_text(encoding="utf-8"))["decisions"]["contrast"]
    assert weights == WEIGHER_ALONE
