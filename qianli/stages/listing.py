"""What a plain list is made of: columns, filters, rows, and the acts on a row."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from qianli.store.lists import Sought
from qianli.store.scope import Scope

CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
Value = str | int | date | None


@dataclass(frozen=True)
class Line:
    """One row: its key, what its cells show, what its link and its forms need; `acts` are those that fit it.

    `choices`: field → value → words, where a form's choice is among what fits this row.
    """

    key: int
    cells: tuple[Value, ...]
    link: str = ""
    version: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    acts: tuple[str, ...] = ()
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Filter:
    """One thing a list can be narrowed by, and its choices: value → words; without any, a code that a link gives."""

    name: str
    label: str
    choices: Mapping[str, str] = field(default_factory=dict)

    def takes(self, value: str) -> bool:
        """Whether it can be narrowed by this."""
        return value in self.choices if self.choices else bool(CODE.fullmatch(value))


@dataclass(frozen=True)
class Field:
    """One field of a form: text, number, date, or a choice of some; its value comes from the row."""

    name: str
    label: str
    kind: str = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Asks:
    """Who asks: what they see, whether with names and addresses, and how the journal calls them."""

    scope: Scope
    whole: bool
    by: str
    user_id: int


@dataclass(frozen=True)
class File:
    """A PDF to take along."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Act:
    """What can be done with a row: the right it takes, its form, and what does it; it answers a sentence or a file."""

    label: str
    may: str
    do: Callable[[Asks, int, Mapping[str, str]], str | File]
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Noun:
    """One list. `personal`: its export is noted by name; `everywhere`: only for those who see every organisation."""

    title: str
    hint: str
    columns: tuple[str, ...]
    find: Callable[[Asks, Sought], list[Line]]
    filters: tuple[Filter, ...] = ()
    acts: Mapping[str, Act] = field(default_factory=dict)
    searched: str = ""
    personal: bool = False
    everywhere: bool = False


class Keyed(Protocol):
    """Anything a list can be turned over by."""

    @property
    def key(self) -> int:
        """Its place."""


K = TypeVar("K", bound=Keyed)


def after(found: Sequence[K], sought: Sought) -> list[K]:
    """Of rows that are all in memory: those behind the key, so many at most."""
    keys = [one.key for one in found]
    start = keys.index(sought.after) + 1 if sought.after in keys else 0
    return list(found[start : start + sought.most if sought.most is not None else None])
