"""Cancelling what has not been handed over: one consignment, or the rest of a campaign."""

from dataclasses import dataclass

from sqlmodel import Session

from models import CallEnd, Campaign, CampaignState, Consignment, ConsignmentState, MessageEnd, Subject
from qianli.campaigns.references import consignment_number
from qianli.errors import RuleBroken
from qianli.stages.typed import consignment as typed_consignment
from qianli.stages.unit import now, writing
from qianli.stages.voiding import Voided, still_owed, void_parcels
from qianli.store import (
    campaigns,
    consignments,
    handover,
    holds,
    journal,
    messages,
    parcels,
    phone_calls,
    replacements,
    stock,
    transitions,
    voiding,
)

C = ConsignmentState
WHY_ONE = "取消寄送"
WHY_CAMPAIGN = "活动取消"
WHY_STOPPED = "已有包裹交寄，其余不再寄"


@dataclass(frozen=True)
class ConsignmentCancelled:
    """What fell with one consignment; `others` shared a parcel with it and are planned again by `fulfil`.

    Of one that was `answered` only what was still in the house fell; the answer stands.
    """

    number: str
    already: bool
    parcels: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    waybills: tuple[str, ...] = ()
    answered: bool = False
    withdrawn: int = 0


@dataclass(frozen=True)
class CampaignCancelled:
    """What fell with a campaign, and in words what runs on."""

    code: str
    state: str
    cancelled: int
    parcels: tuple[str, ...]
    manifests: tuple[str, ...]
    waybills: tuple[str, ...]
    sentence: str


def cancel_consignment(number: str, *, by: str) -> ConsignmentCancelled:
    """Cancel one consignment that no courier has. Its parcel is void; whoever shared it goes into a new one.

    One that the member has answered keeps its state; what is still in the house for it does not go any more.
    """
    with writing(by) as session:
        shown, consignment = typed_consignment(session, number)
        campaign = campaigns.lock(session, campaign_id=consignment.campaign_id)
        if consignment.state is C.cancelled:
            return ConsignmentCancelled(shown, already=True)
        answered = consignment.state in transitions.ANSWERED
        ids = voiding.in_the_house(session, consignment_ids=[consignment.key])
        if not answered:
            _may_cancel(session, shown, consignment)
        fell = void_parcels(session, parcel_ids=ids, why=f"取消寄送 {shown}")
        withdrawn = replacements.withdraw_of(session, consignment_ids=[consignment.key], at=now(), why=WHY_ONE)
        if answered:
            _withdraw(session, shown, consignment, anything=bool(ids or withdrawn))
        else:
            _cancel(session, [consignment.key], why=WHY_ONE)
        owed = still_owed(session, fell, without={consignment.key}, why=WHY_ONE)
        return ConsignmentCancelled(
            number=shown,
            already=False,
            parcels=fell.parcels,
            others=tuple(consignment_number(campaign.code, one.number) for one in owed),
            manifests=fell.manifests,
            waybills=fell.waybills,
            answered=answered,
            withdrawn=withdrawn,
        )


def _withdraw(session: Session, shown: str, consignment: Consignment, *, anything: bool) -> None:
    """What was in the house for an answered consignment has fallen: its stock is free, the answer stands."""
    if not anything:
        raise RuleBroken(f"{shown} 已经有了结果，手上也没有要寄给本人的东西，不用取消。", number=shown)
    stock.release(session, consignment_ids=[consignment.key], reason=WHY_ONE)
    journal.note(session, subject=Subject.consignment, ids=[consignment.key], what="withdrawn", why=WHY_ONE)


def _may_cancel(session: Session, shown: str, consignment: Consignment) -> None:
    if with_courier := voiding.handed_over_references(session, consignment_id=consignment.key):
        raise RuleBroken(
            f"{shown} 的包裹 {'、'.join(with_courier)} 已经交给快递公司，不能取消；退回后请用“parcel take-back”。",
            number=shown,
        )
    if consignment.key in voiding.told(session, campaign_id=consignment.campaign_id):
        raise RuleBroken(f"{shown} 的消息已经发出或电话已经打过，不能取消；办结时照实记结果。", number=shown)
    if consignment.state not in voiding.CANCELLABLE:
        raise RuleBroken(f"{shown} 已经有了结果，不能取消。", number=shown)


def _cancel(session: Session, ids: list[int], *, why: str) -> int:
    """Cancel these consignments: holds cleared, stock released. How many were cancelled."""
    done = transitions.consignments(session, ids, C.cancelled, why=why)
    holds.clear_of(session, consignment_ids=done, at=now())
    messages.cancel(session, reason=MessageEnd.withdrawn, at=now(), consignment_ids=done)
    phone_calls.end(session, consignment_ids=done, outcome=CallEnd.overtaken, at=now())
    stock.release(session, consignment_ids=done, reason=why)
    return len(done)


def cancel_campaign(code: str, *, by: str) -> CampaignCancelled:
    """Cancel everything of a campaign that no courier has. What was handed over runs on to a normal close."""
    with writing(by) as session:
        campaign = campaigns.lock(session, campaign_id=campaigns.by_code(session, code=code).key)
        if campaign.state is CampaignState.closed:
            raise RuleBroken(f"活动 {code} 已经结束，不能取消。", code=code)
        messages.cancel(session, reason=MessageEnd.withdrawn, at=now(), campaign_id=campaign.key)
        phone_calls.end(session, campaign_id=campaign.key, outcome=CallEnd.overtaken, at=now())
        runs_on = handover.any_in_campaign(session, campaign_id=campaign.key) or bool(
            voiding.told(session, campaign_id=campaign.key)
        )
        fell, cancelled = _cancel_rest(session, campaign.key)
        if runs_on:
            _stop(session, campaign)
        elif campaign.state is not CampaignState.cancelled:
            transitions.campaign(session, campaign.key, CampaignState.cancelled, why=WHY_CAMPAIGN)
        state = campaigns.by_id(session, campaign_id=campaign.key).state
    return CampaignCancelled(
        code=code,
        state=state,
        cancelled=cancelled,
        parcels=fell.parcels,
        manifests=fell.manifests,
        waybills=fell.waybills,
        sentence=_sentence(code, fell, cancelled, runs_on=runs_on),
    )


def _stop(session: Session, campaign: Campaign) -> None:
    """Remember that nothing new is sent: neither `prepare` nor `fulfil` takes the rest up again."""
    if campaign.stopped_at is None:
        campaign.stopped_at = now()
        session.add(campaign)
        journal.note(session, subject=Subject.campaign, ids=[campaign.key], what="stopped", why=WHY_STOPPED)


def _cancel_rest(session: Session, campaign_id: int) -> tuple[Voided, int]:
    """Everything in the house falls. What runs on keeps its state, and nothing reserved: it gets nothing more."""
    mine = parcels.of_campaign(session, campaign_id=campaign_id, stages=voiding.BEFORE_HANDOVER)
    fell = void_parcels(session, parcel_ids=[one.key for one in mine], why=WHY_CAMPAIGN)
    cancelled = _cancel(session, voiding.to_cancel_with_campaign(session, campaign_id=campaign_id), why=WHY_CAMPAIGN)
    replacements.withdraw_of_campaign(session, campaign_id=campaign_id, at=now(), why=WHY_CAMPAIGN)
    run_on = consignments.ids_in(session, campaign_id=campaign_id, states=voiding.CANCELLABLE)
    stock.release(session, consignment_ids=sorted({*run_on, *fell.consignment_ids}), reason=WHY_CAMPAIGN)
    return fell, cancelled


def _sentence(code: str, fell: Voided, cancelled: int, *, runs_on: bool) -> str:
    said = f"取消寄送 {cancelled} 份，作废包裹 {len(fell.parcels)} 件。"
    if fell.waybills:
        said += f"请通知快递公司作废运单：{'、'.join(fell.waybills)}。"
    if runs_on:
        return f"{said}活动 {code} 已经交给快递公司的包裹照常跟踪，收完回执后用“campaign close”结束。"
    return f"活动 {code} 已取消。{said}"
