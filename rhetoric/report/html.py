"""What pages of HTML have in common: templates that escape all that is put in, and styles and scripts of their own."""

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from jinja2 import Environment


def open_templates(folder: Path) -> "Environment":
    """Return the templates in a folder; whatever is put into them is escaped, and what is missing is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(folder)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def own_code(css: str, js: str) -> dict[str, object]:
    """Return what a page puts in to hold a style and a script of ours, and to let a browser take no other."""
    return {
        "css": Markup(css),  # noqa: S704 - our own files
        "js": Markup(js),  # noqa: S704
        "hashes": {"css": _hash(css), "js": _hash(js)},
    }


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
