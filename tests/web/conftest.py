from collections.abc import Iterator
from pathlib import Path

import pytest

from qianli.web.testing import Site, make_site, serving


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """One server for all tests; it reads the workspace of the test that runs."""
    with serving() as address:
        yield address


@pytest.fixture
def site(url: str, place: Path) -> Site:
    """Three members whose parcels were handed over."""
    return make_site(url)
