"""One member on one page of the console: the card, every address, reports of moves, what was sent; and its forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models import MovementOutcome, ReportSide
from qianli.campaigns.references import consignment_number
from qianli.errors import BadInput, NotFound
from qianli.folding import HIGHEST_ID, whole_number
from qianli.ledger.rowkeys import RowKey
from qianli.stages import addresses, member_marks, members
from qianli.stages.address_history import Lived, division, history
from qianli.stages.list_people import version_of
from qianli.stages.listing import Act, Asks, Field
from qianli.stages.member_card import MemberCard, card
from qianli.stages.unit import reading
from qianli.state_words import CONSIGNMENTS
from qianli.store import lists as store
from qianli.store import members as rows
from qianli.store import residences


@dataclass(frozen=True)
class Reported:
    """One report of a move."""

    side: ReportSide
    organisation: str
    moved_on: date
    to: str
    outcome: MovementOutcome | None


@dataclass(frozen=True)
class Owed:
    """What one campaign owes the member."""

    campaign: str
    number: str
    state: str


@dataclass(frozen=True)
class MemberPage:
    """All of it; names, telephone and addresses are masked unless whoever asks may see them."""

    card: MemberCard
    residences: list[Lived]
    movements: list[Reported]
    owed: list[Owed]
    deceased_on: date | None
    do_not_contact: bool
    values: Mapping[str, str]


def page(asks: Asks, member_id: int) -> MemberPage:
    """A member of this tree; NotFound otherwise."""
    members.require(asks.scope, member_id)
    whole = asks.whole
    shown, lived = card(member_id, whole=whole), history(member_id, whole=whole).residences
    with reading() as session:
        member = rows.by_ids(session, ids=[member_id])[member_id]
        reports = [
            Reported(one.side, by, one.moved_on, one.written if whole else division(one), one.outcome)
            for one, by in store.movements_of(session, member_id=member_id)
        ]
        owed = [
            Owed(name, consignment_number(code, number), CONSIGNMENTS[channel][state])
            for code, name, channel, number, state in store.owed_to(session, asks.scope, member_id=member_id)
        ]
        values = {"name": shown.name, "phone": shown.phone or ""}
        return MemberPage(
            shown, lived[::-1], reports[::-1], owed, member.deceased_on, bool(member.do_not_contact), values
        )


def act(asks: Asks, member_id: int, verb: str, form: Mapping[str, str]) -> str:
    """Change something about a member of this tree; the answer is a sentence."""
    members.require(asks.scope, member_id)
    return str(ACTS[verb].do(asks, member_id, form))  # none of them gives a file


def _day(form: Mapping[str, str], name: str) -> date | None:
    written = form.get(name, "").strip()
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise BadInput("日期请写成 2027-01-20 这样。") from error


def _change(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    name, phone = form.get("name", ""), form.get("phone", "")
    done = members.change(key, name=name, phone=phone, version=version_of(form), by=asks.by)
    return "已更正。" if done else "没有变化。"


SAID = {
    "moved": "已登记新住址。", "corrected": "住址已更正。", "verified": "已登记：今天核实过。", "nothing": "没有变化。",
}  # fmt: skip


def _move(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    address, since = form.get("address", ""), _day(form, "since")
    return SAID[addresses.move(key, address=address, since=since, version=version_of(form), by=asks.by).what]


def _verify(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    return SAID[addresses.verify([key], version=version_of(form), by=asks.by)[0].what]


def _residence(key: int, form: Mapping[str, str]) -> int:
    id_ = whole_number(form.get("residence", ""), HIGHEST_ID) or 0
    with reading() as session:
        there = residences.by_ids(session, ids=[id_]).get(id_)
    if there is None or there.member_id != key:
        raise NotFound("没有这条住址。")
    return id_


def _correct(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    id_, address = _residence(key, form), form.get("address", "")
    return SAID[addresses.correct(id_, address=address, version=version_of(form), by=asks.by).what]


def _remove(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    addresses.correct(_residence(key, form), remove=True, version=version_of(form), by=asks.by)
    return "这条住址已作废，以前的记录仍保留。"


def _deceased(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    undo = form.get("undo") == "1"
    day = None if undo else _day(form, "on")
    member_marks.mark_deceased(str(RowKey(key, version_of(form))), on=day, undo=undo, by=asks.by)
    return "已撤销去世登记。" if undo else "已登记去世，不再寄送和打电话；还没寄出的已停下。"


def _leave_alone(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    undo = form.get("undo") == "1"
    member_marks.mark_do_not_contact(str(RowKey(key, version_of(form))), undo=undo, by=asks.by)
    return "已登记：可以联系。" if undo else "已登记：不再联系；还没寄出的已停下。"


ADDRESS = Field("address", "地址", required=True, hint="省、市、区县、街道、门牌")
ACTS: dict[str, Act] = {
    "change": Act("更正姓名、电话", "ledger", _change, (
        Field("name", "姓名", required=True), Field("phone", "电话", "tel", hint="没有就空着"))),
    "move": Act("登记搬家", "ledger", _move, (ADDRESS, Field("since", "从哪天起", "date", hint="不写就是今天"))),
    "verify": Act("今天核实过，没有搬", "ledger", _verify),
    "correct": Act("更正这条住址", "ledger", _correct, (ADDRESS,)),
    "remove": Act("登记错了，作废", "ledger", _remove),
    "deceased": Act("登记去世", "ledger", _deceased, (Field("on", "哪一天", "date", hint="不写就是今天"),)),
    "alone": Act("登记不再联系", "ledger", _leave_alone),
}  # fmt: skip
