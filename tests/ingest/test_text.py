import time

import pytest

from .makers import PROSE

MARKDOWN = f"""---
title: "A shield"
author: Ann Archer
tags:
  - one
date: 2024-05-01
---
# The *rule*

{PROSE[:60]}
{PROSE[60:]}

- first **point**
- second [point](http://example.com "t") ![picture](x.png)

> a quotation\\
> in two lines

```python
print("code")
```

```
kept as prose
```

| Who | What |
|-----|------|
| she | `it` |

<div align="center">inside &amp; out <!-- note --></div>

Setext
======
"""


def test_text_is_left_as_it_is(document) -> None:
    text = "  A line.\n\n\tAnother, with  two spaces. \n"
    assert document("a.txt", text.replace("\n", "\r\n")).text == text


def test_markdown_becomes_paragraphs(document) -> None:
    found = document("a.md", MARKDOWN)
    assert found.text.split("\n\n") == [
        "The rule",
        PROSE[:60].strip() + " " + PROSE[60:].strip(),
        "first point",
        "second point",
        "a quotation\nin two lines",
        "kept as prose",
        "Who\tWhat",
        "she\tit",
        "inside & out",
        "Setext",
    ]
    assert {k: found.meta[k] for k in ("title", "author", "date")} == {
        "title": "A shield",
        "author": "Ann Archer",
        "date": "2024-05-01",
    }
    assert "tags" not in found.meta


@pytest.mark.parametrize(
    ("markdown", "paragraphs"),
    [
        ("It builds a wall: ~~Made *in* China~~ new forces, ~~old~~newer.", ["It builds a wall: new forces, newer."]),
        ("A **fence**[^1] and [^note]. See `[^a-z]` [1].", ["A fence and. See [^a-z] [1]."]),
        ("- [x] China pays.\n- [ ] The US [x] pays.", ["China pays.", "The US [x] pays."]),
        ("The <b>US</b>-led &lt;side&gt;<br/>no <!-- a < b -->yes", ["The US-led <side>\nno yes"]),
        ("No <del>old *word*</del> <S>one</S> new<script>x < y</script>est word.", ["No newest word."]),
        ("![a](b) [c ](d) _e_ `<i>&amp;`", ["c e <i>&amp;"]),
        ("Text.[^1]\n\n[^1]: One note.\n[^b]: http://b", ["Text.", "One note.", "http://b"]),
    ],
)
def test_marks_and_what_is_struck_out_are_no_words(document, markdown: str, paragraphs: list[str]) -> None:
    assert document("a.md", markdown).text.split("\n\n") == paragraphs


PANDOC = """% A shield
% Ann Archer
% 2024-05-01

# The rule {#rule .unnumbered}

::: {.note}
A [long]{.underline} *race*{lang="en"}[]{#a1} of {two} sides.
:::

:::: warning
50 % of it, {.5} of `{#a}`.
::::
"""


def test_what_pandoc_tells_of_its_words_is_none_of_them(document) -> None:
    found = document("a.md", PANDOC)
    said = ["The rule", "A long race of {two} sides.", "50 % of it, {.5} of {#a}."]
    assert found.text.split("\n\n") == said
    assert {key: found.meta[key] for key in ("title", "author", "date")} == {
        "title": "A shield",
        "author": "Ann Archer",
        "date": "2024-05-01",
    }


def test_html_is_read_as_it_would_show(document) -> None:
    blocks = """<p>The <b>US</b>-led side and <b>China</b>’s, <del>not</del>
    <i>both</i>.<P>Two<br>
    lines.</p><table><tr><td>US<td>win</tr>
    <tr><th>China</th><th><s>lose</s>win</th></tr></table><p><del>It never ends."""
    shown = ["The US-led side and China’s, both.", "Two\nlines.", "US\twin", "China\twin", "It never ends."]
    assert document("a.md", blocks).text.split("\n\n") == shown


def test_a_rule_at_the_start_is_not_front_matter(document) -> None:
    two = "---\n\nFirst paragraph.\n\n---\n\nSecond: one.\n"
    assert document("a.md", two).text == "First paragraph.\n\nSecond: one."
    assert document("b.md", "---\n# a comment\ntitle: x\n---\nText.\n").meta["title"] == "x"


def test_front_matter_alone_is_no_text(reason) -> None:
    assert "no text" in reason("a.md", "---\ntitle: x\n---\n")


@pytest.mark.parametrize(
    "text",
    [
        ">" * 50_000 + "x",
        "[" * 50_000,
        "*a **a " * 20_000,
        "- " * 20_000 + "x",
        "~~" * 50_000,
        "[a]{#a" * 20_000,
        ":::" * 50_000,
        "[^a" * 20_000,
        "<div>\n" + "<script <!--" * 50_000,
        "<div>\n" + "<del>a" * 50_000 + "</del>" * 50_000,
        "<div>\n<" + "a" * 1_000_000,
    ],
)
def test_hostile_markdown_ends_soon(read_bytes, text: str) -> None:
    start = time.process_time()
    assert len(read_bytes("a.md", text)) == 1
    assert time.process_time() - start < 5


def test_warnings_in_front_matter_do_not_hide_ours(document) -> None:
    cut = "“".encode()[:2]
    found = document("a.md", "---\nwarnings: none\n---\n“Read”, and half ".encode() + cut + b" read.")
    assert found.meta["warnings"][0].startswith("1 characters could not be read")


def test_scripts_styles_and_comments_go_and_what_never_ends_is_left(document) -> None:
    markup = "<div><SCRIPT>no</script >a<style>no</style>b <!-- <b>no</b> --> c<b>d</b> <script x</div>"
    assert document("a.md", markup).text.split() == ["ab", "cd", "<script", "x"]
