"""Exchange: records out to the tools of the field, and back from them; one module a format, a pair of functions each.

What each format carries is in ``formats.FORMATS``; docs/exchange.md shows it as a table.
"""
