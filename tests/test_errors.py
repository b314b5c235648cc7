import ast
import copy
import json
import re
import sys
from pathlib import Path

import pytest

import rhetoric
from rhetoric.errors import RhetoricError, SourceError, advise, need, say_size
from rhetoric.ingest.document import Failure, is_analysed

PACKAGE = Path(rhetoric.__file__).parent


def test_a_source_that_cannot_be_read_says_where_what_and_what_to_do() -> None:
    assert str(SourceError("a.txt", "it is empty.", "Give another.")) == "a.txt: it is empty. Give another."
    assert str(SourceError("a.txt", "it is empty.")) == "a.txt: it is empty."


def test_who_shows_an_error_names_the_options_that_it_advises() -> None:
    error = SourceError("a.txt", "it is long.", "Raise the limit.", "max_bytes", status=413)
    assert (error.options, error.status) == (("max_bytes",), 413)
    assert advise(str(error), error.options, str.upper) == "a.txt: it is long. Raise the limit (MAX_BYTES)."
    assert advise(str(error), error.options, {"force": "--force"}.get) == str(error)
    again = copy.deepcopy(RhetoricError("It is long.", "max_bytes", "force"))
    assert (str(again), again.options) == ("It is long.", ("max_bytes", "force"))


def test_a_failure_stands_in_the_place_of_a_record() -> None:
    failure = Failure.of(SourceError("a\udcff.txt", "it is long.", "Raise the limit.", "max_bytes"), "7")
    assert failure == {"id": "7", "source": "a\ufffd.txt", "error": "it is long. Raise the limit."}
    assert (failure.id, failure.source, failure.reason) == tuple(failure.values())
    assert json.loads(json.dumps(failure)) == failure and not is_analysed(failure)
    again = copy.deepcopy(failure)  # from a process that reads
    assert (again, again.options) == (failure, ("max_bytes",)) and isinstance(again, Failure)


@pytest.mark.parametrize("room", ["ingest", "scoring", "clustering"])
def test_a_library_names_no_option_of_the_command_line(room: str) -> None:
    for path in (PACKAGE / room).rglob("*.py"):
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                assert not re.search(r"(?<!\S)[(]?--[a-z]", each.value), f"{path}:{each.lineno}"


def test_what_is_missing_is_named_with_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    need("Tests need", "test", "json", "scipy.optimize")
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(RhetoricError, match=r"^Tests need .*scipy\.optimize.*pip install 'rhetoric-toolkit\[test\]'"):
        need("Tests need", "test", "json", "scipy.optimize")


def test_what_is_small_is_told_in_bytes() -> None:
    assert [say_size(size) for size in (0, 1_234, 999_999)] == ["0 bytes", "1,234 bytes", "999,999 bytes"]
    assert [say_size(size) for size in (1_000_000, 20_000_000, 1_500_000)] == ["1 MB", "20 MB", "1.5 MB"]
