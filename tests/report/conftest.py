from collections.abc import Iterator

import pytest

from rhetoric.report import trust

from .makers import write_scores


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Put figures that a test can foresee in the place of the measured ones."""
    found = trust.read_trust(write_scores(tmp_path_factory.mktemp("scores")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trust, "read_trust", lambda: found)
        yield
