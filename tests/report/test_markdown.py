import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from scoring.records import SHIPPED, essay, gold, make_record, off_topic

from rhetoric.report import trust
from rhetoric.report.article import make_articles, make_markdown, make_page, pair, say
from rhetoric.report.article.markdown import _table, escape
from rhetoric.report.evidence import gather_evidence, say_instance
from rhetoric.report.headline import write_headline
from rhetoric.report.safe import clean
from rhetoric.scoring import score_record
from rhetoric.scoring.profile import Profile, shipped_profile

from .makers import unsafe
from .pages import Reader, hinting, other, spoil
from .test_evidence import carried

pytestmark = pytest.mark.usefixtures("scores")


def render(markdown: str) -> tuple[set[str], str]:
    """What kinds of token Markdown finds, and the text that it shows."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown)
    inline = [child for token in tokens for child in token.children or []]
    text = "".join(child.content if child.type != "softbreak" else " " for child in inline)
    return {token.type for token in [*tokens, *inline]}, text


@given(st.text(alphabet=st.sampled_from("ab 1.*_`#->+=|[](){}<&!~$\\\n:^"), max_size=30))
def test_escaped_words_are_shown_as_they_are_on_a_line_and_in_a_table(text: str) -> None:
    kinds, said = render(escape(text))
    assert said == clean(text)
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}
    kinds, said = render(_table(("head", "other"), [(text, "end")]))
    assert said == f"headother{clean(text)}end"
    assert not kinds & {"em_open", "strong_open", "code_inline", "link_open", "html_inline", "s_open"}


def test_it_says_what_the_page_says() -> None:
    record = essay()
    kinds, said = render(make_markdown([record]))
    assert " ".join(write_headline(score_record(record, profile=None), trust.read_trust())) in said
    assert {"heading_open", "table_open", "blockquote_open", "bullet_list_open", "strong_open"} <= kinds
    for part in ("1. Account of both countries", "account: “that the United States", "lubricant", "correction (12)"):
        assert part in said.replace("\n", " ")
    assert "There is no reference profile here" in said
    assert all(" ".join(row["text"].split()) in said for row in gold("essay.jsonl"))


@pytest.mark.parametrize("profile", [None, shipped_profile()])
def test_all_that_the_page_says_of_a_section_is_in_it(profile: Profile | None) -> None:
    record = {**essay(), "pipeline": SHIPPED}
    found = trust.read_trust()
    for each in (record, hinting()):
        (article,) = make_articles([each], profile, False)
        page = Reader(make_page([each], profile=profile)).all_text()
        markdown = render(make_markdown([each], profile=profile))[1]
        card = article.scorecard
        told = [say.unmasked(card), say.live_metaphors(card), say.contrasts(card), say.trust_of_accounts(found)]
        told += [say.trust_of_portrayal(found), say.trust_of_metaphors(found), say.trust_of_contrasts(found)]
        told += [say.trust_of_contrast(found, label) for label, _ in article.contrasts()]
        told += [say_instance(instance, found) for instance in article.evidence.framing]
        told += [line for portrait in article.portraits() for line, _ in portrait.lines]
        assert all(" ".join(line.split()) in page for line in told)
        assert [line for line in told if line not in markdown] == []
    assert "Marked by a cue: 6; by wording or irony alone: 1." in make_markdown([record])
    assert ("strategy texts" in say.unmasked(make_articles([record], profile, False)[0].scorecard)) is bool(profile)


def test_what_is_unmasked_off_the_matter_is_named_though_not_counted() -> None:
    record = make_record(gold("essay.jsonl"))
    assert "Not counted" not in make_markdown([record]) + make_page([record])
    at = next(at for at, each in enumerate(record["passages"]) if each["framing"] == "unmasking")
    record["passages"][at]["about"] = 0.2
    for said in (make_markdown([record]), Reader(make_page([record])).all_text()):
        assert f"though an account seems to be unmasked there: passage {at + 1}." in said


def test_roles_as_common_as_the_first_are_told() -> None:
    record = essay()
    for passage, role in zip(record["passages"], ("leader", "partner") * 4, strict=True):
        passage["portrayal"] = {"us": {"role": role, "stance": 0}}
    said = make_markdown([record])
    assert "as the leader in 4 and as a partner in 4." in said and "50%" not in said.partition("portrayed")[2][:200]
    assert "- As the leader in 4 passages: 1, 3, 5 and 7\n- As a partner in 4 passages: 2, 4, 6 and 8\n" in said


def test_the_commonest_role_comes_first() -> None:
    record = essay()
    for passage, role in zip(record["passages"], ("victim", *["leader"] * 7), strict=True):
        passage["portrayal"] = {"us": {"role": role, "stance": 0}}
    said = make_markdown([record])
    assert said.index("- As the leader in 7 passages") < said.index("- As a victim in 1 passage")


def test_a_passage_is_quoted_once_and_named_again() -> None:
    record = essay()
    for passage in record["passages"]:
        passage["frames"] |= {"race": 0.9, "threat": 0.8}
    for said in (make_markdown([record]), Reader(make_page([record])).all_text()):
        assert "Passage 1, 80% sure, quoted above." in said


def test_a_passage_that_was_quoted_in_part_is_quoted_again() -> None:
    record = make_record(gold("essay.jsonl")[:2] * 2, "long")
    start, end = (record["passages"][1][name] for name in ("start", "end"))
    assert end - start > 240
    for passage, race, threat in zip(record["passages"], (0.9, 0.8, 0.7, 0.7), (0.0, 0.9, 0.0, 0.0), strict=True):
        passage["frames"] = {"race": race, "threat": threat}
    one, two = make_articles([record], None, False)[0].frames()
    beginning, whole = one.carriers[1][1], two.carriers[0][1]
    assert beginning.endswith("…") and len(beginning) <= 240
    assert len(whole) > len(beginning) and whole.startswith(beginning[:-1])


def test_contrasts_have_the_numbers_that_doubts_and_the_page_call_them_by() -> None:
    record = essay()
    evidence = gather_evidence(record)
    lines, ids = make_markdown([record]).splitlines(), Reader(make_page([record])).ids()
    for number, each in enumerate(evidence.contrasts, 1):
        (line,) = [line for line in lines if line.startswith(f"- **{number}.** ") and " against " in line]
        assert f"(passage {each.passage}, " in line
        assert f"e-c{number}" in ids


def test_tables_hold_no_backslash_that_is_not_needed() -> None:
    markdown = make_markdown([essay(), make_record(gold()[30:60], "other")])
    rows = [line for line in markdown.splitlines() if line.startswith("| ")]
    assert len(rows) > 20
    assert [row for row in rows if "\\" in row] == []
    assert any(" points, " in row for row in rows)
    assert escape("en_rhetoric") == "en_rhetoric"


def test_hostile_words_stay_words() -> None:
    markdown = make_markdown([spoil(essay()), spoil(make_record(gold("essay.jsonl")[:4], "b"))])
    kinds, said = render(markdown)
    assert not {kind for kind in kinds if "html" in kind} | kinds & {"link_open", "image", "fence", "code_block"}
    assert "<" not in markdown
    assert not unsafe(markdown)
    assert "<script>alert(1)</script>" in said


def test_texts_that_are_not_scored_say_so() -> None:
    assert "nothing is scored" in make_markdown([off_topic()])
    assert "B is not scored" in make_markdown([essay(), off_topic()])


def test_of_two_it_says_what_the_page_says_of_how_they_differ() -> None:
    articles = make_articles([essay(), other()], None, False)
    apart = pair.set_apart(articles)
    assert isinstance(apart, pair.Apart)
    markdown = render(make_markdown([essay(), other()]))[1]
    assert "(sure)" in markdown
    for at, letter in enumerate("AB"):
        images, passages = pair.say_distinctive(apart.comparison, at)
        assert f"Most distinctive of {letter}. Metaphors that it prefers: {images or 'none surely'}." in markdown
        assert passages
        for number, why, text in passages:
            assert f"{text} (passage {number}, {why})" in markdown


def test_a_frame_is_quoted_by_its_sentence() -> None:
    record = carried(essay())
    markdown = make_markdown([record])
    assert markdown.count(say.CARRYING) == 1
    sentence = record["passages"][1]["sentences"]["race"]
    quoted = clean(record["text"][sentence["start"] : sentence["end"]])
    assert f"{quoted} (passage 2, 95% sure, 20% without this sentence)" in render(markdown)[1]
    assert say.CARRYING not in make_markdown([essay()])
