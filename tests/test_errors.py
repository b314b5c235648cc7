import sys

import pytest

from rhetoric.errors import RhetoricError, SourceError, need


def test_a_source_that_cannot_be_read_says_where_what_and_what_to_do() -> None:
    assert str(SourceError("a.txt", "it is empty.", "Give another.")) == "a.txt: it is empty. Give another."
    assert str(SourceError("a.txt", "it is empty.")) == "a.txt: it is empty."


def test_what_is_missing_is_named_with_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    need("Tests need", "test", "json", "scipy.optimize")
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(RhetoricError, match=r"^Tests need .*scipy\.optimize.*pip install 'rhetoric-toolkit\[test\]'"):
        need("Tests need", "test", "json", "scipy.optimize")
