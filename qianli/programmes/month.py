"""What a month of a programme came to: by branch and in sums, in the order of the tree; nobody is ranked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LONG_SILENCE = timedelta(days=90)
#: What a ledger says in 是否使用智能手机 of those who have none.
NO_SMARTPHONE = ("否", "无", "没有", "不用", "不会", "不使用", "不会用", "老年机", "N", "n", "no", "×", "x")


class Reach(StrEnum):
    """How the month's items came to a member."""

    page = "page"
    printed = "printed"
    call = "call"
    nothing = "nothing"


@dataclass(frozen=True)
class Standing:
    """One member in one month; `studied` and `contributed` are counts.

    `was_called`: somebody spoke with them on the telephone about the month, `by_phone`: and they took part there.
    `last_on` is the last day of anything of this, ever.
    """

    member_id: int
    organisation_id: int
    has_page: bool
    was_printed: bool
    no_smartphone: bool
    studied: int = 0
    contributed: int = 0
    was_called: bool = False
    by_phone: bool = False
    last_on: date | None = None
    since: date | None = None

    @property
    def reach(self) -> Reach:
        """Paper counts before a page, and a page before the telephone; it reaches nobody without a smartphone."""
        if self.was_printed:
            return Reach.printed
        if self.has_page and not self.no_smartphone:
            return Reach.page
        return Reach.call if self.was_called else Reach.nothing

    @property
    def took_part(self) -> bool:
        """Whether they said so themselves, on their page or on the telephone."""
        return bool(self.studied or self.contributed or self.by_phone)

    def is_silent(self, at: date) -> bool:
        """Whether nothing was heard for long, of one with whom it could have been; `since` is when that began.

        Who has no smartphone is to be called, and silent as well when nobody did.
        """
        if self.since is None or (self.reach is Reach.nothing and not self.no_smartphone):
            return False
        return at - max(self.since, self.last_on or self.since) >= LONG_SILENCE


@dataclass(frozen=True)
class BranchMonth:
    """A branch in sums."""

    organisation_id: int
    members: int = 0
    by_page: int = 0
    by_print: int = 0
    by_call: int = 0
    not_reached: int = 0
    took_part: int = 0
    studied: int = 0
    contributed: int = 0
    silent: int = 0
    took_part_by_phone: int = 0


def branch_months(standings: Iterable[Standing], *, order: Iterable[int], at: date) -> list[BranchMonth]:
    """The branches that have members, in this order; `at` is the last day of the month, or today."""
    by_branch: dict[int, list[Standing]] = {}
    for one in standings:
        by_branch.setdefault(one.organisation_id, []).append(one)
    return [_sum(id_, by_branch[id_], at) for id_ in order if id_ in by_branch]


def _sum(organisation_id: int, members: list[Standing], at: date) -> BranchMonth:
    reached = [one.reach for one in members]
    return BranchMonth(
        organisation_id=organisation_id,
        members=len(members),
        by_page=reached.count(Reach.page),
        by_print=reached.count(Reach.printed),
        by_call=reached.count(Reach.call),
        not_reached=reached.count(Reach.nothing),
        took_part=sum(one.took_part for one in members),
        studied=sum(one.studied for one in members),
        contributed=sum(one.contributed for one in members),
        silent=sum(one.is_silent(at) for one in members),
        took_part_by_phone=sum(one.by_phone for one in members),
    )
