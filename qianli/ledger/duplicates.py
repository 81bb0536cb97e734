"""Whether two records of the ledger are one person: what agrees, what differs, and what that comes to. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Likeness(StrEnum):
    """How sure it is. Of the first two, both are held until a person has decided."""

    certain = "certain"
    likely = "likely"
    possible = "possible"


WORDS = {
    Likeness.certain: "几乎可以肯定是同一人",
    Likeness.likely: "很可能是同一人",
    Likeness.possible: "说不准，请核对",
}
HELD = frozenset({Likeness.certain, Likeness.likely})
NAME, BORN, JOINED, PHONE, PLACE = FACTS = ("姓名", "出生日期", "入党日期", "电话", "住址")


@dataclass(frozen=True)
class Person:
    """What two records are compared by; None is not known. `place` is equal for equal addresses."""

    name: str
    born_on: date | None = None
    joined_on: date | None = None
    phone: str | None = None
    place: str | None = None


@dataclass(frozen=True)
class Evidence:
    """Names of facts: what agrees, what differs, what one of the two does not say."""

    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    unknown: tuple[str, ...]


def evidence(one: Person, other: Person) -> Evidence:
    """Each fact of both beside each other."""
    pairs = zip(FACTS, _facts(one), _facts(other), strict=True)
    answers = {name: None if here is None or there is None else here == there for name, here, there in pairs}
    return Evidence(
        agrees=tuple(name for name, same in answers.items() if same),
        differs=tuple(name for name, same in answers.items() if same is False),
        unknown=tuple(name for name, same in answers.items() if same is None),
    )


def _facts(person: Person) -> tuple[object, ...]:
    return person.name, person.born_on, person.joined_on, person.phone, person.place


def likeness(found: Evidence) -> Likeness | None:
    """What the evidence comes to; None: two people, also where they have one name and live at one address.

    Of one name:

    | born    | joined  | then                                                                          |
    |---------|---------|-------------------------------------------------------------------------------|
    | same    | same    | certain                                                                       |
    | same    | unknown | certain with the same phone or address, else likely                           |
    | same    | differs | likely with the same phone or address, else possible                          |
    | unknown | same    | likely with the same phone or address, else possible                          |
    | unknown | unknown | likely with the same phone; possible with the same address                    |
    | unknown | differs | possible with the same phone                                                  |
    | differs | same    | likely with the same phone; possible with the same address                    |
    | differs | other   | possible with the same phone                                                  |

    Of two names: possible with the same phone and date of birth, likely if they joined on one day as well.
    """
    phone, place = PHONE in found.agrees, PLACE in found.agrees
    if NAME not in found.agrees:
        return _of_two_names(found, phone=phone)
    born, joined = _said(found, BORN), _said(found, JOINED)
    reached = phone or place
    if born:
        if joined is False:
            return Likeness.likely if reached else Likeness.possible
        return Likeness.certain if joined or reached else Likeness.likely
    if born is None and joined:
        return Likeness.likely if reached else Likeness.possible
    if joined or (born is None and joined is None):
        return Likeness.likely if phone else Likeness.possible if place else None
    return Likeness.possible if phone else None


def _of_two_names(found: Evidence, *, phone: bool) -> Likeness | None:
    if not phone or BORN not in found.agrees or JOINED in found.differs:
        return None
    return Likeness.likely if JOINED in found.agrees else Likeness.possible


def _said(found: Evidence, fact: str) -> bool | None:
    return True if fact in found.agrees else False if fact in found.differs else None
