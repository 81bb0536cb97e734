"""Who is told of new items, and when: a group every time, a member at most once a week, nobody twice of one item."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

#: A member is told at most so often, so that what is urgent keeps its place under the weekly ceiling.
PAUSE = timedelta(days=7)


def due_at(at: datetime, last_told: datetime | None) -> datetime:
    """When a member is told of what is published now: at once, or when a week has passed since the last time."""
    return at if last_told is None else max(at, last_told + PAUSE)


def sending_key(programme_id: int, newest_item_id: int, receiver: str) -> str:
    """Our key of a notice: an item is published once, so what begins with it is told once."""
    return f"study-{programme_id}-{newest_item_id}-{receiver}"


def nearest(trees: Mapping[int, Collection[int]]) -> dict[int, int]:
    """Organisation → the page of its own, or else the one nearest above it. `trees`: page's organisation → its tree."""
    found: dict[int, int] = {}
    for page, tree in sorted(trees.items(), key=lambda one: -len(one[1])):
        found |= dict.fromkeys(tree, page)  # the smaller trees come later, and win
    return found
