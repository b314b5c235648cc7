from typing import TYPE_CHECKING

import numpy as np
import pytest

from rhetoric.analysis import annotate
from rhetoric.pipeline.layout import EMBEDDING
from rhetoric.resources import CORPORA

if TYPE_CHECKING:
    from spacy.language import Language

TEXT = "China says it wants openness. In practice its ministries choose who may buy.\n\nThe race is on."


def test_every_passage_has_a_unit_vector(nlp: "Language") -> None:
    doc = nlp(TEXT)
    first, second = doc.spans["passage"]
    for span in (first, second):
        assert len(span._.embedding) == EMBEDDING
        assert np.linalg.norm(span._.embedding) == pytest.approx(1, abs=1e-5)
    assert first._.embedding != second._.embedding


def test_a_passage_of_many_windows_has_one_too(nlp: "Language") -> None:
    doc = nlp(" ".join(["antidisestablishmentarianism"] * 150))
    (span,) = doc.spans["passage"]
    assert np.linalg.norm(span._.embedding) == pytest.approx(1, abs=1e-5)


def test_records_hold_it_only_on_request_and_rounded(nlp: "Language") -> None:
    text = (CORPORA / "essay.txt").read_text(encoding="utf-8")
    plain, asked = annotate(text, nlp=nlp), annotate(text, nlp=nlp, embedding=True)
    assert all("embedding" not in passage for passage in plain["passages"])
    for passage in asked["passages"]:
        numbers = passage.pop("embedding")
        assert len(numbers) == EMBEDDING
        assert all(number == round(number, 3) for number in numbers)
        assert np.linalg.norm(numbers) == pytest.approx(1, abs=0.01)
    assert asked == plain
