"""Engines: who annotates the documents of a run. Processes of this machine, or actors of a Ray cluster."""

import os
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from rhetoric.corpus.engines.setup import Setup
from rhetoric.errors import RhetoricError


def make_engine(name: str, setup: Setup, workers: int, address: str | None = None) -> AbstractContextManager[Any]:
    """Return the engine of that name, whose ``workers`` share the cores of a machine; ``address`` is of a Ray cluster.

    Raises RhetoricError where there is none of that name.
    """
    shared = replace(setup, threads=0 if workers == 1 else max(1, (os.cpu_count() or 1) // workers))
    if name == "ray":
        from rhetoric.corpus.engines.ray import RayEngine

        return RayEngine(shared, workers, address)
    if name == "local":
        from rhetoric.corpus.engines.local import LocalEngine

        return LocalEngine(shared, workers)
    raise RhetoricError(f"There is no engine {name!r}. Choose local or ray.")
