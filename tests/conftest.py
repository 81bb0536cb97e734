"""Every test has its own workspace; sockets beyond loopback are never needed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qianli.testing import workspace


@pytest.fixture
def database() -> str:
    """Which database a workspace is on; store and stage tests run on both."""
    return "sqlite"


@pytest.fixture
def place(tmp_path: Path, database: str) -> Iterator[Path]:
    """A fresh database and document store, and settings that point there."""
    with workspace(tmp_path, database=database) as root:
        yield root
