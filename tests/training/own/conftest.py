import pytest


@pytest.fixture
def extra() -> None:
    """Skip a test where scikit-learn is not installed."""
    pytest.importorskip("sklearn", reason="needs scikit-learn (the extra cluster)")
