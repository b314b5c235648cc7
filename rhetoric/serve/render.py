"""Pages from templates; whatever is put into them is escaped."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Environment
from starlette.responses import HTMLResponse, Response

from rhetoric.report.article import read_script, read_style
from rhetoric.report.html import open_templates
from rhetoric.report.safe import clean
from rhetoric.report.words import count
from rhetoric.serve.asked import on_page

_FOLDER: Final = Path(__file__).parent
STATIC: Final = {
    "style.css": "text/css",
    "page.js": "text/javascript",
    "article.css": "text/css",  # of the report
    "article.js": "text/javascript",
}
_SLUG: Final = 60  # characters


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates."""
    made = open_templates(_FOLDER / "templates")
    made.filters.update(clean=clean, on_page=on_page)
    made.globals.update(count=count, here="")
    return made


def render_page(
    template: str, values: Mapping[str, object], status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a page."""
    body = environment().get_template(template).render(values)
    return HTMLResponse(body, status, headers)


@lru_cache
def read_static(name: str) -> str:
    """Return one of the files in ``STATIC``."""
    of_report = {"article.css": read_style, "article.js": read_script}
    return of_report[name]() if name in of_report else (_FOLDER / "static" / name).read_text(encoding="utf-8")


def slug(title: str) -> str:
    """Return a title as the beginning of a file's name that any system takes; letters lose their marks, and stay."""
    letters = "".join(
        each for each in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(each)
    )
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:_SLUG].strip("-") or "text"
