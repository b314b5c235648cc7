import numpy as np
import pytest
import spacy
from hypothesis import given
from thinc.api import NumpyOps
from threadpoolctl import threadpool_info

from rhetoric.analysis import ENGLISH
from rhetoric.pipeline.blas import Products, use_numpy
from rhetoric.resources import CORPORA

from .makers import seeds, steady

PRODUCTS = Products()
ESSAY = (CORPORA / "essay.txt").read_text(encoding="utf-8")


@steady
@given(seeds)
@pytest.mark.parametrize("trans1", [False, True])
@pytest.mark.parametrize("trans2", [False, True])
def test_products_are_those_of_spacy(trans1, trans2, seed):
    chance = np.random.default_rng(seed)
    n, m, k = chance.integers(1, 30, 3)
    x = chance.normal(size=(m, n) if trans1 else (n, m)).astype(np.float32)
    y = chance.normal(size=(k, m) if trans2 else (m, k)).astype(np.float32)
    ours, theirs = (ops.gemm(x, y, trans1=trans1, trans2=trans2) for ops in (PRODUCTS, NumpyOps()))
    assert np.allclose(ours, theirs, atol=1e-4)
    out = np.full((n, k), 7, dtype=np.float32)  # what was there before does not count
    assert PRODUCTS.gemm(x, y, out=out, trans1=trans1, trans2=trans2) is out
    assert np.allclose(out, theirs, atol=1e-4)


def test_weights_that_cannot_be_written_to_are_read():
    """As joblib sends them to other processes."""
    table = np.arange(12, dtype=np.float32).reshape(4, 3)
    rows = np.array([[0, 3], [1, 1]], dtype=np.uint32)
    should = NumpyOps().gather_add(table.copy(), rows)
    table.flags.writeable = False
    assert (PRODUCTS.gather_add(table, rows) == should).all()


def test_other_users_of_blas_keep_their_threads():
    before = [each["num_threads"] for each in threadpool_info()]
    PRODUCTS.gemm(np.ones((3, 3), dtype=np.float32), np.ones((3, 3), dtype=np.float32))
    assert [each["num_threads"] for each in threadpool_info()] == before


def test_the_parse_is_the_same():
    """All models of the pipeline use them, and read a text as they did before."""
    nlp = spacy.load(ENGLISH)
    should = nlp(ESSAY)
    use_numpy(nlp)
    nodes = [node for _, pipe in nlp.pipeline for node in pipe.model.walk()]
    assert nodes and all(isinstance(node.ops, Products) for node in nodes)
    doc = nlp(ESSAY)
    assert np.allclose(doc.tensor, should.tensor, atol=1e-4)
    for name in ("tag_", "pos_", "dep_", "lemma_", "is_sent_start"):
        assert [getattr(token, name) for token in doc] == [getattr(token, name) for token in should], name
    assert [token.head.i for token in doc] == [token.head.i for token in should]


def test_pipelines_without_models_are_left_alone():
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    use_numpy(nlp)
    assert len(nlp("It works.")) == 3
