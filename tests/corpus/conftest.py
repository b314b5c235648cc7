import pytest

from rhetoric.corpus import run


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_MOST_DOCUMENTS", 4)
