from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from spacy.language import Language


@pytest.fixture(scope="session")
def nlp() -> "Language":
    """Load the shipped pipeline, once for all tests; nobody changes it for good."""
    import rhetoric

    return rhetoric.load()
