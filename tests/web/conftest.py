from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qianli.web.testing import Site, make_site, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """One server for all tests; it reads the workspace of the test that runs."""
    with serving() as address:
        yield address


@pytest.fixture
def site(url: str, place: Path) -> Site:
    """Three members whose parcels were handed over."""
    return make_site(url)


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """One browser for the tests of a module; no longer, since Playwright keeps the thread's event loop."""
    from tests.web.browser import browsing  # noqa: PLC0415 - few tests want it, and it takes its time to import

    with browsing() as chromium:
        yield chromium
