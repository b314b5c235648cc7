from collections.abc import Iterator

import pytest
from scoring.records import gold, make_record

from rhetoric.report import trust
from rhetoric.scoring import build_profile
from rhetoric.scoring.profile import Profile

from .makers import write_scores


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Put figures that a test can foresee in the place of the measured ones."""
    found = trust.read_trust(write_scores(tmp_path_factory.mktemp("scores")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trust, "read_trust", lambda: found)
        yield


@pytest.fixture(scope="session")
def profile() -> Profile:
    """A profile of authored passages, twelve a text."""
    rows = gold()
    return build_profile((make_record(rows[at : at + 12], f"d{at}") for at in range(0, 240, 12)), name="authored")
