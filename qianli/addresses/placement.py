"""Where a newly reported address goes among those known: which stays end, which begin, and none overlap."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

EVER = date.max


@dataclass(frozen=True)
class Stay:
    """One main address over [since, until); None is without beginning or end.

    `address` is any key that is equal for equal addresses. `confirmed_on` is the newest later report of the same
    address. `id` is the row it stands for; None for the address being reported. `reported_on` is when it was told.
    """

    address: str
    since: date | None = None
    until: date | None = None
    confirmed_on: date | None = None
    id: int | None = None
    reported_on: date | None = None

    @property
    def known_on(self) -> date | None:
        """The last day somebody said that it is right."""
        return max((day for day in (self.reported_on, self.confirmed_on) if day), default=None)

    def holds_on(self, day: date) -> bool:
        """Whether somebody lives here on `day`."""
        return (self.since is None or self.since <= day) and day < (self.until or EVER)


@dataclass(frozen=True)
class Changes:
    """What to do, in this order: supersede these, add these (a copy keeps the id it was made from), confirm this."""

    supersede: tuple[Stay, ...] = ()
    add: tuple[Stay, ...] = ()
    confirm: Stay | None = None

    def nothing(self) -> bool:
        """Whether everything stays as it is."""
        return not (self.supersede or self.add or self.confirm)


def place(current: Sequence[Stay], address: str, since: date | None) -> Changes:
    """Decide what a report of `address`, holding since its own date (None: undated), changes.

    | the report is            | then                                                                     |
    |--------------------------|--------------------------------------------------------------------------|
    | undated, address known   | nothing, if it is the latest one                                         |
    | undated, address new     | it holds without beginning; every other is superseded                    |
    | dated, same address then | nothing, or a newer confirmation of it                                   |
    | dated, other address then| that stay ends on the day; the new one holds until the next report, be   |
    |                          | it of another address or a later confirmation of the old one             |
    | of the same start        | a correction: it takes the place of the other                            |
    | older than all           | it fills the time before them                                            |
    """
    if since is None:
        return _undated(current, address)
    standing = next((stay for stay in current if stay.holds_on(since)), None)
    if standing is None:
        later = [stay.since for stay in current if stay.since and stay.since > since]
        return Changes(add=(Stay(address, since, min(later, default=None)),))
    if standing.address == address:
        return _confirmed(standing, since)
    return _moved(current, standing, address, since)


def _undated(current: Sequence[Stay], address: str) -> Changes:
    latest = max(current, key=lambda stay: stay.until or EVER, default=None)
    if latest and latest.address == address and latest.until is None:
        return Changes()
    return Changes(supersede=tuple(current), add=(Stay(address),))


def _confirmed(standing: Stay, on: date) -> Changes:
    known = max(standing.since or date.min, standing.confirmed_on or date.min)
    return Changes(confirm=replace(standing, confirmed_on=on)) if on > known else Changes()


def _moved(current: Sequence[Stay], standing: Stay, address: str, since: date) -> Changes:
    """`standing` gives way from `since` on, but comes back where it was confirmed later."""
    starts = [stay.since for stay in current if stay.since and stay.since > since]
    back = standing.confirmed_on if standing.confirmed_on and standing.confirmed_on > since else None
    until = min([*starts, back] if back else starts, default=None)
    pieces = [Stay(address, since, until)]
    if standing.since != since:
        pieces.insert(0, replace(standing, until=since, confirmed_on=_before(standing.confirmed_on, since)))
    if back:
        pieces.append(replace(standing, since=back))
    return Changes(supersede=(standing,), add=tuple(pieces))


def _before(confirmed_on: date | None, since: date) -> date | None:
    return confirmed_on if confirmed_on and confirmed_on < since else None
