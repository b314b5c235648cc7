"""A quicker start: spaCy without its own command line, which it imports for the sake of one function."""

import sys
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

_COMMANDS: Final = "spacy.cli"
_INFO: Final = "spacy.cli.info"


def defer_spacy_commands() -> None:
    """Let ``import spacy`` pass over ``spacy.cli``, which takes half a second of the three that a scorecard takes.

    ``spacy/__init__.py`` imports it for ``spacy.info``. Whoever asks for anything in it gets the real one, only later.
    """
    if "spacy" not in sys.modules:
        sys.meta_path.insert(0, _Deferred())


class _Deferred(MetaPathFinder, Loader):
    """Finds ``spacy.cli`` and ``spacy.cli.info`` until something in them is used."""

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:  # noqa: ANN401
        if name not in (_COMMANDS, _INFO):
            return None
        found = ModuleSpec(name, self)
        if name == _COMMANDS:
            found.submodule_search_locations = [f"{folder}/cli" for folder in path]
        return found

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        def real(name: str) -> Any:  # noqa: ANN401 - anything a module holds
            if name.startswith("__"):  # what Python itself looks for in a module
                raise AttributeError(name)
            self._give_way()
            return getattr(import_module(module.__name__), name)

        if module.__name__ == _COMMANDS:
            module.__getattr__ = real  # type: ignore[method-assign]
        else:
            module.info = lambda *given, **named: real("info")(*given, **named)  # type: ignore[attr-defined]

    def _give_way(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)
            for name in (_INFO, _COMMANDS):
                sys.modules.pop(name, None)
