"""The store is tested on both databases."""

import pytest


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest) -> str:
    """SQLite, and a real PostgreSQL."""
    return str(request.param)
