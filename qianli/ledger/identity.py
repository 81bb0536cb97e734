"""Who a row speaks of: home organisation and name, date of birth or of joining, phone as tie-break."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Protocol


class Person(Protocol):
    """What a row and a member are compared by, when organisation and name are the same."""

    @property
    def born_on(self) -> date | None: ...  # noqa: D102
    @property
    def joined_on(self) -> date | None: ...  # noqa: D102
    @property
    def phone_key(self) -> str | None: ...  # noqa: D102


class Verdict(Enum):
    """Whether two records of one name are one person."""

    same = "same"
    other = "other"
    unclear = "unclear"


class Unclear(Exception):
    """It cannot be told who is meant; the row goes back to a person."""


def compare(one: Person, other: Person) -> Verdict:
    """Compare two records of one name.

    | born    | joined        | the same phone | another or none |
    |---------|---------------|----------------|-----------------|
    | same    | same, unknown | same           | same            |
    | same    | differs       | same           | unclear, unless no phone contradicts |
    | differs | same          | same           | unclear         |
    | differs | differs, unknown | unclear     | other           |
    | unknown | same          | same           | same            |
    | unknown | differs       | unclear        | other           |
    | unknown | unknown       | same           | unclear         |
    """
    born, joined = _agree(one.born_on, other.born_on), _agree(one.joined_on, other.joined_on)
    phone = _agree(one.phone_key, other.phone_key)
    if born is None and joined is None:
        return Verdict.same if phone else Verdict.unclear
    if born is not False and joined is not False:
        return Verdict.same
    if born or joined:
        agrees = phone is not False if born else phone
        return Verdict.same if agrees else Verdict.unclear
    return Verdict.unclear if phone else Verdict.other


def find(row: Person, candidates: Sequence[Person]) -> int | None:
    """The index of the one candidate that is the same person, None if all are others; raises Unclear."""
    verdicts = [compare(row, candidate) for candidate in candidates]
    same = [index for index, verdict in enumerate(verdicts) if verdict is Verdict.same]
    if len(same) > 1:
        same = [index for index in same if _agree(row.phone_key, candidates[index].phone_key)]
        if len(same) != 1:
            raise Unclear
    if not same and Verdict.unclear in verdicts:
        raise Unclear
    return same[0] if same else None


def _agree(one: object, other: object) -> bool | None:
    """None if one of them is not known."""
    return None if one is None or other is None else one == other
