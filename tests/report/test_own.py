"""Frames of a user's own in every view: the terminal, the table, the page, Markdown, comparisons, trends."""

from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from scoring.records import ROOT, essay, gold, make_record
from scoring.test_own import documents, with_own

from rhetoric.report.article import make_markdown, make_page
from rhetoric.report.article.article import Article
from rhetoric.report.comparison import print_comparison
from rhetoric.report.evidence import gather_evidence
from rhetoric.report.table import print_table
from rhetoric.report.terminal import print_scorecard
from rhetoric.report.trends import print_trend
from rhetoric.scoring import score_record
from rhetoric.scoring.compare import compare
from rhetoric.scoring.trend import trend

from .makers import console, printed, trust, unsafe, words
from .pages import HOSTILE, Reader, other

CARD = "custom/README.md"


pytestmark = pytest.mark.usefixtures("scores")


def own(*labels: str) -> dict[str, Any]:
    """The essay, in the first, fourth and seventh of whose eight passages those frames are, and "absent" in none."""
    record = with_own(essay(), *labels, "absent")
    for passage in record["passages"]:
        passage["custom"]["absent"]["present"] = False
    record["passages"][3]["custom"][labels[0]]["score"] = 0.9
    return record


def test_the_evidence_is_the_surest_passages() -> None:
    record = own("mine")
    found = gather_evidence(record).custom
    assert [(each.passage, each.probability) for each in found["mine"]] == [(4, 0.9), (1, 0.8)]
    assert found["mine"][0].text == gold("essay.jsonl")[3]["text"]
    assert found["absent"] == ()


def test_the_commonest_comes_first() -> None:
    record = own("few", "many")
    record["passages"][0]["custom"]["few"]["present"] = False
    found = Article(record, score_record(record)).own()
    assert [(each.frame, each.passages) for each in found] == [("many", (1, 4, 7)), ("few", (4, 7))]


def test_the_terminal(tmp_path: Path) -> None:
    record = own("just transition")
    to = console(90)
    print_scorecard(score_record(record), record, trust(tmp_path), to)
    text, said = printed(to), words(printed(to))
    assert "FRAMES OF YOUR OWN share of passages, with 95% interval" in said
    assert CARD in said and "do not cover frames of your own" in said
    assert "just transition ████······ 38% (13 to 75), 3 of 8 mean probability 50%" in said
    assert "passage 4, 90% sure: “" in said
    assert "not found absent" in said
    assert all(len(line) <= 90 for line in text.splitlines())


def test_the_page_on_training_shows_what_is_printed(tmp_path: Path) -> None:
    to = console(100)
    print_scorecard(score_record(own("mine")), own("mine"), trust(tmp_path), to)
    head = printed(to).partition("FRAMES OF YOUR OWN")[2].partition("  mine")[0]
    assert f"FRAMES OF YOUR OWN{head}" in (ROOT / "docs" / "training.md").read_text(encoding="utf-8")


def test_nothing_is_shown_where_there_are_none(tmp_path: Path) -> None:
    to = console(90)
    print_scorecard(score_record(essay()), essay(), trust(tmp_path), to)
    print_table([score_record(essay())] * 2, trust(tmp_path), to)
    views = (printed(to), make_page([essay()]), make_markdown([essay()]))
    assert not [view for view in views if "your own" in view.lower() or "yours" in view or CARD in view]


def test_the_table(tmp_path: Path) -> None:
    to = console(140)
    print_table([score_record(own("mine")), score_record(essay())], trust(tmp_path), to)
    said = words(printed(to))
    assert said.count("yours: mine 3") == 1 and "absent" not in said
    assert "yours: frames of your own. How well these are found was measured only when you trained them" in said
    assert CARD in said


def test_the_page_has_a_section_whose_links_lead_to_the_passages() -> None:
    read = Reader(make_page([own("mine"), other()]))
    assert "#s-own" in read.links() and {"s-own", "a-p4"} <= set(read.ids())
    assert [link for link in read.links() if not (link.startswith("#") and link[1:] in read.ids())] == []
    section = words(read.all_text()).partition("Frames of your own How well")[2].partition("Whose account is")[0]
    assert CARD in section and "mine 3 of 8 passages, 38% (13 to 75); mean probability 50%: 1, 4, 7" in section
    assert "passage 4, 90% sure" in section and "Not found: absent." in section
    assert "This text was not looked through for them." in section  # the other


def test_markdown_has_it_too() -> None:
    section = make_markdown([own("mine")]).partition("## Frames of your own")[2].partition("## Whose")[0]
    assert CARD in section
    assert "**mine** (3 of 8 passages, 38% (13 to 75); mean probability 50%). In passages 1, 4 and 7." in section
    assert "(passage 4, 90% sure)" in section and "Not found: absent." in section


def test_labels_that_would_break_out_are_words(tmp_path: Path) -> None:
    for odd in (HOSTILE, "*bold* [x](http://x) `y`", "\x1b[31m\u202e", "# a\n# b", ""):
        record = own(odd)
        page, markdown, to = make_page([record]), make_markdown([record]), console(100)
        read = Reader(page)
        assert len(read.ids()) == len(set(read.ids())) and not unsafe(page.replace("\n", ""))
        assert [tag for tag, _ in read.elements].count("script") == 1 and "alert(1)</script>" not in page
        kinds = {token.type for each in MarkdownIt().parse(markdown) for token in [each, *(each.children or [])]}
        assert not kinds & {"html_inline", "html_block", "link_open", "em_open", "code_inline"}
        print_scorecard(score_record(record), record, trust(tmp_path), to)
        print_table([score_record(record)] * 2, trust(tmp_path), to)
        assert not unsafe(printed(to))


def test_a_comparison_and_a_trend_name_them() -> None:
    odd = "\x1b[31m\u202eof a rather long name"
    to = console(100)
    print_comparison(compare(documents("a", odd, every=1), documents("b", odd, every=6)), to, every_field=True)
    said = "custom_[31mof a rather long name 100% 17% +83 points +1.00"
    assert said in words(printed(to)) and not unsafe(printed(to))
    to = console(100)
    two = [{**each, "meta": {"date": str(2020 + at)}} for at, each in enumerate(documents("a", odd, every=2)[:2])]
    print_trend(trend(two), to)
    assert "custom_[31mof a rather long name  too little to tell" in printed(to) and not unsafe(printed(to))


def test_two_texts_are_set_apart_by_them() -> None:
    one = with_own(make_record([row for row in gold() if row["about"]][:9], "one"), "mine", every=1)
    two = with_own(make_record([row for row in gold() if row["about"]][20:29], "two"), "mine", every=99)
    assert "share of passages in which your frame 'mine' is present" in words(make_markdown([one, two]))
