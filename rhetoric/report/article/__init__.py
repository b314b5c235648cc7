"""The report: one page, or one Markdown text, on one record, or on two side by side."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from rhetoric.errors import RhetoricError
from rhetoric.record import Record
from rhetoric.report import examples, figures, glossary, trust, words
from rhetoric.report.article import pair, say
from rhetoric.report.article.article import Article
from rhetoric.report.article.marked import mark_up
from rhetoric.report.article.summary import link_headline
from rhetoric.report.evidence import say_carrier, say_instance
from rhetoric.report.headline import write_scope
from rhetoric.report.numbers import say_estimate
from rhetoric.report.safe import clean, policy_hash, shown
from rhetoric.scoring.percent import percent
from rhetoric.scoring.profile import Profile, comparable_fields
from rhetoric.scoring.scorecard import score_record

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
    told = _context(articles, profile, every_passage) | {"trust": _trust(records, detectors)}
    return _render("report.html" if embedded else "page.html", **told)


def make_markdown(
    records: Sequence[Record],
    *,
    profile: Profile | None = None,
    every_passage: bool = False,
    detectors: Path | None = None,
) -> str:
    """Return the report on one record, or on two, as Markdown without any HTML in it; else as :func:`make_page`."""
    from rhetoric.report.article.markdown import write_markdown

    articles = make_articles(records, profile, every_passage, detectors)
    apart = pair.set_apart(articles, every_passage=every_passage) if len(articles) == 2 else None
    return write_markdown(articles, apart, _trust(records, detectors))


def _trust(records: Sequence[Record], detectors: Path | None) -> trust.Trust:
    return trust.find_trust(detectors, [record["pipeline"] for record in records])


def make_help() -> str:
    """Return the part of a page that says what every label means, with an example, and what the toolkit cannot know."""
    return _render("words.html", help=True)


def read_style() -> str:
    """Return the style of the report, all of it under the class ``report``."""
    return _read("article.css")


def read_script() -> str:
    """Return the script that shows explanations beside the text; the report reads without it."""
    return _read("article.js")


def make_articles(
    records: Sequence[Record], profile: Profile | None, every_passage: bool, detectors: Path | None = None
) -> list[Article]:
    """Score the records and gather what a report shows of them."""
    if len(records) not in (1, 2):
        raise RhetoricError(f"A report is on one text, or on two side by side; here are {len(records)}.")
    letters = ("A", "B") if len(records) == 2 else ("",)
    scored = [
        score_record(record, every_passage=every_passage, profile=profile, detectors=detectors) for record in records
    ]
    return [Article(*each) for each in zip(records, scored, letters, strict=True)]


def _context(articles: Sequence[Article], profile: Profile | None, every_passage: bool) -> dict[str, object]:
    return {
        "articles": articles,
        "drawn": {
            **_figures([each for each in articles if each.enough], profile),
            "strips": [figures.draw_strip(each.record, every_passage=every_passage) for each in articles],
        },
        "help": False,
        "framed": all(each.scorecard.scored for each in articles),
        "apart": pair.set_apart(articles, every_passage=every_passage) if len(articles) == 2 else None,
        "every_passage": every_passage,
    }


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
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "say": say,
        "pair": pair,
        "words": words,
        "glossary": glossary,
        "examples": examples,
        "write_scope": write_scope,
        "link_headline": _linked,
        "percent": percent,
        "say_estimate": say_estimate,
        "say_carrier": say_carrier,
        "say_instance": say_instance,
        "mark_up": mark_up,
        "css": Markup(read_style()),  # noqa: S704 - our own file
        "js": Markup(read_script()),  # noqa: S704 - our own file
        "hashes": {"css": policy_hash(read_style()), "js": policy_hash(read_script())},
    }
    made.filters |= {"shown": shown, "plain": clean, "sentence": say.sentence}
    return made


def _linked(article: Article, found: trust.Trust) -> list[Markup]:
    link = Markup('<a href="#{}{}">{}</a>')
    return link_headline(article.scorecard, lambda text, anchor: link.format(article.prefix, anchor, text), found)


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
