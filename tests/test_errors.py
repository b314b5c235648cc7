import sys

import pytest

from rhetoric.errors import RhetoricError, SourceError, need, say_size


def test_a_source_that_cannot_be_read_says_where_what_and_what_to_do() -> None:
    assert str(SourceError("a.txt", "it is empty.", "Give another.")) == "a.txt: it is empty. Give another."
    assert str(SourceError("a.txt", "it is empty.")) == "a.txt: it is empty."


def test_what_is_missing_is_named_with_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    need("Tests need", "test", "json", "scipy.optimize")
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(RhetoricError, match=r"^Tests need .*scipy\.optimize.*pip install 'rhetoric-toolkit\[test\]'"):
        need("Tests need", "test", "json", "scipy.optimize")


def test_what_is_small_is_told_in_bytes() -> None:
    assert [say_size(size) for size in (0, 1_234, 999_999)] == ["0 bytes", "1,234 bytes", "999,999 bytes"]
    assert [say_size(size) for size in (1_000_000, 20_000_000, 1_500_000)] == ["1 MB", "20 MB", "1.5 MB"]
