"""A row that went out and came back: what its address and date say about the stay they were written from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from qianli.addresses.placement import Changes, Stay, place


@dataclass(frozen=True)
class Correction:
    """What to change, and the stay that was spoken of (None: there was none, or a newer date speaks of another)."""

    changes: Changes
    spoken_of: Stay | None = None


def shown(current: Sequence[Stay], today: date) -> Stay | None:
    """The stay that a ledger of today shows: the present one, or the first to come."""
    coming = sorted(
        (stay for stay in current if stay.since and stay.since > today), key=lambda stay: stay.since or today
    )
    return next((stay for stay in current if stay.holds_on(today)), coming[0] if coming else None)


def correct(current: Sequence[Stay], address: str, on: date | None, today: date) -> Correction:
    """Decide what a returned row changes.

    | date in the row                | address     | then                                                        |
    |--------------------------------|-------------|-------------------------------------------------------------|
    | as it was written, or empty    | as written  | nothing                                                     |
    | as it was written, or empty    | another     | a correction: it takes that stay's place, reported today    |
    | not newer than the stay's      | as shown    | nothing: an old row come back                               |
    | another                        | any         | a report of its own date, as in any ledger                  |

    The date names the stay when the shown one has changed since the row went out.
    """
    standing = shown(current, today)
    if standing is None:
        return Correction(place(current, address, on))
    named = [stay for stay in (standing, *current) if on in (None, stay.known_on)]
    if on is None:
        named = [standing]
    if named:
        same = next((stay for stay in named if stay.address == address), None)
        return Correction(Changes(), same) if same else Correction(instead(named[0], address, today), named[0])
    if standing.address == address and on is not None and standing.known_on and on <= standing.known_on:
        return Correction(Changes(), standing)
    return Correction(place(current, address, on))


def instead(stay: Stay, address: str, today: date) -> Changes:
    """`address` over the time of `stay`; what was confirmed of it stays confirmed."""
    return Changes(supersede=(stay,), add=(replace(stay, address=address, reported_on=today, id=None),))
