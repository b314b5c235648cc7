import json
import re
import time

import pytest
from trafilatura import load_html

from rhetoric.ingest.tree import prepare

from .makers import PROSE, html

NAV = "<nav><ul><li><a href='/'>Home page</a></li><li><a href='/x'>Sections and topics</a></li></ul></nav>"
HEAD = (
    "<title>A shield | The Paper</title><meta name='author' content='Ann Archer'>"
    "<meta property='og:title' content='A shield'><meta property='article:published_time' content='2024-05-01'>"
)


def test_the_article_and_its_meta_without_navigation(document) -> None:
    second = "But the minister did not answer, and the hall went home before the lamps were lit in the street."
    body = f"{NAV}<article><h1>A shield</h1><p>{PROSE}</p><p>{second}</p></article><footer>All rights reserved</footer>"
    found = document("a.html", html(body, HEAD))
    assert found.text.endswith(f"{PROSE}\n\n{second}")
    assert "Home page" not in found.text
    assert "rights" not in found.text
    assert (found.meta["title"], found.meta["author"], found.meta["date"]) == ("A shield", "Ann Archer", "2024-05-01")


@pytest.mark.parametrize(
    ("above", "below", "date"),
    [
        ("", "<footer>© 2019–2025 Daily News</footer>", None),
        ("", "<footer>Established 1998</footer>", None),
        ("", "<p>On 3 March 1998 the treaty was signed.</p>", None),
        ("", '<img src="/uploads/2011/05/12/x.png">', None),
        ('<time datetime="2023-04-05T10:00">5 April</time>', "<footer>© 2019 Daily News</footer>", "2023-04-05"),
        ('<p class="date">March 3, 2021</p>', "", "2021-03-03"),
    ],
)
def test_a_date_is_one_that_the_page_gives_as_its_own(document, above: str, below: str, date: str | None) -> None:
    body = f"<article><h1>A shield</h1>{above}<p>{PROSE}</p><p>{PROSE[:120]}</p></article>{below}"
    assert document("a.html", html(body)).meta.get("date") == date


PULLED = "nine of them concern the price that one company may ask"


@pytest.mark.parametrize(
    "inside",
    [
        f"<blockquote class='pullquote'><p>{PULLED}</p></blockquote>",
        "<div class='Pull-Quote'><p>Nine … concern the price of “chips”, and of little else beside</p></div>",
        f"<div class='large\nwp-block-pullquote'><p>{PULLED} …</p></div>",
        f"<blockquote><p>“{PULLED.capitalize()}.”</p></blockquote>",
        "<h2>Related topics</h2><ul><li>China</li><li>Chips</li></ul>",
        "<p><i>Sign up for our <a href='/x'>Chips Decoded newsletter</a> to follow the news.</i></p>",
    ],
)
def test_what_stands_within_an_article_and_is_none_of_it(document, inside: str) -> None:
    second = "But the minister did not answer, and the hall went home before the lamps were lit in the street."
    body = f"<article><h1>A shield</h1><p>{PROSE}</p>{inside}<p>{second}</p><ul><li>A shield</li></ul></article>"
    assert document("a.html", html(body)).text == f"A shield\n\n{PROSE}\n\n{second}\n\n- A shield"


@pytest.mark.parametrize(
    "around", ["div class='body has-pullquotes'", "section class='with-pullquote'", "div class='pullquote'"]
)
def test_what_stands_around_a_pull_quote_stays(document, around: str) -> None:
    said = [f"{PROSE} This is the {nth} time." for nth in ("first", "second", "third")]
    inside = f"<p>{said[0]}</p><blockquote class='pullquote'>A shield, they said</blockquote><p>{said[1]}</p>"
    body = f"<article><{around}>{inside}<p>{said[2]}</p></{around.split()[0]}></article>"
    assert document("a.html", html(body)).text == "\n\n".join(said)


def test_what_an_article_says_twice_stays(document) -> None:
    refrain = "We shall build the shield, and we shall build it together, from this day on."
    text = f"{refrain}\n\n{PROSE}\n\n{refrain}\n\nA shield\n\nA newsletter called it a shield, and a shield it is."
    body = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
    assert document("a.html", html(f"<article>{body}</article>")).text == text


def test_many_paragraphs_that_begin_alike_end_soon(document) -> None:
    alike = "".join(f"<p>{' '.join(['shield'] * (8 + n % 50))} of {n}.</p>" for n in range(3_000))
    start = time.monotonic()
    assert document("a.html", html(f"<article><p>{PROSE}</p>{alike}</article>")).text.endswith("of 2999.")
    assert time.monotonic() - start < 30


def test_words_are_read_as_they_show(document) -> None:
    body = f"<p>{PROSE}</p><p>We <del>shall lose</del> shall <s>not </s>win the race for chips, she told them.</p>"
    more = [f"The {nth} minister did not answer, and the hall went home." for nth in ("first", "second", "third")]
    body += f"<del>{''.join(f'<p>{each}</p>' for each in more)}"  # a tag that was left open strikes nothing out
    first, second, *rest = document("a.html", html(f"<article>{body}</article>")).text.split("\n\n")
    assert (first, second) == (PROSE, "We shall win the race for chips, she told them.")
    assert "".join(rest) == "".join(more)


@pytest.mark.parametrize(
    ("raised", "read"),
    [
        ("the race.<sup>12</sup> China", "the race. China"),
        ("the race.<sup> [3]</sup> China", "the race. China"),
        ("the race<sup><a href='#n3'>3, 4</a></sup> in China", "the race in China"),
        ("the race.”<a href='#n1'><sup>1</sup></a> China", "the race.” China"),
        ("the race<sup>1<sup>2</sup></sup> in China", "the race in China"),
        ("with 10<sup>26</sup> operations, and <b>10</b><sup>25</sup>", "with 1026 operations, and 1025"),
        ("the 21<sup>st</sup> century", "the 21st century"),
        ("the race.<sup>See 12</sup> China", "the race.See 12 China"),
        ("the race.<sup><a href='#fn:1'>[footnote 1]</a></sup> China", "the race. China"),
        ("a <q>race</q>, she said, <q>for <i>chips</i></q>", "a “race”, she said, “for chips”"),
    ],
)
def test_notes_and_quotations_within_a_sentence(document, raised: str, read: str) -> None:
    said = f"{PROSE} She speaks of {{}} and of nothing else."
    assert document("a.html", html(f"<article><p>{said.format(raised)}</p></article>")).text == said.format(read)
    for markdown in (said.format(raised), f"<p>{said.format(raised)}</p>"):
        assert document("a.md", markdown).text == said.format(read)


@pytest.mark.parametrize(
    ("marked", "read"),
    [
        ("<b>2024</b><sup><a href='#n1'>1</a></sup> and after", "2024 and after"),
        ("<q>“a race”</q> and after", "“a race” and after"),
        ("it.<a class='footnote-anchor' href='https://a.org/b#footnote-1'>1</a><a href='#fn2'>2</a> And", "it. And"),
        ("a race <a href='#_ftn1'>[1]</a> for chips", "a race for chips"),
        ("her section <a href='#s3'>3</a> and <a href='/2'>[2]</a>", "her section 3 and [2]"),
        ("her section\n<a href='#s3'>3</a> and after", "her section 3 and after"),
        ("her section 4(<a href='#a'>2</a>) and §<a href='#b'>5</a>–<a href='#c'>6</a>", "her section 4(2) and §5–6"),
        ("some <b><a href='#t'>50</a></b> chips<i><a href='#n'>1</a></i> and after", "some 50 chips and after"),
        ("10<b><sup>26</sup></b> operations", "1026 operations"),
    ],
)
def test_what_a_page_makes_plain_by_itself(document, marked: str, read: str) -> None:
    page = html(f"<article><p>{PROSE} She speaks of {marked}.</p></article>")
    assert document("a.html", page).text == f"{PROSE} She speaks of {read}."


def test_many_notes_in_one_paragraph_end_soon() -> None:
    noted = "".join(f"It goes on.<a href='#n{number}'>{number % 999 + 1}</a> " for number in range(5_000))
    tree = load_html(html(f"<p>{noted}</p>"))
    start = time.process_time()
    prepare(tree)
    assert time.process_time() - start < 3
    assert tree.find(".//p").text_content() == "It goes on. " * 5_000


def test_a_number_that_begins_a_paragraph_is_a_word(document) -> None:
    told = f"<p><a href='/map#all'>50</a> states of it. {PROSE}</p>"
    assert document("a.html", html(f"<article>{told}</article>")).text.startswith("50 states of it.")


def test_what_leads_back_from_a_note_is_no_word_of_it(document) -> None:
    note = "<p><a href='#_ftnref1'>[1]</a> Ann Archer, The shield. <a href='#fnref:1'>↩︎</a></p>"
    assert document("a.html", html(f"<article><p>{PROSE}</p><hr>{note}</article>")).text.split("\n\n") == [
        PROSE,
        "Ann Archer, The shield.",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td>{0}</td></tr></table>",
        "<table><tr><td><img src='a.gif'></td><td><table><tr><td>{0}</td></tr></table></td></tr></table>",
        "<table><tr><td><a href='/'>Home</a></td><td>{0}</td></tr></table>",
    ],
)
@pytest.mark.parametrize("text", ["{0}<br><br>{1}<br><br>{2}", "<p>{0}<p>{1}<p>{2}", "<font><b>{0}</b><p>{1}<p>{2}"])
def test_a_table_that_lays_a_page_out_costs_no_paragraph(document, body: str, text: str) -> None:
    said = [f"{PROSE} This is the {nth} time." for nth in ("first", "second", "third")]
    assert document("a.html", html(body.format(text.format(*said)))).text == "\n\n".join(said)


def test_of_what_stands_bare_in_a_cell_texts_become_paragraphs_and_labels_do_not() -> None:
    bare = f"{PROSE[:60]}<b>{PROSE[60:120]}</b>"
    cell = f"<td>Label {bare}<p>One.</p><i>Label</i><div>Two.</div>{bare}</td><td>{PROSE * 9}</td>"
    tree = load_html(html(f"<table><tr>{cell}</tr></table>"))
    prepare(tree)
    wrapped = [each.text_content() for each in tree.iter("p")]
    assert wrapped[:3] == [f"Label {PROSE[:120]}", "One.", PROSE[:120]]
    assert f"Label {PROSE[:120]}One.LabelTwo.{PROSE[:120]}" in tree.text_content()


def test_a_cell_of_very_many_blocks_ends_soon() -> None:
    tree = load_html(html(f"<table><tr><td>{PROSE * 9}{'<div>One.</div>Two.' * 20_000}</td></tr></table>"))
    start = time.monotonic()
    prepare(tree)
    assert time.monotonic() - start < 5


def test_a_row_of_a_table_is_a_paragraph(document) -> None:
    said = " ".join(f"The {nth}th plan of theirs is no other than the last." for nth in range(4, 20))
    head = "<tr><th>Country</th><th>Funds</th></tr><tr><td>US | UK</td><td><p>-</p></td></tr>"
    table = f"<table>{head}<tr><td>China</td><td>{said}</td></tr></table>"
    found = document("a.html", html(f"<article><p>{PROSE}</p>{table}</article>"))
    assert found.text.split("\n\n") == [PROSE, "Country\tFunds", "US | UK\t-", f"China\t{said}"]


def test_a_table_of_long_cells_keeps_the_labels_of_its_rows(document) -> None:
    said = " ".join(f"The {nth}th plan of theirs is no other than the last." for nth in range(4, 20))
    rows = "".join(f"<tr><td><b>{who}</b></td><td>{said}</td></tr>" for who in ("China", "The US"))
    found = document("a.html", html(f"<article><p>{PROSE}</p><table>{rows}</table></article>"))
    assert found.text.split("\n\n") == [PROSE, f"China\t{said}", f"The US\t{said}"]


SAID = [
    "The ministry called its new rule a shield for every citizen, and the hall rose to its feet at that.",
    "She <b>came</b> late to the hall, and nobody <i>in it</i> had waited for her.",
    "Her answer was that a race has an end, and that this one would have none for either of the two sides.",
]


@pytest.mark.parametrize(
    "body",
    [
        "<div>{0}<p>{1}</p>{2}</div><script></script>",
        "<main>{0}<p>{1}</p>{2}</main>",
        "<div>{0}<hr>{1}<hr>{2}<p>And so on.</p></div><script></script>",
        "{0}<p>{1}<p>{2}",
        "<center>{0}<p>{1}</p></center><div>{2}<div>And so on.</div></div>",
        "<div><div>{0}</div><div><br></div><div>{1}</div></div>{2}<ul><li>And so on.</li></ul>",
    ],
)
def test_text_that_stands_bare_beside_paragraphs_is_one(document, body: str) -> None:
    paragraphs = document("a.html", html(body.format(*SAID))).text.split("\n\n")
    assert paragraphs[:3] == [re.sub("<.*?>", "", said) for said in SAID]
    assert [each.removeprefix("- ") for each in paragraphs[3:]] == ["And so on."] * ("And so on." in body)


PANDOC = """<header><h1 class="title">A shield</h1></header><h1>The rule</h1>
<p>{0}<a href="#fn1" class="footnote-ref" id="fnref1"><sup>1</sup></a></p><ul><li>{1}</li><li><p>{2}</p></li></ul>
<h2>The price</h2><blockquote><p>Nobody asked why.</p></blockquote>
<section class="footnotes"><hr><ol><li id="fn1"><p>A note.<a href="#fnref1">↩︎</a></p></li></ol></section>"""
WORD = """<div class=WordSection1><p class=MsoTitle>A shield</p><h1>The rule</h1>
<p class=MsoNormal>{0}<a href="#_ftn1"><span class=MsoFootnoteReference>[1]</span></a></p><p class=MsoNormal>&nbsp;</p>
<ul type=disc><li class=MsoNormal>{1}</li><li class=MsoNormal>{2}</li></ul><h2>The price</h2>
<p class=MsoQuote>Nobody asked why.</p></div><div><br clear=all><hr><div id=ftn1><p class=MsoFootnoteText>
<a href="#_ftnref1"><span class=MsoFootnoteReference>[1]</span></a> A note.</p></div></div>"""
LIBRE = """<h1 class="title">A shield</h1><h1>The rule</h1>
<p>{0}<a class="sdfootnoteanc" href="#sdfootnote1sym"><sup>1</sup></a></p>
<ul>\n\t<li><p>{1}</p></li>\n\t<li><p>{2}</p></li>\n</ul><h2 class="western">The price</h2><p>Nobody asked why.</p>
<div id="sdfootnote1"><p><a class="sdfootnotesym" href="#sdfootnote1anc">1</a>\n\tA note.</p></div>"""


@pytest.mark.parametrize(
    "piece",
    ["<h1>The rule</h1><p>{0}</p><ul><li>{1}</li></ul>", "<div><h2>The rule</h2>{0}<p>{1}</p></div>"],
)
def test_a_piece_of_a_page_is_read_as_a_page(document, piece: str) -> None:
    head, *rest = document("a.html", piece.format(*SAID)).text.split("\n\n")
    assert head == "The rule"
    assert [each.removeprefix("- ") for each in rest] == [re.sub("<.*?>", "", said) for said in SAID[:2]]


@pytest.mark.parametrize("body", [PANDOC, WORD, LIBRE], ids=["pandoc", "Word", "LibreOffice"])
def test_what_was_exported_as_a_page_keeps_headings_and_lists(document, body: str) -> None:
    first, *items = (re.sub("<.*?>", "", said) for said in SAID)
    found = [each.removeprefix("- ") for each in document("a.html", html(body.format(*SAID))).text.split("\n\n")]
    assert found == ["A shield", "The rule", first, *items, "The price", "Nobody asked why.", "A note."]


@pytest.mark.parametrize(
    "body",
    [
        "{0}\n\n{1}\n\n{2}",
        "{0}\r\n{1}\r\n{2}",
        "<p>{0}</p><p>{1}</p>\n<div><b>{2}</b></div>",
        "&lt;p&gt;{0}&lt;/p&gt;{1}<br>\n{2}",
    ],
)
def test_an_article_that_the_page_holds_as_data_keeps_its_paragraphs(document, body: str) -> None:
    said = [PROSE, "Chips & AI, she said.", "Nobody in the hall, on either side of it, answered her."]
    data = json.dumps({"@graph": [{"@type": "NewsArticle", "articleBody": body.format(*said)}]})
    head = f"<title>A shield</title><script type='application/ld+json'>{data}</script>"
    assert document("a.html", html("<div id='app'></div>", head)).text == "\n\n".join(said)


@pytest.mark.parametrize("data", ["{", "[" * 100_000, '{"a": ' * 900 + "1" + "}" * 900, "null"])
def test_data_that_cannot_be_read_cost_no_text(document, data: str) -> None:
    head = f"<title>A shield</title><script type='application/ld+json'>{data}</script>"
    assert document("a.html", html(f"<article><p>{PROSE}</p></article>", head)).text == PROSE


def test_a_page_without_an_article(reason) -> None:
    assert "no main text" in reason("a.html", html(""))


def test_fifty_thousand_nested_tags(reason) -> None:
    start = time.monotonic()
    deep = "<div>" * 50_000 + f"<p>{PROSE}</p>" + "</div>" * 50_000
    assert "nested" in reason("a.html", html(deep))
    assert time.monotonic() - start < 5


def test_the_declared_encoding_is_used(document) -> None:
    text = PROSE + " Привет из Москвы."
    page = html(f"<article><p>{text}</p><p>{PROSE[:100]}</p></article>", "<meta charset='koi8-r'><title>x</title>")
    assert "Привет из Москвы" in document("a.html", page.encode("koi8-r")).text
