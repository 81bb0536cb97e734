"""The store is tested on both databases."""

import pytest

from qianli.testing import DATABASES


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """SQLite, and a real PostgreSQL."""
    return str(request.param)
