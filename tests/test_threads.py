"""Threads that share a pipeline make the records that one would, and none waits without need."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

from spacy.language import Language
from test_analysis import MACHINERY, as_json

from rhetoric import analyse, analysis, annotate
from rhetoric.ingest import Document
from rhetoric.ingest.document import make_document


def new_words(thread: int, many: int = 8) -> list[Document]:
    """Documents with words that no other thread's have; the end of a memory zone takes new words away."""
    return [
        make_document(f"{MACHINERY} China has newword{thread}x{at} and brandnew{at}y{thread}.") for at in range(many)
    ]


def test_threads_that_share_a_pipeline_make_the_records_of_one(nlp):
    given = [new_words(thread) for thread in range(3)]
    should = [list(map(as_json, analyse(documents, nlp))) for documents in given]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda documents: list(map(as_json, analyse(documents, nlp))), given))
    assert found == should
    assert not any("error" in json.loads(record) for records in found for record in records)


def test_a_text_is_annotated_in_one_thread_while_another_analyses_many(nlp):
    many = Thread(target=lambda: list(analyse(new_words(0, 16), nlp)))
    many.start()
    found = [annotate(document.text, nlp=nlp) for document in new_words(1)]
    many.join()
    assert found == [annotate(document.text, nlp=nlp) for document in new_words(1)]


def test_new_words_of_a_thread_that_waits_for_another_ones_turn_go_with_its_document(nlp):
    under_way = analyse(map(make_document, [MACHINERY, f"{MACHINERY} Thiswordisnew waits."]), nlp)
    next(under_way)
    with ThreadPoolExecutor(1) as pool:
        with analysis._TURN, nlp.memory_zone():
            waiting = pool.submit(next, under_way)
            time.sleep(0.3)
        waiting.result(timeout=60)
    assert "Thiswordisnew" not in nlp.vocab.strings


def test_no_thread_waits_for_one_that_has_stopped_between_two_documents(nlp):
    halfway = analyse(new_words(0), nlp)
    next(halfway)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(annotate, MACHINERY, nlp=nlp).result(timeout=60)["passages"]


def test_threads_that_ask_at_once_have_the_shipped_pipeline_loaded_once(nlp, monkeypatch):
    loads = []

    def slowly() -> Language:
        loads.append(1)
        time.sleep(0.2)
        return nlp

    analysis._shipped.cache_clear()
    monkeypatch.setattr(analysis, "load", slowly)
    with ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(annotate, [MACHINERY] * 4))) == 4
    assert loads == [1]
    analysis._shipped.cache_clear()
