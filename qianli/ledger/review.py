"""The monthly review: what of a member's record has to be looked at, in words, and what that comes to. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models import AddressStatus


class Trouble(StrEnum):
    """What has to be looked at."""

    moved = "moved"
    no_address = "no_address"
    unclear_address = "unclear_address"
    stale_address = "stale_address"
    suspect_address = "suspect_address"
    no_phone = "no_phone"
    bad_phone = "bad_phone"
    do_not_contact = "do_not_contact"


T = Trouble
#: What is the matter, and what to do. No personal data.
WORDS: dict[Trouble, tuple[str, str]] = {
    T.moved: ("本月登记了新住址。", "请核对新住址。"),
    T.no_address: ("没有现居住地址。", "问清地址后填上。"),
    T.unclear_address: ("地址不完整或有多种读法。", "补全省、市、县和门牌号。"),
    T.stale_address: ("地址太久没有核实。", "打电话核实，把“地址更新日期”改为核实当天。"),
    T.suspect_address: ("寄到这个地址的包裹退回过。", "核实是否还住在那里，填上新地址或核实日期。"),
    T.no_phone: ("没有联系电话。", "补上手机号。"),
    T.bad_phone: ("电话号码不对。", "核对并改正电话。"),
    T.do_not_contact: ("本人要求不再联系。", "不用联系，仅供知晓。"),
}
WITHOUT_ADDRESS = frozenset({T.no_address, T.unclear_address})
OUT_OF_REACH = frozenset({T.no_phone, T.bad_phone, T.suspect_address, T.do_not_contact})


@dataclass(frozen=True)
class Record:
    """What is known of one member."""

    phone: str | None
    phone_written: str | None
    do_not_contact: bool
    status: AddressStatus | None
    known_on: date | None
    suspect_on: date | None
    moved: bool


def troubles(record: Record, *, on: date, max_age_days: int) -> list[Trouble]:
    """Everything that has to be looked at; an address that is missing is not old as well."""
    known, status = record.known_on, record.status
    suspect = record.suspect_on is not None and (known is None or known < record.suspect_on)
    found = [
        (T.moved, record.moved),
        (T.no_address, status is None),
        (T.unclear_address, status is not None and status is not AddressStatus.exact),
        (T.stale_address, known is not None and (on - known).days > max_age_days),
        (T.suspect_address, suspect),
        (T.no_phone, not record.phone and not record.phone_written),
        (T.bad_phone, not record.phone and bool(record.phone_written)),
        (T.do_not_contact, record.do_not_contact),
    ]
    return [one for one, there in found if there]


@dataclass(frozen=True)
class Numbers:
    """Of one branch or of all: members, and of how many something has to be looked at."""

    members: int = 0
    moved: int = 0
    stale: int = 0
    without_address: int = 0
    out_of_reach: int = 0


def counted(found: Iterable[Sequence[Trouble]]) -> Numbers:
    """A member counts once in each column."""
    each = [frozenset(some) for some in found]
    return Numbers(
        members=len(each),
        moved=sum(T.moved in one for one in each),
        stale=sum(T.stale_address in one for one in each),
        without_address=sum(bool(one & WITHOUT_ADDRESS) for one in each),
        out_of_reach=sum(bool(one & OUT_OF_REACH) for one in each),
    )


def total(some: Iterable[Numbers]) -> Numbers:
    """All of them together."""
    rows = list(some)
    names = ("members", "moved", "stale", "without_address", "out_of_reach")
    return Numbers(**{name: sum(getattr(one, name) for one in rows) for name in names})


def month_of(on: date) -> date:
    """The first day of the month that is looked at."""
    return on.replace(day=1)


def summary(all_: Numbers, *, branches: int, silent: int, max_age_days: int) -> tuple[str, ...]:
    """The review in sentences."""
    return (
        f"共 {branches} 个组织、党员 {all_.members:,} 人。本月登记新住址 {all_.moved:,} 人。",
        f"地址超过 {max_age_days} 天没有核实的 {all_.stale:,} 人，没有地址或地址不全的 {all_.without_address:,} 人。",
        f"联系不上的 {all_.out_of_reach:,} 人（没有电话、电话不对、退过件或本人要求不再联系）。",
        f"本月没有报送台账的组织 {silent} 个。" if silent else "各组织本月都报送了台账。",
    )
