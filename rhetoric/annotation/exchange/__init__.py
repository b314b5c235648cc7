"""Exchange: records out to the tools of the field, and back from them; one module a format, named after it.

Each has ``write`` (records to a file or folder) and ``read`` (back); ``formats.FORMATS`` calls them, and says what each
format carries, which docs/exchange.md shows as a table. Out, tools of labelled spans get what ``marks.take_apart``
makes of a record. Back, ``files`` gives the items of a file with their places, the format makes fields of them (with
``marks.put_together``, where they are labelled spans), and ``finish`` checks and cleans these, whatever the format.
"""
