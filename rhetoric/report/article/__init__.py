"""The report: one page, or one Markdown text, on one record, or on two side by side."""

from rhetoric.report.article.article import make_articles
from rhetoric.report.article.markdown import make_markdown
from rhetoric.report.article.page import make_help, make_page, read_script, read_style

__all__ = ["make_page", "make_markdown", "make_help", "read_style", "read_script", "make_articles"]
