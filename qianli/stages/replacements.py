"""Sending an item again: asked for line by line, planned into a new parcel by `fulfil`."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from models import Campaign, CampaignState, Consignment, ConsignmentState, ParcelLine, ParcelStage, Subject
from qianli.errors import BadInput, RuleBroken
from qianli.stages.judging import look_at, take_snapshots
from qianli.stages.taking_back import TakenBack, take_back
from qianli.stages.typed import consignment as typed_consignment
from qianli.stages.unit import now, writing
from qianli.store import campaigns, journal, kits, members, replacements
from qianli.store.replacements import Sent

__all__ = ["ReplaceResult", "TakenBack", "replace", "take_back"]

C = ConsignmentState
WHY_NOT = {
    C.planned: "还没有寄出，不用补寄；请先运行“campaign prepare”。",
    C.ready: "还没有寄出，不用补寄；请运行“campaign fulfil”。",
    C.held: "正在暂缓，原因消除后会整份重新寄送，不用补寄；请看“campaign holds”。",
    C.cancelled: "已经取消，不能补寄。",
    C.not_sent: "没有寄出，活动已经结束，不能补寄。",
    C.unconfirmed: "活动已经结束，不能补寄。",
}


@dataclass(frozen=True)
class ReplaceResult:
    """SKUs that are asked for now, and those that are on their way to being sent anyway."""

    number: str
    asked: list[str]
    already: list[str]


class Way(StrEnum):
    """What to do about one item of a consignment."""

    ask = "ask"
    coming = "coming"


def replace(consignment_number: str, skus: Sequence[str], *, by: str) -> ReplaceResult:
    """Ask for these items of a consignment again. What is asked for or packed already is not asked for twice.

    They go where the member lives now, not where the first parcel went.
    """
    with writing(by) as session:
        number, consignment = typed_consignment(session, consignment_number)
        campaign = campaigns.lock(session, campaign_id=consignment.campaign_id)
        kit_items = _kit_items(session, campaign, skus)
        sent = replacements.lines_of_consignment(session, consignment_id=consignment.key)
        _may_replace(number, campaign, consignment, sent)
        chosen = {sku: next_line(sent, kit_item_id=id_) for sku, id_ in kit_items.items()}
        open_ids = replacements.asked_for(session, line_ids=[line.key for line in chosen.values() if line])
        asked = {sku: line for sku, line in chosen.items() if line and line.key not in open_ids}
        if asked:
            _look_anew(session, number, campaign, consignment)
            replacements.ask(session, consignment_id=consignment.key, lines=list(asked.values()), at=now())
            why = f"补寄 {'、'.join(asked)}"[:300]
            journal.note(session, subject=Subject.consignment, ids=[consignment.key], what="replacement_asked", why=why)
    return ReplaceResult(number, list(asked), [sku for sku in kit_items if sku not in asked])


def _look_anew(session: Session, number: str, campaign: Campaign, consignment: Consignment) -> None:
    """A new snapshot if something changed; RuleBroken if nothing can go to the member as things are known now.

    That a parcel came back is no reason by itself: whoever asks for a replacement has looked into it.
    """
    member = members.by_ids(session, ids=[consignment.member_id])[consignment.member_id]
    looks = look_at(session, campaign, [(consignment, member)], {})
    if reasons := looks[consignment.key].reasons:
        words = looks[consignment.key].said(reasons[0])
        raise RuleBroken(f"{number} 现在不能补寄：{words.sentence}{words.next_step}", number=number)
    take_snapshots(session, [consignment], looks)


def next_line(sent: Sequence[Sent], *, kit_item_id: int) -> ParcelLine | None:
    """The line a new replacement of this item would replace; None if the item is on its way out of the house anyway.

    Lines of an item are a chain, each replacing one before it: the newest live one counts. If that one is still in
    our hands, it will go. With none left (all came back from a member who had answered), the newest of all is replaced.
    """
    chain = [one for one in sent if one.line.kit_item_id == kit_item_id]
    live = [one for one in chain if one.line.voided_at is None]
    newest = max(live or chain, key=lambda one: one.line.key, default=None)
    if newest is None or (live and newest.parcel.stage is not ParcelStage.handed_over):
        return None
    return newest.line


def _kit_items(session: Session, campaign: Campaign, skus: Sequence[str]) -> dict[str, int]:
    """SKU → kit item id; BadInput names what the kit holds."""
    rows = {row.sku.casefold(): row for row in kits.rows(session, kit_id=campaign.kit_id)}
    known = "、".join(f"{row.sku}（{row.name}）" for row in rows.values())
    if not skus:
        raise BadInput(f"请用 --sku 写明补寄什么。这份资料包里有：{known}。")
    if unknown := [sku for sku in skus if sku.strip().casefold() not in rows]:
        raise BadInput(f"资料包里没有：{'、'.join(unknown)}。里面有：{known}。", skus=unknown)
    found = [rows[sku.strip().casefold()] for sku in skus]
    return {row.sku: row.kit_item_id for row in found}


def _may_replace(number: str, campaign: Campaign, consignment: Consignment, sent: Sequence[Sent]) -> None:
    if campaign.state is not CampaignState.under_way:
        raise RuleBroken(f"活动 {campaign.code} 不在进行中，不能补寄。", campaign=campaign.code)
    if consignment.state in WHY_NOT:
        raise RuleBroken(f"{number} {WHY_NOT[consignment.state]}", number=number)
    if all(one.parcel.handed_over_at is None for one in sent):
        raise RuleBroken(f"{number} 的包裹还没有交给快递公司，不用补寄；缺的东西直接装进包裹。", number=number)
