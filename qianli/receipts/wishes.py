"""What a member may ask for beside saying what came, and how an address of their own is read."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models import AddressStatus, CaseReason
from qianli.errors import BadInput
from qianli.folding import fold
from qianli.ledger.movements import LATEST_AHEAD, Where, read_where
from qianli.ledger.privacy import without_identity_numbers
from qianli.receipts.answers import Standing

ADDRESS_LENGTH = 200
#: From the day a parcel is being made until the campaign closes; after that the telephone is the way.
HEARD = {Standing.preparing, Standing.open}


class Wish(StrEnum):
    """What a member asks the branch to do; each opens a case of the same name."""

    call_me = "call_me"
    do_not_contact = "do_not_contact"
    delete_data = "delete_data"

    @property
    def reason(self) -> CaseReason:
        """The case it opens."""
        return CaseReason(self.value)


@dataclass(frozen=True)
class NewHome:
    """Where a member says they live now, and since when."""

    written: str
    moved_on: date


def new_home(address: str, since: str, *, today: date, as_it_is: bool) -> NewHome:
    """What the form about a new address says; BadInput names what is missing, unless the member insists."""
    written = without_identity_numbers(fold(address))
    if not written:
        raise BadInput("请写下新的收件地址。")
    if len(written) > ADDRESS_LENGTH:
        raise BadInput(f"地址最多 {ADDRESS_LENGTH} 字，现在是 {len(written)} 字，请写短一些。")
    moved_on = _day(since, today)
    lacks = lacking(read_where(written))
    if lacks and not as_it_is:
        raise BadInput(lacks)
    return NewHome(written, moved_on)


def _day(since: str, today: date) -> date:
    if not since.strip():
        return today
    try:
        day = date.fromisoformat(fold(since))
    except ValueError as error:
        raise BadInput("没有看明白搬家的日期，请写成 2027-01-20 这样，记不清可以不填。") from error
    if not date(1950, 1, 1) <= day <= today + LATEST_AHEAD:
        raise BadInput("搬家的日期离现在太远，请核对年份，记不清可以不填。")
    return day


def lacking(where: Where) -> str:
    """What a parcel would not find its way without, in words; empty if nothing is missing."""
    if where.status is AddressStatus.exact:
        return ""
    if where.status is AddressStatus.ambiguous:
        return "这个地址有几个地方都可能，请把省、市、区县写全。"
    levels = {"省": where.province, "市或区县": where.city or where.district}
    missing = [word for word, level in levels.items() if not level]
    what = "、".join(missing) if missing else "区县、街道、门牌或单元房号"
    return f"地址里没有看到{what}，请补上；要是地址就是这样写的，请按“地址就是这样”。"
