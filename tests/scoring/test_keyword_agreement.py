from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rhetoric.scoring.cset import score_keywords
from rhetoric.scoring.keyword_agreement import KeywordAgreement, KeywordAgreements

from .records import gold, make_record


def record(*passages: tuple[str, float, float], id: str = "doc") -> dict[str, Any]:
    """Make a record of passages, each its text and its probabilities of ``about`` and ``race``."""
    found = make_record([{**gold("essay.jsonl")[0], "text": text} for text, _, _ in passages], id)
    found["metaphors"] = []
    for passage, (_, about, race) in zip(found["passages"], passages, strict=True):
        passage["about"], passage["frames"]["race"] = about, race
    return found


def agreements(*records: dict[str, Any]) -> KeywordAgreements:
    found = KeywordAgreements()
    for each in records:
        found.add(each, score_keywords(each))
    return found


def test_passages_are_counted_and_listed() -> None:
    text = "x " * 150 + "the AI arms race " + "y " * 400
    found = agreements(
        record(
            ("The AI arms race.", 0.9, 0.9),
            (text, 0.9, 0.1),
            ("They lead, and we fall behind.", 0.5, 0.5),
            ("A contest of schools.", 0.1, 0.9),  # not about the matter: the model does not count it
            ("Nothing.", 0.9, 0.1),
        )
    ).passages
    assert (found.both, found.keyword_only, found.model_only, found.neither) == (1, 1, 1, 2)
    (keyword,), (model,) = found.worst("keyword"), found.worst("model")
    assert (keyword.passage, keyword.race, keyword.hits) == (2, 0.1, ("AI arms race",))
    assert keyword.text and keyword.text.index("AI arms race") == 200 and len(keyword.text) == 600
    assert (model.passage, model.hits, model.text) == (3, (), "They lead, and we fall behind.")
    assert found.kappa == round((5 * 3 - (2 * 2 + 3 * 3)) / (25 - (2 * 2 + 3 * 3)), 6)


def test_the_text_of_a_disagreement_begins_with_a_whole_word() -> None:
    for before, first in (
        ("Washington deliberates. " * 20, "Washington"),
        ("Parliamentary inquiries. " * 20, "inquiries"),
    ):
        (case,) = agreements(record((f"{before}the AI arms race.", 0.9, 0.1))).passages.worst("keyword")
        assert case.text and case.text.startswith(first) and case.text.endswith("the AI arms race.")
        assert 180 < case.text.index("AI arms race") <= 200


def test_a_document_counts_where_any_passage_does() -> None:
    found = agreements(
        record(("The AI arms race.", 0.9, 0.1), ("They lead.", 0.9, 0.9), id="both"),
        record(("The AI arms race.", 0.2, 0.9), id="keyword"),
        record(("They lead.", 0.5, 0.5), ("Chess.", 0.4, 0.99), id="model"),
        record(("Nothing.", 0.6, 0.2), id="neither"),
    ).documents
    assert (found.both, found.keyword_only, found.model_only, found.neither) == (1, 1, 1, 1)
    (model,) = found.worst("model")
    assert (model.document, model.race, model.passage, model.text) == ("model", 0.5, None, None)
    assert [case["document"] for case in found.to_dict()["cases"]] == ["keyword", "model"]


def test_the_strongest_disagreements_come_first() -> None:
    races = [0.4, 0.1, 0.3]
    found = agreements(record(*((f"AI war {n}.", 0.9, race) for n, race in enumerate(races)))).passages
    assert [case.race for case in found.worst("keyword")] == [0.1, 0.3, 0.4]


def test_the_order_of_records_does_not_matter() -> None:
    several = [record(("The AI arms race.", 0.9, 0.1), ("An AI war.", 0.9, 0.1), id=name) for name in "cab"]
    for found, again in zip(
        vars(agreements(*several)).values(), vars(agreements(*several[::-1])).values(), strict=True
    ):
        assert found.to_dict() == again.to_dict()
    cases = agreements(*several).passages.worst("keyword")
    assert [(case.document, case.passage) for case in cases] == [(name, at) for name in "abc" for at in (1, 2)]


def test_what_is_not_annotated_is_left_out() -> None:
    found = agreements({**make_record([], "bare"), "text": "The AI arms race."})
    assert found.documents.total == found.passages.total == 0
    assert found.documents.kappa is None


def test_a_passage_without_the_frame_is_one_that_does_not_have_it() -> None:
    lacking = record(("The AI arms race.", 0.9, 0.1), ("Another.", 0.9, 0.9))
    for passage in lacking["passages"]:
        del passage["frames"]["race"]
    found = agreements(lacking)
    assert (found.passages.keyword_only, found.passages.neither, found.documents.keyword_only) == (1, 1, 1)
    assert found.documents.cases[0].race == 0.0


@given(st.tuples(*[st.integers(0, 50)] * 4))
def test_kappa_is_a_kappa(counts: tuple[int, int, int, int]) -> None:
    kappa = KeywordAgreement(*counts).kappa
    assert kappa is None or -1 <= kappa <= 1
    if kappa is not None and counts[1] == counts[2] == 0:
        assert kappa == 1


def test_a_row_of_a_table_goes_by_its_id() -> None:
    row = {**record(("The AI arms race.", 0.9, 0.1), id="us-2021"), "meta": {"source": "t.csv", "row": 2}}
    found = agreements(row)
    assert [found.passages.worst("keyword")[0].title, found.documents.worst("keyword")[0].title] == ["us-2021"] * 2
