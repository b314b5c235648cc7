"""The local web application: paste a text, read its report; and the JSON API under it. Needs the extra ``serve``.

The way of a request: ``wire`` and ``guard`` let it in, ``app`` hands it to ``pages``, ``history_pages`` or ``api``.
``asked`` tells what a form asks for. The ``desk`` has that read and analysed by ``workers``, processes that do the
``tasks``, and keeps what came of it: in memory (``jobs``), in a folder where there is one (``history``). ``render``
makes pages of templates, ``problems`` says what went wrong; ``shapes`` are what programs send and
get. All limits are in ``settings``.
"""
