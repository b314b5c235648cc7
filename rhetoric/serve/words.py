"""Messages that speak of options of the command line, said for those who sit before a page or write a program."""

from typing import Final

_STARTED: Final = "(whoever started this server can raise it with --max-bytes)"
_IN_FORM: Final = {
    "use --force to go on": "tick “Go on if it is not English” under Options to go on all the same",
    ", or raise the limit with --max-bytes": f" {_STARTED}",
    "allow it with --allow-private": "start this server with --allow-private",
    "with --text-field": "under Options, as “Column of the text”",
    "with --id-field": "under Options, as “Column of the id”",
}
_IN_LIST: Final = {
    **_IN_FORM,
    "use --force to go on": "to go on all the same, read it again with “Go on if it is not English” under Options",
    "with --text-field": "under Options, as “Column of the text”, and read it again",
    "with --id-field": "under Options, as “Column of the id”, and read it again",
}
_IN_API: Final = {
    "use --force to go on": 'send "force": true to go on all the same',
    ", or raise the limit with --max-bytes": f" {_STARTED}",
    "allow it with --allow-private": "start this server with --allow-private",
    "with --text-field": "as text_field",
    "with --id-field": "as id_field",
    "(--every-passage)": '("every_passage": true)',
    "Paste a text, or give a web address or a file.": 'Send "text" or "url".',
    "only one of these: a pasted text, a web address or a file. Empty the others.": '"text" or "url", not both.',
}


def on_page(report: str) -> str:
    """Return a report whose advice names what the page has in the place of an option."""
    return report.replace("ask for every passage (--every-passage)", "choose “Count every passage” above")


def in_form(said: str) -> str:
    """Return a message with what a form has in the place of each option."""
    return _replace(said, _IN_FORM)


def in_list(said: str) -> str:
    """Return a message for a page that has no form: what a form has is for another time."""
    return _replace(said, _IN_LIST)


def in_api(said: str) -> str:
    """Return a message with what the API takes in the place of each option."""
    return _replace(said, _IN_API)


def _replace(said: str, words: dict[str, str]) -> str:
    for option, instead in words.items():
        said = said.replace(option, instead)
    return said
