"""Long lists of ids, cut to what one statement can carry."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

IDS_A_STATEMENT = 5_000


def batched(ids: Iterable[T]) -> Iterator[list[T]]:
    """The ids (or numbers) without repeats, in lists of at most 5,000: SQLite takes 32,766 parameters a statement."""
    whole = list(dict.fromkeys(ids))
    for start in range(0, len(whole), IDS_A_STATEMENT):
        yield whole[start : start + IDS_A_STATEMENT]
