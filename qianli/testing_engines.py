"""One memory of compiled statements for all the databases that the tests of a process go through.

SQLAlchemy keeps what it compiled with the engine, and every test has an engine of its own: nearly half of the time of a
test of the stages went into compiling what the test before had compiled too.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.util import LRUCache

from qianli.store.session import engine

#: More than all tests execute; the default of 500 is for one kind of process.
STATEMENTS = 10_000
_patterns: dict[str, sa.Engine] = {}


def take_as_pattern(url: str) -> None:
    """Keep what is compiled for this database for all others of its kind; somebody has connected to it before."""
    pattern = engine(url)
    statements: LRUCache[Any, Any] = LRUCache(STATEMENTS)
    pattern._compiled_cache = statements  # noqa: SLF001 - SQLAlchemy has no other way to share it
    _patterns[pattern.dialect.name] = pattern


def compile_once(url: str) -> None:
    """Have the engine of this database use what was compiled for others; the key of a statement holds the dialect."""
    made = engine(url)
    if pattern := _patterns.get(made.dialect.name):
        made.dialect, made._compiled_cache = pattern.dialect, pattern._compiled_cache  # noqa: SLF001 - as above
