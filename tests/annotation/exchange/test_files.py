"""Files and folders that are written whole or not at all."""

from pathlib import Path

import pytest

from rhetoric.annotation.exchange.files import new_file, new_folder
from rhetoric.errors import RhetoricError


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), new_file(tmp_path / "x.jsonl") as stream:
        stream.write(b"a")
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), new_folder(tmp_path / "x") as folder:
        (folder / "a").write_text("a")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "y.part").mkdir()
    with pytest.raises(RhetoricError, match="in the way"), new_folder(tmp_path / "y"):
        pass
    (tmp_path / "file").touch()
    for folder in ("no", "file"):
        with pytest.raises(RhetoricError, match="cannot be written"), new_file(tmp_path / folder / "x.jsonl"):
            pass
