"""The report as a page."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rhetoric.record import Record
from rhetoric.report import detectors, examples, figures, glossary, trust, words
from rhetoric.report.article import pair, say
from rhetoric.report.article.article import Article, make_articles
from rhetoric.report.article.links import link_headline
from rhetoric.report.article.marks import mark_up
from rhetoric.report.evidence import say_carrier, say_instance, say_whose
from rhetoric.report.headline import write_scope
from rhetoric.report.html import open_templates, own_code
from rhetoric.report.numbers import say_estimate
from rhetoric.report.safe import clean, shown
from rhetoric.scoring.percent import percent
from rhetoric.scoring.profile import Profile, comparable_fields

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER: Final = Path(__file__).parent


def make_page(
    records: Sequence[Record],
    *,
    profile: Profile | None = None,
    embedded: bool = False,
    every_passage: bool = False,
    detectors: Path | None = None,
) -> str:
    """Return the report on one record, or on two side by side, as HTML that needs nothing else; all text is escaped.

    ``profile`` is what the texts are placed in (``rhetoric.scoring.profile.shipped_profile()`` is the one that ships);
    with None the report says that there is none. ``embedded`` leaves out the outer document, so that a web page can put
    the report into its own, beside :func:`read_style` and :func:`read_script`. ``every_passage`` counts passages that
    are not about the matter too. How far to trust what was found, and by how much it errs, is as measured for the
    ``detectors`` in a folder, for the shipped ones where None. The same records give the same page. Raises
    RhetoricError for none or more than two records, ModelError where the measured quality of the detectors is missing.
    """
    articles = make_articles(records, profile, every_passage, detectors)
    drawn = _figures([each for each in articles if each.enough], profile)
    return _render(
        "report.html" if embedded else "page.html",
        articles=articles,
        drawn=drawn,
        help=False,
        framed=all(each.scorecard.scored for each in articles),
        apart=pair.set_apart(articles),
        every_passage=every_passage,
        trust=trust.find_trust(detectors, [record["pipeline"] for record in records]),
    )


def make_help() -> str:
    """Return the part of a page that says what every label means, with an example, and what the toolkit cannot know."""
    return _render("words.html", help=True)


def read_style() -> str:
    """Return the style of the report, all of it under the class ``report``."""
    return _read("article.css")


def read_script() -> str:
    """Return the script that shows explanations beside the text; the report reads without it."""
    return _read("article.js")


def _figures(articles: Sequence[Article], profile: Profile | None) -> dict[str, figures.Figure | None]:
    """Draw the articles that have enough passages for shares; None where there is nothing to draw."""
    if not articles:
        return {"frames": None, "sources": None, "portrayal": None}
    cards = [each.scorecard for each in articles]
    names = [f"{each.letter}: {each.title}" for each in articles if each.letter]
    profile = comparable_fields(profile, cards) if profile else None
    images = any(each.evidence.metaphors for each in articles)
    return {
        "frames": figures.draw_frames(*cards, profile=profile, names=names),
        "sources": figures.draw_sources(*cards, profile=profile, names=names) if images else None,
        "portrayal": figures.draw_portrayal(*cards, profile=profile, names=names),
    }


def _render(template: str, **context: object) -> str:
    return _environment().get_template(template).render(**context)


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    made = open_templates(_FOLDER)
    made.globals |= {
        "say": say,
        "detectors": detectors,
        "pair": pair,
        "words": words,
        "glossary": glossary,
        "examples": examples,
        "write_scope": write_scope,
        "link_headline": link_headline,
        "draw_strip": lambda a: figures.draw_strip(a.record, every_passage=a.scorecard.every_passage),
        "percent": percent,
        "say_estimate": say_estimate,
        "say_carrier": say_carrier,
        "say_instance": say_instance,
        "say_whose": say_whose,
        "mark_up": mark_up,
        **own_code(read_style(), read_script()),
    }
    made.filters |= {"shown": shown, "plain": clean, "sentence": say.sentence}
    return made


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
