"""What members say about their parcels: seen on a page, recorded there, by telephone or in person, and listed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from models import Consignment, ItemProblem, Said, SaidVia
from qianli.campaigns.references import consignment_number, split_consignment_number
from qianli.errors import BadInput, NotFound
from qianli.receipts.contents import expected_items
from qianli.receipts.names import masked
from qianli.stages.receipt_pages import Before, ReceiptPage, find_by_code, read_code
from qianli.stages.receipt_recording import record_receipt
from qianli.stages.unit import reading
from qianli.store import campaigns, consignments
from qianli.store import receipts as rows

NO_ID = 2**31 - 1  # the largest a database takes; nothing has it

__all__ = [
    "Before", "ReceiptPage", "Recorded", "Told", "find_by_code", "list_receipts", "read_code", "record_by_member",
    "record_receipt",
]  # fmt: skip


@dataclass(frozen=True)
class Recorded:
    """What came of a receipt that was recorded by hand."""

    consignment: str
    said: Said
    changed: bool


def record_by_member(
    campaign_code: str,
    member: str,
    *,
    said: Said,
    missing: Sequence[str] = (),
    damaged: Sequence[str] = (),
    note: str = "",
    via: SaidVia,
    by: str,
) -> Recorded:
    """Record what a member said by telephone or in person. `member` is a member's id or a number as `CODE-0042`."""
    with reading() as session:
        consignment = _consignment_of(session, campaign_code, member)
        consignment_id, number = consignment.key, consignment.number
        items = expected_items(rows.lines(session, consignment_id=consignment_id))
    by_sku = {item.sku: item.kit_item_id for item in items}
    unknown = [sku for sku in (*missing, *damaged) if sku not in by_sku]
    if unknown:
        raise BadInput(f"这份寄送里没有这些物品：{'、'.join(unknown)}。", [f"可用的物品代码：{'、'.join(by_sku)}"])
    if twice := set(missing) & set(damaged):
        raise BadInput(f"同一物品不能既缺少又破损：{'、'.join(sorted(twice))}。")
    problems = dict.fromkeys((by_sku[sku] for sku in missing), ItemProblem.missing)
    problems |= dict.fromkeys((by_sku[sku] for sku in damaged), ItemProblem.damaged)
    changed = record_receipt(consignment_id, said=said, problems=problems, note=note, via=via, by=by)
    return Recorded(consignment_number(campaign_code, number), said, changed)


def _consignment_of(session: Session, campaign_code: str, member: str) -> Consignment:
    campaign = campaigns.by_code(session, code=campaign_code)
    if member.isascii() and member.isdigit():
        id_ = min(int(member), NO_ID)
        found = rows.consignment_of_member(session, campaign_id=campaign.key, member_id=id_)
        if found is None:
            raise NotFound(f"活动“{campaign_code}”里没有编号为 {member} 的党员。")
        return found
    numbered = split_consignment_number(member)
    if numbered is None or numbered[0] != campaign_code:
        raise BadInput(f"请写党员编号，或者本活动的寄送编号，例如 {consignment_number(campaign_code, 1)}。")
    return consignments.by_number(session, campaign_code=campaign_code, number=numbered[1])


@dataclass(frozen=True)
class Told:
    """One current receipt, as a list shows it."""

    consignment: str
    name: str
    said: Said
    via: SaidVia
    note: str
    recorded_by: str
    recorded_at: datetime
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def list_receipts(campaign_code: str) -> list[Told]:
    """What the members of a campaign said last, by consignment number."""
    with reading() as session:
        campaign = campaigns.by_code(session, code=campaign_code)
        told = rows.of_campaign(session, campaign_id=campaign.key)
        names = rows.item_names(session, kit_id=campaign.kit_id)
        problems = rows.problems(session, receipt_ids=[one.receipt.key for one in told])
        return [_told(campaign_code, one, names, problems.get(one.receipt.key, {})) for one in told]


def _told(campaign_code: str, one: rows.Told, names: Mapping[int, str], problems: Mapping[int, ItemProblem]) -> Told:
    receipt = one.receipt
    return Told(
        consignment=consignment_number(campaign_code, one.number),
        name=masked(one.name),
        said=receipt.said,
        via=receipt.said_via,
        note=receipt.note,
        recorded_by=receipt.recorded_by,
        recorded_at=receipt.recorded_at,
        missing=[name for id_, name in names.items() if problems.get(id_) == ItemProblem.missing],
        damaged=[name for id_, name in names.items() if problems.get(id_) == ItemProblem.damaged],
    )
